"""Client → fault proxy → filterd → fault proxy → upstream, over real sockets, in one event loop.

filterd's sessions are the real ones (`edge.session.ClientSession`); around them stand a board of their own, a judge that
looks for the forbidden word, and a mail log that is read back. Time limits are reached by ticking, not by waiting.
"""

from __future__ import annotations

import asyncio
import socket
import time
from typing import Any

from filterd.config import schema
from filterd.config.addresses import parse_upstream
from filterd.edge.board import Board
from filterd.edge.generation import Generation, Upstream, relay_settings
from filterd.edge.maillog import MailLog
from filterd.edge.session import ClientSession
from filterd.edge.slots import Bounds, WorkerBoard
from filterd.edge.worker import WorkerContext
from filterd.mail.envelope import Envelope
from filterd.mail.reply import Reply
from filterd.policy import alarms
from filterd.policy.verdict import CLEAN, Action, Verdict
from filterd.smtp.effects import Record
from tests.ledger.client import LedgerClient
from tests.support.faultproxy import DOWN, STALL, UP, Cut, FaultProxy
from tests.support.ledger import FORBIDDEN, Trial, token_of
from tests.support.mta import Script
from tests.support.scripted_upstream import Connection, ScriptedUpstream

SECONDS = 20.0
TICK = 5.0
REFUSED = Verdict(Action.REJECT, alarms.FORBIDDEN_WORD, Reply.make(550, "5.7.1", "Forbidden"))
INLINE_OCTETS = 64 * 1024


class Judge:
    """The engine and its scanner in one: forbidden word or not."""

    def judge(self, content: bytes, envelope: Envelope, reference: str) -> Verdict:
        """The verdict."""
        return REFUSED if FORBIDDEN in content else CLEAN

    def unscannable(self, condition: str, reference: str, alarm: int) -> Verdict:
        """Never needed."""
        raise AssertionError(condition)

    def scan_inline(self, content: bytes, envelope: Envelope, reference: str) -> Verdict | None:
        """Small messages at once."""
        return self.judge(content, envelope, reference) if len(content) <= INLINE_OCTETS else None

    async def scan(self, store: Any, envelope: Envelope, reference: str) -> Verdict:
        """Large ones some turns later."""
        await asyncio.sleep(0)
        return self.judge(store.read(0, store.size), envelope, reference)


class Log(MailLog):
    """Reads its own transactions back; `errors` must stay empty."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.logged: dict[str, list[str]] = {}
        self.records: list[Record] = []
        super().__init__(lambda level, line: None)

    def transaction(self, record: Record, milliseconds: int, generation: str) -> None:
        """Remember the outcome under the token."""
        super().transaction(record, milliseconds, generation)
        self.records.append(record)
        if record.reverse_path:
            self.logged.setdefault(record.reverse_path.partition(b"@")[0].decode(), []).append(record.outcome)

    def internal_error(self, where: str, error: BaseException | None, reference: str = "") -> None:
        """A mistake of filterd's own."""
        self.errors.append(f"{where}: {error!r}")


class Street:
    """All of it; `run` is one trial."""

    def __init__(self, script: Script | None = None, *, connect_to: int = 0, memory_octets: int = 1 << 20) -> None:
        self.upstream = ScriptedUpstream(script)
        self.log = Log()
        self.front, self.back = FaultProxy(), FaultProxy()
        self.context: WorkerContext | None = None
        self.heard: list[bytes] = []  # the last client's reply lines
        self._connect_to = connect_to  # a port instead of the fault proxy's
        self._memory_octets = memory_octets
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Street:
        await self.upstream.start()
        self.back.target = self.upstream.port
        await self.back.start()
        self.context = self._context(self._connect_to or self.back.port)
        loop = asyncio.get_running_loop()
        context = self.context
        self._server = await loop.create_server(lambda: ClientSession(context, None), "127.0.0.1", 0, backlog=100)  # type: ignore[arg-type]
        self.front.target = self._server.sockets[0].getsockname()[1]
        await self.front.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for session in list(self.context.sessions) if self.context else ():
            session.abort()
        await self.front.stop()
        await self.back.stop()
        await self.upstream.stop()

    def _context(self, port: int) -> WorkerContext:
        timeouts = schema.Timeouts(
            command=60,
            data=50,
            session=600,
            upstream_connect=1,
            upstream_greeting=30,
            upstream_reply=60,
            upstream_final=45,
        )
        limits = schema.Limits(memory_octets=self._memory_octets)
        config = schema.Config(timeouts=timeouts, limits=limits)
        place = [(socket.AF_INET, ("127.0.0.1", port))]
        generation = Generation(
            id="test",
            config=config,
            relay_settings=relay_settings(config),
            engine=Judge(),
            upstream=Upstream(parse_upstream(f"127.0.0.1:{port}"), tuple(place)),
            bounds=Bounds(90, 90, 1 << 30),
            lists=(),
        )
        board = WorkerBoard(Board(areas=1, slots=128), 0, generation.bounds)
        return WorkerContext(generation, board, Judge(), self.log, asyncio.get_running_loop())  # type: ignore[arg-type]

    async def run(
        self, trial: Trial, front: Cut | None = None, back: Cut | None = None, *, pipelined: bool = False, silent: bool = False
    ) -> dict[tuple[str, str], int]:
        """One session with at most one cut; afterwards everything has ended and the ledgers are written.

        `silent`: upstream will fall silent, so time has to pass. Answers how many octets passed, by proxy and direction.
        """
        assert self.context is not None
        self.front.cut, self.back.cut = front, back
        before = len(self.upstream.connections)
        client = Client(LedgerClient(trial.messages, pipelined=pipelined), cut=front is not None)
        await asyncio.get_running_loop().create_connection(lambda: client, "127.0.0.1", self.front.port)
        stalls = silent or STALL in (cut.kind for cut in (front, back) if cut)
        mute = front is not None and front.kind == STALL  # the client will never hear that it is over
        sessions = self.context.sessions
        await self._until(lambda: client.over or sessions, trial, stalls)
        await self._until(lambda: client.over or (mute and not sessions), trial, stalls)
        client.end()
        await self._until(lambda: not sessions, trial, stalls)
        seen = [relayed.passed[DOWN].count(b"queued\r\n") for relayed in self.back.connections]
        for relayed in self.back.connections:
            relayed.thaw()
        served = self.upstream.connections[before:]
        await self._until(lambda: all(connection.over for connection in served), trial, stalls)
        self._write_down(trial, client, served, seen)
        passed = {
            (name, direction): sum(len(relayed.passed[direction]) for relayed in proxy.connections)
            for name, proxy in (("front", self.front), ("back", self.back))
            for direction in (UP, DOWN)
        }
        self.front.clear()
        self.back.clear()
        assert not self.log.errors, f"{trial.name}: {self.log.errors}"
        assert not self.upstream.complaints, f"{trial.name}: {self.upstream.complaints}"
        return passed

    async def _until(self, over: Any, trial: Trial, stalls: bool) -> None:
        assert self.context is not None
        deadline, moved, now = time.monotonic() + SECONDS, -1, time.monotonic()
        while not over():
            await asyncio.sleep(0 if moved != self._moved() else 0.0005)
            if stalls and moved == self._moved():
                now += TICK
                for session in list(self.context.sessions):
                    session.tick(now)
            moved = self._moved()
            assert time.monotonic() < deadline, f"{trial.name}: did not end in {SECONDS} s"

    def _moved(self) -> int:
        return self.front.moved + self.back.moved

    def _write_down(self, trial: Trial, client: Client, served: list[Connection], seen: list[int]) -> None:
        """`seen`: how many final replies of each connection filterd saw."""
        for relayed in self.front.connections:
            client.ledger.sent(relayed.passed[UP])
        trial.told, self.heard = client.ledger.told, client.ledger.heard
        trial.logged = self.log.logged
        for connection, replies in zip(served, seen, strict=False):
            for number, content in enumerate(connection.mta.committed):
                trial.commit(content)
                trial.final_reply_seen[token_of(content)] |= number < replies


class Client(asyncio.Protocol):
    """The client's socket."""

    def __init__(self, ledger: LedgerClient, *, cut: bool) -> None:
        self.ledger = ledger
        self._cut = cut  # if not, filterd has no excuse for silence
        self.lost = False
        self._transport: asyncio.Transport | None = None

    @property
    def over(self) -> bool:
        """It has nothing more to say, or nobody to say it to."""
        return self.lost or self.ledger.finished

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        octets = self.ledger.feed(data)
        if octets and self._transport:
            self._transport.write(octets)

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        self._leave()

    def _leave(self) -> None:
        if self._cut and not self.ledger.finished:
            self.ledger.leave()

    def end(self) -> None:
        """Leave."""
        self._leave()
        if self._transport:
            self._transport.close()
