"""Every folder of tests/bad_configs is a configuration that must be refused, and exactly what is said about it.

`FILTERD_UPDATE_EXPECTED=1` writes the expected-error files anew, to be read in the diff.
"""

from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest

from filterd.config import ConfigError, load_config

CASES = sorted(path for path in (Path(__file__).parent.parent / "bad_configs").iterdir() if path.is_dir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_bad_configuration_is_refused_for_its_reason(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It fails as expected, and not by chance: the text names file, line, key and cure."""
    monkeypatch.chdir(case)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 4096))  # the same on every machine
    with pytest.raises(ConfigError) as caught:
        load_config("filterd.toml")
    said = str(caught.value).replace(f"{case}/", "").replace(str(case), ".") + "\n"
    expected = case / "expected-error"
    if os.environ.get("FILTERD_UPDATE_EXPECTED"):
        expected.write_text(said, encoding="utf-8")
    assert said == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_mistake_has_its_place_and_its_cure(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No mistake comes without file, line, what and cure."""
    monkeypatch.chdir(case)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 4096))
    with pytest.raises(ConfigError) as caught:
        load_config("filterd.toml")
    lines = Path("filterd.toml").read_bytes().count(b"\n") + 1
    for mistake in caught.value.mistakes:
        assert mistake.file == "filterd.toml"
        assert 1 <= mistake.line <= lines
        assert mistake.what
        assert mistake.cure
