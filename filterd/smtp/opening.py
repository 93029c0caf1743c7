"""Getting upstream ready: greeting, identity, and (when it was lost before DATA) the replay of what it had accepted.

Promise: upstream never goes on under filterd's own address when it was to learn the client's (421 instead), and a message goes
on after a replay only if every reply was the same as before (451 instead).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from filterd.mail.reply import Reply
from filterd.policy import alarms
from filterd.smtp import answers, identity, keywords
from filterd.smtp.effects import OpenUpstream
from filterd.smtp.settings import Identity

if TYPE_CHECKING:
    from filterd.smtp.relay import Relay


class Opening:
    """One attempt to make upstream ready; `then` is called when it is."""

    __slots__ = ("_banner", "_relay", "_steps", "_then", "offers", "replaying")

    def __init__(self, relay: Relay, then: Callable[[Reply], None], *, replaying: bool = False) -> None:
        self._relay = relay
        self._then = then
        self._banner: Reply | None = None
        self._steps: list[tuple[bytes, int]] = []
        self.replaying = replaying
        self.offers = keywords.NOTHING
        proxy_header = relay.settings.identity is Identity.PROXY
        relay.link.emit(OpenUpstream(relay.client.address, relay.client.port, proxy_header))

    def opened(self) -> None:
        """The connection stands: the greeting is due."""
        self._relay.link.expect(self._greeting)

    def _greeting(self, reply: Reply, _: object) -> None:
        if reply.code != 220:
            self._relay.upstream.refused_greeting(reply)
            return
        self._banner = reply
        if self._relay.settings.identity in (Identity.XCLIENT, Identity.XFORWARD):
            name = self._relay.settings.host_name.encode("ascii", "replace")
            self._relay.link.forward(b"EHLO %s\r\n" % name, self._own_ehlo)
        else:
            self._ready()

    def _own_ehlo(self, reply: Reply, _: object) -> None:
        self.offers = keywords.offers(reply) if reply.positive else keywords.NOTHING
        self._relay.upstream.offers = self.offers
        if self._relay.settings.identity is Identity.XCLIENT:
            self._send_xclient()
        else:
            self._ready()

    def _send_xclient(self) -> None:
        allowed = self.offers.get(b"XCLIENT")
        if allowed is None or b"ADDR" not in allowed.upper().split():
            text = "upstream does not offer XCLIENT with ADDR"
            self._relay.upstream.give_up(answers.UNAVAILABLE, alarms.IDENTITY_REFUSED, text)
            return
        attributes = self._relay.client.xclient_attributes(allowed)
        lines = identity.commands(b"XCLIENT", attributes)
        for number, line in enumerate(lines, 1):
            self._relay.link.forward(line, self._xclient, number == len(lines))

    def _xclient(self, reply: Reply, last: bool) -> None:
        if reply.code != 220:
            text = f"upstream answered {reply.code} to XCLIENT"
            self._relay.upstream.give_up(answers.UNAVAILABLE, alarms.IDENTITY_REFUSED, text)
        elif last:
            # Postfix greets again: the session is the client's own from here on (XCLIENT_README).
            self._banner = reply
            self._ready()

    def _ready(self) -> None:
        self._steps = self._relay.upstream.replay_steps() if self.replaying else []
        self._next_step()

    def _next_step(self) -> None:
        if not self._steps:
            assert self._banner is not None
            self._then(self._banner)
            return
        line, code = self._steps.pop(0)
        self._relay.link.forward(line + b"\r\n", self._step, code)

    def _step(self, reply: Reply, code: int) -> None:
        if reply.code != code:
            self._relay.upstream.replay_failed(answers.REPLAY_DIFFERS, alarms.REPLAY_DIFFERS, reply.text)
        else:
            self._next_step()
