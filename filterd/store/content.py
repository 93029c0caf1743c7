"""The octets of one message: as they are stored, and as an MTA would get them.

Mail on disk has LF line ends, mail on the wire CRLF; an mbox quotes. What is judged is what the proxy would judge, so that
the verdict is the same; places in it are told in octets of what is stored.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from filterd.smtp.transparency import has_bare_newline, normalize
from filterd.store.mbox import unquoted
from filterd.store.places import Place, open_file

Span = tuple[int, int]
_LINE_ENDS = re.compile(rb"\r\n|\n")
_LINE_ENDS_AND_QUOTES = re.compile(rb"\r\n|\n|^>(?=>*From )", re.MULTILINE)


class TooLarge(Exception):
    """The message is larger than filterd would take."""


@dataclass(slots=True)
class Content:
    """`octets` are to be judged; `stored` lie at `Place.start`."""

    stored: bytes
    octets: bytes
    is_mbox: bool
    _edges: list[int] = field(default_factory=list)  # where in `octets` the distance to `stored` changes, and to what
    _shifts: Sequence[int] = ()

    def stored_span(self, span: Span) -> Span:
        """The octets of `stored` that became this span of `octets`."""
        if self.octets is self.stored:
            return span
        if not self._edges:
            self._measure()
        start = self._stored(span[0])
        return start, max(self._stored(span[1] - 1) + 1, start) if span[1] > span[0] else start

    def _stored(self, at: int) -> int:
        return at - self._shifts[bisect_right(self._edges, at) - 1]

    def _measure(self) -> None:
        if b"\r" not in self.stored and len(self.octets) == len(self.stored) + self.stored.count(b"\n"):
            lines = self.stored.split(b"\n")[:-1]  # nearly always: nothing but a CR before each LF
            self._edges = [0, *(end - 1 for end in accumulate(len(line) + 2 for line in lines))]
            self._shifts = range(len(self._edges))
        else:
            self._edges, self._shifts = _changes(self.stored, self.is_mbox)


def _changes(stored: bytes, is_mbox: bool) -> tuple[list[int], list[int]]:
    edges, shifts, shift = [0], [0], 0
    for found in (_LINE_ENDS_AND_QUOTES if is_mbox else _LINE_ENDS).finditer(stored):
        at = found.start() + shift
        if found[0] == b"\n":  # a CR was put before it
            shift += 1
            at += 1
        elif found[0] == b">":
            shift -= 1
        else:
            continue
        edges.append(at)
        shifts.append(shift)
    return edges, shifts


def read_content(place: Place, limit: int) -> Content:
    """The message. Raises `OSError` and `TooLarge`."""
    descriptor = open_file(place.opened)
    try:
        stored = _read(descriptor, place, limit)
    finally:
        os.close(descriptor)
    octets = unquoted(stored) if place.is_mbox else stored
    if has_bare_newline(octets):
        octets = normalize(octets)
    if len(octets) > limit:
        raise TooLarge
    return Content(stored, octets, place.is_mbox)


def _read(descriptor: int, place: Place, limit: int) -> bytes:
    size = (os.fstat(descriptor).st_size if place.end < 0 else place.end) - place.start
    if size > limit:
        raise TooLarge
    pieces: list[bytes] = []
    at = place.start
    while size > 0 and (piece := os.pread(descriptor, size, at)):
        pieces.append(piece)
        at += len(piece)
        size -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)
