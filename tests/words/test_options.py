"""The options of an entry, and that they are written as they are read."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.words.options import AREAS, LEVELS, ROLES, WEIGHT, Options, read_options, write_options


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("{disguise}", Options(level="disguise")),
        ("{level=case}", Options(level="case")),
        ("{20 max=60}", Options(weight=20, cap=60)),
        ("{-5}", Options(weight=-5)),
        ("{weight=+7}", Options(weight=7)),
        ("{count=first}", Options(count=1)),
        ("{count=every}", Options()),
        ("{count=3 min=2}", Options(count=3, least=2)),
        ("{count=unique}", Options(unique=True)),
        ("{required}", Options(role="required")),
        ("{block off}", Options(role="block", off=True)),
        ("{watch\tunguarded}", Options(watch=True, guarded=False)),
        ("{areas=Body,header:X-Note}", Options(areas=("body", "header:x-note"))),
        (r'{note="asked for by \"legal\", see \\srv" owner=anna}', Options(note='asked for by "legal", see \\srv', owner="anna")),
        ("{ added=2026-11-26 expires=2027-01-31 }", Options(added=date(2026, 11, 26), expires=date(2027, 1, 31))),
    ],
)
def test_options(said: str, expected: Options) -> None:
    """Switches, a bare weight, and `name=value`."""
    assert read_options(said, 0) == (expected, len(said))


_texts = st.text(alphabet='ab "\\}{=#é', max_size=8)
_options = st.builds(
    Options,
    level=st.sampled_from(["", *LEVELS]),
    areas=st.lists(st.sampled_from([*AREAS, "header:x-a"]), max_size=3, unique=True).map(tuple),
    weight=st.none() | st.integers(-WEIGHT, WEIGHT),
    cap=st.integers(0, 99),
    count=st.integers(0, 9),
    least=st.integers(1, 9),
    role=st.sampled_from(["", *ROLES]),
    off=st.booleans(),
    watch=st.booleans(),
    guarded=st.booleans(),
    note=_texts,
    owner=_texts,
    category=_texts,
    added=st.none() | st.dates(),
    expires=st.none() | st.dates(),
)


@given(_options)
def test_written_options_are_read_again(options: Options) -> None:
    """Nothing is lost or changed."""
    written = write_options(options)
    assert (read_options(written, 0)[0] if written else Options()) == options
