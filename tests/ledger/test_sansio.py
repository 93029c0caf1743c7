"""The ledger under faults, without sockets: a whole session of three messages, cut after every octet in every direction.

The session is a clean message, a forbidden one, a clean one, without RSET between them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest

from tests.ledger.links import Edge, Fault
from tests.ledger.world import World, octets_of_a_session
from tests.support.ledger import Campaign, Message, Trial

MESSAGES = (Message("m1"), Message("m2", forbidden=True), Message("m3"))
EDGES = {
    "one by one": Edge(),
    "pipelined": Edge(pipelined=True),
    "in turns": Edge(at_once=False),
    "pipelined, in turns": Edge(pipelined=True, at_once=False),
}
Recorder = Callable[[Campaign], Campaign]


def trial_of(fault: Fault | None, edge: Edge) -> Trial:
    """One session under one fault."""
    trial = Trial(f"{fault} {edge}", MESSAGES)
    world = World(trial, fault, edge)
    world.run()
    assert world.closed, f"{trial.name}: the session never ended"
    assert not any(connection.mta.complaints for connection in world.connections), trial.name
    return trial


def faults(edge: Edge, direction: str, kinds: tuple[str, ...], after: tuple[str, ...] = ("healthy",)) -> Iterator[Fault]:
    """Every octet, every kind."""
    octets = octets_of_a_session(Trial("", MESSAGES), edge)[direction]
    for number, kind, then in itertools.product(range(octets + 1), kinds, after):
        yield Fault(direction, number, kind, then)


@pytest.fixture(params=EDGES.values(), ids=EDGES.keys())
def edge(request: pytest.FixtureRequest) -> Edge:
    """How client and edge behave."""
    edge: Edge = request.param
    return edge


def test_without_a_fault_the_clean_are_delivered_and_the_forbidden_is_refused(edge: Edge) -> None:
    """The three ledgers agree when nothing goes wrong, and upstream has the octets that were sent."""
    trial = trial_of(None, edge)
    assert [told.code for told in trial.told.values()] == [250, 550, 250]
    assert trial.committed == [(message.token, message.content) for message in MESSAGES if not message.forbidden]
    assert trial.logged == {"m1": ["delivered"], "m2": ["refused"], "m3": ["delivered"]}


@pytest.mark.parametrize("direction", ["C2F", "F2C"])
def test_the_client_cut_after_every_octet(edge: Edge, direction: str, campaign: Campaign) -> None:
    """Wherever the client's connection breaks, stalls or is closed, no ledger contradicts another."""
    kinds = ("rst", "gone", "stall", "fin") if direction == "C2F" else ("rst", "gone", "stall")
    for fault in faults(edge, direction, kinds):
        trial = trial_of(fault, edge)
        campaign.add(trial)
        if fault.direction == "C2F" and fault.kind in ("fin", "gone"):
            deliveries = {token for token, _ in trial.committed}
            whole = {m.token for m in MESSAGES if trial.told[m.token].whole and not m.forbidden}
            assert deliveries == whole, f"{trial.name}: FIN after the complete dot must deliver, before it must not"
    campaign.check()


@pytest.mark.parametrize("direction", ["F2U", "U2F"])
def test_upstream_cut_after_every_octet(edge: Edge, direction: str, campaign: Campaign) -> None:
    """Wherever upstream breaks or stalls, whether it comes back or not, no ledger contradicts another."""
    for fault in faults(edge, direction, ("lost", "stall"), ("healthy", "refused")):
        campaign.add(trial_of(fault, edge))
    campaign.check()


def test_every_message_sent_whole_has_one_line_in_the_log(edge: Edge) -> None:
    """Under every break of either connection the mail log tells each whole message's outcome exactly once."""
    for direction, kind in (("C2F", "rst"), ("C2F", "fin"), ("F2U", "lost"), ("U2F", "lost")):
        for fault in faults(edge, direction, (kind,)):
            trial = trial_of(fault, edge)
            whole = [token for token, told in trial.told.items() if told.whole and (token in trial.logged or told.code)]
            assert all(len(trial.logged.get(token, ())) == 1 for token in whole), f"{trial.name}: {trial.logged}"


@pytest.mark.parametrize("seed", range(10))
def test_any_order_of_events(seed: int, campaign: Campaign) -> None:
    """What arrives first, and in how small pieces, changes nothing."""
    for edge in (Edge(pipelined=bool(seed % 2), at_once=False, piece=piece, seed=seed) for piece in (1, 3, 64)):
        octets = octets_of_a_session(Trial("", MESSAGES), edge)
        for direction, kind in (("C2F", "rst"), ("F2C", "rst"), ("F2U", "lost"), ("U2F", "lost")):
            for number in range(seed, octets[direction] + 1, 41):
                campaign.add(trial_of(Fault(direction, number, kind), edge))
    campaign.check()
