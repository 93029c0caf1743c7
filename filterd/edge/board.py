"""The board: one anonymous shared mapping, inherited by fork, through which the processes see each other.

Every worker owns one *area*: session slots (client, reference, stage), its counters, and the two watches (what is
being scanned since when, inside the worker and in its scan process). Only the owner writes an area, and the
supervisor after the owner's death; so nothing needs a lock. Counters are native words, aligned: a reader never sees
half of one.

This is the supervisor's view and the layout; a worker's view is `slots.WorkerBoard`.
"""

from __future__ import annotations

import mmap
import os
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv6Address

from filterd.edge.poison import DIGEST_OCTETS, PoisonTable
from filterd.policy.relay_control import parse_address

STAGES = ("", "idle", "transaction", "data", "scanning", "sending", "dot-sent")
FREE, IDLE = 0, 1
SLOT = struct.Struct("@q32s16s8x")  # stage, reference, address
MARK_OCTETS = 16
_WORD = 8
_WORDS = ("pid", "ready", "doomed", "sessions", "top", "octets", "beat", "job")


def milliseconds() -> int:
    """The monotonic clock, which all processes of a machine share."""
    return time.monotonic_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class OpenTransaction:
    """What a dead worker had in hand."""

    client_address: str
    reference: str
    stage: str


class Watch:
    """What is being scanned since when. The digest is written before the time, and the time is what counts."""

    OCTETS = 32

    def __init__(self, octets: memoryview) -> None:
        self._since = octets[:_WORD].cast("q")
        self._digest = octets[_WORD : _WORD + DIGEST_OCTETS]

    def begin(self, digest: bytes) -> None:
        """A scan of this message starts."""
        self._digest[:] = digest
        self._since[0] = milliseconds()

    def end(self) -> None:
        """It ended, however it did."""
        self._since[0] = 0

    @property
    def since(self) -> int:
        """Milliseconds of the monotonic clock, 0 when nothing is being scanned."""
        return self._since[0]

    @property
    def digest(self) -> bytes:
        """Of the message in hand; empty when there is none."""
        return bytes(self._digest) if self._since[0] else b""


class Board:
    """All of it, as the supervisor sees it. `areas` is how many workers may live at once, draining ones included."""

    def __init__(self, areas: int, slots: int) -> None:
        self.areas = areas
        self.slots = slots
        self.secret = os.urandom(16)  # keys the marks: nobody outside can make two addresses share one
        self._marks_at = len(_WORDS) * areas * _WORD
        watches_at = self._marks_at + areas * slots * MARK_OCTETS
        records_at = watches_at + 2 * areas * Watch.OCTETS
        poison_at = records_at + areas * slots * SLOT.size
        self._memory = mmap.mmap(-1, poison_at + PoisonTable.OCTETS)
        view = memoryview(self._memory)
        columns = [view[at : at + areas * _WORD].cast("q") for at in range(0, self._marks_at, areas * _WORD)]
        self.words = dict(zip(_WORDS, columns, strict=True))
        self.marks = view[self._marks_at : watches_at]
        self.records = view[records_at:poison_at]
        watches = [Watch(view[at : at + Watch.OCTETS]) for at in range(watches_at, records_at, Watch.OCTETS)]
        self.inline, self.apart = watches[:areas], watches[areas:]
        self.poison = PoisonTable(view[poison_at:])

    def free_area(self) -> int | None:
        """An area nobody owns."""
        return next((area for area, pid in enumerate(self.words["pid"]) if not pid), None)

    @property
    def free_areas(self) -> int:
        """How many more workers there is room for."""
        return sum(1 for pid in self.words["pid"] if not pid)

    def take(self, area: int, pid: int) -> None:
        """The area belongs to this process from now on."""
        self.words["pid"][area] = pid

    def clear(self, area: int) -> None:
        """The owner is gone and its remains were read: nothing of it counts any more."""
        for words in self.words.values():
            words[area] = 0
        self.inline[area].end()
        self.apart[area].end()
        self.marks[self._part(area, MARK_OCTETS)] = bytes(self.slots * MARK_OCTETS)
        self.records[self._part(area, SLOT.size)] = bytes(self.slots * SLOT.size)

    def open_transactions(self, area: int) -> Iterator[OpenTransaction]:
        """Every transaction in hand in this area."""
        for stage, reference, address in SLOT.iter_unpack(bytes(self.records[self._part(area, SLOT.size)])):
            if IDLE < stage < len(STAGES):
                text = reference.rstrip(b"\0").decode("ascii", "replace")
                yield OpenTransaction(_readable(address), text, STAGES[stage])

    def total(self, word: str) -> int:
        """The sum of one counter over all areas."""
        return sum(self.words[word])

    def count(self, mark: bytes) -> int:
        """Sessions with this mark in all areas. Marks are random, so one is never found across two others."""
        length = self.slots * MARK_OCTETS
        found = 0
        for area, top in enumerate(self.words["top"]):
            if top:
                start = self._marks_at + area * length
                found += self._memory[start : start + top * MARK_OCTETS].count(mark)
        return found

    def _part(self, area: int, octets: int) -> slice:
        return slice(area * self.slots * octets, (area + 1) * self.slots * octets)


def _readable(packed: bytes) -> str:
    return str(parse_address(str(IPv6Address(packed))))
