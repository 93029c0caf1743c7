"""A worker: one event loop that serves the sessions of one generation until it is told to drain.

`WorkerContext` is what a session finds around it. The worker ticks every session once a second, hands the word to
drain on to them, and goes when the last one has gone. A mistake in one session ends that session only.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import importlib
import os
import resource
import signal
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from filterd.edge.generation import Generation, Upstream
from filterd.edge.listeners import Listener
from filterd.edge.maillog import MailLog
from filterd.edge.scan import Scanner
from filterd.edge.scan_link import ScanLink
from filterd.edge.session_settings import SessionSettings, session_settings
from filterd.edge.slots import WorkerBoard

TICK_SECONDS = 1.0
BACKLOG = 256
_SHORTAGES = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
LEAVING_SECONDS = 2.0  # for aborted sessions to write their last log line


class Session(Protocol):
    """What a worker asks of a session."""

    def drain(self) -> None:
        """Finish the message in hand, say goodbye otherwise."""

    def tick(self, now: float) -> None:
        """About once a second, monotonic seconds."""

    def abort(self) -> None:
        """Close both connections now, without another octet."""


@dataclass(eq=False)
class WorkerContext:
    """What a session finds around it. It adds itself to `sessions`, takes itself out, and then says so."""

    generation: Generation
    board: WorkerBoard
    scanner: Scanner
    log: MailLog
    loop: asyncio.AbstractEventLoop
    sessions: set[Any] = field(default_factory=set)
    draining: bool = False
    on_empty: Callable[[], None] = lambda: None
    session_settings: SessionSettings = field(init=False)

    def __post_init__(self) -> None:
        self.session_settings = session_settings(self.generation)

    @property
    def upstream(self) -> Upstream:
        """Where messages go."""
        return self.generation.upstream

    def session_closed(self) -> None:
        """A session has taken itself out of `sessions`."""
        if self.draining and not self.sessions:
            self.on_empty()


SessionFactory = Callable[[WorkerContext, Listener], asyncio.Protocol]


def new_loop() -> asyncio.AbstractEventLoop:
    """uvloop where it is installed, unless FILTERD_LOOP=asyncio."""
    if os.environ.get("FILTERD_LOOP") != "asyncio":
        try:
            import uvloop

            return uvloop.new_event_loop()
        except ImportError:
            pass
    return asyncio.new_event_loop()


def client_session(context: WorkerContext, listener: Listener) -> asyncio.Protocol:
    """The session that is served unless a test brings another."""
    from filterd.edge.session import ClientSession

    return ClientSession(context, listener)


def preload() -> None:
    """Load what every worker needs, so that they share it; starts nothing."""
    for name in ("filterd.edge.session", "uvloop"):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


class Worker:
    """One process's life: `run` returns when it has drained."""

    def __init__(
        self,
        generation: Generation,
        board: WorkerBoard,
        channel: socket.socket,
        log: MailLog,
        session_factory: SessionFactory = client_session,
    ) -> None:
        self._loop = new_loop()
        asyncio.set_event_loop(self._loop)
        self._board = board
        self._drain_seconds = generation.config.timeouts.drain
        link = ScanLink(channel, self._loop, generation.config.timeouts.scan, board.doom_scan_process)
        scanner = Scanner(generation.engine, board, link, log)
        self.context = WorkerContext(generation, board, scanner, log, self._loop, on_empty=self._loop.stop)
        self._session_factory = session_factory
        self._servers: list[asyncio.Server] = []
        self._told: set[Any] = set()  # sessions that know that we drain
        self._complained = 0.0

    def run(self, listeners: Sequence[Listener]) -> None:
        """Serve; SIGTERM (blocked until now) drains."""
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core would be mail on disk
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        self._loop.set_exception_handler(self._on_exception)
        for listener in listeners:
            self._servers.append(self._loop.run_until_complete(self._serve(listener)))
        self._loop.add_signal_handler(signal.SIGTERM, self._drain)
        self._loop.call_soon(signal.pthread_sigmask, signal.SIG_UNBLOCK, {signal.SIGTERM})
        self._loop.call_soon(self._board.ready)
        self._tick()
        self._loop.run_forever()
        if self.context.sessions:
            self._abort_all()

    async def _serve(self, listener: Listener) -> asyncio.Server:
        return await self._loop.create_server(
            lambda: self._session_factory(self.context, listener), sock=listener.socket, backlog=BACKLOG
        )

    def _drain(self) -> None:
        if self.context.draining:
            return
        self.context.draining = True
        for server in self._servers:
            server.close()
        self._drain_sessions()
        self._loop.call_later(self._drain_seconds, self._loop.stop)
        self.context.session_closed()

    def _drain_sessions(self) -> None:
        """Also those that were accepted already, but not yet there when the word came."""
        for session in self.context.sessions - self._told:
            self._told.add(session)
            self._guarded(session, session.drain)

    def _tick(self) -> None:
        self._loop.call_later(TICK_SECONDS, self._tick)
        self._board.beat()
        now = time.monotonic()
        for session in list(self.context.sessions):
            self._guarded(session, session.tick, now)
        if self.context.draining:
            self._drain_sessions()

    def _guarded(self, session: Session, method: Callable[..., None], *arguments: float) -> None:
        try:
            method(*arguments)
        except Exception as error:  # one session's trouble is not another's
            self.context.log.internal_error(f"session {method.__name__}", error)
            session.abort()

    def _abort_all(self) -> None:
        """The time to drain is over."""
        for session in list(self.context.sessions):
            self._guarded(session, session.abort)
        if self.context.sessions:
            self._loop.call_later(LEAVING_SECONDS, self._loop.stop)
            self._loop.run_forever()

    def _on_exception(self, loop: asyncio.AbstractEventLoop, trouble: dict[str, Any]) -> None:
        if getattr(trouble.get("exception"), "errno", None) not in _SHORTAGES or self._may_complain():
            self.context.log.internal_error(str(trouble.get("message", "loop")), trouble.get("exception"))
        session = trouble.get("protocol") or _owner(trouble.get("handle"))
        if session in self.context.sessions:
            session.abort()
        elif trouble.get("transport") is not None:
            trouble["transport"].abort()

    def _may_complain(self) -> bool:
        """Once a second: asyncio tells of every connection that it could not accept."""
        now = time.monotonic()
        if now < self._complained + 1.0:
            return False
        self._complained = now
        return True


def _owner(handle: object) -> Any:
    """The object whose method a callback was, so that its session can be ended."""
    return getattr(getattr(handle, "_callback", None), "__self__", None)
