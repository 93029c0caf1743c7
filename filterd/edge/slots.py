"""A worker's view of the board: sessions claim slots, messages reserve room, scans are put on watch.

The limits hold across all workers, draining ones included, and nothing is locked: a claim is entered first and
counted then, so two claims at the same moment may both be refused, but never both be granted beyond a limit.
Everything here takes a few microseconds.
"""

from __future__ import annotations

import hashlib
import socket
import struct
from dataclasses import dataclass
from enum import IntEnum

from filterd.edge.board import FREE, IDLE, MARK_OCTETS, SLOT, STAGES, Board, milliseconds
from filterd.policy import alarms

_STAGE = struct.Struct("@q32s")
_STAGE_NUMBER = {name: number for number, name in enumerate(STAGES)}
_MAPPED = bytes(10) + b"\xff\xff"


class Refusal(IntEnum):
    """Why a session cannot be had; the value is the alarm."""

    TOO_MANY_SESSIONS = alarms.TOO_MANY_SESSIONS
    TOO_MANY_FROM_ADDRESS = alarms.TOO_MANY_FROM_ADDRESS


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits that hold across workers."""

    sessions: int
    sessions_per_address: int
    inflight_octets: int


class WorkerBoard:
    """`claim` slots for sessions; `inline` watches the worker's own scan; `poison` tells what must not be scanned."""

    def __init__(self, board: Board, area: int, bounds: Bounds) -> None:
        self.board = board
        self.area = area
        self.bounds = bounds
        self.inline = board.inline[area]
        self.poison = board.poison
        self.sessions = board.words["sessions"]
        self.octets = board.words["octets"]
        self.top = board.words["top"]  # no slot from here on was ever used
        self.free = list(range(board.slots - 1, -1, -1))

    def claim(self, address: str, exempt: bool = False) -> Slot | Refusal:
        """A slot for a session of this client. `exempt` ones (front ends) count in all, but not by address."""
        if not self.free:
            return Refusal.TOO_MANY_SESSIONS
        packed = _packed(address)
        mark = hashlib.blake2b(_site(packed), digest_size=MARK_OCTETS, key=self.board.secret).digest()
        slot = Slot(self, self.free.pop(), packed, mark)
        refusal = self._refusal(mark, exempt)
        if refusal is None:
            return slot
        slot.release()
        return refusal

    def _refusal(self, mark: bytes, exempt: bool) -> Refusal | None:
        if sum(self.sessions) > self.bounds.sessions:
            return Refusal.TOO_MANY_SESSIONS
        if not exempt and self.board.count(mark) > self.bounds.sessions_per_address:
            return Refusal.TOO_MANY_FROM_ADDRESS
        return None

    def beat(self) -> None:
        """The loop of this worker turns."""
        self.board.words["beat"][self.area] = milliseconds()

    def ready(self) -> None:
        """This worker accepts sessions."""
        self.beat()
        self.board.words["ready"][self.area] = 1

    def doom_scan_process(self) -> None:
        """Have the supervisor kill this worker's scan process: it alone knows for sure which process that is."""
        self.board.words["doomed"][self.area] = 1


class Slot:
    """One session's place on the board; `release` it at the session's end."""

    __slots__ = ("_at", "_index", "_mark_at", "_octets", "_owner")

    def __init__(self, owner: WorkerBoard, index: int, address: bytes, mark: bytes) -> None:
        self._owner = owner
        self._index = index
        self._octets = 0
        place = owner.area * owner.board.slots + index
        self._at = place * SLOT.size
        self._mark_at = place * MARK_OCTETS
        SLOT.pack_into(owner.board.records, self._at, IDLE, b"", address)
        if index >= owner.top[owner.area]:
            owner.top[owner.area] = index + 1
        owner.board.marks[self._mark_at : self._mark_at + MARK_OCTETS] = mark
        owner.sessions[owner.area] += 1

    def stage(self, stage: str, reference: str = "") -> None:
        """Where the session stands: idle, transaction, data, scanning, sending, dot-sent."""
        number = _STAGE_NUMBER[stage]
        _STAGE.pack_into(self._owner.board.records, self._at, number, reference.encode("ascii", "replace"))

    def reserve(self, octets: int) -> bool:
        """Room for this many more octets of the message in hand, counted over all workers; False: none was taken."""
        owner = self._owner
        owner.octets[owner.area] += octets
        if sum(owner.octets) > owner.bounds.inflight_octets:
            owner.octets[owner.area] -= octets
            return False
        self._octets += octets
        return True

    def give_back(self) -> None:
        """The message is out of hand: everything reserved for it is free again."""
        owner = self._owner
        owner.octets[owner.area] -= self._octets
        self._octets = 0

    def release(self) -> None:
        """The session ended; harmless when told twice."""
        if self._index < 0:
            return
        self.give_back()
        owner = self._owner
        SLOT.pack_into(owner.board.records, self._at, FREE, b"", b"")
        owner.board.marks[self._mark_at : self._mark_at + MARK_OCTETS] = bytes(MARK_OCTETS)
        owner.sessions[owner.area] -= 1
        owner.free.append(self._index)
        self._index = -1


def _packed(address: str) -> bytes:
    """16 octets, IPv4 mapped; text that is no address (a local socket) is cut to fit."""
    try:
        if ":" in address:
            return socket.inet_pton(socket.AF_INET6, address.partition("%")[0])
        return _MAPPED + socket.inet_pton(socket.AF_INET, address)
    except OSError:
        return address.encode("utf-8", "replace")[:16].ljust(16, b"\0")


def _site(packed: bytes) -> bytes:
    """What counts as one client: an IPv4 address, or an IPv6 /64, which is one host's to use as it likes."""
    return packed if packed.startswith(_MAPPED) else packed[:8]
