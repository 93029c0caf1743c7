"""A worker's way to its scan process: one job at a time, the others wait their turn, and nobody waits for ever.

A job waits at most `seconds` for its turn and takes at most `seconds` then. A scan process that takes longer is
doomed (the supervisor kills and replaces it); one that died answers nothing, but its successor says hello. Either way
the job ends as a condition, never as a verdict nobody reached.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from filterd.edge import scan_wire
from filterd.edge.scan_wire import Answer, Job
from filterd.mail.envelope import Envelope

WAITING = 256  # jobs; each holds a descriptor
TIMEOUT, CRASHED, BUSY, POISON = "scan-timeout", "scan-crashed", "scan-queue-full", "poison"


@dataclass(slots=True, eq=False)
class _Waiting:
    job: Job
    message: int
    future: asyncio.Future[Answer]
    timer: asyncio.TimerHandle

    def finish(self, answer: Answer) -> None:
        self.timer.cancel()
        if self.message >= 0:
            os.close(self.message)
            self.message = -1
        if not self.future.done():
            self.future.set_result(answer)


class ScanLink:
    """`submit` jobs; `doom` asks for the death of a scan process that does not come to an end."""

    def __init__(
        self, channel: socket.socket, loop: asyncio.AbstractEventLoop, seconds: float, doom: Callable[[], None]
    ) -> None:
        self._channel = channel
        self._loop = loop
        self._seconds = seconds
        self._doom = doom
        self._number = 0
        self._ready = False  # until the scan process (or the next one) says hello
        self._running: _Waiting | None = None
        self._waiting: deque[_Waiting] = deque()
        channel.setblocking(False)
        loop.add_reader(channel, self._readable)

    def submit(self, message: int, envelope: Envelope, reference: str) -> asyncio.Future[Answer]:
        """Have the message in this file judged. The descriptor is ours from now on."""
        self._number += 1
        future: asyncio.Future[Answer] = self._loop.create_future()
        timer = self._loop.call_later(self._seconds, self._waited_too_long, self._number)
        waiting = _Waiting(Job(self._number, envelope, reference), message, future, timer)
        if len(self._waiting) >= WAITING:
            waiting.finish(Answer(self._number, condition=BUSY))
        else:
            self._waiting.append(waiting)
            future.add_done_callback(lambda _: self._left(waiting))
            self._start_next()
        return future

    def close(self) -> None:
        """No more answers are wanted."""
        self._loop.remove_reader(self._channel)
        self._channel.close()

    def _start_next(self) -> None:
        while self._ready and self._running is None and self._waiting:
            self._start(self._waiting.popleft())

    def _left(self, waiting: _Waiting) -> None:
        """Whoever asked is gone: its place in the queue is free, and its file closed."""
        if waiting in self._waiting:
            self._waiting.remove(waiting)
            waiting.finish(Answer(waiting.job.number))

    def _start(self, waiting: _Waiting) -> None:
        waiting.timer.cancel()
        try:
            packet = scan_wire.job_packet(waiting.job.number)
            scan_wire.send(self._channel, packet, waiting.job, waiting.message)
        except (OSError, ValueError) as trouble:  # no descriptors or memory left
            waiting.finish(Answer(waiting.job.number, condition=CRASHED, detail=str(trouble)))
            return
        self._running = waiting
        waiting.timer = self._loop.call_later(self._seconds, self._ran_too_long, waiting.job.number)

    def _readable(self) -> None:
        try:
            packet, descriptors = scan_wire.receive(self._channel)
        except BlockingIOError:
            return
        try:
            self._received(packet, descriptors)
        finally:
            scan_wire.close_all(descriptors)
        self._start_next()

    def _received(self, packet: bytes, descriptors: list[int]) -> None:
        if packet.startswith(scan_wire.HELLO):
            self._ready = True
            if self._running is not None and self._running.job.number <= int(packet[1:]):
                self._finish(Answer(0, condition=CRASHED, detail="the scan process died"))
        elif packet == scan_wire.ANSWER and descriptors:
            self._answered(descriptors[0])
        elif not packet:  # nobody holds the other end: the supervisor is gone, and we are about to be
            self._loop.remove_reader(self._channel)

    def _answered(self, descriptor: int) -> None:
        try:
            answer = scan_wire.decoded(descriptor, Answer)
        except scan_wire.BrokenPacket as broken:
            self._distrust(f"its answer was broken: {broken}")
            return
        if self._running is None or answer.number != self._running.job.number:
            return  # the answer to a job that was given up
        self._ready = not answer.retiring
        self._finish(answer)

    def _waited_too_long(self, number: int) -> None:
        late = next((waiting for waiting in self._waiting if waiting.job.number == number), None)
        if late is not None:
            self._waiting.remove(late)
            late.finish(Answer(number, condition=TIMEOUT, detail="waited for its turn too long"))

    def _ran_too_long(self, number: int) -> None:
        if self._running is not None and self._running.job.number == number:
            self._ready = False
            self._doom()
            self._finish(Answer(number, condition=TIMEOUT, detail=f"not done after {self._seconds:g} s"))

    def _distrust(self, detail: str) -> None:
        self._ready = False
        self._doom()
        self._finish(Answer(0, condition=CRASHED, detail=detail))

    def _finish(self, answer: Answer) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.finish(answer)
