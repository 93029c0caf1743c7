"""Text to search, slice by slice, each able to say which octets of the message it came from. Nothing is mapped until asked."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Protocol

from filterd.mail.decode import Stretch
from filterd.mail.extract import Extract
from filterd.mail.offsets import Offsets
from filterd.mail.source import Source, stretch_span

Span = tuple[int, int]

# How sure it is that a reader sees this text. A hit in an AMBIGUOUS reading can refuse or hold a message, but nothing may be
# cut out of it; in the FLOOR (octets decoded although nothing says so) only long words in plausible text count.
SURE, AMBIGUOUS, FLOOR = "sure", "ambiguous", "floor"
AREAS = ("subject", "header", "address", "body", "hidden", "attribute", "filename", "attachment", "url", "raw")


def _first(placed: tuple[int, *tuple[object, ...]]) -> int:
    return placed[0]


class Origin(Protocol):
    """Where text came from."""

    def content_span(self, start: int, end: int) -> Span:
        """The octets of the message that characters `start` to `end` came from."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A piece of one text. Slices of one `part`, `area`, `field` and `chain` follow each other until `is_last`.

    `field` is the name of the header field (lower case) the text is of, where it is of one. `alternative` is the path of the
    multipart/alternative and the number of the branch of it that the part is in ("1/2"), or "": branches say the same. Of
    alternatives in each other it has all, outermost first ("1/2 1.2.2/1").
    """

    part: str
    area: str
    chain: tuple[str, ...]
    text: str
    is_last: bool
    origin: Origin
    field: str = ""
    reading: str = SURE
    alternative: str = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Decoded octets that are text in one charset; they are pieces of stretches: (offset here, stretch, offset in it)."""

    source: Source
    octets: bytes
    codec: str
    pieces: tuple[tuple[int, Stretch, int], ...]
    offsets: list[Offsets] = field(default_factory=list)  # made when asked for

    def content_span(self, start: int, end: int) -> Span:
        """As `Origin` has it."""
        size = len(self.octets)  # a character cut off at the end has no octets behind it
        if not self.offsets:
            self.offsets.append(Offsets(self.octets, self.codec))
        first = min(self.offsets[0].offset(start), max(size - 1, 0))
        last = min(max(self.offsets[0].offset(end), first + 1), size)
        return self._span(first, first + 1)[0], self._span(last - 1, last)[1]

    def _span(self, start: int, end: int) -> Span:
        offset, stretch, inside = self.pieces[max(bisect_right(self.pieces, start, key=_first) - 1, 0)]
        shift = inside - offset
        return self.source.content_span(*stretch_span(self.source.octets, stretch, start + shift, end + shift))


@dataclass(slots=True)
class Joined:
    """Texts one after the other: (start, origin) in order."""

    places: list[tuple[int, Origin]]

    def content_span(self, start: int, end: int) -> Span:
        """As `Origin` has it."""
        last = max(end - 1, start)
        return self._span(start)[0], self._span(last)[1]

    def _span(self, at: int) -> Span:
        start, origin = self.places[max(bisect_right(self.places, at, key=_first) - 1, 0)]
        return origin.content_span(at - start, at - start + 1)


@dataclass(frozen=True, slots=True)
class FromHtml:
    """Text extracted from HTML, which itself is text with an origin."""

    extract: Extract
    origin: Origin

    def content_span(self, start: int, end: int) -> Span:
        """As `Origin` has it."""
        return self.origin.content_span(*self.extract.source_span(start, end))


@dataclass(frozen=True, slots=True)
class Stitched:
    """Header text: pieces of decoded text with the spans of the message they were made of."""

    pieces: list[tuple[str, int, int]]
    source: Source

    @property
    def text(self) -> str:
        """All of it."""
        return "".join([piece for piece, _, _ in self.pieces])

    def content_span(self, start: int, end: int) -> Span:
        """As `Origin` has it; an encoded word is not cut."""
        last = max(end - 1, start)
        return self.source.content_span(self._span(start)[0], self._span(last)[1])

    def _span(self, at: int) -> Span:
        for piece, begin, stop in self.pieces:
            if at < len(piece):
                if len(piece) == stop - begin:
                    return begin + at, begin + at + 1
                before, character = len(piece[:at].encode("utf-8")), len(piece[at].encode("utf-8"))
                if len(piece.encode("utf-8")) == stop - begin:
                    return begin + before, begin + before + character
                return begin, stop
            at -= len(piece)
        return self.pieces[-1][1:] if self.pieces else (0, 0)
