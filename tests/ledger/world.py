"""A world without sockets or time around one Relay: client, upstream, edge, and the links that can be cut at any octet.

What was written to a link cannot be taken back (a kernel keeps what it was given), so closing a connection, however
abruptly, never saves filterd from what it has already said.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from filterd.mail.reply import Reply
from filterd.policy import alarms
from filterd.policy.verdict import CLEAN, Action, Verdict
from filterd.smtp import effects
from filterd.smtp.relay import Relay
from filterd.smtp.settings import RelaySettings
from filterd.smtp.transparency import wire
from tests.ledger.client import LedgerClient
from tests.ledger.links import Edge, Fault, Link
from tests.support.ledger import FORBIDDEN, Trial, token_of
from tests.support.mta import CLOSE, Mta, Play, Step

SETTINGS = RelaySettings(
    command_seconds=30,
    data_seconds=20,
    session_seconds=200,
    greeting_seconds=5,
    upstream_seconds=30,
    final_reply_seconds=9,
    keepalive_seconds=4,
)
REFUSED = Verdict(Action.REJECT, alarms.FORBIDDEN_WORD, Reply.make(550, "5.7.1", "Forbidden"))
PLAIN = Edge()
SECONDS = 400  # more than all limits together


class Connection:
    """One connection to upstream; `dropped` once filterd closed it: it hears nothing more of it."""

    def __init__(self, world: World, fault: Fault | None) -> None:
        def of(direction: str) -> Fault | None:
            return fault if fault and fault.direction == direction else None

        self.world, self.dropped, self.broken = world, False, False
        self.mta = Mta(Play())
        self.up = Link(self._arrive, of("F2U"), self._act)
        self.down = Link(self._reply, of("U2F"), self._act)
        self.finals: list[tuple[str, int]] = []  # token of a committed message, where its final reply ends
        self._said = 0

    def say(self, step: Step) -> None:
        """Upstream's reply."""
        self._said += len(step.reply)
        self.down.write(step.reply)

    def _arrive(self, octets: bytes) -> None:
        before = len(self.mta.committed)
        for step in self.mta.feed(octets):
            self.say(step)
            for content in self.mta.committed[before:]:
                self.world.trial.commit(content)
                self.finals.append((token_of(content), self._said))
            before = len(self.mta.committed)
            self.broken |= step.then == CLOSE

    def _reply(self, octets: bytes) -> None:
        for token, end in self.finals:
            self.world.trial.final_reply_seen[token] |= len(self.down.passed) >= end
        if not self.dropped:
            self.world.do(self.world.relay.upstream_octets(octets))

    def _act(self, fault: Fault) -> None:
        self.up.open = self.down.open = False
        if fault.kind == "lost":
            self.up.waiting.clear()
            self.down.waiting.clear()
            if not self.dropped:
                self.dropped = True
                self.world.do(self.world.relay.upstream_lost())
        elif fault.direction == "F2U":
            self.down.open = True  # only this direction stalls
        else:
            self.up.open = True


class World:
    """One trial: `run` returns when the session has ended or every time limit has passed."""

    def __init__(self, trial: Trial, fault: Fault | None, edge: Edge = PLAIN) -> None:
        def of(direction: str) -> Fault | None:
            return fault if fault and fault.direction == direction else None

        self.trial, self.fault, self.edge = trial, fault, edge
        self.client = LedgerClient(trial.messages, pipelined=edge.pipelined)
        self.relay = Relay(SETTINGS, "S", "127.0.0.1")
        self.up = Link(self._from_client, of("C2F"), self._act)
        self.down = Link(self._to_client, of("F2C"), self._act)
        self.connections: list[Connection] = []
        self.later: deque[Callable[[], None]] = deque()
        self.content = b""
        self.dotted: set[str] = set()
        self.closed = self.vanished = False
        self._chance = random.Random(edge.seed)

    def run(self) -> None:
        """Turn after turn; when nothing moves, a second passes."""
        self.do(self.relay.start())
        now = 0.0
        while now < SECONDS and not (self.closed and not self._turns()):
            turns = self._turns()
            if turns:
                self._chance.choice(turns)() if self.edge.seed is not None else [turn() for turn in turns]
            else:
                now += 1
                self.do(self.relay.tick(now))
        self._thaw()
        self.client.sent(self.up.passed)
        self.trial.told = self.client.told

    def _turns(self) -> list[Callable[[], None]]:
        links = [self.down] if self.closed else [self.up, self.down]
        links += [link for connection in self.connections for link in (connection.up, connection.down)]
        turns: list[Callable[[], None]] = []
        for link in links:
            if link.due():
                turns.append(lambda link=link: self._fault(link))  # type: ignore[misc]
            elif link.open and link.waiting and (link is not self.up or self.relay.reading):
                turns.append(lambda link=link: link.deliver(self.edge.piece) if link.waiting else None)  # type: ignore[misc]
        if self.later:
            turns.append(lambda: self.later.popleft()() if self.later else None)
        return turns

    def _fault(self, link: Link) -> None:
        fault, link.fault, link.open = link.fault, None, False
        if fault:
            link.act(fault)

    def _thaw(self) -> None:
        """What stalled on its way to upstream arrives after all, when filterd has long given up."""
        for connection in self.connections:
            while connection.up.waiting and not connection.broken:
                connection.up.fault = None
                connection.up.deliver(self.edge.piece)

    # The client's side

    def _from_client(self, octets: bytes) -> None:
        if not self.closed:
            self.do(self.relay.client_octets(octets))

    def _to_client(self, octets: bytes) -> None:
        self.up.write(self.client.feed(octets))

    def _act(self, fault: Fault) -> None:
        if fault.kind in ("rst", "gone"):
            self.up.open = self.down.open = False
            self.client.leave()
        if fault.kind == "rst":
            self._lost()
        elif fault.kind in ("fin", "gone") and not self.closed:
            self.vanished = fault.kind == "gone"
            self.do(self.relay.client_eof())
        elif fault.kind == "stall" and fault.direction == "F2C":
            self.client.leave()

    def _lost(self) -> None:
        if not self.closed:
            self.trial.reset_before_dot = set(self.client.told) - self.dotted
            self.do(self.relay.client_lost())

    # The edge

    def do(self, todo: list[effects.Effect]) -> None:
        """What the relay asks for."""
        for effect in todo:  # grows while it is read
            self._effect(effect, todo)

    def _effect(self, effect: effects.Effect, todo: list[effects.Effect]) -> None:
        match effect:
            case effects.SendToClient(octets):
                self.down.write(octets)
                if self.vanished:
                    self.vanished = False
                    self.later.append(self._lost)
            case effects.SendToUpstream(octets):
                self.connections[-1].up.write(octets)
            case effects.OpenUpstream():
                self._open()
            case effects.CloseUpstream():
                for connection in self.connections:
                    connection.dropped = True
            case effects.CloseClient():
                self.closed = True
            case effects.KeepContent(octets):
                self.content += octets
            case effects.DropContent():
                self.content = b""
                self.later.clear()
            case effects.ScanMessage():
                verdict = REFUSED if FORBIDDEN in self.content else CLEAN
                self._now_or_later(lambda: self.relay.verdict_reached(verdict), todo)
            case effects.SendContent():
                self._send(self.connections[-1], wire(self.content), todo)
            case effects.Record() if effect.reverse_path:
                token = effect.reverse_path.partition(b"@")[0].decode()
                self.trial.logged.setdefault(token, []).append(effect.outcome)
            case _:
                pass

    def _now_or_later(self, event: Callable[[], list[effects.Effect]], todo: list[effects.Effect]) -> None:
        if self.edge.at_once:
            todo.extend(event())
        else:
            self.later.append(lambda: self.do(event()))

    def _send(self, connection: Connection, octets: bytes, todo: list[effects.Effect]) -> None:
        *pieces, last = [octets] if self.edge.at_once else [octets[i : i + 40] for i in range(0, len(octets), 40)]
        for piece in pieces:
            self.later.append(lambda piece=piece: connection.up.write(piece))  # type: ignore[misc]
        token = token_of(self.content)

        def sent() -> list[effects.Effect]:
            connection.up.write(last)  # the end of data, and in the same breath the relay is told
            self.dotted.add(token)
            return self.relay.content_sent()

        self._now_or_later(sent, todo)

    def _open(self) -> None:
        first = not self.connections
        connection = Connection(self, self.fault if first else None)
        if not first and self.fault and self.fault.upstream_after == "refused":
            self.later.append(lambda: self.do(self.relay.upstream_failed("refused")))
            return
        self.connections.append(connection)

        def opened() -> None:
            if not connection.dropped:
                self.do(self.relay.upstream_opened())
                connection.say(connection.mta.connect())

        self.later.append(opened)


def octets_of_a_session(trial: Trial, edge: Edge) -> dict[str, int]:
    """How many octets pass in each direction when nothing goes wrong."""
    world = World(replace(trial, told={}, committed=[], logged={}), None, edge)
    world.run()
    first = world.connections[0]
    links = {"C2F": world.up, "F2C": world.down, "F2U": first.up, "U2F": first.down}
    return {direction: len(link.passed) for direction, link in links.items()}
