"""The written configuration is made from the schema and cannot say anything else."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from filterd.config import Config, load_config, warnings
from filterd.config.document import effective, page, sample
from filterd.config.fields import fields, tables
from filterd.config.schema import Proxy

ROOT = Path(__file__).parent.parent.parent
EXPLAINED = {"upstream.identity", "proxy.allow_laundering"}  # the pages say when these are right


def test_the_reference_page_is_up_to_date() -> None:
    """docs/configuration.md is `filterd config --markdown`; `make docs` writes it."""
    assert (ROOT / "docs/configuration.md").read_text(encoding="utf-8") == page()


def test_the_sample_sets_nothing(tmp_path: Path) -> None:
    """As it stands, the sample file is the defaults."""
    path = tmp_path / "filterd.toml"
    path.write_text(sample(), encoding="utf-8")
    assert load_config(path) == Config()


def test_the_sample_without_its_marks_is_the_defaults_too(tmp_path: Path) -> None:
    """Every commented value is the real default, and valid TOML."""
    (tmp_path / "words.txt").write_text("word\n")
    uncommented = re.sub(r"^#(?=[\[a-z_])", "", sample(), flags=re.MULTILINE)
    document = tomllib.loads(uncommented)
    (wordlist,) = document.pop("wordlist")
    assert wordlist == {
        "file": "words.txt", "name": "", "action": "reject", "level": "fold", "areas": [], "first_lines": 0,
        "thresholds": {}, "mode": "enforce",
    }  # fmt: skip
    path = tmp_path / "filterd.toml"
    path.write_text(uncommented, encoding="utf-8")
    assert effective(load_config(path)).partition("[[wordlist]]")[0] == effective(Config()).partition("[limits]")[0]


def test_the_effective_values_load_again(tmp_path: Path) -> None:
    """What is printed is a configuration itself."""
    config = Config(proxy=Proxy(workers=3, listen=["[::1]:2525"]))
    path = tmp_path / "filterd.toml"
    path.write_text(effective(config), encoding="utf-8")
    assert load_config(path) == config


def test_only_what_was_changed_is_printed() -> None:
    """Like `postconf -n`."""
    assert effective(Config(proxy=Proxy(workers=3)), changed=True) == "[proxy]\nworkers = 3\n"


@pytest.mark.parametrize("table", tables())
def test_every_key_is_described(table: str) -> None:
    """A key without a description would be documented by silence."""
    assert all(field.description for field in fields(tables()[table]).values())


def examples() -> list[tuple[str, str]]:
    """Every TOML block of every page."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return [
        (f"{page.name}-{number}", block)
        for page in pages
        for number, block in enumerate(re.findall(r"^```toml\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S))
    ]


@pytest.mark.parametrize(("name", "text"), examples())
def test_every_example_is_a_configuration(tmp_path: Path, name: str, text: str) -> None:
    """What a page tells to write is accepted, and warned of nothing that the page does not speak of."""
    (tmp_path / "words.txt").write_text("word\n")
    path = tmp_path / "filterd.toml"
    path.write_text(text, encoding="utf-8")
    assert {warning.partition(": ")[0] for warning in warnings(load_config(path))} <= EXPLAINED
