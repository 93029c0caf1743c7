"""The crew: workers, each with its scan process, forked by the supervisor and replaced when they die.

A `Member` is one worker's place: an area of the board, a generation, and the channel between worker and scan process,
whose both ends the supervisor keeps so that a new scan process can take the place of a dead one. `reap` tells what the
dead had in hand, and puts a message that killed a process on the poison table.
"""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from filterd.edge import children
from filterd.edge.backoff import Backoff
from filterd.edge.board import Board
from filterd.edge.generation import Generation
from filterd.edge.listeners import Listener, close_listeners
from filterd.edge.maillog import MailLog
from filterd.edge.outlet import open_outlet
from filterd.edge.poison import LETHAL
from filterd.edge.scan_process import Confinement, serve
from filterd.edge.slots import WorkerBoard
from filterd.edge.watchman import Watchman
from filterd.edge.worker import SessionFactory, Worker
from filterd.policy import alarms

KILL_SECONDS = 5.0  # beyond timeouts.drain, which the worker keeps by itself


@dataclass(eq=False)
class Member:
    """One worker's place. `killed` says why we ended it ourselves."""

    area: int
    generation: Generation
    channel: tuple[socket.socket, socket.socket]
    worker: int = 0
    scanner: int = 0
    killed: str = ""
    blameless: bool = False  # nothing it was reading made us end it
    drain_until: float = 0.0
    scan_crashes: Backoff = field(default_factory=Backoff)

    @property
    def draining(self) -> bool:
        """Was it told to finish?"""
        return bool(self.drain_until)


class Crew:
    """Everybody alive. `forget` is what a child has to close of its supervisor's."""

    def __init__(self, board: Board, session_factory: SessionFactory, forget: Callable[[], None]) -> None:
        self.board = board
        self.members: list[Member] = []
        self.crashes = Backoff()
        self.ever_ready = False
        self._session_factory = session_factory
        self._forget = forget
        self._watchman = Watchman(board)

    def of(self, generation: Generation) -> list[Member]:
        """Those that serve this generation and were not told to drain."""
        return [member for member in self.members if member.generation is generation and not member.draining]

    def is_ready(self, generation: Generation, wanted: int) -> bool:
        """Do all its workers accept sessions?"""
        members = self.of(generation)
        return len(members) >= wanted and all(self.board.words["ready"][member.area] for member in members)

    def start(self, generation: Generation, listeners: Sequence[Listener]) -> None:
        """One more worker, unless draining ones still hold every area; raises OSError when the machine has no room."""
        area = self.board.free_area()
        if area is None:
            return
        member = Member(area, generation, socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET))
        self.members.append(member)
        try:
            member.worker = children.fork(lambda: self._work(member, listeners))
        except OSError:
            self._bury(member)
            raise
        self.board.take(area, member.worker)

    def drain(self, members: Sequence[Member]) -> None:
        """Tell them to finish what they have in hand."""
        for member in members:
            if not member.draining:
                member.drain_until = time.monotonic() + member.generation.config.timeouts.drain + KILL_SECONDS
                children.send_signal(member.worker, signal.SIGTERM)

    def kill(self, members: Sequence[Member], why: str, *, blameless: bool = True) -> None:
        """They will not end by themselves."""
        for member in members:
            if not member.killed:
                member.killed, member.blameless = why, blameless
                children.send_signal(member.worker, signal.SIGKILL)

    def look_after(self, listeners: Sequence[Listener], log: MailLog) -> None:
        """Bury the dead, end those that hang, give every worker a scan process."""
        self._reap(log)
        now = time.monotonic()
        self._watchman.look(now)
        for member in self.members:
            if member.draining and now > member.drain_until:
                self.kill([member], "drained too long")
            elif why := self._watchman.trouble(member.area, member.generation.config.timeouts.scan):
                self.kill([member], why, blameless=False)
            if self.board.words["doomed"][member.area] and member.scanner:
                self.board.words["doomed"][member.area] = 0
                children.send_signal(member.scanner, signal.SIGKILL)
            if not member.scanner and member.scan_crashes.allows(now):
                self._start_scanner(member, listeners, log)

    def _reap(self, log: MailLog) -> None:
        for member in list(self.members):
            if member.scanner and (status := children.reap(member.scanner)) is not None:
                self._scanner_died(member, status, log)
            if (status := children.reap(member.worker)) is not None:
                self._worker_died(member, status, log)

    def _worker_died(self, member: Member, status: int, log: MailLog) -> None:
        lost = list(self.board.open_transactions(member.area))
        if status or not member.draining or lost:
            why = ", ".join(filter(None, (member.killed, children.ending(status))))
            log.process_lost("worker", member.worker, why, len(lost))
        for transaction in lost:
            log.transaction_lost(transaction.client_address, transaction.reference, transaction.stage)
        if not member.draining:
            self.crashes.crashed(time.monotonic())
        if not member.blameless:
            self._note_death(self.board.inline[member.area].digest, log)
        self._bury(member)

    def _scanner_died(self, member: Member, status: int, log: MailLog) -> None:
        watch = self.board.apart[member.area]
        if status:  # 0: it retired
            log.process_lost("scan", member.scanner, children.ending(status), 1 if watch.digest else 0)
            member.scan_crashes.crashed(time.monotonic())
            self._note_death(watch.digest, log)
        watch.end()
        member.scanner = 0

    def _note_death(self, digest: bytes, log: MailLog) -> None:
        if digest:
            deaths = self.board.poison.add(digest)
            fate = "is not scanned again" if deaths >= LETHAL else "is scanned apart from now on"
            log.alarm(alarms.POISON, f"message {digest.hex()} ended {deaths} processes and {fate}")

    def _bury(self, member: Member) -> None:
        if member.scanner:
            children.send_signal(member.scanner, signal.SIGKILL)
            children.wait(member.scanner)
        for end in member.channel:
            end.close()
        self.members.remove(member)
        self.board.clear(member.area)

    def _start_scanner(self, member: Member, listeners: Sequence[Listener], log: MailLog) -> None:
        self.board.words["doomed"][member.area] = 0
        try:
            member.scanner = children.fork(lambda: self._scan(member, listeners))
        except OSError as error:
            log.internal_error("starting a scan process", error)
            member.scan_crashes.crashed(time.monotonic())

    # In the children

    def _work(self, member: Member, listeners: Sequence[Listener]) -> None:
        self._close_others(member, keep=0)
        generation = member.generation
        log = mail_log(generation)
        board = WorkerBoard(self.board, member.area, generation.bounds)
        Worker(generation, board, member.channel[0], log, self._session_factory).run(listeners)

    def _scan(self, member: Member, listeners: Sequence[Listener]) -> None:
        self._close_others(member, keep=1)
        close_listeners(listeners)  # or they would still take connections when every worker has gone
        config = member.generation.config
        confinement = Confinement(config.limits.scan_memory_octets, 2 * config.timeouts.scan + 5)
        serve(member.channel[1], self.board, member.area, member.generation.engine, confinement)

    def _close_others(self, member: Member, keep: int) -> None:
        self._forget()
        for other in self.members:
            for end in other.channel:
                if end is not member.channel[keep]:
                    end.close()


def mail_log(generation: Generation) -> MailLog:
    """This process's mail log."""
    settings = generation.config.log
    return MailLog(open_outlet(settings.to), matched_text=settings.matched_text)
