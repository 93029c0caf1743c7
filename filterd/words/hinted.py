"""Entries that are no plain words, as they are searched for: behind keys of the automaton, or once in every text.

A wild entry is confirmed beside its key; a regular expression is tried on a text once a key of it was found there. Identifiers,
and expressions that have no key, are the sweepers: each text is searched for them, after a first look that nearly always says no.
Everything is compiled when it is first needed: a list may have very many.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field

import regex

from filterd.words import regexes
from filterd.words.canonical import canonical
from filterd.words.entry import CASE, EXACT, Identifier, Regex, Wild
from filterd.words.identifiers import REGISTRY, Kind
from filterd.words.pattern import Expression
from filterd.words.patterns import compile_expression
from filterd.words.regexes import Allowance
from filterd.words.required import hints
from filterd.words.term import Term
from filterd.words.tokens import haystack
from filterd.words.wild import WildForm, wild_form

TOKENS = 256  # of a wild entry of a script without blanks


@dataclass(frozen=True, slots=True, eq=False)
class HintedWild:
    """A wild entry in its forms. `refolds`: does the canonical one find what the other does not, in ASCII too?"""

    term: Term
    plain: WildForm
    folded: WildForm | None
    refolds: bool

    @property
    def keys(self) -> tuple[str, ...]:
        """For texts as they are written."""
        return self.plain.keys

    @property
    def folded_keys(self) -> tuple[str, ...]:
        """For canonical texts."""
        return self.folded.keys if self.folded else ()


@dataclass(slots=True, eq=False)
class Searched(ABC):
    """An expression or an identifier: each text is searched for it as a whole. `folds`: canonical texts, too."""

    term: Term
    folds: bool
    keys: tuple[str, ...] = ()
    folded_keys: tuple[str, ...] = ()

    @abstractmethod
    def find(self, text: str, allowance: Allowance) -> Iterable[tuple[int, int]]:
        """Where it stands in a text. Raises `TooSlow`."""

    @abstractmethod
    def may_be_in(self, text: str) -> bool:
        """Might it stand in this text, or in one that is a part of it?"""


@dataclass(slots=True, eq=False)
class SearchedExpression(Searched):
    """A regular expression."""

    expression: Expression = field(default_factory=lambda: Expression("", ""))
    _compiled: regex.Pattern[str] | None = None
    _prefilter: regex.Pattern[str] | None = None

    def find(self, text: str, allowance: Allowance) -> Iterable[tuple[int, int]]:
        if self._compiled is None:
            self._compiled = compile_expression(self.expression)
        return regexes.search(self._compiled, text, allowance)

    def may_be_in(self, text: str) -> bool:
        if self._prefilter is None:
            self._prefilter = regexes.prefilter(self.expression)
        return regexes.may_match(self._prefilter, text)


@dataclass(slots=True, eq=False)
class SearchedIdentifier(Searched):
    """A number with a check of its own."""

    kind: Kind = REGISTRY["card"]

    def find(self, text: str, allowance: Allowance) -> Iterable[tuple[int, int]]:
        return self.kind.find(text) if self.kind.may_be_in(text) else ()

    def may_be_in(self, text: str) -> bool:
        return self.kind.may_be_in(text)


Hinted = HintedWild | Searched


@dataclass(slots=True)
class Patterns:
    """All of them: by their keys, and the sweepers."""

    by_key: dict[str, list[Hinted]] = field(default_factory=dict)
    by_folded_key: dict[str, list[Hinted]] = field(default_factory=dict)
    sweepers: list[Searched] = field(default_factory=list)
    longest: int = 0  # tokens of what wild entries find
    reach: int = 0  # characters of what others find

    def may_sweep(self, text: str) -> bool:
        """Might a sweeper find something in the text, or in a part of it?"""
        return any(sweeper.may_be_in(text) for sweeper in self.sweepers)

    def add(self, hinted: Hinted) -> None:
        for key in hinted.keys:
            self.by_key.setdefault(key, []).append(hinted)
        for key in hinted.folded_keys:
            self.by_folded_key.setdefault(key, []).append(hinted)
        if isinstance(hinted, HintedWild):
            self.longest = max(self.longest, TOKENS if hinted.plain.wide else hinted.plain.tokens)
            return
        self.reach = regexes.CHARACTERS
        if not hinted.keys:
            self.sweepers.append(hinted)


def gather(terms: Iterable[Term]) -> Patterns:
    """Those among the terms that are no plain words."""
    patterns = Patterns()
    for term in terms:
        if hinted := _hinted(term):
            patterns.add(hinted)
    return patterns


def _hinted(term: Term) -> Hinted | None:
    entry = term.entry
    folds = entry.level not in (EXACT, CASE)
    if isinstance(entry, Identifier):
        return SearchedIdentifier(term, folds, kind=REGISTRY[entry.name])
    if isinstance(entry, Regex):
        runs = hints(entry.expression, folds=folds)
        keys = tuple(dict.fromkeys(map(_inside, runs)))
        folded = tuple(dict.fromkeys(_inside(canonical(run)) for run in runs)) if folds else ()
        return SearchedExpression(term, folds, keys, folded, entry.expression)
    if isinstance(entry, Wild):
        plain, folded_form = wild_form(entry, folded=False), wild_form(entry, folded=True)
        assert plain is not None
        return HintedWild(term, plain, folded_form, bool(folded_form and folded_form.source != plain.source))
    return None


def _inside(run: str) -> str:
    """The key of a run of letters that may stand inside a token."""
    return haystack(run)[1:-1]
