"""Scan many messages in several processes, in the order they came in; no message can take more than itself along.

Each worker is forked with the engine in memory and gets a few messages at a time. On a page that both see it notes
which one it has in hand. A worker that dies, or whose message takes too long and which is then killed,
names the culprit that way: that message is reported as such, the others of its batch go to another worker.
"""

from __future__ import annotations

import mmap
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from multiprocessing import connection

from filterd.edge.confine import confine
from filterd.edge.offline import CRASHED, TIMEOUT, Report
from filterd.store.places import Place, Trouble

BATCH = 32  # messages; one octet has to count them
WINDOW = 64  # batches a worker, begun and not yet reported: how far the others may run ahead of a slow message
_LOOK_SECONDS = 0.25

Judge = Callable[[Place], Report | Trouble]
Failed = Callable[[Place, str, str], Report]
Result = Report | Trouble
_Job = tuple[int, Place]
_FORK = multiprocessing.get_context("fork")


class Worker:
    """One process, seen from the parent."""

    def __init__(self, judge: Judge, memory_octets: int) -> None:
        self.channel, theirs = _FORK.Pipe()
        self._page = mmap.mmap(-1, mmap.PAGESIZE)
        self.batch: list[_Job] = []
        self._seen, self._age = 0, 0.0
        self._process = _FORK.Process(target=_serve, args=(theirs, self._page, judge, memory_octets), daemon=True)
        self._process.start()
        theirs.close()

    def give(self, batch: list[_Job]) -> None:
        """Its next messages; not before it has answered for the last."""
        self._page[0] = self._seen = 0
        self._age, self.batch = 0.0, batch
        self.channel.send([place for _, place in batch])

    @property
    def in_hand(self) -> int:
        """Which message of the batch it is at, or was when it died."""
        return max(self._page[0] - 1, 0)

    def age(self, seconds: float) -> float:
        """How long it has had that message, when so much time has gone by since the last call."""
        self._seen, self._age = self._page[0], self._age + seconds if self._page[0] == self._seen else 0.0
        return self._age

    def end(self) -> str:
        """Make sure that it is gone; how it ended."""
        self._process.kill()
        self._process.join()
        self.channel.close()
        code = self._process.exitcode or 0
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


class Pool:
    """`run` once, then `close` in any case."""

    def __init__(self, judge: Judge, failed: Failed, jobs: int, seconds: float, memory_octets: int) -> None:
        self._judge = judge
        self._failed = failed
        self._seconds = seconds
        self._memory_octets = memory_octets
        with _uninterrupted():
            self._workers = [Worker(judge, memory_octets) for _ in range(jobs)]
        self._again: deque[list[_Job]] = deque()  # batches of a worker that was lost
        self._results: dict[int, Result] = {}
        self._given = self._reported = 0  # messages

    def run(self, places: Iterator[Place | Trouble]) -> Iterator[Result]:
        """The report of every place, in order."""
        places = iter(places)
        while True:
            for worker in self._workers:
                if not worker.batch and (batch := self._next(places)):
                    self._give(worker, batch)
            while self._reported in self._results:
                yield self._results.pop(self._reported)
                self._reported += 1
            if self._reported == self._given:
                return
            self._listen()

    def close(self) -> None:
        """End every worker at once."""
        for worker in self._workers:
            worker.end()

    def _next(self, places: Iterator[Place | Trouble]) -> list[_Job]:
        if self._again:
            return self._again.popleft()
        batch: list[_Job] = []
        if self._given - self._reported > WINDOW * BATCH * len(self._workers):
            return batch
        for place in islice(places, BATCH):
            if isinstance(place, Trouble):
                self._results[self._given] = place
            else:
                batch.append((self._given, place))
            self._given += 1
        return batch

    def _give(self, worker: Worker, batch: list[_Job]) -> None:
        try:
            worker.give(batch)
        except OSError:  # it died idle; the batch is innocent
            self._again.appendleft(batch)
            worker.batch = []
            self._replace(worker)

    def _listen(self) -> None:
        busy = {worker.channel: worker for worker in self._workers if worker.batch}
        before = time.monotonic()
        for channel in connection.wait(list(busy), _LOOK_SECONDS):
            worker = busy.pop(channel)  # type: ignore[call-overload]
            try:
                reports = worker.channel.recv()
            except (EOFError, OSError):
                self._lost(worker, CRASHED)
                continue
            self._results.update(zip((number for number, _ in worker.batch), reports, strict=True))
            worker.batch = []
        waited = min(time.monotonic() - before, 2 * _LOOK_SECONDS)  # all of us may have been stopped (Ctrl-Z) meanwhile
        for worker in busy.values():
            if worker.age(waited) > self._seconds:
                self._lost(worker, TIMEOUT)

    def _lost(self, worker: Worker, condition: str) -> None:
        at, batch = worker.in_hand, worker.batch
        ended = self._replace(worker)
        detail = ended if condition == CRASHED else f"not done after {self._seconds:g} s"
        number, place = batch.pop(at)
        self._results[number] = self._failed(place, condition, detail)
        if batch:
            self._again.append(batch)

    def _replace(self, worker: Worker) -> str:
        ended = worker.end()
        with _uninterrupted():
            self._workers[self._workers.index(worker)] = Worker(self._judge, self._memory_octets)
        return ended


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits meanwhile: it must reach no new process that does not ignore it yet."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(channel: connection.Connection, page: mmap.mmap, judge: Judge, memory_octets: int) -> None:
    """The worker's whole life. It ends when the parent is gone, and leaves no trace of what it inherited."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C is the parent's business
    try:
        confine(memory_octets)
        while True:
            reports = []
            for number, place in enumerate(channel.recv(), 1):
                page[0] = number
                reports.append(judge(place))
            channel.send(reports)
    except (EOFError, OSError):
        os._exit(0)
    except BaseException:  # not through the parent's handlers and buffers
        os._exit(1)
