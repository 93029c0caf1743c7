"""Style sheets: the rules of `<style>` that hide text or break it, by tag, class and id (CSS Selectors 3, the simple ones).

Compounds (`p.x#y`) and what they stand in (`.a .b`, `.a > .b`) are read; selectors with siblings, attributes and pseudo-classes
are not, as they hold for some elements or moments only. Rules inside `@media` with a condition count for no reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from filterd.mail.html_style import Change, Declarations, change, merge, parse_style

SHEET_CHARACTERS = 256 * 1024  # of all style elements of a page
RULES = 400  # that matter
PER_KEY = 16  # rules for one tag, class or id
SELECTORS = 64  # of one rule
CLASSES = 64  # of one element
_DEEP = 8  # compounds of one selector

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_STRING = re.compile(r""""[^"\n]*"|'[^'\n]*'""")
_BRACE = re.compile(r"[{}]")
_COMPOUND = re.compile(r"([a-z][a-z0-9]*|\*)?((?:[.#][\w-]+)*)", re.IGNORECASE)
_KEY = re.compile(r"[.#][\w-]+")
_ALWAYS = re.compile(r"@media(?:only|screen|all|,|\s)*|@supports\b.*|@layer\b.*|@scope\b.*", re.DOTALL)

Keys = frozenset[str]  # "p", ".class", "#id"


@dataclass(frozen=True, slots=True)
class Rule:
    """Declarations for elements with these keys, inside elements with those of `outer`."""

    keys: Keys
    outer: tuple[Keys, ...]
    weight: tuple[int, int, int, int]
    declarations: Declarations


@dataclass(slots=True)
class Sheet:
    """All rules of a page."""

    rules: dict[str, list[Rule]] = field(default_factory=dict)  # by one of their keys
    has_outer: bool = False
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
                if not prelude.startswith("@") and all(_ALWAYS.fullmatch(outer) for outer in open_preludes):
                    self._rule(prelude, inner)

    def _rule(self, selectors: str, text: str) -> None:
        declarations = parse_style(text)
        if self._count >= RULES or change(declarations) is None:
            return
        self._count += 1
        for selector in selectors[:4096].split(",")[:SELECTORS]:
            compounds = _compounds(selector)
            if compounds:
                self._put(compounds, declarations)

    def _put(self, compounds: list[Keys], declarations: Declarations) -> None:
        keys = compounds[-1]
        ids = sum(key.startswith("#") for compound in compounds for key in compound)
        classes = sum(key.startswith(".") for compound in compounds for key in compound)
        rule = Rule(keys, tuple(compounds[:-1]), (ids, classes, len(compounds), self._count), declarations)
        rarest = min(keys, key=lambda key: (not key.startswith("#"), not key.startswith("."), key), default="*")
        if len(self.rules.setdefault(rarest, [])) < PER_KEY:
            self.rules[rarest].append(rule)
            self.has_outer = self.has_outer or bool(rule.outer)

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
    declared = dict(before)
    for rule in rules:
        merge(declared, rule.declarations)
    merge(declared, inline)
    return change(declared)


def _compounds(selector: str) -> list[Keys]:
    """The keys of each compound; nothing if there is anything else in it."""
    found: list[Keys] = []
    for part in selector.replace(">", " ").split()[: _DEEP + 1]:
        compound = _COMPOUND.fullmatch(part)
        if not compound or len(found) == _DEEP:
            return []
        name = (compound[1] or "").lower()
        found.append(frozenset({*_KEY.findall(compound[2]), *({name} if name and name != "*" else ())}))
    return found
