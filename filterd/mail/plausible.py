"""Which octets are text at all. A list of short words "occurs" in any few megabytes of noise; nobody can read it there.

Looked at in windows: where control octets are too many, only long runs of printable ASCII are left (a file name in an
archive, a caption in a picture) and everything else is blanked with NUL, octet for octet, so that spans stay what they
are.
"""

from __future__ import annotations

import re

WINDOW = 4096
_CONTROLS = bytes(octet for octet in range(256) if (octet < 0x20 and octet not in b"\t\n\v\f\r\x1b") or octet == 0x7F)
_RUN = re.compile(rb"[\t\r\n\x20-\x7e]{24,}")
_SHARE = 20  # one control octet in so many is too many: noise has one in ten, text none
_FEW = 8  # which do not make noise of a short text


def only_text(octets: bytes) -> bytes:
    """The octets, those that are not plausible text replaced by NUL."""
    if len(octets.translate(None, _CONTROLS)) == len(octets):
        return octets
    return b"".join(_window(octets[at : at + WINDOW]) for at in range(0, len(octets), WINDOW))


def _window(octets: bytes) -> bytes:
    controls = len(octets) - len(octets.translate(None, _CONTROLS))
    if controls <= _FEW or controls * _SHARE <= len(octets):
        return octets
    kept = bytearray(len(octets))
    for found in _RUN.finditer(octets):
        kept[found.start() : found.end()] = found.group()
    return bytes(kept)
