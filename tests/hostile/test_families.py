"""Hostile messages in small: nothing raises, and the text they make grows no faster than they do. `make hostile` measures."""

from __future__ import annotations

import pytest

from filterd.mail.limits import ReadLimits
from filterd.mail.message import Message
from tests.fuzz.checks import Checker
from tests.hostile.__main__ import engine_for
from tests.hostile.families import FAMILIES, Family

SMALL, FACTOR = 16 * 1024, 4


def work(message: bytes) -> int:
    """How much there is to search: characters, and as many again for each piece."""
    return sum(len(piece.text) + 64 for piece in Message(message, ReadLimits()).slices())


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_work_grows_as_the_message_does(family: Family) -> None:
    """Four times the octets are at most six times the text to be searched."""
    small, large = family.make(SMALL), family.make(SMALL * FACTOR)
    assert work(large) <= 6 * max(work(small), len(small))


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_verdicts_are_sound(family: Family) -> None:
    """Nothing raises; spans lie in the message; every way to feed it gives the same."""
    checker = Checker()
    checker.engine = engine_for(family)
    assert not [fault for fault in checker.faults(family.make(2048)) if not fault.startswith("costs")]
