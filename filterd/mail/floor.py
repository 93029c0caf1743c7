"""The floor under all structure: runs of octets that look encoded where nothing says so.

A run of base64 letters, or lines of nothing else, may be what some client decodes; the same goes for `=41` outside
quoted-printable. `encoded_regions` finds such places. Ordinary text has none, and telling that takes two searches in C.
"""

from __future__ import annotations

import re
from binascii import a2b_base64
from collections.abc import Iterator

from filterd.mail.decode import Buffer
from filterd.mail.plausible import likely_text

LETTERS = 16  # a shorter run is not looked at
BLOCK = 256 * 1024
_SAMPLE = 96  # letters; enough to see whether they decode to text
_STEP = 4096  # a long region is looked at so often
_NO_LETTERS = bytes(
    octet for octet in range(256) if octet not in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
)
_COMMON = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 \t\r\n.,-/<>="
_NO_START = re.compile(rb"[\x80-\xc1\xf5-\xff]").match  # what begins no character of UTF-8
_RUNS = 2000  # regions of one text

# Classes: a base64 letter, = padding, n line end, s blank, q quote prefix, x anything else.
_CLASSES = bytes(
    0x6E if octet in b"\r\n"
    else 0x73 if octet in b" \t"
    else 0x3D if octet == 0x3D
    else 0x71 if octet in b">|"
    else 0x61 if octet in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    else 0x78
    for octet in range(256)
)  # fmt: skip
_LONG = b"a" * LETTERS
# A long run with whatever lines of letters follow, or two lines and more of nothing but letters.
_RUN = re.compile(rb"a{16,}=*(?:[sq]{0,4}n{1,4}[sq]{0,4}a+=*)*")
# (Possessive, or every line's first word would be tried at each length; of single letters that is safe in any Python.)
_LINES = re.compile(rb"n[sq]{0,4}a++=*+(?:[sq]{0,4}n{1,4}[sq]{0,4}a+=*)+(?=[sq]{0,4}(?:n|\Z))")
_ESCAPE = re.compile(rb"=(?:[0-9A-Fa-f]{2}|(?<!==)[ \t]{0,80}\r?\n)")  # not at the end of a ruler of them


def base64_regions(buffer: Buffer, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans that decode to something like text; each begins where its letters do."""
    count = 0
    while start < end and count < _RUNS:
        block = buffer[start : min(start + BLOCK, end)]
        is_last = start + len(block) >= end
        step = len(block) if is_last else max(len(block) - LETTERS, 1)
        for first, last in _candidates(block.translate(_CLASSES)):
            if last == len(block) and not is_last and first > 0:
                step = first  # goes on: look at it again from its beginning
                break
            region = _text_region(block, first, last)
            if region:
                count += 1
                yield start + region[0], start + region[1]
                step = max(step, last)
        start += step


def _candidates(classes: bytes) -> Iterator[tuple[int, int]]:
    """Spans of letters, long or in lines; in order, none twice. Ordinary text has few, and telling that is two searches."""
    classes = b"n" + classes  # so that the first line has a line end in front
    at = 0
    lines = _LINES.search(classes)
    run = classes.find(_LONG)
    while lines or run >= 0:
        if lines and (run < 0 or lines.start() <= run):
            first, last = lines.start() + 1, lines.end()
        else:
            found = _RUN.match(classes, run)
            first, last = run, found.end() if found else run + LETTERS
        if last - first >= LETTERS:
            yield first - 1, last - 1
        at = max(last, at + 1)
        if lines and lines.start() < at:
            lines = _LINES.search(classes, at)
        if 0 <= run < at:
            run = classes.find(_LONG, at)


def _text_region(block: bytes, first: int, last: int) -> tuple[int, int] | None:
    """The region from the first letter on that makes sense of it; letters in front may belong to something else."""
    letters = block[first : min(last, first + _SAMPLE)].translate(None, _NO_LETTERS)
    if len(letters) < LETTERS:
        return None
    for phase in range(4):
        if _decodes_to_text(letters[phase:]):
            return first + phase, last
    if last - first > 2 * _SAMPLE:  # text may begin later
        for at in range(first + _SAMPLE, last, _STEP):
            if _decodes_to_text(block[at : min(at + _SAMPLE, last)].translate(None, _NO_LETTERS)):
                return first, last
    return None


def _decodes_to_text(letters: bytes) -> bool:
    """Do base64 letters (and nothing else) read as words? Letters that mean nothing decode to a letter one time in four."""
    octets = _decoded(letters)
    size = len(octets)
    if size - len(octets.translate(None, _COMMON)) >= size * 3 // 4:
        return True
    if octets.count(0) * 3 > size:
        return _is_wide(octets)
    if octets.isascii() or (size > 3 and _NO_START(octets)):  # an exception costs more than all the rest
        return False
    return _decodes(octets) and bool(likely_text(octets))


def _decoded(letters: bytes) -> bytes:
    """As `decode_base64`, which would look for what is no letter first: each long word comes here four times."""
    rest = len(letters) & 3
    if rest == 1:  # six bits are no octet
        return a2b_base64(letters[:-1])
    return a2b_base64(letters + b"==" if rest else letters)


def _is_wide(octets: bytes) -> bool:
    """UTF-16 of letters."""
    zeros = octets.count(0)
    return zeros * 5 > len(octets) * 2 and len(octets) - len(octets.translate(None, _COMMON)) >= (len(octets) - zeros) * 3 // 4


def _decodes(octets: bytes) -> bool:
    """UTF-8, but for what is cut off at the end?"""
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(octets) - 3
    return True


def quoted_regions(
    buffer: Buffer, start: int, end: int, pattern: re.Pattern[bytes] = _ESCAPE
) -> Iterator[tuple[int, int]]:
    """Spans of lines with quoted-printable in them, a line before and behind, too: phrases go on there."""
    at, open_start, open_end = start, -1, -1
    count = 0
    while at < end and count < _RUNS:
        found = pattern.search(buffer, at, end)
        if not found:
            break
        first = _lines_back(buffer, found.start(), start)
        last = _lines_on(buffer, found.end(), end)
        if open_start >= 0 and first <= open_end:
            open_end = max(open_end, last)
        else:
            if open_start >= 0:
                count += 1
                yield open_start, open_end
            open_start, open_end = first, last
        at = max(found.end(), min(last, end))
        line = buffer.rfind(b"\n", found.end(), at)
        at = line + 1 if line > found.end() else at
    if open_start >= 0:
        yield open_start, open_end


def _lines_back(buffer: Buffer, at: int, start: int) -> int:
    low = max(start, at - 2048)
    line = buffer.rfind(b"\n", low, at)
    line = buffer.rfind(b"\n", low, max(line, low)) if line >= 0 else -1
    return line + 1 if line >= 0 else low


def _lines_on(buffer: Buffer, at: int, end: int) -> int:
    high = min(end, at + 2048)
    line = buffer.find(b"\n", at, high)
    line = buffer.find(b"\n", line + 1, high) if line >= 0 else -1
    return line + 1 if line >= 0 else high
