"""The connection to upstream: an asyncio protocol that tells its session what happens and sends message content.

Everything is handed to the session's relay; a connection that the session has dropped is never heard of again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, cast

from filterd.smtp.proxy_header import write_v2
from filterd.smtp.transparency import DataWriter, wire

if TYPE_CHECKING:
    from filterd.edge.session import ClientSession
    from filterd.smtp.relay import Relay


_LINGER_SECONDS = 5


class UpstreamConnection(asyncio.Protocol):
    """One connection, from being asked for to being dropped."""

    def __init__(self, session: ClientSession, relay: Relay, header_for: tuple[str, int] | None) -> None:
        self._session: ClientSession | None = session
        self._replied = relay.upstream_octets
        self._header_for = header_for
        self._transport: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None
        self._sender: asyncio.Task[None] | None = None
        self._room: asyncio.Event | None = None  # only a large message waits for room
        self._deadline = 0.0
        self._seconds = 0.0

    def open(self, addresses: Sequence[tuple[str, int]], seconds: float) -> None:
        """Start connecting to one address after another; the session hears upstream_opened or upstream_failed."""
        self._seconds = seconds
        self._task = asyncio.get_running_loop().create_task(self._connect(addresses))

    async def _connect(self, addresses: Sequence[tuple[str, int]]) -> None:
        why = "no address"
        loop = asyncio.get_running_loop()
        for host, port in addresses:
            try:
                await loop.create_connection(lambda: self, host, port)
                self._task = None
                return
            except OSError as error:
                why = f"{host}: {error.strerror or type(error).__name__}"
        self._task = None
        self._failed(why)

    def tick(self, now: float) -> None:
        """About once a second; a timer of its own would cost every session more than this costs all."""
        if self._transport is None and self._session is not None:
            self._deadline = self._deadline or now + self._seconds
            if now >= self._deadline:
                session = self._session
                self.drop(abort=True)
                session.upstream_failed(f"no connection in {self._seconds} s")

    def _failed(self, why: str) -> None:
        session, self._session = self._session, None
        if session:
            session.upstream_failed(why)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connected."""
        self._transport = cast(asyncio.Transport, transport)
        if self._session is None:
            self._transport.abort()
            return
        if self._header_for:
            target = transport.get_extra_info("peername")[:2]
            self._transport.write(write_v2(self._header_for, target))
        self._session.upstream_opened()

    def data_received(self, data: bytes) -> None:
        """Replies."""
        if self._session:
            self._session.feed(self._replied, data)

    def eof_received(self) -> bool:
        """Upstream says good-bye: there is nothing to half-keep."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Closed or broken."""
        self.resume_writing()
        session, self._session = self._session, None
        if session:
            session.upstream_lost()

    def write(self, octets: bytes) -> None:
        """Commands."""
        if self._transport:
            self._transport.write(octets)

    def send_whole(self, content: bytes) -> None:
        """A small message as it was read, and its end of data, in one write."""
        self.write(wire(content))
        if self._session:
            self._session.content_sent()

    def send_pieces(self, pieces: Iterator[bytes]) -> None:
        """A large or edited message and its end of data, as fast as upstream takes it."""
        self._sender = asyncio.get_running_loop().create_task(self._stream(pieces))

    async def _stream(self, pieces: Iterator[bytes]) -> None:
        writer = DataWriter()
        self._room = asyncio.Event()
        self._room.set()
        try:
            for piece in pieces:
                self.write(writer.write(piece))
                await self._room.wait()
                await asyncio.sleep(0)  # other sessions have their turn
                if self._session is None:
                    return
        except (OSError, ValueError) as error:
            self._sender = None
            if self._session:
                self._session.content_unreadable(error)
            return
        self._sender = None
        self.write(writer.finish())
        if self._session:
            self._session.content_sent()

    def pause_writing(self) -> None:
        """Upstream does not keep up."""
        if self._room:
            self._room.clear()

    def resume_writing(self) -> None:
        """It does again."""
        if self._room:
            self._room.set()

    def drop(self, *, abort: bool) -> None:
        """The session needs it no more; with `abort` unsent octets are thrown away."""
        self._session = None
        for task in (self._task, self._sender):
            if task:
                task.cancel()
        if self._transport:
            if abort:
                self._transport.abort()
                return
            self._transport.close()
            if self._transport.get_write_buffer_size():  # it does not read: our QUIT is not worth waiting for
                asyncio.get_running_loop().call_later(_LINGER_SECONDS, self._transport.abort)
