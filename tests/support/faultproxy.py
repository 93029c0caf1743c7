"""A relay between two sockets that breaks on purpose after so many octets of one direction.

`up` is from the connecting side to the target, `down` the way back. What a stalled relay holds can be let go (`thaw`):
that is a kernel delivering, late, what a program wrote before it gave up.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from tests.support.scripted_upstream import reset_on_close

UP, DOWN = "up", "down"
FIN, HALF, RST, STALL, DRIBBLE = "fin", "half", "rst", "stall", "dribble"


@dataclass(frozen=True)
class Cut:
    """After `octets` of `direction`: FIN closes both sides, HALF sends FIN onward and leaves the way back open."""

    direction: str
    octets: int
    kind: str


class Leg(asyncio.Protocol):
    """One socket of a relayed connection."""

    def __init__(self, arrived: Callable[[bytes], None], ended: Callable[[], None]) -> None:
        self._arrived, self._ended = arrived, ended
        self.transport: asyncio.Transport | None = None
        self.waiting: list[bytes] = []
        self._ending = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for octets in self.waiting:
            self.transport.write(octets)
        if self._ending:
            self.end(self._ending)

    def data_received(self, data: bytes) -> None:
        self._arrived(data)

    def eof_received(self) -> bool:
        self._ended()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        self._ended()

    def write(self, octets: bytes) -> None:
        """Now, or as soon as it is connected."""
        if self.transport:
            self.transport.write(octets)
        else:
            self.waiting.append(octets)

    def end(self, kind: str) -> None:
        """FIN, HALF or RST."""
        if self.transport is None:
            self._ending = kind
            return
        if kind == HALF:
            with contextlib.suppress(OSError):
                self.transport.write_eof()
        elif kind == RST:
            reset_on_close(self.transport.get_extra_info("socket"))
            self.transport.abort()
        else:
            self.transport.close()


class Relayed:
    """One connection through the proxy; `passed` is what went through in each direction."""

    def __init__(self, proxy: FaultProxy) -> None:
        self._cut, proxy.cut = proxy.cut, None
        self.passed = {UP: b"", DOWN: b""}
        self.stalled = False
        self.ended = False
        self._ended_early = False
        self._held = b""
        self._dribbling: asyncio.Task[None] | None = None
        self.near = Leg(lambda octets: self._arrived(UP, octets), lambda: self._ended(UP))
        self.far = Leg(lambda octets: self._arrived(DOWN, octets), lambda: self._ended(DOWN))
        self._connecting = asyncio.get_running_loop().create_task(self._connect(proxy.target))
        if self._cut and not self._cut.octets:
            asyncio.get_running_loop().call_soon(self._act)

    async def _connect(self, port: int) -> None:
        try:
            await asyncio.get_running_loop().create_connection(lambda: self.far, "127.0.0.1", port)
        except OSError:
            self.near.end(RST)
        if self.ended:
            self.far.end(RST)

    def _to(self, direction: str) -> Leg:
        return self.far if direction == UP else self.near

    def _arrived(self, direction: str, octets: bytes) -> None:
        cut = self._cut
        if self.ended or (cut and cut.direction == direction and self.stalled):
            self._held += octets
        elif cut is None or cut.direction != direction:
            self._pass(direction, octets)
        elif cut.kind == DRIBBLE:
            self._held += octets
            self._dribbling = self._dribbling or asyncio.get_running_loop().create_task(self._dribble(direction))
        else:
            rest = cut.octets - len(self.passed[direction])
            self._pass(direction, octets[:rest])
            if len(octets) >= rest:
                self._held = octets[rest:]
                self._act()

    def _pass(self, direction: str, octets: bytes) -> None:
        self.passed[direction] += octets
        self._to(direction).write(octets)

    def _act(self) -> None:
        cut = self._cut
        assert cut is not None
        if cut.kind in (STALL, HALF):
            self.stalled = True
        if cut.kind == HALF:
            self._to(cut.direction).end(HALF)
        elif cut.kind in (FIN, RST):
            self.end(cut.kind)

    async def _dribble(self, direction: str) -> None:
        while self._held and not self.ended:
            octet, self._held = self._held[:1], self._held[1:]
            self._pass(direction, octet)
            await asyncio.sleep(0)
        self._dribbling = None
        if self._ended_early:
            self._ended(direction)

    def _ended(self, direction: str) -> None:
        """The sender of this direction sends no more; it is passed on unless this direction stalls."""
        if self._cut and self._cut.direction == direction and (self.stalled or self._dribbling):
            self._ended_early = True
            return
        self._to(direction).end(HALF)
        gone = (self.near if direction == UP else self.far).transport is None
        if gone:
            self._to(direction).end(FIN)

    def thaw(self) -> None:
        """Let go what a stall held back, and then the end of the stream."""
        if self._cut and self.stalled and self._cut.kind == STALL:
            self.stalled = False
            direction, octets, self._held, self._cut = self._cut.direction, self._held, b"", None
            self._pass(direction, octets)
            if self._ended_early:
                self._ended(direction)

    def end(self, kind: str) -> None:
        """Both sides."""
        self.ended = True
        for leg in (self.near, self.far):
            leg.end(kind)


class FaultProxy:
    """Listens on a free port; the next connection gets `cut`, and only that one."""

    def __init__(self, target: int = 0) -> None:
        self.target = target
        self.cut: Cut | None = None
        self.connections: list[Relayed] = []
        self.port = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._accept, "127.0.0.1", 0, backlog=100)
        self.port = self._server.sockets[0].getsockname()[1]

    def _accept(self) -> Leg:
        relayed = Relayed(self)
        self.connections.append(relayed)
        return relayed.near

    @property
    def moved(self) -> int:
        """Octets that passed so far, to see whether anything still moves."""
        return sum(len(octets) for relayed in self.connections for octets in relayed.passed.values())

    def clear(self) -> None:
        """Forget the connections of a trial; whatever still stands is reset."""
        for relayed in self.connections:
            relayed.end(RST)
        self.connections.clear()
        self.cut = None

    async def stop(self) -> None:
        """Everything down."""
        self.clear()
        if self._server:
            self._server.close()
        await asyncio.sleep(0)
