"""Octets to read, and where they came from: the message itself, or what a transfer encoding inside it hid."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from filterd.mail.decode import Buffer, Stretch, encoded_span, stretches


@dataclass(slots=True)
class Source:
    """`octets` were decoded from `stretches` of `parent`; the message has no parent."""

    octets: Buffer
    parent: Source | None = None
    stretches: list[tuple[int, Stretch]] = field(default_factory=list)  # offset in `octets`

    @property
    def depth(self) -> int:
        """How many transfer encodings lie between."""
        return self.parent.depth + 1 if self.parent else 0

    @property
    def chain(self) -> tuple[str, ...]:
        """The transfer encodings between the message and these octets, outermost first."""
        if self.parent is None:
            return ()
        return (*self.parent.chain, *(stretch.encoding for _, stretch in self.stretches[:1]))

    def content_span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the message that decodes to these octets."""
        if self.parent is None:
            return start, end
        first = self._encoded(start, min(start + 1, end), False)[0]
        return self.parent.content_span(first, self._encoded(max(end - 1, start), end, True)[1])

    def _encoded(self, start: int, end: int, last: bool) -> tuple[int, int]:
        assert self.parent is not None
        index = bisect_right(self.stretches, start, key=_offset) - 1
        offset, stretch = self.stretches[max(index, 0)]
        return stretch_span(self.parent.octets, stretch, start - offset, end - offset)


def _offset(placed: tuple[int, Stretch]) -> int:
    return placed[0]


def stretch_span(buffer: Buffer, stretch: Stretch, start: int, end: int) -> tuple[int, int]:
    """The span in the buffer of octets `start` to `end` of what the stretch decodes to."""
    if stretch.encoding == "identity":
        return stretch.start + start, stretch.start + end
    first, last = encoded_span(buffer[stretch.start : stretch.end], stretch.encoding, start, end, stretch.marks)
    return stretch.start + first, stretch.start + last


def decoded(parent: Source, start: int, end: int, encoding: str) -> Source:
    """A source of its own made of an encoded part."""
    octets, places, offset = bytearray(), [], 0
    for stretch, piece in stretches(parent.octets, start, end, encoding):
        places.append((offset, stretch))
        octets += piece
        offset += len(piece)
    return Source(bytes(octets), parent, places)


