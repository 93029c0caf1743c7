"""The two directions of a session: what goes out, and which reply is expected next.

Every command that goes upstream leaves an expectation behind; a reply of our own waits behind those, so that the client gets
one reply a command, in the order of its commands (RFC 2920 §3.2).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from filterd.mail.reply import Reply
from filterd.smtp.effects import Effect, SendToClient, SendToUpstream

Handler = Callable[[Reply, Any], None]


class Link:
    """Collects effects in order; neighbouring writes to one side become one write."""

    __slots__ = ("_effects", "_expected", "_to_client", "_to_upstream", "client_gone", "tasks")

    def __init__(self) -> None:
        self._effects: list[Effect] = []
        self._to_client: list[bytes] = []
        self._to_upstream: list[bytes] = []
        self._expected: deque[tuple[Handler | None, Any]] = deque()
        self.client_gone = False
        self.tasks = 0  # how often upstream went from owing nothing to owing a reply

    @property
    def waiting(self) -> bool:
        """Is a reply of upstream due?"""
        return bool(self._expected)

    @property
    def due(self) -> int:
        """How many replies are due, ours behind upstream's included."""
        return len(self._expected)

    def to_client(self, octets: bytes) -> None:
        """Write now, whatever is expected."""
        if not self.client_gone:
            self._to_client.append(octets)

    def answer(self, reply: Reply) -> None:
        """A reply of our own, in its turn."""
        if self._expected:
            self._expected.append((None, reply))
        else:
            self.to_client(reply.octets)

    def forward(self, octets: bytes, handler: Handler, payload: Any = None) -> None:
        """Send upstream; `handler(reply, payload)` is called with its reply."""
        self._to_upstream.append(octets)
        self.expect(handler, payload)

    def expect(self, handler: Handler, payload: Any = None) -> None:
        """A reply is due for something that is already on its way."""
        if not self._expected:
            self.tasks += 1
        self._expected.append((handler, payload))

    def next_handler(self) -> tuple[Handler | None, Any]:
        """Who gets the reply that just came; raises IndexError if nobody waits for one."""
        return self._expected.popleft()

    def release_answers(self) -> None:
        """Send the replies of our own whose turn has come."""
        while self._expected and self._expected[0][0] is None:
            self.to_client(self._expected.popleft()[1].octets)

    def forget_expected(self) -> None:
        """Upstream is gone: nothing it owed will come."""
        self._expected.clear()

    def emit(self, effect: Effect) -> None:
        """An effect that keeps its place among the writes."""
        self._flush()
        self._effects.append(effect)

    def take(self) -> list[Effect]:
        """All effects since the last call."""
        self._flush()
        effects, self._effects = self._effects, []
        return effects

    def _flush(self) -> None:
        if self._to_client:
            self._effects.append(SendToClient(b"".join(self._to_client)))
            self._to_client.clear()
        if self._to_upstream:
            self._effects.append(SendToUpstream(b"".join(self._to_upstream)))
            self._to_upstream.clear()
