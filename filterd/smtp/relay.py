"""The relay core: one client, one upstream, no I/O. Events in, effects out (see docs/architecture.md).

Theory of operation. Client octets become lines, a line becomes a command (`reader`, `order`, `commands`); most commands go
upstream and leave an expectation (`link`); upstream octets become replies, each handed to whoever expected it. DATA
begins a `Hold`, which answers 354 itself and takes the session through scanning and sending. `Upstream` and `Opening`
make upstream ready, also when it was lost while a message was held. `Clock` watches all time limits. Whatever is not
foreseen ends in 421, never in 5yz or silence.
"""

from __future__ import annotations

from filterd.mail.envelope import Envelope
from filterd.mail.reply import Reply
from filterd.policy import alarms
from filterd.policy.verdict import Verdict
from filterd.smtp import answers
from filterd.smtp.client import Client
from filterd.smtp.clock import Clock
from filterd.smtp.effects import CloseClient, CloseUpstream, DropContent, Effect, Record
from filterd.smtp.hold import Hold, Phase
from filterd.smtp.link import Link
from filterd.smtp.order import Mode
from filterd.smtp.reader import Reader
from filterd.smtp.replies import BadReply
from filterd.smtp.settings import RelaySettings
from filterd.smtp.transaction import Transaction
from filterd.smtp.upstream import Upstream

_CLOSED = Mode.CLOSED  # looked at with every event: in Python 3.11 a name is ten times quicker than a member of an enum


class Relay:
    """One client–upstream pair. Every public event method returns the effects it caused, in order."""

    def __init__(
        self,
        settings: RelaySettings,
        session_id: str,
        client_address: str,
        client_port: int = 0,
        *,
        client_name: str = "",
        front_end: bool = False,
        auth_allowed: bool = False,
    ) -> None:
        self.settings = settings
        self.session_id = session_id
        self.client = Client(
            settings, client_address, client_port, client_name, front_end=front_end, auth_allowed=auth_allowed
        )
        self.mode = Mode.OPENING
        self.link = Link()
        self.upstream = Upstream(self)
        self.transaction: Transaction | None = None
        self.hold: Hold | None = None
        self.eof_seen = False
        self.draining = False
        self._clock = Clock(self)
        self.reader = Reader(self)
        self._errors = 0
        self._transactions = 0

    # Events

    def start(self) -> list[Effect]:
        """The client is there."""
        self.upstream.open()
        return self.link.take()

    def upstream_opened(self) -> list[Effect]:
        """The connection to upstream stands."""
        if self.upstream.opening:
            self.upstream.opening.opened()
        return self.link.take()

    def upstream_failed(self, why: str) -> list[Effect]:
        """The connection to upstream could not be made."""
        if self.upstream.opening:
            self.upstream.give_up(answers.UNAVAILABLE, alarms.UPSTREAM_UNREACHABLE, why)
        return self.link.take()

    def client_octets(self, octets: bytes) -> list[Effect]:
        """The client sent something."""
        if self.mode is _CLOSED:
            return []
        self._clock.client_moves += 1
        reader = self.reader
        reader.input.feed(octets)
        reader.pump()
        return self.link.take()

    def upstream_octets(self, octets: bytes) -> list[Effect]:
        """Upstream sent something."""
        self._clock.upstream_moves += 1
        replies = self.upstream.replies
        try:
            for reply in replies.feed(octets):
                self._reply(reply)
                if self.upstream.replies is not replies:
                    break  # that connection was left: what else it said is nobody's
        except BadReply as error:
            self.upstream.nonsense(str(error))
        self.reader.pump()
        return self.link.take()

    def client_eof(self) -> list[Effect]:
        """The client sent FIN: it will send nothing more, but may still read."""
        self.eof_seen = True
        self.reader.pump()
        return self.link.take()

    def client_lost(self) -> list[Effect]:
        """The connection to the client is gone (RST, or closed both ways)."""
        self.link.client_gone = True
        if self.hold and self.hold.phase is Phase.DOT:
            self.eof_seen = True  # only upstream knows the outcome: wait for it, and begin nothing else
            self.reader.forget()
        elif self.mode is not Mode.CLOSED:
            self.abandon("client lost")
        return self.link.take()

    def upstream_lost(self) -> list[Effect]:
        """Upstream closed or broke the connection."""
        if self.mode is not Mode.CLOSED:
            self.upstream.gone()
            self.reader.pump()
        return self.link.take()

    def verdict_reached(self, verdict: Verdict) -> list[Effect]:
        """The message was judged."""
        if self.hold and self.hold.phase is Phase.SCANNING:
            self.hold.verdict_reached(verdict)
            self.reader.pump()
        return self.link.take()

    def store_failed(self) -> list[Effect]:
        """Message content could not be kept."""
        if self.hold:
            self.hold.store_failed()
            self.reader.pump()
        return self.link.take()

    def content_sent(self) -> list[Effect]:
        """The message and its end of data were written to upstream."""
        if self.hold:
            self.hold.content_sent()
        return self.link.take()

    def tick(self, now: float) -> list[Effect]:
        """About once a second; `now` is monotonic seconds."""
        if self.mode is not Mode.CLOSED:
            self._clock.tick(now)
            self.reader.pump()
        return self.link.take()

    def drain(self) -> list[Effect]:
        """Stop soon: a message in hand is finished, everything else gets 421."""
        self.draining = True
        self.drain_if_idle()
        return self.link.take()

    @property
    def reading(self) -> bool:
        """Should the edge read from the client now? (Backpressure.)"""
        return self.reader.wants_octets

    # Replies

    def _reply(self, reply: Reply) -> None:
        if self.mode is _CLOSED:
            return
        link = self.link
        if not link.expected:
            self._unexpected(reply)
            return
        link.hand_over(reply)
        if reply.code == 421 and self.mode is not _CLOSED and self.upstream.ready:
            self.close()
        elif self.hold and not link.expected:
            self.hold.proceed()

    def _unexpected(self, reply: Reply) -> None:
        if self.hold and self.hold.phase is Phase.SENDING:
            self.hold.early_reply(reply)
        elif reply.code != 421:
            self.upstream.nonsense("reply to nothing")
        elif self.hold:
            self.upstream.gone()
        else:
            self.link.to_client(reply.octets)
            self.close()

    def tell(self, reply: Reply) -> None:
        """Upstream's reply, word for word; an intermediate reply where none belongs is nonsense."""
        if 300 <= reply.code < 400:
            self.upstream.nonsense(f"unexpected {reply.code}")
        else:
            self.link.to_client(reply.octets)

    def refuse(self, reply: Reply, alarm: int, detail: bytes = b"") -> None:
        """A no of our own to one command; too many end the session."""
        if 500 <= reply.code <= 504 and b"ENHANCEDSTATUSCODES" not in self.upstream.offers:
            reply = reply.plain()  # mere syntax is answered as upstream would; a decision always carries its code
        self.link.answer(reply)
        outcome = "refused" if reply.code >= 500 else "deferred"
        self.record(outcome, alarm, reply=reply, detail=detail.decode("utf-8", "backslashreplace"))
        self._errors += 1
        if self._errors >= self.settings.errors:
            self.hang_up(answers.TOO_MANY_ERRORS, alarms.TOO_MANY_ERRORS)

    # Ending

    def hang_up(self, reply: Reply, alarm: int, detail: str = "") -> None:
        """Our last word; replies that are still due will not come."""
        self.link.to_client(reply.octets)
        if alarm:
            self.record("refused", alarm, reply=reply, detail=detail)
        self.close()

    def close(self) -> None:
        """The end of the session, both sides."""
        self.mode = Mode.CLOSED
        if self.hold:
            self.hold.abort(alarms.CLIENT_LOST)
        self.end_session(abort=False)

    def end_session(self, *, abort: bool) -> None:
        """Close both connections."""
        self.end_transaction()
        self.mode = Mode.CLOSED
        self.link.forget_expected()
        self.link.emit(CloseUpstream(abort))
        self.link.emit(CloseClient())

    def abandon(self, why: str) -> None:
        """The client is gone before its message was ours to deliver."""
        self.mode = Mode.CLOSED
        if self.hold:
            self.hold.abort(alarms.CLIENT_LOST, why)
        self.end_session(abort=True)

    def drain_if_idle(self) -> None:
        """Told to stop, and no message in hand."""
        if self.draining and not self.hold and self.mode is not Mode.CLOSED:
            self.hang_up(answers.SHUTTING_DOWN, 0)

    def dissolve(self) -> None:
        """Both connections are gone. Its parts point back at the relay: without this only the collector would free them."""
        self.__dict__.clear()

    # The transaction

    def next_reference(self) -> str:
        """Names a transaction in replies and logs."""
        self._transactions += 1
        return f"{self.session_id}.{self._transactions}"

    def envelope(self, transaction: Transaction) -> Envelope:
        """What the engine may look at besides content."""
        client = self.client
        return Envelope(
            reverse_path=transaction.reverse_path,
            forward_paths=transaction.forward_paths,
            client_address=client.address,
            client_name=client.name,
            helo_name=client.helo_name,
            authenticated=client.authenticated,
            smtputf8=transaction.smtputf8,
        )

    def end_transaction(self) -> None:
        """RSET, a new greeting, a new MAIL, or the end of the session."""
        transaction, self.transaction = self.transaction, None
        if transaction:
            self.record("aborted", 0, transaction=transaction)

    def message_done(self) -> None:
        """The message in hand has its answer."""
        self.hold = None
        self.transaction = None
        self.upstream.message_done()
        self.link.emit(DropContent())
        if self.mode is Mode.CLOSED:
            return
        self.mode = Mode.COMMANDS
        if self.draining:
            self.drain_if_idle()
        elif not self.upstream.ready:
            self.upstream.reopen_between()

    # Telling the log

    def record(
        self,
        outcome: str,
        alarm: int,
        *,
        reply: Reply | None = None,
        upstream_reply: Reply | None = None,
        transaction: Transaction | None = None,
        size: int = 0,
        verdict: Verdict | None = None,
        detail: str = "",
    ) -> None:
        """One line of the mail log."""
        client = self.client
        self.link.emit(
            Record(
                transaction.reference if transaction else self.session_id,
                outcome,
                alarm,
                client.address,
                client.name,
                client.helo_name,
                transaction.reverse_path if transaction else b"",
                transaction.forward_paths if transaction else (),
                size,
                verdict,
                reply,
                upstream_reply,
                detail,
            )
        )
