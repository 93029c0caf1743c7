"""Scanning, as a session sees it: small messages at once, large and suspicious ones in the scan process.

Never raises and never answers "clean" for want of an answer: whatever goes wrong is the engine's `unscannable`
verdict, with the condition and alarm that tell why. A message that killed one process is only scanned apart, one that
killed two is not scanned at all (see `poison`). Hashing or reading a large message is left to the scan process, so
that no other session waits for it. Where a small one took long, somebody may be sending mail made for that: for a while
only what is very small is scanned at once.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import re
import time
from typing import BinaryIO, Protocol

from filterd.edge import scan_link
from filterd.edge.maillog import MailLog
from filterd.edge.poison import DIGEST_OCTETS
from filterd.edge.scan_link import ScanLink
from filterd.edge.scan_wire import Answer, memory_file
from filterd.edge.slots import WorkerBoard
from filterd.mail.envelope import Envelope
from filterd.policy import alarms
from filterd.policy.verdict import Action, Verdict

INLINE_OCTETS = 64 * 1024
SLOW_SECONDS = 0.05  # of this thread's CPU time; hardly any real mail takes that long
CAREFUL_OCTETS, CAREFUL_SECONDS = 8 * 1024, 60  # what is scanned at once after a slow scan, and how long that is so
_REPLY = re.compile(rb"(?:[2-5][0-9]{2}-[^\r\n]*\r\n)*[2-5][0-9]{2} [^\r\n]*\r\n")
_ALARMS = {
    scan_link.TIMEOUT: alarms.SCAN_TIMEOUT,
    scan_link.BUSY: alarms.SCAN_TIMEOUT,
    scan_link.CRASHED: alarms.SCAN_CRASHED,
    scan_link.POISON: alarms.POISON,
}
_CODE_CLASS = {Action.REJECT: 5, Action.DEFER: 4}


class Judge(Protocol):
    """What scanning needs of the engine."""

    def judge(self, content: bytes | mmap.mmap, envelope: Envelope, reference: str) -> Verdict:
        """The verdict about one message."""

    def unscannable(self, condition: str, reference: str, alarm: int) -> Verdict:
        """The verdict when there is none."""


class Store(Protocol):
    """A message in hand: in memory (`octets`), or in a private file."""

    @property
    def octets(self) -> bytes | None:
        """All of it, or None when it is in the file."""

    @property
    def file(self) -> BinaryIO | None:
        """The unlinked file, everything written to it."""

    @property
    def size(self) -> int:
        """Octets."""


class Scanner:
    """One a worker. `link` leads to its scan process, `board` is where scans are put on watch."""

    def __init__(self, engine: Judge, board: WorkerBoard, link: ScanLink, log: MailLog) -> None:
        self._engine = engine
        self._board = board
        self._link = link
        self._log = log
        self._inline_octets = INLINE_OCTETS
        self._careful_until = 0.0

    def scan_inline(self, content: bytes, envelope: Envelope, reference: str) -> Verdict | None:
        """The verdict at once, or None if this message has to go through `scan`."""
        if len(content) > self._inline_octets and not self._may_relax(len(content)):
            return None
        digest = digest_of(content)
        if self._board.poison.deaths(digest):
            return None
        self._board.inline.begin(digest)  # if this never ends, the supervisor ends us
        begun = time.thread_time()
        try:
            verdict = self._engine.judge(content, envelope, reference)
        except Exception as error:  # a mistake of ours must neither stop the mail nor let it pass
            return self._crashed(error, reference)
        finally:
            self._board.inline.end()
            if time.thread_time() - begun > SLOW_SECONDS:
                self._inline_octets, self._careful_until = CAREFUL_OCTETS, time.monotonic() + CAREFUL_SECONDS
        return verdict if is_sound(verdict, len(content)) else self._crashed(None, reference)

    def _may_relax(self, octets: int) -> bool:
        """Is a message too long only for the time after a slow scan, and that time over?"""
        if octets > INLINE_OCTETS or time.monotonic() < self._careful_until:
            return False
        self._inline_octets = INLINE_OCTETS
        return True

    async def scan(self, store: Store, envelope: Envelope, reference: str) -> Verdict:
        """The verdict, within twice `timeouts.scan`."""
        content = store.octets
        if content is not None and len(content) <= INLINE_OCTETS:
            if self._board.poison.is_lethal(digest_of(content)):
                return self._unscannable(Answer(0, condition=scan_link.POISON), reference)
            verdict = self.scan_inline(content, envelope, reference)
            if verdict is not None:
                return verdict
        return await self._scan_apart(store, envelope, reference)

    async def _scan_apart(self, store: Store, envelope: Envelope, reference: str) -> Verdict:
        try:
            message = _descriptor(store)
        except OSError as trouble:
            return self._unscannable(Answer(0, condition=scan_link.CRASHED, detail=str(trouble)), reference)
        answer = await self._link.submit(message, envelope, reference)
        if answer.verdict is not None and not answer.condition and is_sound(answer.verdict, store.size):
            return answer.verdict
        return self._unscannable(answer, reference)

    def _unscannable(self, answer: Answer, reference: str) -> Verdict:
        condition = answer.condition or scan_link.CRASHED
        alarm = _ALARMS.get(condition, alarms.UNSCANNABLE)
        self._log.alarm(alarm, answer.detail or condition, reference)
        return self._engine.unscannable(condition, reference, alarm)

    def _crashed(self, error: Exception | None, reference: str) -> Verdict:
        self._log.internal_error("scan", error or ValueError("an unsound verdict"), reference)
        return self._engine.unscannable(scan_link.CRASHED, reference, alarms.SCAN_CRASHED)


def digest_of(content: bytes | mmap.mmap) -> bytes:
    """What the board knows a message by."""
    return hashlib.sha256(content).digest()[:DIGEST_OCTETS]  # most processors have an instruction for it


def is_sound(verdict: object, size: int) -> bool:
    """Could this verdict have been reached? The session trusts it without another look."""
    if not isinstance(verdict, Verdict):
        return False
    edges = [edge for edit in verdict.edits for edge in edit.span]
    if edges and (edges != sorted(edges) or edges[0] < 0 or edges[-1] > size):
        return False
    reply = verdict.reply
    if reply is None:
        return verdict.action is Action.ACCEPT
    return _CODE_CLASS.get(verdict.action) == reply.code // 100 and bool(_REPLY.fullmatch(reply.octets))


def _descriptor(store: Store) -> int:
    """The message as a file of its own, or as another descriptor of its spool file: the session may be gone first."""
    content = store.octets
    if content is not None:
        return memory_file(content)
    assert store.file is not None
    store.file.flush()
    return os.dup(store.file.fileno())
