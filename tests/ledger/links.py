"""What can be cut: a link is one direction of a connection; a fault says when it breaks and how."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """After so many octets of one direction something happens, once.

    Directions: C2F, F2C (client), F2U, U2F (upstream). Kinds: `fin` (the client sends no more, but reads), `gone` (it
    closed: what we write comes back as RST), `rst`, `stall` (nothing passes any more), `lost` (upstream broke).
    """

    direction: str
    octets: int
    kind: str
    upstream_after: str = "healthy"  # or "refused": what a new connection to upstream meets

    def __str__(self) -> str:
        return f"{self.direction} {self.kind} after {self.octets}, then {self.upstream_after}"


@dataclass(frozen=True)
class Edge:
    """How the edge around the relay behaves."""

    pipelined: bool = False
    at_once: bool = True  # scanned and sent in the same turn, as small messages are; else in turns of its own
    piece: int = 1 << 20  # octets delivered at a time
    seed: int | None = None  # order of the turns; None: links take turns


class Link:
    """One direction. `give` is called with what arrives; the fault acts when so many octets have passed."""

    def __init__(self, give: Callable[[bytes], None], fault: Fault | None, act: Callable[[Fault], None]) -> None:
        self.give, self.fault, self.act = give, fault, act
        self.waiting: deque[bytes] = deque()
        self.passed = b""
        self.open = True

    def write(self, octets: bytes) -> None:
        """From the sender."""
        if octets:
            self.waiting.append(octets)

    def due(self) -> bool:
        """Is it time for the fault?"""
        return self.open and self.fault is not None and len(self.passed) >= self.fault.octets

    def deliver(self, piece: int) -> None:
        """One piece arrives, or the fault acts."""
        if self.fault is not None:
            piece = min(piece, self.fault.octets - len(self.passed))
        octets = self.waiting.popleft()
        if len(octets) > piece:
            self.waiting.appendleft(octets[piece:])
        self.passed += octets[:piece]
        self.give(octets[:piece])
