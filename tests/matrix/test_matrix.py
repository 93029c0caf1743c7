"""A sample of the matrix that covers every pair of carrier and script, of disguise and script, and every disguise and carrier.

`make matrix` judges all of it.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache

import pytest

from tests.matrix.bodies import Carrier
from tests.matrix.carriers import CARRIERS
from tests.matrix.cells import Cell, Judge, cells_of, scripts_of
from tests.matrix.disguises import LETTERS, LINES
from tests.matrix.exclusions import EXCLUDED
from tests.matrix.markup import MARKUP
from tests.matrix.terms import SCRIPTS

EVERY = 41  # a prime: no rhythm of disguises and scripts fits it


@cache
def sample(carrier: Carrier) -> tuple[Cell, ...]:
    """One cell in 41 of a carrier, beginning elsewhere in each, and one of each script that is not among them."""
    cells = list(cells_of(carrier))
    chosen = [cell for cell in cells[CARRIERS.index(carrier) * 7 % EVERY :: EVERY] if not cell.excluded()]
    for script in scripts_of(carrier):
        if script not in [cell.script for cell in chosen]:
            chosen += [cell for cell in cells if cell.script is script and not cell.excluded()][:1]
    return tuple(chosen)


@pytest.fixture(scope="module")
def judge() -> Judge:
    """The engines, made once."""
    return Judge()


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda carrier: carrier.name)
def test_hidden_words_are_found(carrier: Carrier, judge: Judge) -> None:
    """In every disguise and script, at the mildest level that has to see through it, and in an area that is right."""
    lost = [str(cell) for cell in sample(carrier) if not judge.hits(cell)]
    elsewhere = [str(cell) for cell in sample(carrier) if not {hit.area for hit in judge.hits(cell)}.intersection(carrier.areas)]
    assert not lost
    assert not elsewhere


@pytest.mark.parametrize("disguise", (*LETTERS, *LINES, *MARKUP), ids=lambda disguise: disguise.name)
def test_every_disguise_in_every_script(disguise, judge: Judge) -> None:  # type: ignore[no-untyped-def]
    """In a plain body, with every script that the disguise knows."""
    cells = [cell for cell in cells_of(CARRIERS[0]) if cell.disguise is disguise]
    assert cells
    assert not [str(cell) for cell in cells if not judge.hits(cell)]


def test_the_words_are_not_found_where_they_are_not(judge: Judge) -> None:
    """The text around them alone is innocent at every level: a cell proves something."""
    for number, carrier in enumerate(CARRIERS):
        for script in scripts_of(carrier)[number % 2 :: 4]:
            innocent = Cell(script, LETTERS[0], carrier, False, "")
            assert not judge.hits(innocent, "disguise"), (carrier.name, script.name)


def test_the_sample_covers_everything() -> None:
    """Every carrier in several scripts and disguises; `test_every_disguise_in_every_script` has every disguise."""
    cells = [cell for carrier in CARRIERS for cell in sample(carrier)]
    assert {cell.script.name for cell in cells} == {script.name for script in SCRIPTS}
    assert {cell.carrier.name for cell in cells} == {carrier.name for carrier in CARRIERS}
    assert len({(cell.carrier.name, cell.disguise.name) for cell in cells}) > 1500


def test_exclusions_have_reasons_and_cells() -> None:
    """No row of the table is left over from a disguise or carrier that is gone."""
    names = [(c.disguise.name, c.carrier.name, c.script.name) for carrier in CARRIERS for c in cells_of(carrier)]
    for *patterns, reason in EXCLUDED:
        assert reason
        assert any(all(map(fnmatchcase, name, patterns)) for name in names), patterns
