"""Text taken out of a source in pieces, each piece knowing where it came from. Nothing is mapped until asked.

A source is cut into `Parts`, one after the other. A piece is made of a span of one part; where it is that span with its
character references replaced, places are exact to the character, else the whole span is what it came from.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from filterd.mail.entities import reference_pieces, unescape

APART = "\n\0\n"  # no phrase goes across it
_WHOLE = 1 << 62
# (part, first, last, skip): characters first to last of a part; the piece begins `skip` characters into what they give.
Place = tuple[int, int, int, int]


class Parts:
    """The parts of one source, in order; together they are all of it."""

    def __init__(self, texts: list[str], start: int = 0) -> None:
        self.texts = texts
        self._start = start  # where the first part stands in the source
        self._offsets: list[int] = []

    def offset(self, index: int) -> int:
        """Where a part begins in the source."""
        if not self._offsets:
            self._offsets = list(accumulate(map(len, self.texts), initial=self._start))
        return self._offsets[index]


@dataclass(slots=True)
class Extract:
    """One text. Without `places` its pieces are those of the parts, one of each."""

    parts: Parts
    pieces: list[str] = field(default_factory=list)
    places: list[Place] | None = None
    _ends: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.pieces)

    def add(self, piece: str, place: Place) -> None:
        """A piece more, of an extract that has places."""
        assert self.places is not None
        self.pieces.append(piece)
        self.places.append(place)

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the source that characters `start` to `end` of the text came from."""
        if not self.pieces:
            return self.parts.offset(0), self.parts.offset(0)
        first = self._span(start)
        last = self._span(end - 1) if end - 1 > start else first
        return min(first[0], last[0]), max(first[1], last[1])

    def _span(self, at: int) -> tuple[int, int]:
        if not self._ends:
            self._ends.extend(accumulate(map(len, self.pieces)))
        index = min(bisect_right(self._ends, at), len(self.pieces) - 1)
        inside = at - (self._ends[index] - len(self.pieces[index]))
        part, first, last, skip = self.places[index] if self.places is not None else (index, 0, _WHOLE, 0)
        raw = self.parts.texts[part][first:last]
        begin, stop = _place(self.pieces[index], raw, skip, inside)
        offset = self.parts.offset(part) + first
        return offset + begin, offset + stop


def _place(piece: str, raw: str, skip: int, inside: int) -> tuple[int, int]:
    """The characters of `raw` that character `inside` of the piece came from."""
    at, piece = skip + inside, piece.removesuffix(APART)
    if inside >= len(piece):
        return len(raw), len(raw)
    if "&" not in raw or not unescape(raw).startswith(piece, skip):
        return (at, at + 1) if raw.startswith(piece, skip) else (0, len(raw))
    begin = 0
    for taken, given in reference_pieces(raw):
        if at < given:
            return (begin + at, begin + at + 1) if taken == given else (begin, begin + taken)
        begin, at = begin + taken, at - given
    return begin, begin


@dataclass(slots=True)
class Window:
    """Stretches of a text, some left out between them, as a text of its own."""

    pieces: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)  # of each piece, in the text it was taken from
    _ends: list[int] = field(default_factory=list)

    def add(self, piece: str, start: int) -> None:
        """A stretch more, or (with the place where it would stand) a text of ours."""
        self.pieces.append(piece)
        self.starts.append(start)

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.pieces)

    def place(self, at: int) -> int:
        """The character of the text it was taken from that character `at` is."""
        if len(self._ends) != len(self.pieces):
            self._ends = list(accumulate(map(len, self.pieces)))
        index = min(bisect_right(self._ends, at), len(self._ends) - 1)
        return self.starts[index] + at - (self._ends[index] - len(self.pieces[index]))


def windows(text: str, cuts: list[tuple[int, int, str]], reach: Callable[[str, int, int], tuple[int, int]]) -> Iterator[Window]:
    """What stands around some places, each replaced by another text; windows that meet are one.

    `cuts` are (start, end, replacement) in order; `reach` tells from where to where the text around a place is wanted.
    All windows together are never longer than the text and its replacements.
    """
    window, at, until = Window(), -1, 0
    for start, end, replacement in cuts:
        if start < at:
            continue
        left, right = reach(text, start, end)
        if at < 0 or left > until:
            if at >= 0:
                window.add(text[at:until], at)
                yield window
                window = Window()
            at = max(left, at, 0)
        window.add(text[at:start], at)
        if replacement:
            window.add(replacement, start)
        at, until = end, max(right, end)
    if at >= 0:
        window.add(text[at:until], at)
        yield window
