"""Collect the hits of one message, within bounds, without ever missing a stricter list.

Of one entry only some hits are kept.
When as many hits are kept as are wanted, only the first hit of a list that is stricter than all before is still kept,
so a flood of harmless words cannot hide a forbidden one.

What was read in several ways (charsets, structures) has the same word at the same octets in each: that is one hit, of the
reading that is surest and needed the least folding.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice

from filterd.mail.slices import AMBIGUOUS, FLOOR, SURE, Slice, Span
from filterd.policy.content import STRICTNESS
from filterd.policy.limits import in_area, in_first_lines, is_plausible, line_ends
from filterd.policy.verdict import Hit
from filterd.words.matcher import Matcher, Term
from filterd.words.scan import Found, Scan, Work

PER_TERM = 20  # hits of one entry that are kept
ENOUGH = 50_000  # proposals; after so many a verdict that cannot become stricter stands

_Stream = tuple[str, str, tuple[str, ...], str, str, str]
_SURENESS = {SURE: 0, AMBIGUOUS: 1, FLOOR: 2}
_VIEWS = {"exact": 0, "case": 1, "canonical": 2}


@dataclass(slots=True)
class _Text:
    """A text that is being searched: its slices that are still needed, and the lines that ended before them."""

    scan: Scan
    slices: list[tuple[int, Slice]] = field(default_factory=list)
    line_ends: list[int] = field(default_factory=list)  # of the first lines

    def count_lines(self, piece: str, most: int) -> None:
        """Note where the next slice's lines end, if they are among the first."""
        wanted = most - len(self.line_ends)
        if wanted > 0:
            start = self.slices[-1][0]
            cut = len(self.slices) > 1 and self.slices[-2][1].text[-1:] == "\r" and piece[:1] == "\n"  # one line end
            ends = islice(line_ends(piece, 1 if cut else 0), wanted)
            self.line_ends += [start + end for end in ends]


class Collector:
    """`search` the slices of a message in order; `hits` and `actions` (list name → action) are the result."""

    def __init__(self, matcher: Matcher, limit: int, work: Work) -> None:
        self.actions: dict[str, str] = {}
        self.conditions: dict[str, None] = {}
        self._hits: list[Hit] = []
        self._matcher = matcher
        self._limit = limit
        self._work = work
        self._enough = work.proposals - ENOUGH
        self._severest = max((STRICTNESS[wordlist.action] for wordlist in matcher.wordlists), default=0)
        self._lines = max((wordlist.first_lines for wordlist in matcher.wordlists), default=0)
        self._counts: dict[Term, int] = {}
        self._kept: dict[Term, list[tuple[int, _Stream]]] = {}  # which hits, and of which text
        self._strictest = 0
        self._open: dict[_Stream, _Text] = {}

    @property
    def hits(self) -> tuple[Hit, ...]:
        """What was found, in the order it was met."""
        return tuple(self._hits)

    def search(self, piece: Slice) -> None:
        """Find everything in the next slice."""
        stream = piece.part, piece.area, piece.chain, piece.field, piece.reading, piece.alternative
        text = self._open.pop(stream, None) or _Text(Scan(self._matcher, self._work))
        text.slices.append((text.scan.end, piece))
        if self._lines:
            text.count_lines(piece.text, self._lines)
        for found in text.scan.feed(piece.text, final=piece.is_last):
            if self._counts_here(found, text, piece):
                self._keep(found, text.slices, stream)
        if not piece.is_last:
            while len(text.slices) > 1 and text.slices[1][0] <= text.scan.start:
                del text.slices[0]
            self._open[stream] = text

    @property
    def is_decided(self) -> bool:
        """Would reading on change nothing but the number of hits?"""
        return self._strictest == self._severest and self._work.proposals < self._enough and bool(self._hits)

    def _counts_here(self, found: Found, text: _Text, piece: Slice) -> bool:
        term = found.term
        if term.owner or not in_area(term, piece.area, piece.field):
            return False
        start = found.start - text.slices[-1][0]
        if not is_plausible(piece.reading, found.text, piece.text, max(start, 0), max(start + len(found.text), 0)):
            return False
        return in_first_lines(term, piece.area, found.start, text.line_ends)

    def _keep(self, found: Found, slices: list[tuple[int, Slice]], stream: _Stream) -> None:
        term = found.term
        count = self._counts.get(term, 0)
        strictness = STRICTNESS[term.wordlist.action]
        if len(self._hits) >= self._limit:
            self.conditions["too-many-hits"] = None
            if strictness <= self._strictest:
                self._work.done.add(term)
                return
        elif count >= PER_TERM:
            self.conditions["too-many-hits"] = None
            self._work.done.add(term)
            return
        hit = _hit(found, slices)
        if self._is_known(term, hit, stream):
            return
        self._counts[term] = count + 1
        self._strictest = max(self._strictest, strictness)
        self.actions[term.wordlist.name] = term.wordlist.action
        self._kept.setdefault(term, []).append((len(self._hits), stream))
        self._hits.append(hit)

    def _is_known(self, term: Term, hit: Hit, stream: _Stream) -> bool:
        """Was it found at these octets in another reading? The better of the two is kept."""
        for at, (index, of_stream) in enumerate(self._kept.get(term, ())):
            known = self._hits[index]
            if of_stream != stream and known.span[0] < hit.span[1] and hit.span[0] < known.span[1]:
                if _rank(hit) < _rank(known):
                    self._hits[index] = hit
                    self._kept[term][at] = (index, stream)
                return True
        return False


def _rank(hit: Hit) -> tuple[int, int, int]:
    """The lower, the surer. Of equals the first stays."""
    foldings = hit.view.split("+")
    return _SURENESS.get(hit.reading, 2), len(foldings), max(_VIEWS.get(folding, 3) for folding in foldings)


def _hit(found: Found, slices: list[tuple[int, Slice]]) -> Hit:
    term, (_, piece) = found.term, slices[-1]
    return Hit(
        term.wordlist.name,
        term.wordlist.file,
        term.entry.line,
        term.entry.shown,
        piece.part,
        piece.area,
        found.view,
        _span(found.start, found.end, slices),
        found.text,
        piece.chain,
        piece.field,
        piece.reading,
        piece.alternative,
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
