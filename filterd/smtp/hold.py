"""The message in hand: hold, then send.

The client's data is read whole, judged, and only then offered to upstream. Promises:
- the client hears 2yz only as upstream's own words about this very message;
- whatever goes wrong before our end of data leaves upstream without the message (no end of data is ever sent for a part);
- after our end of data upstream's reply decides; if it is never seen, the client hears 451 and the log says `unknown`.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from filterd.mail.reply import Reply
from filterd.policy import alarms
from filterd.policy.verdict import Action, Verdict
from filterd.smtp import answers
from filterd.smtp.effects import DropContent, KeepContent, ScanMessage, SendContent, Stage
from filterd.smtp.order import Mode
from filterd.smtp.settings import BareNewline
from filterd.smtp.transaction import Transaction
from filterd.smtp.transparency import DataReader

if TYPE_CHECKING:
    from filterd.smtp.relay import Relay


class Phase(IntEnum):
    """How far the message came."""

    READING = 0
    SCANNING = 1
    READY = 2  # accepted; upstream must be quiet, or reopened
    ASKED = 3  # DATA sent upstream
    SENDING = 4  # content on its way
    DOT = 5  # our end of data is on its way: only upstream knows the outcome


_READY = Phase.READY  # asked after every reply: see `reader` for names of members


class Hold:
    """One message from our 354 to the reply for its end of data."""

    __slots__ = ("_failure", "_reader", "_relay", "phase", "transaction", "verdict")

    def __init__(self, relay: Relay, transaction: Transaction) -> None:
        self._relay = relay
        self._reader = DataReader()
        self._failure: tuple[Reply, int] | None = None
        self.transaction = transaction
        self.verdict: Verdict | None = None
        self.phase = Phase.READING
        relay.mode = Mode.DATA
        relay.link.answer(answers.GO_AHEAD)
        relay.link.emit(Stage("data", transaction.reference))

    @property
    def size(self) -> int:
        """Octets of content read so far."""
        return self._reader.size

    def data(self, octets: bytes) -> None:
        """Message data from the client."""
        content = self._reader.feed(octets)
        if self._reader.size > self._relay.settings.message_octets:
            self._fail(answers.TOO_BIG, alarms.TOO_BIG)
        if content and not self._failure:
            self._relay.link.emit(KeepContent(content))
        if self._reader.finished:
            if self._reader.rest:  # the next commands (RFC 2920 §3.1)
                self._relay.reader.input.feed(self._reader.rest)
            self._end_of_data()

    def _fail(self, reply: Reply, alarm: int) -> None:
        """The rest is read and dropped; the reply must wait for the end of data, or the dialogue would lose step."""
        if not self._failure:
            self._failure = (reply, alarm)
            self._relay.link.emit(DropContent())

    def store_failed(self) -> None:
        """The content could not be kept; a verdict that is still to come would be about a part."""
        if self.phase is Phase.SCANNING:
            self.refuse(answers.STORE_FULL, alarms.STORE_FULL)
        else:
            self._fail(answers.STORE_FULL, alarms.STORE_FULL)

    def _end_of_data(self) -> None:
        self._relay.mode = Mode.HOLD
        if self._reader.nul_beside_dot:
            self._fail(answers.NUL_BESIDE_DOT, alarms.NUL_BESIDE_DOT)
        elif self._reader.bare_newline and self._relay.settings.bare_newline is BareNewline.REJECT:
            self._fail(answers.BARE_NEWLINE, alarms.BARE_NEWLINE)
        if self._failure:
            self.refuse(*self._failure)
            return
        self.phase = Phase.SCANNING
        envelope = self._relay.envelope(self.transaction)
        self._relay.link.emit(ScanMessage(envelope, self.transaction.reference))

    def verdict_reached(self, verdict: Verdict) -> None:
        """The engine has decided."""
        self.verdict = verdict
        if verdict.action is Action.ACCEPT:
            self.phase = Phase.READY
            self.proceed()
        elif verdict.reply is None or verdict.reply.code < 400:
            self.refuse(answers.INTERNAL_ERROR, alarms.INTERNAL_ERROR)
        else:
            self.refuse(verdict.reply, verdict.alarm)

    def proceed(self) -> None:
        """Offer the accepted message upstream, once upstream owes nothing; reopen it if it was lost."""
        if self.phase is not _READY or self._relay.link.expected:
            return
        if not self._relay.upstream.ready:
            self._relay.upstream.reopen_for_message()
            return
        self.phase = Phase.ASKED
        self._relay.link.forward(b"DATA\r\n", self._data_reply)

    def _data_reply(self, reply: Reply, _: object) -> None:
        if reply.code == 354:
            self.phase = Phase.SENDING
            assert self.verdict is not None
            self._relay.link.emit(SendContent(self.verdict.edits))
        elif reply.code >= 400:
            self._finish("refused" if reply.code >= 500 else "deferred", alarms.UPSTREAM_REFUSED, reply, reply)
            if reply.code != 421:
                self._relay.upstream.reset()
        else:
            self.broken(alarms.UPSTREAM_BAD_REPLY, answers.UPSTREAM_BAD_REPLY)

    def content_sent(self) -> None:
        """The edge wrote the end of data."""
        if self.phase is Phase.SENDING:
            self.phase = Phase.DOT
            self._relay.link.emit(Stage("dot-sent", self.transaction.reference))
            self._relay.link.expect(self._final_reply)

    def _final_reply(self, reply: Reply, _: object) -> None:
        if reply.code < 200 or 300 <= reply.code < 400:
            self.broken(alarms.UPSTREAM_BAD_REPLY, answers.OUTCOME_UNKNOWN)
            return
        alarm = self.verdict.alarm if self.verdict and reply.positive else alarms.UPSTREAM_REFUSED
        outcome = "delivered" if reply.positive else "refused" if reply.code >= 500 else "deferred"
        self._finish(outcome, alarm, reply, reply)
        if not reply.positive and reply.code != 421:
            self._relay.upstream.reset()  # Postfix keeps the envelope after refusing the end of data

    def early_reply(self, reply: Reply) -> None:
        """Upstream spoke before our end of data: nothing was delivered, whatever it said."""
        told = reply if reply.code >= 400 else answers.UPSTREAM_BAD_REPLY
        self._leave_upstream()
        self._finish("refused" if told.code >= 500 else "deferred", alarms.UPSTREAM_REFUSED, told, reply)

    def _leave_upstream(self) -> None:
        """Without an end of data, also when what made us leave came together with the 354."""
        self._relay.link.withdraw(SendContent)
        self._relay.upstream.drop(abort=True)

    def broken(self, alarm: int, told: Reply) -> None:
        """Upstream is lost or nonsense; only after our end of data the outcome is unknown."""
        unknown = self.phase is Phase.DOT
        self._leave_upstream()
        outcome = "unknown" if unknown else "deferred"
        self._finish(outcome, alarms.OUTCOME_UNKNOWN if unknown else alarm, told, None)

    def refuse(self, reply: Reply, alarm: int) -> None:
        """Our own no: upstream has seen no octet of the message and forgets the envelope."""
        self._finish("refused" if reply.code >= 500 else "deferred", alarm, reply, None)
        self._relay.upstream.reset()

    def abort(self, alarm: int, detail: str = "") -> None:
        """The client is gone or timed out: upstream must not be able to deliver."""
        self._relay.upstream.drop(abort=True)
        self._relay.record("aborted", alarm, transaction=self.transaction, size=self.size, detail=detail)
        self._relay.message_done()

    def _finish(self, outcome: str, alarm: int, told: Reply, upstream_reply: Reply | None) -> None:
        self._relay.link.to_client(told.octets)
        self._relay.record(
            outcome,
            alarm,
            reply=told,
            upstream_reply=upstream_reply,
            transaction=self.transaction,
            size=self.size,
            verdict=self.verdict,
        )
        self._relay.message_done()

    def upstream_lost(self) -> None:
        """Before DATA went upstream a new connection can take its place; afterwards it cannot."""
        if self.phase >= Phase.ASKED:
            self.broken(alarms.UPSTREAM_LOST, answers.OUTCOME_UNKNOWN if self.phase is Phase.DOT else answers.UPSTREAM_LOST)
        elif self.phase is Phase.READY:
            self.proceed()
