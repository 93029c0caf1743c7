"""Content-Transfer-Encodings (RFC 2045 §6), decoded as clients do: whatever can be read is read. Never raises.

Large parts are decoded in stretches: `stretches` cuts the encoded octets so that each stretch decodes alone, and
`encoded_span` finds the encoded octets of decoded ones again, when a hit asks for them.
"""

from __future__ import annotations

import binascii
import mmap
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Buffer = bytes | mmap.mmap

IDENTITY, BASE64, QUOTED_PRINTABLE, UUENCODE = "identity", "base64", "quoted-printable", "uuencode"
STRETCH = 256 * 1024
_BLOCK = 4096

_BASE64_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(octet for octet in range(256) if octet not in _BASE64_ALPHABET and octet != ord("="))
_BASE64_RUNS = re.compile(rb"[A-Za-z0-9+/]+|=+")
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]|[A-Za-z0-9+/=][ \t][A-Za-z0-9+/=]")  # a sign, or a blank inside a line
_QP_ODD = re.compile(rb"=(?![0-9A-Fa-f]{2}|\r?\n)")
_QP_ESCAPE = re.compile(rb"=(?:([0-9A-Fa-f]{2})|([ \t]*(?:\r*\n|\r|\Z)))")
_UU_LINE = re.compile(rb"^([!-`])([ -`]{0,90})[ \t]{0,4}\r?$", re.MULTILINE)
UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\r\n]*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Encoded octets `start` to `end` of a buffer that decode alone."""

    start: int
    end: int
    encoding: str


def decode_base64(octets: bytes) -> bytes:
    """Junk is skipped; behind padding a new stream begins, as mail clients read it (and RFC 4648 §3.3 warns of)."""
    letters = octets.translate(None, _NOT_BASE64)
    body = letters.rstrip(b"=")
    if b"=" not in body:
        return _base64_stream(body)
    return b"".join(_base64_stream(stream) for stream in body.split(b"=") if stream)


def _base64_stream(letters: bytes) -> bytes:
    rest = len(letters) & 3
    if rest == 1:  # six bits are no octet
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"==" if rest > 1 else letters)


def looks_base64(sample: bytes) -> bool:
    """Is it base64, whatever its label says?"""
    return not _NO_BASE64.search(sample)


def decode_quoted_printable(octets: bytes) -> bytes:
    """RFC 2045 §6.7; a `=` that begins nothing stands for itself."""
    if not _QP_ODD.search(octets):
        return binascii.a2b_qp(octets)
    return _QP_ESCAPE.sub(_unescape, octets)


def _unescape(found: re.Match[bytes]) -> bytes:
    digits = found[1]
    return binascii.a2b_hex(digits) if digits else b""


def decode_uuencode(octets: bytes) -> bytes:
    """Every line that can be one; `begin`, `end` and the rest are skipped."""
    return b"".join(_uu_line(found) for found in _UU_LINE.finditer(UU_BEGIN.sub(b"", octets)))


def _uu_line(found: re.Match[bytes]) -> bytes:
    length = (found[1][0] - 32) & 63
    wanted = (length + 2) // 3 * 4
    letters = found[2]
    if not length or not wanted - 3 <= len(letters) <= wanted + 1:
        return b""
    return binascii.a2b_uu(found[1] + letters[:wanted].ljust(wanted))


_DECODERS: dict[str, Callable[[bytes], bytes]] = {
    BASE64: decode_base64,
    QUOTED_PRINTABLE: decode_quoted_printable,
    UUENCODE: decode_uuencode,
}


def decode(octets: bytes, encoding: str) -> bytes:
    """The decoded octets; an unknown encoding is none."""
    decoder = _DECODERS.get(encoding)
    return decoder(octets) if decoder else octets


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
    if encoding == BASE64:
        return _base64_cut(octets)
    newline = octets.rfind(b"\n", max(len(octets) - 4096, 0))
    if newline >= 0:
        return newline + 1
    escape = octets.rfind(b"=", len(octets) - 3) if encoding == QUOTED_PRINTABLE else -1
    return escape if escape > 0 else len(octets)


def _base64_cut(octets: bytes) -> int:
    """Before the letters that begin a quantum which goes on."""
    letters = len(octets[octets.rfind(b"=") + 1 :].translate(None, _NOT_BASE64))
    cut = len(octets)
    for _ in range(letters & 3):
        cut -= 1
        while cut > 0 and octets[cut] not in _BASE64_ALPHABET:
            cut -= 1
    return cut if cut > 0 else len(octets)


def encoded_span(octets: bytes, encoding: str, start: int, end: int) -> tuple[int, int]:
    """The span in the encoded `octets` of one stretch that decodes to octets `start` to `end`."""
    if encoding == BASE64:
        return _base64_span(octets, start, end)
    if encoding in (QUOTED_PRINTABLE, UUENCODE):
        first, _ = _blockwise(octets, encoding, start, start + 1)
        return first, _blockwise(octets, encoding, end - 1, end)[1]
    return start, end


def _blockwise(octets: bytes, encoding: str, start: int, end: int) -> tuple[int, int]:
    """Decode block after block, and only the one that holds the octet piece by piece."""
    at = 0
    while len(octets) - at > _BLOCK:
        block = octets[at : at + _BLOCK]
        block = block[: _cut(block, encoding)]
        length = len(decode(block, encoding))
        if start < length:
            break
        at, start, end = at + len(block), start - length, end - length
    else:
        block = octets[at:]
    pieces = _qp_pieces(block) if encoding == QUOTED_PRINTABLE else _uu_pieces(block)
    first, last = _piecewise(pieces, start, end, len(block))
    return at + first, at + last


def _base64_span(octets: bytes, start: int, end: int) -> tuple[int, int]:
    """The letters that carry a bit of the wanted octets."""
    first, last = -1, -1
    decoded = letters = 0
    for found in _BASE64_RUNS.finditer(octets):
        if octets[found.start()] == 0x3D:  # "="
            decoded, letters = decoded + letters * 6 // 8, 0
            continue
        count = found.end() - found.start()
        if first < 0:
            at = _letter(start - decoded)
            if at < letters + count and start >= decoded:
                first = found.start() + max(at - letters, 0)
        at = _letter(end - 1 - decoded) + 1
        if at < letters + count:
            last = found.start() + max(at - letters, 0)
            break
        letters += count
    return max(first, 0), (last + 1 if last >= 0 else len(octets))


def _letter(index: int) -> int:
    """The first letter with bits of octet `index`."""
    quantum, place = divmod(index, 3)
    return quantum * 4 + place


def _qp_pieces(octets: bytes) -> Iterator[tuple[int, int, int]]:
    """(encoded start, encoded end, decoded length), literal text one piece a run."""
    at = 0
    for found in _QP_ESCAPE.finditer(octets):
        if found.start() > at:
            yield at, found.start(), found.start() - at
        yield found.start(), found.end(), 1 if found[1] else 0
        at = found.end()
    if at < len(octets):
        yield at, len(octets), len(octets) - at


def _uu_pieces(octets: bytes) -> Iterator[tuple[int, int, int]]:
    skipped = [found.span() for found in UU_BEGIN.finditer(octets)]
    for found in _UU_LINE.finditer(octets):
        if not any(start <= found.start() < end for start, end in skipped[:64]):
            yield found.start(), found.end(), len(_uu_line(found))


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
