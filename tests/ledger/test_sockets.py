"""The ledger under faults over real sockets: every connection cut after every 7th octet by FIN and RST, stalled, dribbled."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Awaitable, Callable, Iterator

import pytest

from tests.ledger.street import Street
from tests.support.faultproxy import DOWN, DRIBBLE, FIN, HALF, RST, STALL, UP, Cut
from tests.support.ledger import Campaign, Message, Trial

EVERY = 7
_NUMBERS = itertools.count()


def trial_of(name: object) -> Trial:
    """A clean message, a forbidden one, a clean one, with tokens of their own."""
    number = next(_NUMBERS)
    messages = (Message(f"t{number}a"), Message(f"t{number}b", forbidden=True), Message(f"t{number}c"))
    return Trial(str(name), messages)


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Callable[[Awaitable[None]], None]:
    """Runs a coroutine on each of the two loops."""
    factory = pytest.importorskip("uvloop").new_event_loop if request.param == "uvloop" else None

    def run(main: Awaitable[None]) -> None:
        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(main)  # type: ignore[arg-type]

    return run


async def _lengths(street: Street, pipelined: bool) -> dict[tuple[str, str], int]:
    """Octets of a session without a fault, by proxy and direction."""
    trial = trial_of("no fault")
    passed = await street.run(trial, pipelined=pipelined)
    assert [told.code for told in trial.told.values()] == [250, 550, 250]
    return passed


def _cuts(octets: int, direction: str, kinds: tuple[str, ...]) -> Iterator[Cut]:
    for number in range(0, octets + EVERY, EVERY):
        for kind in kinds:
            yield Cut(direction, number, kind)


async def _sweep(campaign: Campaign, proxy: str, direction: str, kinds: tuple[str, ...]) -> None:
    async with Street() as street:
        for pipelined in (False, True):
            octets = (await _lengths(street, pipelined))[proxy, direction]
            for cut in _cuts(octets, direction, kinds):
                trial = trial_of(f"{proxy} {cut} pipelined={pipelined}")
                await street.run(trial, **{proxy: cut}, pipelined=pipelined)  # type: ignore[arg-type]
                campaign.add(trial)
    campaign.check()


@pytest.mark.parametrize("direction", [UP, DOWN])
def test_client_connection_cut(run: Callable[[Awaitable[None]], None], campaign: Campaign, direction: str) -> None:
    """Between client and filterd: FIN, half a FIN, RST at every 7th octet."""
    run(_sweep(campaign, "front", direction, (FIN, HALF, RST) if direction == UP else (FIN, RST)))


@pytest.mark.parametrize("direction", [UP, DOWN])
def test_upstream_connection_cut(run: Callable[[Awaitable[None]], None], campaign: Campaign, direction: str) -> None:
    """Between filterd and upstream: FIN and RST at every 7th octet."""
    run(_sweep(campaign, "back", direction, (FIN, RST)))


@pytest.mark.parametrize(("proxy", "direction"), list(itertools.product(["front", "back"], [UP, DOWN])))
def test_stalls(run: Callable[[Awaitable[None]], None], campaign: Campaign, proxy: str, direction: str) -> None:
    """Nothing passes any more after every 7th octet; what stalled on its way to upstream arrives after all, too late."""
    run(_sweep(campaign, proxy, direction, (STALL,)))


def test_dribbles(run: Callable[[Awaitable[None]], None], campaign: Campaign) -> None:
    """One octet at a time, in each direction, changes nothing."""

    async def dribble() -> None:
        async with Street() as street:
            for proxy, direction, pipelined in itertools.product(("front", "back"), (UP, DOWN), (False, True)):
                trial = trial_of(f"{proxy} {direction} dribbles")
                await street.run(trial, **{proxy: Cut(direction, 1 << 30, DRIBBLE)}, pipelined=pipelined)  # type: ignore[arg-type]
                assert [told.code for told in trial.told.values()] == [250, 550, 250], (trial, street.log.records)
                campaign.add(trial)

    run(dribble())
    campaign.check()


@pytest.mark.parametrize("proxy", ["front", "back"])
def test_large_messages_cut(run: Callable[[Awaitable[None]], None], campaign: Campaign, proxy: str) -> None:
    """A message that is spooled, scanned apart and sent piece by piece leaves no part of itself upstream."""

    async def sweep() -> None:
        async with Street(memory_octets=16384) as street:
            size = len(Message("", lines=8000).wire)
            for kind, octets in itertools.product((FIN, RST, STALL), [*range(150, size, 50_021), size, size + 60, size + 130]):
                number = next(_NUMBERS)
                messages = (Message(f"t{number}a", lines=8000), Message(f"t{number}b"))
                trial = Trial(f"{proxy} {kind} after {octets}", messages)
                await street.run(trial, **{proxy: Cut(UP, octets, kind)})  # type: ignore[arg-type]
                campaign.add(trial)

    run(sweep())
    campaign.check()


def test_nothing_is_left_open(run: Callable[[Awaitable[None]], None]) -> None:
    """After sessions that broke in every way there are as many open descriptors as before."""

    async def sweep() -> None:
        async with Street() as street:
            await street.run(trial_of("warm"))
            before = len(os.listdir("/proc/self/fd"))
            for proxy, direction, kind, octets in itertools.product(("front", "back"), (UP, DOWN), (FIN, RST), (0, 40, 130)):
                await street.run(trial_of("cut"), **{proxy: Cut(direction, octets, kind)})  # type: ignore[arg-type]
            await asyncio.sleep(0)
            assert len(os.listdir("/proc/self/fd")) <= before

    run(sweep())
