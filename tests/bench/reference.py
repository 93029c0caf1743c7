"""The least a Python proxy can do: octets from one socket to another, and with --words an automaton run over them.

It understands no SMTP, holds nothing back and decides nothing, so what it reaches is the limit for anything in Python
on this machine. Run: `reference.py --listen PORT --upstream PORT [--workers N] [--words FILE]`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Coroutine
from pathlib import Path
from typing import cast

import ahocorasick

DIALOG_OCTETS = 512  # shorter pieces are commands


class Leg(asyncio.Protocol):
    """One of the two connections; what arrives leaves by the other one."""

    def __init__(self, automaton: ahocorasick.Automaton | None = None) -> None:
        self.other: Leg | None = None
        self.transport: asyncio.Transport | None = None
        self.waiting: list[bytes] = []
        self.automaton = automaton
        self.hits = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the socket; no 40 ms waits."""
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass of it
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data: bytes) -> None:
        """Scan if asked to, then hand on."""
        if self.automaton is not None and len(data) > DIALOG_OCTETS:
            self.hits += len(list(self.automaton.iter(data.decode("latin-1").lower())))
        if self.other is None:
            self.waiting.append(data)
        elif self.other.transport is not None:
            self.other.transport.write(data)

    def pause_writing(self) -> None:
        """The other side reads no faster than we can write."""
        if self.other is not None and self.other.transport is not None:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on."""
        if self.other is not None and self.other.transport is not None:
            self.other.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """One gone, both gone."""
        if self.other is not None and self.other.transport is not None:
            self.other.transport.close()


class ClientLeg(Leg):
    """The accepted connection: it opens its upstream at once."""

    def __init__(self, upstream: tuple[str, int], automaton: ahocorasick.Automaton | None) -> None:
        super().__init__(automaton)
        self.upstream = upstream
        self.task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connect to upstream."""
        super().connection_made(transport)
        self.task = asyncio.get_running_loop().create_task(self._open())

    async def _open(self) -> None:
        leg = Leg()
        leg.other = self
        await asyncio.get_running_loop().create_connection(lambda: leg, *self.upstream)
        self.other = leg
        assert leg.transport is not None
        for data in self.waiting:
            leg.transport.write(data)


async def serve(listener: socket.socket, upstream: tuple[str, int], automaton: ahocorasick.Automaton | None) -> None:
    """Until SIGTERM."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    await loop.create_server(lambda: ClientLeg(upstream, automaton), sock=listener, backlog=1000)
    await stop.wait()


def build(path: Path) -> ahocorasick.Automaton:
    """All entries of a list in one automaton."""
    automaton = ahocorasick.Automaton()
    for line in path.read_text().splitlines():
        if line and not line.startswith("#"):
            automaton.add_word(line.lower(), line)
    automaton.make_automaton()
    return automaton


def run_loop(main: Coroutine[None, None, None]) -> None:
    """uvloop where it is installed, unless FILTERD_LOOP says asyncio."""
    if os.environ.get("FILTERD_LOOP") != "asyncio":
        with contextlib.suppress(ImportError):
            import uvloop

            uvloop.run(main)
            return
    asyncio.run(main)


def main() -> None:
    """Fork the workers on one listening socket and wait."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--listen", type=int, required=True)
    parser.add_argument("--upstream", type=int, required=True)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--words", type=Path)
    options = parser.parse_args()
    automaton = build(options.words) if options.words else None
    listener = socket.create_server(("127.0.0.1", options.listen), backlog=1000)
    children = []
    for _ in range(options.workers):
        child = os.fork()
        if child == 0:
            run_loop(serve(listener, ("127.0.0.1", options.upstream), automaton))
            os._exit(0)
        children.append(child)

    def stop(*_: object) -> None:
        for child in children:
            os.kill(child, signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    for child in children:
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
