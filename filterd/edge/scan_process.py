"""The scan process: large and suspicious messages are read here, where a hang or a crash takes nobody else along.

One a worker, forked by the supervisor with the engine already in memory. It confines itself (address space, CPU time,
no cores, no signals of the terminal), says hello, and then answers one job after the other. The board tells the
supervisor what it has in hand, and tells it what must not be scanned again. When it has grown, it retires.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass

from filterd.edge import scan_link, scan_wire
from filterd.edge.board import Board
from filterd.edge.confine import confine, limit_cpu, resident_octets
from filterd.edge.scan import Judge, digest_of
from filterd.edge.scan_wire import Answer, Job

GROWTH_OCTETS = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Confinement:
    """How much one scan may take: address space beyond that at start, and CPU seconds."""

    memory_octets: int
    cpu_seconds: int


def serve(channel: socket.socket, board: Board, area: int, engine: Judge, confinement: Confinement) -> None:
    """Answer jobs until the worker is gone or this process has grown too large."""
    process = ScanProcess(channel, board, area, engine, confinement)
    confine(confinement.memory_octets)
    channel.setblocking(True)
    scan_wire.send_hello(channel, board.words["job"][area])
    while process.answer_next():
        pass


class ScanProcess:
    """One job after the other."""

    def __init__(
        self, channel: socket.socket, board: Board, area: int, engine: Judge, confinement: Confinement
    ) -> None:
        self._channel = channel
        self._watch = board.apart[area]
        self._jobs, self._area = board.words["job"], area
        self._poison = board.poison
        self._engine = engine
        self._cpu_seconds = confinement.cpu_seconds
        self._resident = resident_octets()

    def answer_next(self) -> bool:
        """Answer one job; False when there will be no other."""
        # Noted before it is taken: killed in between, the worker hears from the successor's hello that this job died,
        # and the packet that is still there is answered to nobody.
        self._jobs[self._area] = scan_wire.next_job(self._channel) or self._jobs[self._area]
        packet, descriptors = scan_wire.receive(self._channel)
        if not packet:
            return False
        try:
            answer = self._answer(*descriptors)
        finally:
            scan_wire.close_all(descriptors)
        retiring = answer.retiring or resident_octets() > self._resident + GROWTH_OCTETS
        self._send(answer, retiring)
        return not retiring

    def _answer(self, value: int, message: int) -> Answer:
        job = scan_wire.decoded(value, Job)
        limit_cpu(self._cpu_seconds)
        content = scan_wire.mapped(message)
        digest = digest_of(content)
        if self._poison.is_lethal(digest):
            return Answer(job.number, condition=scan_link.POISON)
        self._watch.begin(digest)
        try:
            return Answer(job.number, self._engine.judge(content, job.envelope, job.reference))
        except Exception as error:  # whatever the message did to us, the worker hears of it
            detail = f"{type(error).__name__}: {error}"[:300]
            return Answer(job.number, condition=scan_link.CRASHED, detail=detail, retiring=True)
        finally:
            self._watch.end()

    def _send(self, answer: Answer, retiring: bool) -> None:
        answer = Answer(answer.number, answer.verdict, answer.condition, answer.detail, retiring)
        scan_wire.send(self._channel, scan_wire.ANSWER, answer)
