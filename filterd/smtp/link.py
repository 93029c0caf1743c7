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
    """Collects effects in order; neighbouring writes to one side become one write.

    `expected` is not empty exactly while upstream owes a reply: its first entry is always upstream's.
    """

    __slots__ = ("_effects", "client_gone", "expected", "tasks")

    def __init__(self) -> None:
        self._effects: list[Effect] = []
        self.expected: deque[tuple[Handler | None, Any]] = deque()
        self.client_gone = False
        self.tasks = 0  # how often upstream went from owing nothing to owing a reply

    def to_client(self, octets: bytes) -> None:
        """Write now, whatever is expected."""
        if self.client_gone:
            return
        effects = self._effects
        if effects and type(effects[-1]) is SendToClient:
            effects[-1] = SendToClient(effects[-1].octets + octets)
        else:
            effects.append(SendToClient(octets))

    def answer(self, reply: Reply) -> None:
        """A reply of our own, in its turn."""
        if self.expected:
            self.expected.append((None, reply))
        else:
            self.to_client(reply.octets)

    def forward(self, octets: bytes, handler: Handler, payload: Any = None) -> None:
        """Send upstream; `handler(reply, payload)` is called with its reply."""
        effects = self._effects
        if effects and type(effects[-1]) is SendToUpstream:
            effects[-1] = SendToUpstream(effects[-1].octets + octets)
        else:
            effects.append(SendToUpstream(octets))
        if not self.expected:
            self.tasks += 1
        self.expected.append((handler, payload))

    def expect(self, handler: Handler, payload: Any = None) -> None:
        """A reply is due for something that is already on its way."""
        if not self.expected:
            self.tasks += 1
        self.expected.append((handler, payload))

    def hand_over(self, reply: Reply) -> None:
        """Upstream's reply to whoever expects it; then the replies of our own whose turn has come."""
        expected = self.expected
        handler, payload = expected.popleft()
        assert handler is not None
        handler(reply, payload)
        while expected and expected[0][0] is None:
            self.to_client(expected.popleft()[1].octets)

    def forget_expected(self) -> None:
        """Upstream is gone: nothing it owed will come."""
        self.expected.clear()

    def emit(self, effect: Effect) -> None:
        """An effect that keeps its place among the writes."""
        self._effects.append(effect)

    def withdraw(self, kind: type) -> None:
        """An effect of this kind that nobody has seen yet is not wanted any more."""
        self._effects = [effect for effect in self._effects if type(effect) is not kind]

    def take(self) -> list[Effect]:
        """All effects since the last call."""
        effects, self._effects = self._effects, []
        return effects
