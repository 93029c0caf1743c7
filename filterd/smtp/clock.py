"""All time limits of a session, without a clock: `tick(now)` comes about once a second, progress is counted in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterd.policy import alarms
from filterd.smtp import answers
from filterd.smtp.hold import Phase
from filterd.smtp.order import Mode

if TYPE_CHECKING:
    from filterd.smtp.relay import Relay


class Clock:
    """Who moved last, and since when we wait. The relay counts `client_moves` and `upstream_moves` up."""

    __slots__ = (
        "_client_seen",
        "_client_since",
        "_rate_octets",
        "_rate_since",
        "_relay",
        "_started",
        "_upstream_seen",
        "_upstream_since",
        "client_moves",
        "upstream_moves",
    )

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self.client_moves = self.upstream_moves = 0
        self._client_seen = self._upstream_seen = -1
        self._client_since = self._upstream_since = self._started = 0.0
        self._rate_since = self._rate_octets = -1.0

    def tick(self, now: float) -> None:
        """At most one limit acts."""
        self._started = self._started or now
        if self.client_moves != self._client_seen:
            self._client_seen, self._client_since = self.client_moves, now
        relay = self._relay
        moves = self.upstream_moves + relay.link.tasks
        if moves != self._upstream_seen:
            self._upstream_seen, self._upstream_since = moves, now
        if relay.hold:
            self._tick_hold(now)
            return
        self._rate_since = -1.0
        if relay.link.expected or relay.mode is Mode.OPENING:
            self._tick_upstream(now - self._upstream_since)
        elif now - self._client_since > relay.settings.command_seconds:
            relay.hang_up(answers.TIMEOUT, alarms.CLIENT_IDLE)
        elif now - self._started > relay.settings.session_seconds * (2 if relay.transaction else 1):
            relay.hang_up(answers.SESSION_TOO_LONG, alarms.SESSION_TOO_LONG)

    def _tick_upstream(self, silent: float) -> None:
        settings = self._relay.settings
        opening = self._relay.mode is Mode.OPENING
        if silent > (settings.greeting_seconds if opening else settings.upstream_seconds):
            self._relay.upstream.silent()

    def _tick_hold(self, now: float) -> None:
        relay, hold = self._relay, self._relay.hold
        assert hold is not None
        silent = now - self._upstream_since
        if hold.phase is Phase.READING and self._too_slow(now):
            return
        if hold.phase < Phase.ASKED:
            self._keep_alive(silent)
        elif hold.phase is Phase.DOT:
            if silent > relay.settings.final_reply_seconds:
                hold.broken(alarms.OUTCOME_UNKNOWN, answers.OUTCOME_UNKNOWN)
        elif silent > relay.settings.upstream_seconds:
            hold.broken(alarms.UPSTREAM_TIMEOUT, answers.UPSTREAM_LOST)

    def _too_slow(self, now: float) -> bool:
        relay, hold = self._relay, self._relay.hold
        assert hold is not None
        settings = relay.settings
        if now - self._client_since > settings.data_seconds:
            relay.hang_up(answers.TIMEOUT, alarms.CLIENT_IDLE)
            return True
        if self._rate_since < 0:
            self._rate_since, self._rate_octets = now, hold.size
        elif now - self._rate_since >= settings.data_rate_seconds:
            if hold.size - self._rate_octets < settings.data_rate * (now - self._rate_since):
                relay.hang_up(answers.TOO_SLOW, alarms.DATA_TOO_SLOW)
                return True
            self._rate_since, self._rate_octets = now, hold.size
        return False

    def _keep_alive(self, silent: float) -> None:
        relay, hold = self._relay, self._relay.hold
        assert hold is not None
        settings = relay.settings
        if relay.link.expected or not relay.upstream.ready:
            limit = settings.greeting_seconds if not relay.upstream.ready else settings.upstream_seconds
            if silent > limit and (relay.link.expected or hold.phase is Phase.READY):
                relay.upstream.silent()
        elif silent >= settings.keepalive_seconds and relay.upstream.keepalives < settings.keepalives:
            self.upstream_moves += 1
            relay.upstream.keepalive()
