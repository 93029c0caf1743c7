"""The keys that the automaton looks for, and whose they are.

A list may have a million entries, and nearly all of them are alone with their key, which is also its own canonical form: then the
automaton holds just the term (and, of a phrase, the number of its tokens).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import ahocorasick

from filterd.words.entry import Words
from filterd.words.hinted import Hinted, Patterns
from filterd.words.term import Term


@dataclass(frozen=True, slots=True)
class Whose:
    """The terms that are written so, those whose canonical form is this, and those of either form of which this is a part."""

    plain: tuple[Term[Words], ...] = ()
    folded: tuple[Term[Words], ...] = ()
    hinted: tuple[Hinted, ...] = ()
    folded_hinted: tuple[Hinted, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A key found in a haystack: tokens `first` to `last` are these terms', if edges and gaps agree."""

    first: int
    last: int
    plain: tuple[Term[Words], ...]
    folded: tuple[Term[Words], ...]
    hinted: tuple[Hinted, ...] = ()
    folded_hinted: tuple[Hinted, ...] = ()


class Keys:
    """The automaton; immutable once made. `longest` is the most tokens of a key of plain words."""

    __slots__ = ("_automaton", "longest")

    def __init__(self, terms: Iterable[Term[Words]], patterns: Patterns | None) -> None:
        automaton = ahocorasick.Automaton()
        self.longest = 0
        for term in terms:
            self.longest = max(self.longest, _add_words(automaton, term))
        if patterns:
            for key, hinted in patterns.by_key.items():
                _add(automaton, key, Whose(hinted=tuple(hinted)))
            for key, hinted in patterns.by_folded_key.items():
                _add(automaton, key, Whose(folded_hinted=tuple(hinted)))
        if len(automaton):
            automaton.make_automaton()
        self._automaton = automaton if len(automaton) else None

    def are_in(self, haystack: str) -> bool:
        """Is there any?"""
        return self._automaton is not None and next(self._automaton.iter(haystack), None) is not None

    def find(self, haystack: str) -> Iterator[Proposal]:
        """Every key in the haystack, in order of its end."""
        if self._automaton is None:
            return
        blanks = at = 0
        for end, value in self._automaton.iter(haystack):
            blanks += haystack.count(" ", at, end)
            at = end
            if type(value) is Term:
                yield Proposal(blanks - 1, blanks - 1, (value,), (value,))
                continue
            tokens, whose = value
            if type(whose) is Term:
                yield Proposal(blanks - tokens, blanks - 1, (whose,), (whose,))
            else:
                where = blanks - tokens, blanks - 1
                yield Proposal(*where, whose.plain, whose.folded, whose.hinted, whose.folded_hinted)


def _add_words(automaton: ahocorasick.Automaton, term: Term[Words]) -> int:
    """Add the keys of a term; how many tokens the longest of them has."""
    keys, folded = term.entry.keys, term.entry.folded_key
    tokens = max(key.strip(" ").count(" ") + 1 for key in keys)
    if len(keys) == 1 and keys[0] == folded and automaton.get(folded, None) is None:
        if folded.strip(" "):
            automaton.add_word(folded, term if tokens == 1 else (tokens, term))
        return tokens
    for key in keys:
        _add(automaton, key, Whose(plain=(term,)))
    if folded:
        _add(automaton, folded, Whose(folded=(term,)))
    return tokens


def _add(automaton: ahocorasick.Automaton, key: str, more: Whose) -> None:
    words = key.strip(" ")  # not split(): the key is octets, and Latin-1 has blanks among them
    if not words:
        return
    known = _whose(automaton.get(key, None))
    whose = Whose(
        known.plain + more.plain, known.folded + more.folded, known.hinted + more.hinted, known.folded_hinted + more.folded_hinted
    )
    automaton.add_word(key, (words.count(" ") + 1, whose))


def _whose(value: Term[Words] | tuple[int, Term[Words] | Whose] | None) -> Whose:
    """What the automaton holds, unpacked."""
    if isinstance(value, tuple):
        value = value[1]  # type: ignore[assignment]
    if isinstance(value, Whose):
        return value
    return Whose((value,), (value,)) if isinstance(value, Term) else Whose()
