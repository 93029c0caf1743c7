"""What older programs put into text: uuencode, `begin-base64` (POSIX), yEnc. Found by their first line, decoded line by line."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from filterd.mail.base64s import BASE64

UUENCODE, YENC = "uuencode", "yenc"

_UU_LINE = re.compile(rb"^([ -`])([ -`]{0,90})[ \t]{0,4}\r?$", re.MULTILINE)
UU_BEGIN = re.compile(rb"^begin [0-7]{3,4}[ \t][^\r\n]*", re.MULTILINE)
_BEGIN = re.compile(
    rb"^(?:begin[ \t]+[0-7]{3,4}[ \t]+([^\r\n]*)|begin-base64[ \t]+[0-7]{3,4}[ \t]+([^\r\n]*)"
    rb"|=ybegin [^\r\n]{0,200}?name=([^\r\n]*))\r?$",
    re.MULTILINE,
)
_ENDS = (
    re.compile(rb"^end[ \t]*\r?$", re.MULTILINE),
    re.compile(rb"^====[ \t]*\r?$", re.MULTILINE),
    re.compile(rb"^=yend", re.MULTILINE),
)
_YENC_ESCAPE = re.compile(rb"=[^\r\n]|[\r\n]+|^=y[^\r\n]*", re.MULTILINE | re.DOTALL)
_YENC = bytes((octet - 42) & 255 for octet in range(256))
_BLOCKS = 100  # in one text

Block = tuple[int, int, str, int, int]


def blocks(octets: bytes) -> Iterator[Block]:
    """(start, end, encoding, and the span of the file name) of each; one without an end goes on to the end."""
    at = 0
    for _ in range(_BLOCKS):
        found = _BEGIN.search(octets, at)
        if not found:
            return
        kind = (found.lastindex or 1) - 1
        end = _ENDS[kind].search(octets, found.end())
        at = end.start() if end else len(octets)
        yield found.end(), at, (UUENCODE, BASE64, YENC)[kind], *found.span(kind + 1)


def may_hold_blocks(octets: bytes) -> bool:
    """Is it worth a search?"""
    return b"\nbegin" in octets or b"=ybegin" in octets or octets.startswith(b"begin")


def decode_uuencode(octets: bytes) -> bytes:
    """Every line that can be one; `begin`, `end` and the rest are skipped."""
    return b"".join(_uu_line(found) for found in _UU_LINE.finditer(UU_BEGIN.sub(b"", octets)))


def _uu_line(found: re.Match[bytes]) -> bytes:
    length = (found[1][0] - 32) & 63
    wanted = (length + 2) // 3 * 4
    letters = found[2]
    if not length or not wanted - 3 <= len(letters) <= wanted + 2:  # some write a checksum behind
        if len(letters) < 8 or len(letters) % 4 > 1:
            return b""
        wanted = len(letters) // 4 * 4  # a wrong length: take the letters that are there
        length = min(wanted // 4 * 3, 45 if wanted >= 60 else 63)
        wanted = (length + 2) // 3 * 4
    whole = wanted // 4 * 3  # a line whose last letters hold more than its length says is decoded, and cut
    return binascii.a2b_uu(bytes((32 + whole,)) + letters[:wanted].ljust(wanted))[:length]


def uu_pieces(octets: bytes) -> Iterator[tuple[int, int, int]]:
    """(encoded start, encoded end, decoded length)."""
    skipped = [found.span() for found in UU_BEGIN.finditer(octets)]
    for found in _UU_LINE.finditer(octets):
        if not any(start <= found.start() < end for start, end in skipped[:64]):
            yield found.start(), found.end(), len(_uu_line(found))


def decode_yenc(octets: bytes) -> bytes:
    """Each octet less 42, one behind `=` less 106; line ends and lines that begin with `=y` are none."""
    return _YENC_ESCAPE.sub(_yenc_escape, octets.translate(None, b"\r\n") if b"\n=y" not in octets else octets).translate(_YENC)


def _yenc_escape(found: re.Match[bytes]) -> bytes:
    octets = found.group()
    return bytes(((octets[1] - 64) & 255,)) if len(octets) == 2 and octets[:1] == b"=" and octets != b"=y" else b""


def yenc_pieces(octets: bytes) -> Iterator[tuple[int, int, int]]:
    """(encoded start, encoded end, decoded length)."""
    at = 0
    for found in _YENC_ESCAPE.finditer(octets):
        if found.start() > at:
            yield at, found.start(), found.start() - at
        yield found.start(), found.end(), len(_yenc_escape(found))
        at = found.end()
    if at < len(octets):
        yield at, len(octets), len(octets) - at
