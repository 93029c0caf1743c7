"""The numbered reasons: each has a meaning and a cure, and the page is made of nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from filterd.cli.alarms import HUNDREDS
from filterd.cli.main import main
from filterd.policy import alarms
from filterd.policy.alarm_texts import TEXTS

ROOT = Path(__file__).parent.parent.parent
NUMBERS = {name: value for name, value in vars(alarms).items() if name.isupper() and isinstance(value, int)}


def test_the_page_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    """docs/alarms.md is `filterd alarms`; `make docs` writes it."""
    with pytest.raises(SystemExit):
        main(["alarms"])
    assert (ROOT / "docs/alarms.md").read_text(encoding="utf-8") == capsys.readouterr().out


def test_every_number_has_its_words() -> None:
    """No alarm without meaning and cure, no words without an alarm, no number twice."""
    assert sorted(NUMBERS.values()) == sorted(TEXTS) == sorted(alarms.ALARMS)
    assert all(meaning and cure for meaning, cure in TEXTS.values())


def test_names_are_those_of_the_code() -> None:
    """The name in the log can be searched for in the source."""
    assert all(alarms.ALARMS[number].name == name.lower().replace("_", "-") for name, number in NUMBERS.items())


def test_every_hundred_has_a_heading() -> None:
    """A new kind of alarm needs a heading first."""
    assert {number // 100 for number in TEXTS} == set(HUNDREDS)


def test_numbers_never_change() -> None:
    """Administrators and programs rely on them; add, but never move or reuse one."""
    frozen = {"TOO_MANY_SESSIONS": 101, "BDAT": 203, "RELAYING_DENIED": 301, "TOO_BIG": 401, "FORBIDDEN_WORD": 501}
    frozen |= {"UNSCANNABLE": 511, "UPSTREAM_UNREACHABLE": 601, "IDENTITY_REFUSED": 606, "RELOAD_REFUSED": 701}
    assert frozen.items() <= NUMBERS.items()
