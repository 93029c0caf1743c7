"""Upstream's comings and goings: ready, lost, opened anew, left.

While a message is held, a lost upstream is opened once more and told the same again; between messages likewise, so that a
refusal does not cost the client its session. Where AUTH went through, nothing can be replayed: 451 or 421.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterd.mail.reply import Reply
from filterd.policy import alarms
from filterd.policy.relay_control import parse_address
from filterd.smtp import answers, keywords
from filterd.smtp.effects import CloseUpstream
from filterd.smtp.hold import Phase
from filterd.smtp.opening import Opening
from filterd.smtp.order import Mode
from filterd.smtp.replies import ReplyReader
from filterd.smtp.settings import Identity

if TYPE_CHECKING:
    from filterd.smtp.relay import Relay


class Upstream:
    """`ready`: commands may be sent. `offers`: keywords of its last EHLO reply."""

    __slots__ = ("_relay", "_reopened", "keepalives", "offers", "opening", "pipelining", "ready", "replies")

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._reopened = False
        self.keepalives = 0  # NOOPs of ours in this connection
        self.ready = False
        self.pipelining = False
        self.offers = keywords.NOTHING
        self.opening: Opening | None = None
        self.replies = ReplyReader()

    # Opening

    def open(self) -> None:
        """For a client that has said nothing yet: its greeting is the first thing the client hears."""
        self.offers, self.pipelining = keywords.NOTHING, False
        self._relay.mode = Mode.OPENING
        if self._relay.settings.identity is Identity.PROXY and parse_address(self._relay.client.address) is None:
            # A header without an address says "this is the proxy itself": never under our own name.
            self._relay.hang_up(answers.UNAVAILABLE, alarms.IDENTITY_REFUSED, "the client's address is not known")
            return
        self.opening = Opening(self._relay, self._opened)

    def _opened(self, banner: Reply) -> None:
        self._relay.link.to_client(banner.octets)
        self._ready_between(banner)

    def _ready_between(self, _: Reply) -> None:
        self.opening, self.ready = None, True
        self._relay.mode = Mode.COMMANDS
        self._relay.drain_if_idle()

    def reopen_for_message(self) -> None:
        """Lost while we held a message: once, with the same words, if no AUTH went through."""
        hold = self._relay.hold
        assert hold is not None
        if self.opening:
            return
        if self._relay.client.authenticated or self._reopened:
            hold.refuse(answers.UPSTREAM_LOST, alarms.UPSTREAM_LOST)
            return
        self._reopened = True
        self.opening = Opening(self._relay, self._ready_for_message, replaying=True)

    def _ready_for_message(self, _: Reply) -> None:
        self.opening, self.ready = None, True
        if self._relay.hold:
            self._relay.hold.proceed()

    def reopen_between(self) -> None:
        """The session lives on with the same greeting."""
        relay = self._relay
        if relay.link.client_gone or relay.eof_seen:
            relay.end_session(abort=True)
        elif relay.client.authenticated:
            relay.hang_up(answers.SESSION_BROKEN, alarms.UPSTREAM_LOST)
        else:
            relay.mode = Mode.OPENING
            self.opening = Opening(relay, self._ready_between, replaying=True)

    def message_done(self) -> None:
        """The next message may be replayed once again."""
        self._reopened = False

    def replay_steps(self) -> list[tuple[bytes, int]]:
        """What upstream must be told again, and the code it must answer again."""
        client, transaction = self._relay.client, self._relay.transaction
        steps = [(client.helo_line, client.helo_code)] if client.helo_line else []
        if transaction:
            steps.append((transaction.mail_line, transaction.mail_code))
            steps.extend((recipient.line, recipient.code) for recipient in transaction.recipients)
        return steps

    # Failing

    def replay_failed(self, told: Reply, alarm: int, detail: str) -> None:
        """Upstream is not the one it was, or not there."""
        self.drop(abort=True)
        if self._relay.hold:
            self._relay.hold.refuse(told, alarm)
        else:
            self._relay.hang_up(answers.SESSION_BROKEN, alarm, detail)

    def refused_greeting(self, reply: Reply) -> None:
        """4yz or 5yz instead of 220: the client hears it; after 5yz it may only QUIT (RFC 5321 §3.1)."""
        replaying = self.opening is not None and self.opening.replaying
        self._relay.record("refused", alarms.UPSTREAM_GREETING, reply=reply, upstream_reply=reply)
        if replaying:
            self.replay_failed(answers.UPSTREAM_LOST, alarms.UPSTREAM_GREETING, reply.text)
            return
        self.drop(abort=False)
        told = reply if reply.code >= 400 else answers.UNAVAILABLE
        self._relay.link.to_client(told.octets)
        if reply.code >= 500:
            self._relay.reader.only_quit()
        else:
            self._relay.end_session(abort=False)

    def give_up(self, told: Reply, alarm: int, detail: str) -> None:
        """It cannot be made ready."""
        if self.opening and self.opening.replaying:
            self.replay_failed(answers.UPSTREAM_LOST, alarm, detail)
        else:
            self.drop(abort=True)
            self._relay.hang_up(told, alarm, detail)

    def gone(self) -> None:
        """It closed or broke the connection."""
        relay = self._relay
        if self.opening:
            self.give_up(answers.UNAVAILABLE, alarms.UPSTREAM_LOST, "upstream closed before it was ready")
            return
        detail = "while a reply was due" if relay.link.expected else "while idle"
        self.drop(abort=False)
        if relay.hold:
            relay.hold.upstream_lost()
        else:
            relay.hang_up(answers.SESSION_BROKEN, alarms.UPSTREAM_LOST, detail)

    def silent(self) -> None:
        """It did not answer in time, before our end of data."""
        hold = self._relay.hold
        if hold and hold.phase < Phase.ASKED and not self.opening:
            self.drop(abort=True)
            hold.upstream_lost()
        else:
            told = answers.UNAVAILABLE if self.opening else answers.SESSION_BROKEN
            self.give_up(told, alarms.UPSTREAM_TIMEOUT, "no reply in time")

    def nonsense(self, why: str) -> None:
        """It sent something that no client should see."""
        hold = self._relay.hold
        if self._relay.mode is Mode.CLOSED:
            return
        if hold and hold.phase >= Phase.ASKED:
            told = answers.OUTCOME_UNKNOWN if hold.phase is Phase.DOT else answers.UPSTREAM_BAD_REPLY
            hold.broken(alarms.UPSTREAM_BAD_REPLY, told)
        elif hold and not self.opening:
            self.drop(abort=True)
            hold.upstream_lost()
        else:
            self.give_up(answers.SESSION_BROKEN, alarms.UPSTREAM_BAD_REPLY, why)

    def drop(self, *, abort: bool) -> None:
        """Close our side; nothing it owed will come."""
        self.ready = False
        self.keepalives = 0
        self.opening = None
        self.replies = ReplyReader()
        self._relay.link.forget_expected()
        self._relay.link.emit(CloseUpstream(abort))

    # Commands of our own

    def reset(self) -> None:
        """It must forget the envelope before the next command of the client is read."""
        if self.ready:
            self._relay.reader.wait_for_upstream()
            self._relay.link.forward(b"RSET\r\n", self._was_reset)

    def _was_reset(self, reply: Reply, _: object) -> None:
        if not reply.positive:
            self.drop(abort=True)
            self.reopen_between()

    def keepalive(self) -> None:
        """NOOP, so that it does not think the client fell asleep."""
        self.keepalives += 1
        self._relay.link.forward(b"NOOP\r\n", self._kept_alive)

    def _kept_alive(self, reply: Reply, _: object) -> None:
        if reply.code == 421:
            self.gone()
