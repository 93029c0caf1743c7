"""Which octets are text at all. A list of short words "occurs" in any few megabytes of noise; nobody can read it there.

Looked at in windows: where control octets are too many, or octets of the high half stand as they do in noise, only long runs
of printable ASCII are left (a file name in an archive, a caption in a picture) and everything else is blanked with NUL, octet
for octet, so that spans stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import category

from filterd.mail.decode import Stretch

WINDOW = 4096
_CONTROLS = bytes(octet for octet in range(256) if (octet < 0x20 and octet not in b"\t\n\v\f\r\x1b\x0e\x0f") or octet == 0x7F)
_RUN = re.compile(rb"[\t\r\n\x20-\x7e]{24,}")
_WIDE_RUN = re.compile(rb"\0(?:[\t\r\n\x20-\x7e]\0){11,}")  # begins with what a search can jump to
_WIDE_RUNS = 500  # of one stretch
_KEPT = re.compile(rb"[^\0](?:[^\0]+|\0{1,64}(?!\0))*")
_GAP = b"\0" * 3
Pieces = tuple[tuple[int, Stretch, int], ...]
_SHARE = 20  # one control octet in so many is too many: noise has one in ten, text none
_FEW = 8  # which do not make noise of a short text in ASCII
_HIGH = bytes(range(128, 256))
_C1 = bytes(range(128, 160))
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CLASSES = bytes(0x68 if octet >= 128 else 0x61 if octet in _LETTERS else 0x20 for octet in range(256))  # h, a, blank
_MULTIBYTE = frozenset({"gb18030", "big5hkscs", "cp932", "euc_jp", "cp949"})
_PRINTABLE = bytes((*range(0x20, 0x7F), 0, 9, 10, 13))
_SMALL = 256  # the window in which octets that nobody declared as text must look like it


def only_text(octets: bytes, codec: str = "") -> bytes:
    """The octets, those that are not plausible text replaced by NUL. `codec` is what they will be decoded with."""
    if octets.isascii() and len(octets.translate(None, _CONTROLS)) == len(octets):
        return octets
    if len(octets) <= WINDOW:
        return _window(octets, codec)
    return b"".join(_window(octets[at : at + WINDOW], codec) for at in range(0, len(octets), WINDOW))


def wide_runs(octets: bytes) -> Iterator[tuple[int, int, str]]:
    """Text in UTF-16 (of ASCII letters) inside binary data: long runs of it, with their codec; in doubt with both."""
    if b"\0" not in octets:
        return
    for found, _ in zip(_WIDE_RUN.finditer(octets), range(_WIDE_RUNS), strict=False):
        start, end = found.span()
        if start and octets[start - 1] in _PRINTABLE:
            yield start - 1, end, "utf-16-le"
        if end < len(octets) and octets[end] in _PRINTABLE:
            yield start, end + 1, "utf-16-be"


def without_gaps(octets: bytes, pieces: Pieces) -> tuple[bytes, Pieces]:
    """Octets of which much is blanked, the long gaps cut out; and what the rest are pieces of."""
    kept, places = bytearray(), []
    for found in _KEPT.finditer(octets):
        start, end = found.span()
        for index, (offset, stretch, inside) in enumerate(pieces):
            stop = pieces[index + 1][0] if index + 1 < len(pieces) else len(octets)
            first, last = max(start, offset), min(end, stop)
            if first < last:
                places.append((len(kept), stretch, inside + first - offset))
                kept += octets[first:last]
        kept += _GAP
    return bytes(kept), tuple(places) or pieces


def likely_text(octets: bytes) -> bytes:
    """Only what looks like text to be read, though nothing says that it is: the rest is NUL; empty if nothing does."""
    kept = b"".join(
        window if _is_likely(window) else bytes(len(window))
        for window in (octets[at : at + _SMALL] for at in range(0, len(octets), _SMALL))
    )
    return kept if kept.strip(b"\0") else b""


def _is_likely(window: bytes) -> bool:
    odd = len(window.translate(None, _PRINTABLE))
    if odd * 20 <= len(window):
        return True
    try:
        text = window.decode("utf-8")
    except UnicodeDecodeError as error:
        if (error.start < 8 and error.end > 8) or len(window) - error.start > 4:
            trimmed = window.lstrip(bytes(range(128, 192)))
            text = trimmed.decode("utf-8", "replace")
            if text.count("\ufffd") * 20 > len(text):
                return False
        else:
            text = window[: error.start].decode("utf-8")
    odd = sum(not (character.isprintable() or character in "\t\r\n" or category(character) in ("Cf", "Zs")) for character in text)
    return bool(text) and odd * 20 <= len(text)


def _window(octets: bytes, codec: str) -> bytes:
    size = len(octets)
    controls = size - len(octets.translate(None, _CONTROLS))
    if controls * _SHARE <= size:
        if octets.isascii() or not _is_high_noise(octets, codec):
            return octets
    elif controls <= _FEW and (size - len(octets.translate(None, _HIGH))) * 4 < size:
        return octets
    elif octets.isascii() and octets.count(b"\0") >= controls - 2:
        return octets  # text with NULs between the letters
    kept = bytearray(size)
    for found in _RUN.finditer(octets):
        kept[found.start() : found.end()] = found.group()
    return bytes(kept)


def _is_high_noise(octets: bytes, codec: str) -> bool:
    """Do octets of the high half stand as in noise: many, also those of C1, between letters of ASCII, and no character set's?"""
    size = len(octets)
    high = size - len(octets.translate(None, _HIGH))
    if high * 3 < size or (size - len(octets.translate(None, _C1))) * 16 < size or size < 32:
        return False
    classes = octets.translate(_CLASSES)
    if (classes.count(b"ah") + classes.count(b"ha")) * 8 < size:
        return False
    for name in ("utf-8", *((codec,) if codec in _MULTIBYTE else ())):
        text = octets.decode(name, "replace")
        if text.count("\ufffd") * 20 < len(text):
            return False
    return True
