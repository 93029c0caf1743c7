"""Style sheets: the rules of `<style>` that hide text or break it, by tag, class and id (CSS Selectors 3, the simple ones).

Compounds (`p.x#y`) and what they stand in (`.a .b`, `.a > .b`) are read. Rules with siblings, attributes or pseudo-classes, and
those inside `@media` with a condition, are doubtful: some readers see what they hide, at some time, so both is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from filterd.mail.html_style import Change, Declarations, change, hides, merge, parse_style

SHEET_CHARACTERS = 256 * 1024  # of all style elements of a page
RULES = 4000  # that matter
PER_KEY = 64  # rules for one tag, class or id
SELECTORS = 64  # of one rule
CLASSES = 64  # of one element
_DEEP = 8  # compounds of one selector

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_STRING = re.compile(r""""[^"\n]*"|'[^'\n]*'""")
_BRACE = re.compile(r"[{}]")
_COMPOUND = re.compile(r"([a-z][a-z0-9]*|\*)?((?:[.#][\w-]+)*)", re.IGNORECASE)
_KEY = re.compile(r"[.#][\w-]+")
_CLASS_ATTRIBUTE = re.compile(r"""\[ ?class ?[~^*|$]?= ?["']?([\w-]+)["']? ?\]""", re.IGNORECASE)
_PSEUDO_ELEMENT = re.compile(r"::|:(?:before|after|first-l)", re.IGNORECASE)
_ODD = re.compile(r"\[[^\]]*\]|:[\w-]+(?:\([^()]*\))?", re.IGNORECASE)
_COMBINATORS = re.compile(r"[>+~]")
_NO_RULES = re.compile(r"@(?:-\w+-)?(?:keyframes|font-face|page|counter|property)", re.IGNORECASE)
_ALWAYS = re.compile(r"@media(?:only|screen|all|,|\s)*|@supports\b.*|@layer\b.*|@scope\b.*", re.DOTALL)

Keys = frozenset[str]  # "p", ".class", "#id"


@dataclass(frozen=True, slots=True)
class Rule:
    """Declarations for elements with these keys, inside elements with those of `outer`."""

    keys: Keys
    outer: tuple[Keys, ...]
    weight: tuple[int, int, int, int]
    declarations: Declarations
    is_doubtful: bool = False  # holds only sometimes, or for some of these elements


@dataclass(slots=True)
class Sheet:
    """All rules of a page."""

    rules: dict[str, list[Rule]] = field(default_factory=dict)  # by one of their keys
    has_outer: bool = False
    changes: int = 0
    _count: int = 0
    _left: int = SHEET_CHARACTERS

    def add(self, text: str) -> None:
        """The text of a style element."""
        text = text[: self._left]
        self._left -= len(text)
        if "{" not in text:
            return
        text = _COMMENT.sub(" ", text) if "/*" in text or "--" in text else text
        text = _STRING.sub("''", text) if '"' in text or "'" in text else text
        open_preludes: list[str] = []
        at = 0
        for found in _BRACE.finditer(text):
            inner, at = text[at : found.start()], found.end()
            if found.group() == "{":
                if len(open_preludes) < _DEEP:
                    open_preludes.append(inner.rpartition(";")[2].strip())
            elif open_preludes:
                prelude = open_preludes.pop()
                if not prelude.startswith("@") and not any(outer[:1] != "@" or _NO_RULES.match(outer) for outer in open_preludes):
                    self._rule(prelude, inner, not all(_ALWAYS.fullmatch(outer) for outer in open_preludes))

    def _rule(self, selectors: str, text: str, is_doubtful: bool) -> None:
        declarations = parse_style(text)
        if self._count >= RULES or change(declarations) is None:
            return
        self._count += 1
        for selector in selectors[:4096].split(",")[:SELECTORS]:
            compounds, is_odd = _compounds(selector)
            if compounds and (compounds[-1] or not is_odd):
                self._put(compounds, declarations, is_doubtful or is_odd)

    def _put(self, compounds: list[Keys], declarations: Declarations, is_doubtful: bool) -> None:
        keys, outer = compounds[-1], tuple(compounds[:-1])
        ids = sum(key.startswith("#") for compound in compounds for key in compound)
        classes = sum(key.startswith(".") for compound in compounds for key in compound)
        rarest = min(keys, key=lambda key: (not key.startswith("#"), not key.startswith("."), key), default="*")
        known = self.rules.setdefault(rarest, [])
        for index, rule in enumerate(known):
            if (rule.keys, rule.outer, rule.is_doubtful) == (keys, outer, is_doubtful):
                merged = dict(rule.declarations)
                merge(merged, declarations)
                known[index] = replace(rule, declarations=merged, weight=(*rule.weight[:3], self._count))
                self.changes += 1
                return
        if len(known) < PER_KEY:
            known.append(Rule(keys, outer, (ids, classes, len(compounds), self._count), declarations, is_doubtful))
            self.has_outer = self.has_outer or bool(outer)
            self.changes += 1

    def matching(self, keys: Keys) -> list[Rule]:
        """The rules for an element, whatever it stands in; the strongest last."""
        found = [rule for key in (*keys, "*") for rule in self.rules.get(key, ()) if rule.keys <= keys]
        found.sort(key=lambda rule: rule.weight)
        return found


def element_keys(name: str, classes: str, identity: str) -> Keys:
    """The keys of an element."""
    keys = {name, *("." + one for one in classes.split()[:CLASSES])}
    if identity:
        keys.add("#" + identity)
    return frozenset(keys)


def styled(before: Declarations, rules: Iterable[Rule], inline: Declarations) -> Change | None:
    """What an element with these rules changes."""
    rules = list(rules)
    sure = _styled(before, [rule for rule in rules if not rule.is_doubtful], inline)
    if all(not rule.is_doubtful for rule in rules):
        return sure
    doubtful = _styled(before, rules, inline)
    if doubtful is None or not hides(doubtful) or (sure and hides(sure)):
        return sure
    return (sure or Change())._replace(is_doubtful=True)


def _styled(before: Declarations, rules: list[Rule], inline: Declarations) -> Change | None:
    declared = dict(before)
    for rule in rules:
        merge(declared, rule.declarations)
    merge(declared, inline)
    return change(declared)


def _compounds(selector: str) -> tuple[list[Keys], bool]:
    """The keys of each compound, and whether there is more to it than we read; no keys where it is about no element."""
    selector = _CLASS_ATTRIBUTE.sub(r".\1", selector) if "[" in selector else selector
    if _PSEUDO_ELEMENT.search(selector):
        return [], True
    plain = _ODD.sub("", selector)
    is_odd = plain != selector
    found: list[Keys] = []
    for part in _COMBINATORS.sub(" ", plain).split()[: _DEEP + 1]:
        compound = _COMPOUND.fullmatch(part)
        if not compound or len(found) == _DEEP:
            return [], True
        name = (compound[1] or "").lower()
        found.append(frozenset({*_KEY.findall(compound[2]), *({name} if name and name != "*" else ())}))
    if "+" in plain or "~" in plain:
        return found[-1:], True
    return found, is_odd
