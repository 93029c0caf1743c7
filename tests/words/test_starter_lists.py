"""The lists that come with filterd can be used, and say what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from filterd.words.wordlist import parse_wordlist

LISTS = sorted((Path(__file__).parents[2] / "wordlists").glob("*.txt"))
HEADINGS = ("# Purpose:", "# Source:", "# Owner:", "# Licence:", "# Limits:")


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_starter_lists(path: Path) -> None:
    """Usable, headed, every entry once, in order."""
    octets = path.read_bytes()
    lines = octets.decode().splitlines()
    assert all(line.startswith(heading) for heading, line in zip(HEADINGS, lines, strict=False))
    entries = [line.lower() for line in lines if not line.startswith("#")]
    assert len(parse_wordlist(octets, name=path.stem, file=path.name).entries) == len(entries)
    assert entries == sorted(entries)


def test_there_are_some() -> None:
    """The glob above finds them."""
    assert {"profanity.txt", "confidentiality.txt", "spam-phrases.txt"} <= {path.name for path in LISTS}
