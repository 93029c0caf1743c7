"""Entries that are no plain words, as they are searched for: behind a key of the automaton, or once in every text.

A wild entry is confirmed beside its key; a regular expression is tried on a text once its key was found there. Identifiers, and
expressions that have no key, are the sweepers: each text is searched for them, after a first look that nearly always says no.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import regex

from filterd.words import regexes
from filterd.words.canonical import canonical
from filterd.words.entry import CASE, EXACT, Identifier, Regex, Wild
from filterd.words.identifiers import REGISTRY, Kind, may_have
from filterd.words.regexes import TooSlow
from filterd.words.term import Term
from filterd.words.tokens import haystack
from filterd.words.wild import WildForm, wild_form

TOKENS = 256  # of a match that crosses slices
MARGIN = 32  # tokens behind a match that may still change it


@dataclass(frozen=True, slots=True, eq=False)
class Hinted:
    """A term that is searched for in some other way than as plain words. `folds`: in canonical texts, too."""

    term: Term
    folds: bool
    plain: WildForm | None = None
    folded: WildForm | None = None
    exact: re.Pattern[str] | None = None  # of a wild entry, with the case of its letters
    expression: regex.Pattern[str] | None = None
    kind: Kind | None = None
    refolds: bool = False  # does its canonical form find what it does not find itself, in ASCII too?
    keys: tuple[str, ...] = ()
    folded_keys: tuple[str, ...] = ()

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Where an expression or an identifier stands in a text. Raises `TooSlow`."""
        if self.kind:
            yield from self.kind.find(text)
        elif self.expression:
            yield from regexes.search(self.expression, text)


@dataclass(slots=True)
class Patterns:
    """All of them: by their keys, and the sweepers."""

    by_key: dict[str, list[Hinted]] = field(default_factory=dict)
    by_folded_key: dict[str, list[Hinted]] = field(default_factory=dict)
    sweepers: list[Hinted] = field(default_factory=list)
    longest: int = 0  # tokens of what they find
    margin: int = 0

    def may_sweep(self, text: str) -> bool:
        """Might a sweeper find something?"""
        has_digits = may_have(text)
        for sweeper in self.sweepers:
            try:
                if (not sweeper.kind or has_digits) and next(sweeper.find(text), None):
                    return True
            except TooSlow:
                return True
        return False


def gather(terms: Iterable[Term]) -> Patterns:
    """Those among the terms that are no plain words."""
    patterns = Patterns()
    for term in terms:
        hinted = _hinted(term)
        if not hinted:
            continue
        for key in hinted.keys:
            patterns.by_key.setdefault(key, []).append(hinted)
        for key in hinted.folded_keys:
            patterns.by_folded_key.setdefault(key, []).append(hinted)
        if not hinted.plain:
            patterns.longest, patterns.margin = TOKENS, MARGIN
            if not hinted.keys:
                patterns.sweepers.append(hinted)
        else:
            patterns.longest = max(patterns.longest, TOKENS if hinted.plain.wide else hinted.plain.tokens)
    return patterns


def _hinted(term: Term) -> Hinted | None:
    entry = term.entry
    folds = entry.level not in (EXACT, CASE)
    if isinstance(entry, Identifier):
        return Hinted(term, folds, kind=REGISTRY[entry.name])
    if isinstance(entry, Regex):
        hint = regexes.hint(entry.expression)
        keys = (_inside(hint),) if hint else ()
        folded = (_inside(canonical(hint)),) if hint and folds else ()
        return Hinted(term, folds, expression=regexes.compile_entry(entry.expression), keys=keys, folded_keys=folded)
    if isinstance(entry, Wild):
        plain, folded_form = wild_form(entry, folded=False), wild_form(entry, folded=True)
        assert plain is not None
        exact = re.compile(plain.pattern.pattern)
        of_folded = (folded_form.key,) if folded_form else ()
        refolds = folded_form is not None and folded_form.pattern.pattern != plain.pattern.pattern
        return Hinted(term, folds, plain, folded_form, exact, refolds=refolds, keys=(plain.key,), folded_keys=of_folded)
    return None


def _inside(run: str) -> str:
    """The key of a run of letters that may stand inside a token."""
    return haystack(run)[1:-1]
