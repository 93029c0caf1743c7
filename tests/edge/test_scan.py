"""Scanning: at once or apart, and never "clean" for want of an answer. The scan process is a real one."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from filterd.edge import scan, scan_wire
from filterd.edge.board import Board
from filterd.edge.maillog import MailLog
from filterd.edge.scan import CAREFUL_OCTETS, CAREFUL_SECONDS, INLINE_OCTETS, Scanner, digest_of, is_sound
from filterd.edge.scan_link import WAITING, ScanLink
from filterd.edge.scan_process import Confinement, serve
from filterd.edge.scan_wire import Answer, Job
from filterd.edge.slots import Bounds, WorkerBoard
from filterd.edge.spool import Spool
from filterd.mail.envelope import Envelope
from filterd.mail.reply import Reply
from filterd.policy.verdict import CLEAN, Action, Edit, Hit, Verdict
from tests.edge.supervised import FakeEngine

ENVELOPE = Envelope(b"a@example.org", tuple(b"r%d@example.org" % n for n in range(1000)), "192.0.2.1")
HIT = Hit("list", "file", 1, "entry", "1", "body", "exact", (3, 9), "text", ("base64", "utf-8"))
CONFINED = Confinement(1 << 30, 60)


class EchoEngine(FakeEngine):
    """Tells what it was given."""

    def judge(self, content: Any, envelope: Envelope, reference: str) -> Verdict:
        """A verdict full of evidence."""
        text = bytes(content[:8])
        if text == b"MEMORY..":
            bytearray(1 << 31)
        if text == b"GROW....":
            self.kept = b"x" * (100 << 20)
        if text == b"HALF....":
            return Verdict(hits=(replace(HIT, text="\ud800"),))
        if text == b"MANY....":
            return Verdict(Action.REJECT, 501, Reply.make(550, "5.7.1", "no"), hits=(replace(HIT, text="x" * 900),) * 1000)
        found = f"{len(content)} {len(envelope.forward_paths)} {reference} {os.getpid()}"
        return Verdict(edits=(Edit((0, 4), b"\0\xff"),), hits=(HIT,), conditions=(found,))


class Desk:
    """A scanner, and what stands behind it."""

    def __init__(self, engine: FakeEngine, seconds: float, *, serving: bool = True) -> None:
        self.board = Board(1, 4)
        self.worker = WorkerBoard(self.board, 0, Bounds(4, 4, 1 << 30))
        self.near, self.far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.engine = engine
        self.lines: list[str] = []
        self.link = ScanLink(self.near, asyncio.get_running_loop(), seconds, self.worker.doom_scan_process)
        log = MailLog(lambda level, line: self.lines.append(line))
        self.scanner = Scanner(engine, self.worker, self.link, log)
        self.child = 0
        if serving:
            self.serve()

    def serve(self) -> None:
        """A scan process; the next one, if there was one."""
        self.child = os.fork()
        if not self.child:
            with contextlib.suppress(BaseException):
                self.near.close()
                serve(self.far, self.board, 0, self.engine, CONFINED)
            os._exit(0)

    def kill(self) -> None:
        """End it."""
        if self.child:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.child, signal.SIGKILL)
            os.waitpid(self.child, 0)
            self.child = 0

    async def scan(self, octets: bytes, *, spooled: bool = False) -> Verdict:
        """As a session asks."""
        spool = Spool(0 if spooled else 1 << 30)
        spool.append(octets)
        try:
            return await self.scanner.scan(spool, ENVELOPE, "REF")
        finally:
            spool.close()


@contextlib.asynccontextmanager
async def desk(engine: FakeEngine | None = None, seconds: float = 20, *, serving: bool = True) -> AsyncIterator[Desk]:
    one = Desk(engine or EchoEngine(), seconds, serving=serving)
    try:
        yield one
    finally:
        one.kill()
        one.link.close()
        one.far.close()


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(test(), 30)

    asyncio.run(bounded())


def large(text: bytes, octets: int = INLINE_OCTETS + 1) -> bytes:
    return text.ljust(octets, b".")


def test_small_is_scanned_here_and_large_apart_with_the_same_evidence() -> None:
    async def test() -> None:
        async with desk() as one:
            here = await one.scan(b"x" * INLINE_OCTETS)
            apart = await one.scan(b"x" * (INLINE_OCTETS + 1))
            spooled = await one.scan(b"x" * 3_000_000, spooled=True)
            assert here.conditions == (f"{INLINE_OCTETS} 1000 REF {os.getpid()}",)
            assert apart.conditions == (f"{INLINE_OCTETS + 1} 1000 REF {one.child}",)
            assert spooled.conditions == (f"3000000 1000 REF {one.child}",)
            assert replace(spooled, conditions=()) == replace(here, conditions=())

    run(test)


class Clock:
    """`spent` seconds of CPU time pass between two looks."""

    def __init__(self) -> None:
        self.now, self.spent, self._used = 1000.0, 0.0, 0.0

    def monotonic(self) -> float:
        return self.now

    def thread_time(self) -> float:
        self._used += self.spent
        return self._used


def test_after_a_slow_scan_only_very_small_mail_is_scanned_here(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(scan, "time", clock)

    async def test() -> None:
        async with desk() as one:

            async def place(octets: int) -> str:
                (condition,) = (await one.scan(b"x" * octets)).conditions
                return "here" if condition.endswith(f" {os.getpid()}") else "apart"

            assert await place(INLINE_OCTETS) == "here"
            clock.spent = 0.2
            assert await place(INLINE_OCTETS) == "here"  # nobody knew before it was done
            clock.spent = 0.001
            assert await place(INLINE_OCTETS) == await place(CAREFUL_OCTETS + 1) == "apart"
            assert await place(CAREFUL_OCTETS) == "here"
            clock.now += CAREFUL_SECONDS
            assert await place(INLINE_OCTETS + 1) == "apart"
            assert await place(INLINE_OCTETS) == "here"

    run(test)


def test_an_empty_message_in_a_file() -> None:
    async def test() -> None:
        async with desk() as one:
            spool = Spool(0)
            spool.file = tempfile.TemporaryFile(buffering=0)  # type: ignore[assignment]  # noqa: SIM115
            verdict = await one.scanner.scan(spool, ENVELOPE, "REF")
            spool.close()
            assert verdict == one.engine.unscannable("scan-crashed", "REF", 513), "an edit beyond the end is unsound"

    run(test)


def test_verdicts_larger_than_a_packet_and_with_broken_text_arrive() -> None:
    async def test() -> None:
        async with desk() as one:
            many = await one.scan(large(b"MANY...."))
            assert (many.action, len(many.hits)) == (Action.REJECT, 1000)
            half = await one.scan(large(b"HALF...."))
            assert half.hits[0].text == "?"

    run(test)


def test_no_memory_for_a_scan_is_unscannable_and_the_process_retires() -> None:
    async def test() -> None:
        async with desk() as one:
            assert (await one.scan(large(b"MEMORY.."))).conditions == ("scan-crashed",)
            assert any("MemoryError" in line for line in one.lines)
            os.waitpid(one.child, 0)
            one.serve()
            assert (await one.scan(large(b"x"))).action is Action.ACCEPT

    run(test)


def test_a_process_that_has_grown_retires_and_nobody_notices() -> None:
    async def test() -> None:
        async with desk() as one:
            assert (await one.scan(large(b"GROW...."))).action is Action.ACCEPT
            assert os.waitstatus_to_exitcode(os.waitpid(one.child, 0)[1]) == 0
            later = asyncio.ensure_future(one.scan(large(b"x")))
            await asyncio.sleep(0)
            one.serve()
            assert (await later).conditions[0].startswith("65537")

    run(test)


def test_a_death_in_mid_scan_is_unscannable_and_stands_on_the_board() -> None:
    async def test() -> None:
        async with desk(FakeEngine()) as one:
            dying = asyncio.ensure_future(one.scan(large(b"CRASH")))
            await asyncio.to_thread(os.waitpid, one.child, 0)
            assert one.board.apart[0].digest == digest_of(large(b"CRASH"))
            one.board.apart[0].end()
            one.serve()
            verdict = await dying
            assert (verdict.conditions, verdict.alarm) == (("scan-crashed",), 513)
            assert await one.scan(large(b"x")) == CLEAN

    run(test)


def test_a_job_that_nobody_took_waits_for_the_next_process() -> None:
    async def test() -> None:
        async with desk() as one:
            assert (await one.scan(large(b"x"))).action is Action.ACCEPT
            one.kill()
            asked = asyncio.ensure_future(one.scan(large(b"y")))
            await asyncio.sleep(0)
            one.serve()
            assert (await asked).conditions[0].endswith(str(one.child))

    run(test)


def test_a_scan_without_end_is_given_up_and_its_process_doomed() -> None:
    async def test() -> None:
        async with desk(FakeEngine(), seconds=0.3) as one:
            stuck = asyncio.ensure_future(one.scan(large(b"SPIN")))
            waiting = asyncio.ensure_future(one.scan(large(b"x")))
            verdict = await stuck
            assert (verdict.conditions, verdict.alarm) == (("scan-timeout",), 512)
            assert one.board.words["doomed"][0] == 1
            assert (await waiting).conditions == ("scan-timeout",), "its turn never came"
            one.kill()
            one.serve()
            assert await one.scan(large(b"x")) == CLEAN

    run(test)


def test_the_queue_is_bounded() -> None:
    async def test() -> None:
        async with desk(serving=False, seconds=5) as one:
            tasks = [asyncio.ensure_future(one.scan(large(b"x"))) for _ in range(WAITING + 1)]
            await asyncio.wait([tasks[-1]])
            assert tasks[-1].result().conditions == ("scan-queue-full",)
            before = len(os.listdir("/proc/self/fd"))
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            one.serve()
            assert (await one.scan(large(b"y"))).action is Action.ACCEPT
            assert len(os.listdir("/proc/self/fd")) < before - WAITING // 2

    run(test)


def test_poison_is_told_by_the_table() -> None:
    async def test() -> None:
        async with desk() as one:
            small, big = b"small", large(b"big")
            for content in (small, big):
                one.board.poison.add(digest_of(content))
            assert one.scanner.scan_inline(small, ENVELOPE, "REF") is None
            assert (await one.scan(small)).conditions[0].endswith(str(one.child)), "one death: apart"
            assert (await one.scan(big)).conditions[0].endswith(str(one.child))
            for content in (small, big):
                one.board.poison.add(digest_of(content))
                verdict = await one.scan(content)
                assert (verdict.conditions, verdict.alarm, verdict.action) == (("poison",), 514, Action.DEFER)

    run(test)


def test_a_raising_or_lying_engine_is_unscannable() -> None:
    async def test() -> None:
        async with desk(FakeEngine()) as one:
            for content in (b"RAISE", b"NONSENSE", large(b"RAISE"), large(b"NONSENSE")):
                assert (await one.scan(content)).conditions == ("scan-crashed",)
                if content == large(b"RAISE"):  # it retired
                    os.waitpid(one.child, 0)
                    one.serve()
            assert one.board.inline[0].since == 0

    run(test)


@pytest.mark.parametrize("broken", [b"", b"\xc1", b"\x93\x01\x02\x03", b"\x85\xa6number\x01"])
def test_a_broken_answer_is_no_verdict(broken: bytes) -> None:
    async def test() -> None:
        async with desk(serving=False) as one:
            scan_wire.send_hello(one.far, 0)
            asked = asyncio.ensure_future(one.scan(large(b"x")))
            kind, descriptors = await asyncio.to_thread(scan_wire.receive, one.far)
            job = scan_wire.decoded(descriptors[0], Job)
            assert (kind, job.envelope, job.reference) == (scan_wire.job_packet(job.number), ENVELOPE, "REF")
            scan_wire.close_all(descriptors)
            payload = scan_wire.memory_file(broken)
            socket.send_fds(one.far, [scan_wire.ANSWER], [payload])
            os.close(payload)
            assert (await asked).conditions == ("scan-crashed",)
            assert one.board.words["doomed"][0] == 1

    run(test)


def test_a_late_answer_belongs_to_nobody_else() -> None:
    async def test() -> None:
        async with desk(serving=False, seconds=0.1) as one:
            scan_wire.send_hello(one.far, 0)
            assert (await one.scan(large(b"x"))).conditions == ("scan-timeout",)
            scan_wire.send(one.far, scan_wire.ANSWER, Answer(1, CLEAN))
            scan_wire.send_hello(one.far, 1)
            assert (await one.scan(large(b"y"))).conditions == ("scan-timeout",)

    run(test)


REJECTION = Reply.make(550, "5.7.1", "one", "two")


@pytest.mark.parametrize(
    ("verdict", "sound"),
    [
        (CLEAN, True),
        (Verdict(Action.REJECT, 501, REJECTION), True),
        (Verdict(Action.DEFER, 511, Reply.make(451, "4.7.1", "later")), True),
        (Verdict(Action.REJECT), False),
        (Verdict(Action.ACCEPT, reply=REJECTION), False),
        (Verdict(Action.DEFER, reply=REJECTION), False),
        (Verdict(Action.REJECT, reply=Reply(550, b"550 no\r\n250 yes\r\n")), False),
        (Verdict(Action.REJECT, reply=Reply(550, b"550 no")), False),
        (Verdict(edits=(Edit((0, 3), b""), Edit((3, 9), b""))), True),
        (Verdict(edits=(Edit((0, 4), b""), Edit((3, 9), b""))), False),
        (Verdict(edits=(Edit((5, 11), b""),)), False),
        (Verdict(edits=(Edit((-1, 1), b""),)), False),
        (None, False),
        ("clean", False),
    ],
)
def test_soundness(verdict: object, sound: bool) -> None:
    assert is_sound(verdict, 10) == sound


def test_the_loop_goes_on_while_a_large_message_is_scanned(tmp_path: Path) -> None:
    async def test() -> None:
        async with desk(FakeEngine(), seconds=1) as one:
            spool = Spool(1 << 20)
            for _ in range(25):
                spool.append(b"SPIN" * (1 << 18))
            lags: list[float] = []

            async def measure() -> None:
                loop = asyncio.get_running_loop()
                while True:
                    before = loop.time()
                    await asyncio.sleep(0.005)
                    lags.append(loop.time() - before - 0.005)

            meter = asyncio.ensure_future(measure())
            await one.scanner.scan(spool, ENVELOPE, "REF")
            meter.cancel()
            spool.close()
            assert max(lags) < 0.1

    run(test)


def test_the_number_of_a_job_is_read_before_the_job_is_taken() -> None:
    """Killed between noting and taking, the job is still there, and the note says that it was this process's."""
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with near, far:
        scan_wire.send(near, scan_wire.job_packet(7), Job(7, ENVELOPE, "REF"))
        assert scan_wire.next_job(far) == scan_wire.next_job(far) == 7
        kind, descriptors = scan_wire.receive(far)
        assert (kind, scan_wire.decoded(descriptors[0], Job).number) == (b"j7", 7)
        scan_wire.close_all(descriptors)
        near.close()
        assert scan_wire.next_job(far) == 0
