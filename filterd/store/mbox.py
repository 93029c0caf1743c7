"""The mbox format (RFC 4155): where its messages begin and end, and what its quoting did to them.

A message begins after a `From ` line with a date, at the start of the file or after a blank line. Any other `From ` line is
text: programs that write mbox quote it (`>From `), and of those quotes one `>` is taken off again (mboxrd).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

BLOCK_OCTETS = 1024 * 1024
LINE_OCTETS = 1000  # a longer line is no From_ line
_START = b"\nFrom "
_DAYS = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_MONTHS = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
# The sender, if there is one; then the date as asctime, or mail itself, writes it. Zones and remarks may stand anywhere behind.
_DATE = re.compile(
    rb"[ \t]" + _DAYS + rb",?[ \t]+(?:" + _MONTHS + rb"[ \t]+[0-9]{1,2}|[0-9]{1,2}[ \t]+" + _MONTHS + rb")[ \t,]"
    rb"[^\r\n]*?[0-9]{1,2}:[0-9]{2}"
)
_QUOTED = re.compile(rb"^>(?=>*From )", re.MULTILINE)

Span = tuple[int, int]


def message_spans(read: Callable[[int, int], bytes]) -> Iterator[Span]:
    """The messages of an mbox, lazily; nothing if it does not begin with a From_ line.

    `read(offset, size)` gives octets of the file, empty at its end. A span begins after the From_ line and ends before the
    blank line in front of the next one.
    """
    start = -1
    for line, end, message in from_lines(read):
        if line and start < 0:
            return
        if start >= 0:
            yield start, max(start, end)
        start = message
    if start >= 0:
        yield start, _size(read, start)


def from_lines(read: Callable[[int, int], bytes]) -> Iterator[tuple[int, int, int]]:
    """Every From_ line: where it begins, where the message before it ends, where the message after it begins."""
    offset, kept = 0, b"\n\n\n"  # as if a blank line stood before the file
    while True:
        block = read(offset, BLOCK_OCTETS)
        buffer, base = kept + block, offset - len(kept)
        limit = max(len(buffer) - LINE_OCTETS, 2) if block else len(buffer)
        at = buffer.find(_START, 2)
        while 0 <= at < limit:
            end = buffer.find(b"\n", at + 1, at + 1 + LINE_OCTETS)
            blank = 1 if buffer[at - 1] == 0x0A else 2 if buffer[at - 2 : at] == b"\n\r" else 0
            if blank and end > 0 and is_from_line(buffer[at + 1 : end]):
                yield base + at + 1, max(base + at + 1 - blank, 0), base + end + 1
            at = buffer.find(_START, at + 1)
        if not block:
            return
        offset += len(block)
        kept = buffer[limit - 2 :]


def is_from_line(line: bytes) -> bool:
    """`From sender date`, as mbox has it?"""
    return line.startswith(b"From ") and _DATE.search(line, 4, LINE_OCTETS) is not None


def unquoted(octets: bytes) -> bytes:
    """One `>` less before each quoted `From ` at the beginning of a line."""
    return _QUOTED.sub(b"", octets) if b">From " in octets else octets


def _size(read: Callable[[int, int], bytes], at: int) -> int:
    while block := read(at, BLOCK_OCTETS):
        at += len(block)
    return at
