"""Quoted-printable (RFC 2045 §6.7) as mail clients read it, piece by piece. Never raises.

Clients agree about `=3D` and about a `=` at the end of a line. About any other `=` there are three more views: it is
dropped (`QP_DROPPED`, where also `=0x41` and a pair of digits split over two lines count), dropped with the sign behind it
(`QP_SWALLOWED`), or dropped and all line ends with it (`QP_JOINED`).
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

QUOTED_PRINTABLE = "quoted-printable"
QP_DROPPED, QP_SWALLOWED, QP_JOINED = "quoted-printable dropped", "quoted-printable swallowed", "quoted-printable joined"

_SOFT = rb"[ \t]{0,80}(?:\r{0,3}\n|\r|\Z)"
_PAIR = rb"([0-9A-Fa-f]{2})"
_SPLIT = rb"0[xX]([0-9A-Fa-f]{2})|([0-9A-Fa-f])[ \t]{0,8}=?[ \t]{0,8}[\r\n]{1,2}([0-9A-Fa-f])"
_ODD = re.compile(rb"=(?![0-9A-Fa-f]{2}|\r?\n)")
STRAY = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]{0,80}(?:\r?\n))")
_PATTERNS = {
    QUOTED_PRINTABLE: re.compile(rb"=(?:" + _PAIR + rb"|(" + _SOFT + rb"))"),
    QP_DROPPED: re.compile(rb"=(?:" + _PAIR + rb"|" + _SPLIT + rb"|(?:" + _SOFT + rb")?)"),
    QP_SWALLOWED: re.compile(rb"=(?:" + _PAIR + rb"|" + _SOFT + rb"|[^\r\n]?)"),
    QP_JOINED: re.compile(rb"=(?:" + _PAIR + rb"|" + _SPLIT + rb"|(?:" + _SOFT + rb")?)|[ \t]{0,80}[\r\n]{1,2}"),
}
_SOFT_TAIL = re.compile(rb"=[ \t]{0,80}[\r\n]{0,2}\Z|=[0-9A-Fa-fxX]{0,3}[=\r\n]{0,3}\Z")


def decode_quoted_printable(octets: bytes, view: str = QUOTED_PRINTABLE) -> bytes:
    """The octets in one view."""
    if view == QUOTED_PRINTABLE and not _ODD.search(octets):
        return binascii.a2b_qp(octets)
    return _PATTERNS[view].sub(_unescape, octets)


def _unescape(found: re.Match[bytes]) -> bytes:
    digits = found[1]
    if not digits and found.re.groups > 2:
        digits = found[2] or (found[3] + found[4] if found[3] else b"")
    return binascii.a2b_hex(digits) if digits else b""


def quoted_views(octets: bytes) -> list[str]:
    """The other views that can differ for these octets."""
    return [QP_DROPPED, QP_SWALLOWED, QP_JOINED] if STRAY.search(octets) else []


def quoted_pieces(octets: bytes, view: str) -> Iterator[tuple[int, int, int]]:
    """(encoded start, encoded end, decoded length), literal text one piece a run."""
    at = 0
    for found in _PATTERNS[view].finditer(octets):
        if found.start() > at:
            yield at, found.start(), found.start() - at
        yield found.start(), found.end(), len(_unescape(found))
        at = found.end()
    if at < len(octets):
        yield at, len(octets), len(octets) - at


def quoted_cut(octets: bytes) -> int:
    """Behind a line that does not go on; else where no escape is torn."""
    newline = octets.rfind(b"\n", max(len(octets) - 4096, 0))
    cut = newline + 1 if newline >= 0 else len(octets)
    found = _SOFT_TAIL.search(octets, max(cut - 90, 0), cut)
    return found.start() if found and found.start() > 0 else cut
