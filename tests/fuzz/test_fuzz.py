"""A few hundred messages of the fuzzer, the same every time, and what it found earlier. `make fuzz` goes on from here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.checks import Checker
from tests.fuzz.minimise import minimised
from tests.fuzz.mutate import STEPS, Mutator
from tests.fuzz.seeds import own_seeds

CRASHERS = sorted((Path(__file__).parents[1] / "crashers").glob("*.eml"))
BATCHES, EACH = 4, 40


@pytest.fixture(scope="module")
def pool() -> list[bytes]:
    """What the messages are made of."""
    return own_seeds()


@pytest.fixture(scope="module")
def checker() -> Checker:
    """With its engine, made once."""
    return Checker()


def faults(checker: Checker, message: bytes) -> list[str]:
    """All but the time it took, which depends on the machine."""
    return [fault for fault in checker.faults(message) if not fault.startswith("costs")]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_mutated_messages(batch: int, pool: list[bytes], checker: Checker) -> None:
    """Whatever is done to a message, its verdict is sound."""
    for number in range(batch * EACH, (batch + 1) * EACH):
        message = Mutator(pool, f"ci-{number}").message()
        assert not faults(checker, message), message


@pytest.mark.parametrize("crasher", CRASHERS, ids=lambda path: path.stem)
def test_crashers(crasher: Path, checker: Checker) -> None:
    """What once was a fault is none any more."""
    assert not faults(checker, crasher.read_bytes())


def test_the_same_seed_makes_the_same_message(pool: list[bytes]) -> None:
    """Or nothing that is found could be looked at."""
    first = [Mutator(pool, f"1-{number}").message() for number in range(30)]
    assert first == [Mutator(pool, f"1-{number}").message() for number in range(30)]
    assert len(set(first)) > 25


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_every_step_takes_any_message(step, pool: list[bytes]) -> None:  # type: ignore[no-untyped-def]
    """Also an empty one."""
    for message in (b"", b"\r\n", pool[0], pool[-1]):
        assert isinstance(step(Mutator(pool, "1"), message), bytes)


def test_minimising_keeps_what_fails() -> None:
    """The smallest message with the same fault."""
    assert minimised(b"some text with an x in it", lambda message: b"x" in message) == b"x"
