"""Content-Transfer-Encodings (RFC 2045 §6), decoded as clients do: whatever can be read is read. Never raises.

Large parts are decoded in stretches: `stretches` cuts the encoded octets so that each stretch decodes alone, and
`encoded_span` finds the encoded octets of decoded ones again, when a hit asks for them.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
_BLOCKS = (4096, 256)
_BASE64_VIEWS = frozenset({BASE64, BASE64_JOINED, BASE64_URL})
_QP_VIEWS = frozenset({QUOTED_PRINTABLE, QP_DROPPED, QP_SWALLOWED, QP_JOINED})


@dataclass(frozen=True, slots=True)
class Stretch:
    """Encoded octets `start` to `end` of a buffer that decode alone."""

    start: int
    end: int
    encoding: str


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
    while end - start > STRETCH:
        octets = buffer[start : start + STRETCH]
        cut = _cut(octets, encoding)
        yield Stretch(start, start + cut, encoding), decode(octets[:cut], encoding)
        start += cut
    if start < end:
        yield Stretch(start, end, encoding), decode(buffer[start:end], encoding)


def _cut(octets: bytes, encoding: str) -> int:
    """Where the stretch ends: behind a line, or wherever nothing is torn."""
    if encoding in _BASE64_VIEWS:
        return base64_cut(octets, encoding)
    if encoding in _QP_VIEWS:
        return quoted_cut(octets)
    newline = octets.rfind(b"\n", max(len(octets) - 4096, 0))
    return newline + 1 if newline >= 0 else len(octets)


def encoded_span(octets: bytes, encoding: str, start: int, end: int) -> tuple[int, int]:
    """The span in the encoded `octets` of one stretch that decodes to octets `start` to `end`."""
    if encoding in _BASE64_VIEWS:
        return base64_span(octets, encoding, start, end)
    if encoding in _DECODERS:
        first, last = _blockwise(octets, encoding, start, start + 1)
        return first, last if end == start + 1 else _blockwise(octets, encoding, end - 1, end)[1]
    return start, end


def _blockwise(octets: bytes, encoding: str, start: int, end: int) -> tuple[int, int]:
    """Decode block after block, smaller ones in the one that holds the octet, and only the smallest piece by piece."""
    at, block = 0, octets
    for size in _BLOCKS:
        inside = 0
        while len(block) - inside > size:
            part = block[inside : inside + size]
            part = part[: _cut(part, encoding)]
            length = len(decode(part, encoding))
            if start < length:
                break
            inside, start, end = inside + len(part), start - length, end - length
        else:
            part = block[inside:]
        at, block = at + inside, part
    first, last = _piecewise(_pieces(block, encoding), start, end, len(block))
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
