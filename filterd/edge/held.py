"""The message in hand, as its session keeps it: its octets, their share of all workers' room, and the scan of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from filterd.edge.slots import Slot
from filterd.edge.spool import Spool
from filterd.edge.upstream import UpstreamConnection
from filterd.edge.worker import WorkerContext
from filterd.policy import alarms
from filterd.policy.verdict import Edit, Verdict
from filterd.smtp.effects import ScanMessage
from filterd.smtp.transparency import edited_pieces

Judged = Callable[[Verdict | Exception], None]


class HeldMessage:
    """One a session, used for one message after another: `forget` lies between them.

    `failed`: there was no room; what is kept is a part, and no verdict about a part may be given.
    """

    __slots__ = ("_context", "_scan", "_slot", "_spool", "failed")

    def __init__(self, context: WorkerContext, slot: Slot) -> None:
        self._context = context
        self._slot = slot
        self._spool: Spool | None = None
        self._scan: asyncio.Task[None] | None = None
        self.failed = False

    def keep(self, octets: bytes, client_address: str) -> None:
        """Keep these octets too, unless that failed before."""
        if self.failed:
            return
        spool = self._spool
        if spool is None:
            spool = self._spool = self._new_spool()
        self.failed = not self._slot.reserve(len(octets))
        try:
            if not self.failed:
                spool.append(octets)
        except OSError as error:
            self.failed = True
            self._context.log.alarm(alarms.SPOOL_FAILED, str(error), client_address=client_address)

    def _new_spool(self) -> Spool:
        return Spool(self._context.session_settings.memory_octets)

    def judge(self, effect: ScanMessage, later: Judged) -> Verdict | None:
        """The verdict at once, or None: `later` gets it then, or the mistake that prevented it."""
        if self.failed:
            return None
        spool = self._spool
        if spool is None:
            spool = self._spool = self._new_spool()  # an empty message
        content = spool.octets
        if content is not None:
            verdict = self._context.scanner.scan_inline(content, effect.envelope, effect.reference)
            if verdict is not None:
                return verdict
        self._slot.stage("scanning", effect.reference)
        self._scan = asyncio.get_running_loop().create_task(self._judge_apart(spool, effect, later))
        return None

    async def _judge_apart(self, spool: Spool, effect: ScanMessage, later: Judged) -> None:
        outcome: Verdict | Exception
        try:
            outcome = await self._context.scanner.scan(spool, effect.envelope, effect.reference)
        except Exception as error:
            outcome = error
        self._scan = None
        later(outcome)

    def send(self, upstream: UpstreamConnection, edits: tuple[Edit, ...]) -> None:
        """The whole message and its end of data to upstream."""
        spool = self._spool
        assert spool is not None
        octets = spool.octets
        if octets is not None and not edits:
            upstream.send_whole(octets)
        else:
            upstream.send_pieces(edited_pieces(spool.read, spool.size, edits))

    def forget(self) -> None:
        """No message is in hand any more; harmless when told twice."""
        scan, self._scan = self._scan, None
        if scan:
            scan.cancel()
        spool, self._spool = self._spool, None
        self.failed = False
        if spool:
            spool.close()
            self._slot.give_back()
