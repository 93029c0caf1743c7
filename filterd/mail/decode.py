"""Content-Transfer-Encodings (RFC 2045 §6), decoded as clients do: whatever can be read is read. Never raises.

Large parts are decoded in stretches: `stretches` cuts the encoded octets so that each stretch decodes alone, and
`encoded_span` finds the encoded octets of decoded ones again, when a hit asks for them.
"""

from __future__ import annotations

import mmap
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from filterd.mail.base64s import (
    BASE64,
    BASE64_JOINED,
    BASE64_URL,
    base64_cut,
    base64_span,
    base64_views,
    decode_base64,
    looks_base64,
)
from filterd.mail.quoted import (
    QP_DROPPED,
    QP_JOINED,
    QP_SWALLOWED,
    QUOTED_PRINTABLE,
    decode_quoted_printable,
    quoted_cut,
    quoted_pieces,
    quoted_views,
)
from filterd.mail.uuencode import UU_BEGIN, UUENCODE, YENC, decode_uuencode, decode_yenc, uu_pieces, yenc_pieces

__all__ = [
    "BASE64", "IDENTITY", "QUOTED_PRINTABLE", "UUENCODE", "UU_BEGIN", "YENC", "Buffer", "Stretch", "decode", "decode_base64",
    "decode_quoted_printable", "decode_uuencode", "encoded_span", "looks_base64", "stretches", "views",
]  # fmt: skip

Buffer = bytes | mmap.mmap

IDENTITY = "identity"
STRETCH = 256 * 1024
_BLOCK = 512  # octets; so exactly a place is known before the way to it is gone piece by piece
_BASE64_VIEWS = frozenset({BASE64, BASE64_JOINED, BASE64_URL})
_QP_VIEWS = frozenset({QUOTED_PRINTABLE, QP_DROPPED, QP_SWALLOWED, QP_JOINED})
_LINES = frozenset({UUENCODE, YENC})
Marks = list[tuple[int, int]]  # (octets decoded, octets read) where a block begins


@dataclass(frozen=True, slots=True)
class Stretch:
    """Encoded octets `start` to `end` of a buffer that decode alone. `marks` are `encoded_span`'s."""

    start: int
    end: int
    encoding: str
    marks: Marks = field(default_factory=list, compare=False, repr=False)


_DECODERS: dict[str, Callable[[bytes], bytes]] = {
    **{view: partial(decode_base64, view=view) for view in _BASE64_VIEWS},
    **{view: partial(decode_quoted_printable, view=view) for view in _QP_VIEWS},
    UUENCODE: decode_uuencode,
    YENC: decode_yenc,
}


def decode(octets: bytes, encoding: str) -> bytes:
    """The decoded octets; an unknown encoding is none."""
    decoder = _DECODERS.get(encoding)
    return decoder(octets) if decoder else octets


def views(octets: bytes, encoding: str) -> list[str]:
    """Other ways in which clients decode these octets, where they can differ; each is an encoding to `decode`."""
    if encoding == BASE64:
        return base64_views(octets)
    return quoted_views(octets) if encoding == QUOTED_PRINTABLE else []


def stretches(buffer: Buffer, start: int, end: int, encoding: str) -> Iterator[tuple[Stretch, bytes]]:
    """The stretches of `buffer[start:end]` in order, each with its decoded octets."""
    while start < end:
        octets = _next(buffer, start, end, encoding, STRETCH)
        yield Stretch(start, start + len(octets), encoding), decode(octets, encoding)
        start += len(octets)


def _next(buffer: Buffer, start: int, end: int, encoding: str, size: int) -> bytes:
    """The next octets that decode alone, `size` of them unless they can be cut nowhere."""
    while end - start > size:
        octets = buffer[start : start + size]
        cut = _cut(octets, encoding)
        if cut:
            return octets[:cut]
        size *= 2
    return buffer[start:end]


def _cut(octets: bytes, encoding: str) -> int:
    """Where the stretch ends: behind a line, or wherever nothing is torn; 0 if there is no such place."""
    if encoding in _BASE64_VIEWS:
        return base64_cut(octets, encoding)
    if encoding in _QP_VIEWS:
        return quoted_cut(octets)
    newline = octets.rfind(b"\n", max(len(octets) - 4096, 0))
    return newline + 1 if newline >= 0 or encoding in _LINES else len(octets)


def encoded_span(octets: bytes, encoding: str, start: int, end: int, marks: Marks | None = None) -> tuple[int, int]:
    """The span in the encoded `octets` of one stretch that decodes to octets `start` to `end`.

    Once noted, `marks` (of these octets; empty at first) save decoding them again for each hit.
    """
    if encoding not in _DECODERS:
        return start, end
    marks = [] if marks is None else marks
    if not marks:
        marks += _marks(octets, encoding)
    first = _in_block(octets, encoding, start, marks)
    return first[0], first[1] if end == start + 1 else _in_block(octets, encoding, end - 1, marks)[1]


def _marks(octets: bytes, encoding: str) -> Iterator[tuple[int, int]]:
    """Where blocks that decode alone begin, and how many octets those before decode to."""
    at = decoded = 0
    while at < len(octets) or not at:
        yield decoded, at
        block = _next(octets, at, len(octets), encoding, _BLOCK)
        at, decoded = at + max(len(block), 1), decoded + len(decode(block, encoding))


def _in_block(octets: bytes, encoding: str, place: int, marks: Marks) -> tuple[int, int]:
    """The span of one decoded octet."""
    index = max(bisect_right(marks, (place, len(octets))) - 1, 0)
    decoded, at = marks[index]
    block = octets[at : marks[index + 1][1] if index + 1 < len(marks) else len(octets)]
    if encoding in _BASE64_VIEWS:
        first, last = base64_span(block, encoding, place - decoded, place - decoded + 1)
    else:
        first, last = _piecewise(_pieces(block, encoding), place - decoded, place - decoded + 1, len(block))
    return at + first, at + last


def _pieces(octets: bytes, encoding: str) -> Iterator[tuple[int, int, int]]:
    if encoding in _QP_VIEWS:
        return quoted_pieces(octets, encoding)
    return uu_pieces(octets) if encoding == UUENCODE else yenc_pieces(octets)


def _piecewise(pieces: Iterator[tuple[int, int, int]], start: int, end: int, size: int) -> tuple[int, int]:
    first, decoded = -1, 0
    for at, stop, length in pieces:
        literal = stop - at == length
        if first < 0 and start < decoded + length:
            first = at + start - decoded if literal else at
        if first >= 0 and end <= decoded + length:
            return first, at + end - decoded if literal else stop
        decoded += length
    return max(first, 0), size
