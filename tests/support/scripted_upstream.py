"""A scripted upstream MTA behind a real socket: every fault an upstream can have, at any point of the dialogue."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Iterator

from tests.support.mta import CLOSE, HANG, RESET, Mta, Play, Script, Step


class Connection(asyncio.Protocol):
    """One accepted connection: plays the steps of its Mta one after the other."""

    def __init__(self, upstream: ScriptedUpstream) -> None:
        self.mta = Mta(upstream.play)
        self._upstream = upstream
        self._hung = False
        self._transport: asyncio.Transport | None = None
        self._player: asyncio.Task[None] | None = None
        self._waiting: asyncio.Queue[Step] = asyncio.Queue()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._transport = transport  # type: ignore[assignment]
        self._upstream.connections.append(self)
        self._player = asyncio.get_running_loop().create_task(self._run())
        self._waiting.put_nowait(self.mta.connect())

    def data_received(self, data: bytes) -> None:
        if not self._hung:
            for step in self.mta.feed(data):
                self._waiting.put_nowait(step)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._player:
            self._player.cancel()
        self._transport = None

    @property
    def over(self) -> bool:
        """Has it ended?"""
        return self._transport is None

    async def _run(self) -> None:
        while True:
            step = await self._waiting.get()
            for octets in [step.reply[i : i + 1] for i in range(len(step.reply))] if step.slowly else [step.reply]:
                if self._transport:
                    self._transport.write(octets)
                await asyncio.sleep(0)
            if step.then == HANG:
                self._hung = True
                return
            if step.then in (CLOSE, RESET):
                self.end(reset=step.then == RESET)
                return

    def end(self, *, reset: bool) -> None:
        """FIN, or RST."""
        if self._transport is None:
            return
        if reset:
            reset_on_close(self._transport.get_extra_info("socket"))
            self._transport.abort()
        else:
            self._transport.close()


class ScriptedUpstream:
    """The server; `committed` is what all its connections took, in order of connections."""

    def __init__(self, script: Script | None = None) -> None:
        self.play = Play(script or {})
        self.connections: list[Connection] = []
        self.port = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self), "127.0.0.1", 0, backlog=200)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening, end all connections."""
        assert self._server is not None
        self._server.close()
        for connection in self.connections:
            connection.end(reset=True)
        await asyncio.sleep(0)

    @property
    def committed(self) -> list[bytes]:
        """Contents."""
        return [content for connection in list(self.connections) for content in connection.mta.committed]

    @property
    def commands(self) -> list[bytes]:
        """Command lines, connection after connection."""
        return [line for connection in list(self.connections) for line in connection.mta.commands]

    @property
    def complaints(self) -> list[str]:
        """What no MTA should have to see."""
        return [text for connection in list(self.connections) for text in connection.mta.complaints]


def reset_on_close(sock: socket.socket) -> None:
    """The next close sends RST and throws unsent octets away."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@contextlib.contextmanager
def scripted_upstream(script: Script | None = None) -> Iterator[ScriptedUpstream]:
    """A scripted upstream in a thread of its own, for tests that are not asynchronous."""
    upstream = ScriptedUpstream(script)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(upstream.start())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield upstream
    finally:
        asyncio.run_coroutine_threadsafe(upstream.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
