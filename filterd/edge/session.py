"""One client session: an asyncio protocol that drives a Relay and does what its effects say. No mail logic lives here.

Whatever goes wrong in here ends this session with 421 and alarm 704; it can neither stop the others nor turn into an
answer about a message.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, cast

from filterd.edge.held import HeldMessage
from filterd.edge.reference import session_id
from filterd.edge.session_settings import SessionSettings
from filterd.edge.slots import Slot
from filterd.edge.upstream import UpstreamConnection
from filterd.edge.worker import Listener, WorkerContext
from filterd.mail.reply import Reply
from filterd.policy import alarms
from filterd.policy.relay_control import in_networks, parse_address
from filterd.policy.verdict import Verdict
from filterd.smtp import answers, effects
from filterd.smtp.order import Mode
from filterd.smtp.proxy_header import BadHeader, HeaderReader
from filterd.smtp.relay import Relay

_LINGER_SECONDS = 5  # for a client to read its last replies


class ClientSession(asyncio.Protocol):
    """A client's connection and everything that hangs on it."""

    def __init__(self, context: WorkerContext, listener: Listener) -> None:
        self._context = context
        self._settings: SessionSettings = context.session_settings
        self._transport: asyncio.Transport | None = None
        self._slot: Slot | None = None
        self._relay: Relay | None = None
        self._upstream: UpstreamConnection | None = None
        self._held: HeldMessage | None = None
        self._header: HeaderReader | None = None
        self._peer = ("", 0)
        self._paused = False
        self._congested = False
        self._closing = False
        self._gone_by = 0.0
        self._began = time.monotonic()

    # From the client's connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client connected: is there room for it?"""
        self._transport = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("peername")
        address = parse_address(peer[0]) if peer else None
        self._peer = (str(address or ""), peer[1] if peer else 0)
        exempt = in_networks(self._peer[0], self._settings.trusted)
        slot = self._context.board.claim(self._peer[0], exempt)
        if not isinstance(slot, Slot):
            self._context.log.session_refused(self._peer[0], int(slot))
            self._turn_away(answers.TOO_MANY_SESSIONS)
            return
        self._slot = slot
        self._held = HeldMessage(self._context, slot)
        self._context.sessions.add(self)
        if in_networks(self._peer[0], self._settings.proxy_protocol_from):
            self._header = HeaderReader()
        else:
            self._begin(*self._peer)

    def _begin(self, address: str, port: int) -> None:
        transport = self._transport
        assert transport is not None
        local = parse_address(transport.get_extra_info("sockname")[0])
        self._relay = Relay(
            self._settings.relay,
            session_id(),
            address,
            port,
            front_end=in_networks(address, self._settings.front_ends),
            auth_allowed=self._settings.allow_cleartext_auth or (local is not None and local.is_loopback),
        )
        self.feed(self._relay.start)

    def data_received(self, data: bytes) -> None:
        """Commands or message data."""
        relay = self._relay
        if relay:
            self.feed(relay.client_octets, data)
            if self._relay and not relay.reading:
                self._pace()
        elif self._header and not self._closing:
            self._read_header(self._header, data)

    def _read_header(self, header: HeaderReader, data: bytes) -> None:
        try:
            source = header.feed(data)
        except BadHeader as error:
            self._context.log.session_refused(self._peer[0], alarms.PROXY_HEADER, str(error))
            self._turn_away(answers.PROXY_HEADER)
            return
        if source is None:
            return
        self._header = None
        self._begin(*(self._peer if source.is_local else (source.address, source.port)))
        if header.rest and self._relay:
            self.feed(self._relay.client_octets, header.rest)

    def eof_received(self) -> bool:
        """FIN; replies may still be read, so the connection stays."""
        if self._relay is None or self._closing:
            return False
        self.feed(self._relay.client_eof)
        return not self._closing

    def connection_lost(self, exc: Exception | None) -> None:
        """RST, or closed both ways."""
        self._transport = None
        if self._relay:
            self.feed(self._relay.client_lost)
        self._release_if_over()

    def pause_writing(self) -> None:
        """The client does not read its replies: neither do we read its commands."""
        self._congested = True
        self._pace()

    def resume_writing(self) -> None:
        """It reads again."""
        self._congested = False
        self._pace()

    # From upstream's connection

    def upstream_opened(self) -> None:
        """Connected."""
        assert self._relay is not None
        self.feed(self._relay.upstream_opened)

    def upstream_failed(self, why: str) -> None:
        """Not connected."""
        self._upstream = None
        assert self._relay is not None
        self.feed(self._relay.upstream_failed, why)
        self._release_if_over()

    def upstream_lost(self) -> None:
        """Closed or broken."""
        self._upstream = None
        assert self._relay is not None
        self.feed(self._relay.upstream_lost)
        self._release_if_over()

    def content_sent(self) -> None:
        """The end of data was written."""
        assert self._relay is not None
        self.feed(self._relay.content_sent)

    def content_unreadable(self, error: Exception) -> None:
        """The spool failed us in the middle of a message: no end of data may follow."""
        self._context.log.alarm(alarms.SPOOL_FAILED, str(error), client_address=self._peer[0])
        if self._upstream:
            self._upstream.drop(abort=True)
        self.upstream_lost()

    # From the worker

    def tick(self, now: float) -> None:
        """About once a second."""
        if self._closing:
            self._close_by_force(now)
        if self._upstream:
            self._upstream.tick(now)
        if self._relay:
            self.feed(self._relay.tick, now)
        elif now - self._began > self._settings.relay.greeting_seconds:
            self._turn_away(answers.PROXY_HEADER)

    def drain(self) -> None:
        """Stop soon."""
        if self._relay:
            self.feed(self._relay.drain)
        else:
            self._turn_away(answers.SHUTTING_DOWN)

    def abort(self) -> None:
        """Close both connections now, without another octet: nothing in hand can be delivered."""
        if self._upstream:
            self._upstream.drop(abort=True)
            self._upstream = None
        self._closing = True
        if self._relay:
            self.feed(self._relay.client_lost)
        if self._relay:
            self.feed(self._relay.upstream_lost)  # past our end of data only this ends the message
        if self._transport:
            self._transport.abort()
        self._release_if_over()

    @property
    def busy(self) -> bool:
        """Is a message in hand?"""
        return self._relay is not None and self._relay.hold is not None

    # Doing what the relay says

    def feed(self, event: Callable[..., list[effects.Effect]], *arguments: Any) -> None:
        """One event of the relay, and what follows from it."""
        try:
            todo = event(*arguments)
            for effect in todo:  # grows while it is read: an effect may cause the next event at once
                if type(effect) is effects.SendToClient:  # these two are most of all
                    if self._transport:
                        self._transport.write(effect.octets)
                elif type(effect) is effects.SendToUpstream:
                    if self._upstream:
                        self._upstream.write(effect.octets)
                else:
                    _DO[type(effect)](self, effect, todo)
        except Exception as error:
            self._broken(error)
            return
        if self._paused:
            self._pace()

    def _broken(self, error: Exception) -> None:
        """A mistake of our own ends this session, and no message in hand can be delivered by it."""
        self._context.log.internal_error("session", error, self._relay.session_id if self._relay else "")
        if self._upstream:
            self._upstream.drop(abort=True)
            self._upstream = None
        if self._relay:
            self._relay.mode = Mode.CLOSED
            self._relay.hold = None
        if self._held:
            self._held.forget()
        self._turn_away(answers.SESSION_BROKEN)

    def _turn_away(self, reply: Reply) -> None:
        self._closing = True
        if self._transport:
            self._transport.write(reply.octets)
            self._transport.close()
        self._release_if_over()

    def _close_by_force(self, now: float) -> None:
        """A client that does not read its last replies would keep its place for ever."""
        self._gone_by = self._gone_by or now + _LINGER_SECONDS
        if now >= self._gone_by and self._transport:
            self._transport.abort()

    def _pace(self) -> None:
        """Read from the client only what can be handled now."""
        if self._transport is None or self._closing or self._relay is None:
            return
        pause = self._congested or not self._relay.reading
        if pause != self._paused:
            self._paused = pause
            if pause:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()

    def _open_upstream(self, effect: effects.OpenUpstream, _: list[effects.Effect]) -> None:
        header_for = (effect.client_address, effect.client_port) if effect.proxy_header else None
        assert self._relay is not None
        self._upstream = UpstreamConnection(self, self._relay, header_for)
        self._upstream.open(self._settings.upstream, self._settings.connect_seconds)

    def _close_upstream(self, effect: effects.CloseUpstream, _: list[effects.Effect]) -> None:
        upstream, self._upstream = self._upstream, None
        if upstream:
            upstream.drop(abort=effect.abort)
        self._release_if_over()

    def _close_client(self, effect: effects.CloseClient, _: list[effects.Effect]) -> None:
        self._closing = True
        if self._transport:
            self._transport.close()
        self._release_if_over()

    def _keep_content(self, effect: effects.KeepContent, todo: list[effects.Effect]) -> None:
        held = self._held
        assert held is not None and self._relay is not None
        if not held.failed:
            held.keep(effect.octets, self._peer[0])
            if held.failed:
                todo.extend(self._relay.store_failed())

    def _drop_content(self, effect: effects.DropContent, _: list[effects.Effect]) -> None:
        if self._held:
            self._held.forget()
        if self._slot:
            self._slot.stage("idle")

    def _scan_message(self, effect: effects.ScanMessage, todo: list[effects.Effect]) -> None:
        assert self._relay is not None and self._held is not None
        verdict = self._held.judge(effect, self._judged)
        if verdict is not None:
            todo.extend(self._relay.verdict_reached(verdict))

    def _judged(self, outcome: Verdict | Exception) -> None:
        if isinstance(outcome, Exception):
            self._broken(outcome)
        elif self._relay:
            self.feed(self._relay.verdict_reached, outcome)

    def _send_content(self, effect: effects.SendContent, _: list[effects.Effect]) -> None:
        if self._upstream and self._held and self._relay and self._relay.hold:
            self._held.send(self._upstream, effect.edits)

    def _stage(self, effect: effects.Stage, _: list[effects.Effect]) -> None:
        if effect.stage == "data":
            self._began = time.monotonic()
        if self._slot:
            self._slot.stage(effect.stage, effect.reference)

    def _record(self, effect: effects.Record, _: list[effects.Effect]) -> None:
        milliseconds = int((time.monotonic() - self._began) * 1000)
        self._context.log.transaction(effect, milliseconds, self._context.generation.id)

    # The end

    def _release_if_over(self) -> None:
        """The place on the board is free when both connections really are gone."""
        if self._transport is None and self._upstream is None:
            self._release()

    def _release(self) -> None:
        slot, self._slot = self._slot, None
        if slot:
            slot.release()
        relay, self._relay = self._relay, None
        if relay:
            relay.dissolve()
        if self in self._context.sessions:
            self._context.sessions.discard(self)
            self._context.session_closed()


_DO: dict[type, Callable[[ClientSession, Any, list[effects.Effect]], None]] = {
    effects.OpenUpstream: ClientSession._open_upstream,
    effects.CloseUpstream: ClientSession._close_upstream,
    effects.CloseClient: ClientSession._close_client,
    effects.KeepContent: ClientSession._keep_content,
    effects.DropContent: ClientSession._drop_content,
    effects.ScanMessage: ClientSession._scan_message,
    effects.SendContent: ClientSession._send_content,
    effects.Stage: ClientSession._stage,
    effects.Record: ClientSession._record,
}
