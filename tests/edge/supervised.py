"""A real supervisor with a fake engine and a tiny session protocol, forked from the test and ended with it.

The session speaks lines: PING, SCAN text, BIG octets text, STAGE stage reference, RESERVE octets, HOLD, DONE, RAISE.
The engine does what the content says: CRASH, SPIN, RAISE, NONSENSE, FORBIDDEN, or nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from filterd.config import Config, ConfigError, Mistake, schema
from filterd.config.schema import Limits, Proxy, Timeouts
from filterd.edge import supervisor
from filterd.edge.generation import Generation, Upstream, relay_settings, resolve
from filterd.edge.listeners import Listener
from filterd.edge.slots import Bounds, Refusal, Slot
from filterd.edge.spool import Spool
from filterd.edge.worker import WorkerContext
from filterd.mail.envelope import Envelope
from filterd.mail.reply import Reply
from filterd.policy.verdict import CLEAN, Action, Verdict
from tests.support.processes import wait_for

UPSTREAM = "127.0.0.1:9"


class FakeEngine:
    """Judges by magic words."""

    def judge(self, content: Any, envelope: Envelope, reference: str) -> Verdict:
        """What the content asks for."""
        text = bytes(content[:64])
        if b"CRASH" in text:
            os._exit(9)
        if b"RAISE" in text:
            raise RuntimeError("the engine tripped")
        while b"SPIN" in text:
            pass
        if b"NONSENSE" in text:
            return Verdict(Action.REJECT, reply=Reply.make(250, "2.0.0", "Ok"))
        if b"FORBIDDEN" in text:
            return Verdict(Action.REJECT, 501, Reply.make(550, "5.7.1", f"{len(content)}"))
        return CLEAN

    def unscannable(self, condition: str, reference: str, alarm: int) -> Verdict:
        """451."""
        return Verdict(Action.DEFER, alarm, Reply.make(451, "4.7.1", "later"), conditions=(condition,))


class LineSession(asyncio.Protocol):
    """One line, one answer."""

    def __init__(self, context: WorkerContext, listener: Listener) -> None:
        self.context = context
        self.slot: Slot | None = None
        self.transport: Any = None
        self.input = b""
        self.holding = False
        self.tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        claim = self.context.board.claim(transport.get_extra_info("peername")[0])
        if isinstance(claim, Refusal):
            self.context.log.session_refused("127.0.0.1", claim)
            self.say(f"421 {int(claim)}")
            self.transport.close()
            return
        self.slot = claim
        self.context.sessions.add(self)
        self.say(f"220 {os.getpid()} {self.context.generation.id}")

    def data_received(self, data: bytes) -> None:
        *lines, self.input = (self.input + data).split(b"\n")
        for line in lines:
            verb, *words = line.decode().split()
            getattr(self, f"do_{verb.lower()}")(*words)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.slot:
            self.slot.release()
            self.context.sessions.discard(self)
            self.context.session_closed()

    def drain(self) -> None:
        if not self.holding:
            self.say("421 draining")
            self.transport.close()

    def tick(self, now: float) -> None:
        pass

    def abort(self) -> None:
        self.transport.abort()

    def say(self, text: str) -> None:
        self.transport.write(text.encode() + b"\n")

    def do_ping(self) -> None:
        self.say(f"pong {os.getpid()}")

    def do_stage(self, stage: str, reference: str) -> None:
        assert self.slot
        self.slot.stage(stage, reference)
        self.say("ok")

    def do_reserve(self, octets: str) -> None:
        assert self.slot
        self.say(str(self.slot.reserve(int(octets))))

    def do_raise(self) -> None:
        raise RuntimeError("the session tripped")

    def do_hold(self) -> None:
        self.holding = True
        self.say("held")

    def do_done(self) -> None:
        self.say("250 done")
        self.transport.close()

    def do_found(self, *words: str) -> None:
        """Judge these words; answers the generation, and list:word of each hit."""
        verdict = self.context.generation.engine.judge(f"Subject: x\r\n\r\n{' '.join(words)}\r\n".encode(), Envelope(), "ref")
        found = sorted(f"{hit.list}:{hit.text}" for hit in verdict.hits)
        self.say(f"{self.context.generation.id} {' '.join(found)}")

    def do_scan(self, text: str) -> None:
        self.do_big("0", text)

    def do_big(self, octets: str, text: str) -> None:
        spool = Spool(1024 * 1024)
        spool.append(text.encode().ljust(int(octets)))
        task = self.context.loop.create_task(self.scan(spool))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def scan(self, spool: Spool) -> None:
        verdict = await self.context.scanner.scan(spool, Envelope(), "ref")
        self.say(f"{verdict.action} {','.join(verdict.conditions)} {verdict.reply.text if verdict.reply else ''}")


class Client:
    """One connection, spoken to in lines."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self.socket = socket.create_connection((host, port), timeout=20)
        self.file = self.socket.makefile("rb")
        self.greeting = self.line()

    def line(self) -> str:
        """The next answer; empty at the end."""
        try:
            return self.file.readline().decode().strip()
        except ConnectionError:
            return ""

    def ask(self, text: str) -> str:
        """Say a line, hear a line."""
        self.socket.sendall(text.encode() + b"\n")
        return self.line()

    @property
    def worker(self) -> int:
        """The process that serves us."""
        return int(self.greeting.split()[1])

    def close(self) -> None:
        """Go."""
        self.file.close()
        self.socket.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def fake_build(config: Config) -> Generation:
    """A generation without lists; helo_name "bad" is one that cannot be built."""
    if config.upstream.helo_name == "bad":
        raise ConfigError([Mistake("/lists/bad.txt", 7, "", "this is no entry", "write one")])
    name = config.upstream.helo_name or "first"
    limits = config.limits
    bounds = Bounds(limits.sessions, limits.sessions_per_address, limits.inflight_octets)
    upstream: Upstream = resolve(config.upstream.address)
    return Generation(name, config, relay_settings(config), FakeEngine(), upstream, bounds, ())


class Supervised:
    """A running supervisor: `port` of its first listener, `log` what it has written."""

    def __init__(self, config: Config, source: Path | None, build: Callable[[Config], Generation]) -> None:
        self.file = Path(tempfile.mkstemp(prefix="filterd-test-")[1])
        self.pid = os.fork()
        if not self.pid:
            self._be_supervisor(config, source, build)
        self.status: int | None = None
        started = self.wait_log(r"event=started .*listeners=(\S+)")
        self.listeners = started[1].split(",")
        self.port = int(self.listeners[0].rpartition(":")[2])

    def _be_supervisor(self, config: Config, source: Path | None, build: Callable[[Config], Generation]) -> None:
        status = 1
        try:
            os.setsid()
            descriptor = os.open(self.file, os.O_WRONLY | os.O_APPEND)
            os.dup2(descriptor, 1)
            os.dup2(descriptor, 2)
            status = supervisor.run(
                config, source=str(source) if source else None, session_factory=LineSession, build=build
            )
        except BaseException as error:
            os.write(2, repr(error).encode())
        finally:
            os._exit(status)

    @property
    def log(self) -> str:
        """All of it so far."""
        return self.file.read_text()

    def wait_log(self, pattern: str, seconds: float = 15.0) -> re.Match[str]:
        """The first match in the log."""
        deadline = time.monotonic() + seconds
        while not (found := re.search(pattern, self.log)):
            assert time.monotonic() < deadline, f"no {pattern!r} in:\n{self.log}"
            assert self.ended() is None, f"it ended with {self.status}:\n{self.log}"
            time.sleep(0.01)
        return found

    def signal(self, number: int) -> None:
        """To the supervisor alone."""
        os.kill(self.pid, number)

    def ended(self) -> int | None:
        """Its exit code, once it has one."""
        if getattr(self, "status", None) is None:
            found, status = os.waitpid(self.pid, os.WNOHANG)
            self.status = os.waitstatus_to_exitcode(status) if found else None
        return self.status

    def wait_end(self, seconds: float = 15.0) -> int:
        """Its exit code."""
        wait_for("the supervisor to end", lambda: self.ended() is not None, seconds)
        assert self.status is not None
        return self.status

    def children(self) -> list[int]:
        """Every process of its group but itself."""
        return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if self._is_child(pid)]

    def _is_child(self, pid: int) -> bool:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            return fields[2] == str(self.pid) and fields[0] != "Z" and pid != self.pid
        return False

    def stop(self) -> None:
        """Nothing is left behind."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.wait_end()
        wait_for("the children to end", lambda: not self.children())
        self.file.unlink()


def configuration(
    workers: int = 2,
    listen: tuple[str, ...] = ("127.0.0.1:0",),
    upstream: str = UPSTREAM,
    scan: int = 30,
    drain: int = 20,
    **limits: int,
) -> Config:
    """What most of these tests run with."""
    return Config(
        proxy=Proxy(listen=list(listen), workers=workers),
        limits=Limits(**limits),
        timeouts=Timeouts(scan=scan, drain=drain),
        upstream=schema.Upstream(address=upstream),
    )


@contextlib.contextmanager
def supervised(
    config: Config | None = None, source: Path | None = None, build: Callable[[Config], Generation] = fake_build
) -> Iterator[Supervised]:
    """A supervisor for the time of a `with` block."""
    running = Supervised(config or configuration(), source, build)
    try:
        yield running
    finally:
        running.stop()
