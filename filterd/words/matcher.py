"""Find the entries of all lists in one haystack: pyahocorasick proposes, gaps confirm.

Only `iter()` is used: `iter_long()` misses words and `AutomatonSearchIter.set()` corrupts memory (pyahocorasick issue 221).
A proposal is already whole tokens; what is left to confirm is what stood between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import ahocorasick

from filterd.words.entry import Entry
from filterd.words.tokens import is_line_break, normal_gap
from filterd.words.wordlist import Wordlist

GAP_CHARACTERS = 16 * 1024  # more than this between two words, and they are no phrase
OUTER_CHARACTERS = 256  # of the signs before or after an entry


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One entry of one list, as a hit names it."""

    wordlist: Wordlist
    entry: Entry


@dataclass(frozen=True, slots=True)
class Proposal:
    """A key found in a haystack: tokens `first` to `last` are these terms', if their gaps agree."""

    first: int
    last: int
    terms: tuple[Term, ...]


class Matcher:
    """The automaton over every entry of every list; immutable once made."""

    def __init__(self, wordlists: Iterable[Wordlist]) -> None:
        self.wordlists = tuple(wordlists)
        terms: dict[str, list[Term]] = {}
        for wordlist in self.wordlists:
            for entry in wordlist.entries:
                term = Term(wordlist, entry)
                for key in entry.keys:
                    terms.setdefault(key, []).append(term)
        self.longest = max((key.count(" ") - 1 for key in terms), default=0)  # tokens
        self._automaton = _build(terms)

    def proposes(self, haystack: str) -> bool:
        """Is there any key in the haystack?"""
        return self._automaton is not None and next(self._automaton.iter(haystack), None) is not None

    def propose(self, haystack: str) -> Iterator[Proposal]:
        """Every key in the haystack, in order of its end."""
        if self._automaton is None:
            return
        blanks = at = 0
        for end, (tokens, terms) in self._automaton.iter(haystack):
            blanks += haystack.count(" ", at, end)
            at = end
            yield Proposal(blanks - tokens, blanks - 1, terms)


def _build(terms: dict[str, list[Term]]) -> ahocorasick.Automaton | None:
    if not terms:
        return None
    automaton = ahocorasick.Automaton()
    for key, of_key in terms.items():
        automaton.add_word(key, (key.count(" ") - 1, tuple(of_key)))
    automaton.make_automaton()
    return automaton


def confirm(proposal: Proposal, text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[Term, int, int]]:
    """The terms that really stand in the text, with their spans. `spans` are the text's tokens."""
    gaps: dict[int, str] = {}
    for term in proposal.terms:
        if all(_agrees(gap, proposal.first + i, text, spans, gaps) for i, gap in enumerate(term.entry.gaps[1:-1])):
            outer = _outer(term.entry, proposal, text, spans)
            if outer:
                yield term, *outer


def _agrees(gap: str, after: int, text: str, spans: list[tuple[int, int]], gaps: dict[int, str]) -> bool:
    start, end = spans[after][1], spans[after + 1][0]
    if end - start > GAP_CHARACTERS:
        return False
    if not gap and is_line_break(text[start:end]):
        return True
    if after not in gaps:
        gaps[after] = normal_gap(text[start:end])
    return gaps[after] == gap


def _outer(entry: Entry, proposal: Proposal, text: str, spans: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The span with the signs before and after the tokens, or None if they do not stand there."""
    start, end = spans[proposal.first][0], spans[proposal.last][1]
    before, after = entry.gaps[0], entry.gaps[-1]
    if before:
        floor = max(spans[proposal.first - 1][1] if proposal.first else 0, start - OUTER_CHARACTERS)
        start = _left(text[floor:start], before, floor)
    if after and start >= 0:
        ceiling = spans[proposal.last + 1][0] if proposal.last + 1 < len(spans) else len(text)
        end = _right(text[end : min(ceiling, end + OUTER_CHARACTERS)], after, end)
    return (start, end) if start >= 0 and end >= 0 else None


def _left(gap: str, wanted: str, offset: int) -> int:
    if not normal_gap(gap).endswith(wanted):
        return -1
    for start in range(len(gap) - len(wanted), -1, -1):  # runs of blanks: the shortest that will do
        if normal_gap(gap[start:]) == wanted:
            return offset + start
    return -1


def _right(gap: str, wanted: str, offset: int) -> int:
    if not normal_gap(gap).startswith(wanted):
        return -1
    for end in range(len(wanted), len(gap) + 1):
        if normal_gap(gap[:end]) == wanted:
            return offset + end
    return -1
