"""Collect the hits of one message, within bounds, without ever missing a stricter list.

Of one entry only some hits are kept.
When as many hits are kept as are wanted, only the first hit of a list that is stricter than all before is still kept,
so a flood of harmless words cannot hide a forbidden one.
"""

from __future__ import annotations

from filterd.mail.slices import Slice, Span
from filterd.policy.content import STRICTNESS
from filterd.policy.verdict import Hit
from filterd.words.matcher import Matcher, Term
from filterd.words.scan import Found, Scan, Work

PER_TERM = 20  # hits of one entry that are kept
ENOUGH = 50_000  # proposals; after so many a verdict that cannot become stricter stands

_Stream = tuple[str, str, tuple[str, ...]]


class Collector:
    """`search` the slices of a message in order; `hits` and `actions` (list name → action) are the result."""

    def __init__(self, matcher: Matcher, limit: int, work: Work) -> None:
        self.hits: list[Hit] = []
        self.actions: dict[str, str] = {}
        self.conditions: dict[str, None] = {}
        self._matcher = matcher
        self._limit = limit
        self._work = work
        self._enough = work.proposals - ENOUGH
        self._severest = max((STRICTNESS[wordlist.action] for wordlist in matcher.wordlists), default=0)
        self._counts: dict[Term, int] = {}
        self._strictest = 0
        self._open: dict[_Stream, tuple[Scan, list[tuple[int, Slice]]]] = {}

    def search(self, piece: Slice) -> None:
        """Find everything in the next slice."""
        stream = piece.part, piece.area, piece.chain
        scan, slices = self._open.pop(stream) if stream in self._open else (Scan(self._matcher, self._work), [])
        slices.append((scan.end, piece))
        for found in scan.feed(piece.text, final=piece.is_last):
            self._keep(found, slices)
        if not piece.is_last:
            while len(slices) > 1 and slices[1][0] <= scan.start:
                del slices[0]
            self._open[stream] = scan, slices

    @property
    def is_decided(self) -> bool:
        """Would reading on change nothing but the number of hits?"""
        return self._strictest == self._severest and self._work.proposals < self._enough and bool(self.hits)

    def _keep(self, found: Found, slices: list[tuple[int, Slice]]) -> None:
        term = found.term
        count = self._counts.get(term, 0)
        strictness = STRICTNESS[term.wordlist.action]
        if len(self.hits) >= self._limit:
            self.conditions["too-many-hits"] = None
            if strictness <= self._strictest:
                self._work.done.add(term)
                return
        elif count >= PER_TERM:
            self.conditions["too-many-hits"] = None
            self._work.done.add(term)
            return
        self._counts[term] = count + 1
        self._strictest = max(self._strictest, strictness)
        self.actions[term.wordlist.name] = term.wordlist.action
        self.hits.append(_hit(found, slices))


def _hit(found: Found, slices: list[tuple[int, Slice]]) -> Hit:
    term, (_, piece) = found.term, slices[-1]
    return Hit(
        term.wordlist.name,
        term.wordlist.file,
        term.entry.line,
        term.entry.text,
        piece.part,
        piece.area,
        "exact" if found.text == term.entry.text else "case",
        _span(found.start, found.end, slices),
        found.text,
        piece.chain,
    )


def _span(start: int, end: int, slices: list[tuple[int, Slice]]) -> Span:
    """The octets of the message from character `start` to `end`."""
    first, piece = slices[-1]
    if start >= first:
        return piece.origin.content_span(start - first, end - first)
    return _place(start, slices)[0], _place(end - 1, slices)[1]


def _place(at: int, slices: list[tuple[int, Slice]]) -> Span:
    """The span of the character `at` in the message."""
    start, piece = next((place for place in reversed(slices) if place[0] <= at), slices[0])
    return piece.origin.content_span(at - start, at - start + 1)
