"""Innocent words: what of a list's hits is no hit, because the letters lie in an ordinary word by accident."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.words.flaw import Flaw
from filterd.words.guard import Guard, whole_words
from filterd.words.innocent_file import read_innocent
from filterd.words.matcher import Matcher
from filterd.words.ordinary import ordinary_hits
from filterd.words.scan import Scan, TooManyProposals, Work
from filterd.words.wordlist import Wordlist, WordlistError, parse_wordlist

ORDINARY = frozenset(
    "class assess modern middlesex essex animal annual botch colour corn hello document glasses passes education".split()  # noqa: SIM905
)
GUARD = Guard({"en": ORDINARY, "de": frozenset({"fassen"})})


def parse(*lines: str, level: str = "fold", files: dict[str, bytes] | None = None) -> Wordlist:
    load = (files or {}).__getitem__
    return parse_wordlist("\n".join(lines).encode(), name="n", file="f", level=level, load=load)


def find(text: str, wordlist: Wordlist, work: Work | None = None) -> list[str]:
    scan = Scan(Matcher([wordlist], guard=GUARD), work or Work(10**6))
    return [hit.text for hit in scan.feed(text, final=True)]


@pytest.mark.parametrize(
    ("entry", "text", "found"),
    [
        ("*ass*", "class, CLASS, Cláss; fassen assess", []),
        ("*ass*", "ass asses classy jackass", ["ass", "asses", "classy", "jackass"]),
        ("*ass", "class, jackass", ["jackass"]),
        ("*sex*", "Essex, sexual, unisex", ["sexual", "unisex"]),
        ("*sex education", "Middlesex education, sex education", ["sex education"]),
        ("top ass*", "top assess, top asses", ["top asses"]),
        ("class", "class", ["class"]),
        ("class*", "class classes", ["class", "classes"]),
        ("an*al", "animal anal an1al", ["anal", "an1al"]),
        ("b?tch", "botch", ["botch"]),
        ("*ass* {unguarded}", "class", ["class"]),
        ("/ass/", "class", ["ass"]),
    ],
)
def test_what_counts(entry: str, text: str, found: list[str]) -> None:
    """Longer words that are ordinary do not count, unless they are the entry's own; closed entries lie in nothing."""
    assert find(text, parse(entry)) == found


@pytest.mark.parametrize(
    ("entry", "text", "found"),
    [
        ("modem", "modern, rnodem", ["rnodem"]),
        ("*ass*", "cl@ss, gla$$es, @ss, cl@sss", ["@ss", "cl@sss"]),
        ("class", "c1ass, c-l-a-s-s", ["c1ass", "c-l-a-s-s"]),
        ("viagra", "v1agra", ["v1agra"]),
    ],
)
def test_disguises(entry: str, text: str, found: list[str]) -> None:
    """A word that is ordinary as it stands there, or as it is meant, is no other one in disguise."""
    assert find(text, parse(entry, level="disguise")) == found


def test_a_list_may_have_no_guard() -> None:
    """Every hit counts then."""
    assert find("class", parse("@guard off", "*ass*")) == ["class"]
    assert find("class", parse("@guard on", "*ass*")) == []


def test_a_list_may_have_words_of_its_own() -> None:
    """They need be in no dictionary, and forms may be among them; other lists do not know them."""
    files = {"own.txt": "Assmann # a customer\n\nASSES\nKläss".encode()}
    text = "Assmann, asses, Kläss, Klass, assmanns"
    assert find(text, parse("@guard own.txt", "*ass*", files=files)) == ["assmanns"]
    assert find(text, parse("*ass*")) == ["Assmann", "asses", "Klass", "assmanns", "Kläss"]
    assert parse("@guard own.txt", "*ass*", files=files).files == ("f", "own.txt")


def test_the_file_has_one_word_a_line() -> None:
    """What is more is a mistake, told with the list's line."""
    with pytest.raises(Flaw, match="line 2 of the file, 'two words', is more than one word"):
        read_innocent(b"one\ntwo words", 8)
    with pytest.raises(WordlistError, match=r"f:1:8: line 1 of the file is not UTF-8"):
        parse("@guard own.txt", "*ass*", files={"own.txt": b"\xff"})


def test_asking_is_work() -> None:
    """A flood of different ordinary words costs what a flood of proposals costs; the same word again costs nothing."""
    assert find("class " * 1000, parse("*ass*"), Work(2000)) == []
    with pytest.raises(TooManyProposals):
        find(" ".join(f"{'x' * n}ass" for n in range(60)), parse("*ass*"), Work(500))


@given(st.text("abßé-' \u0301国", max_size=20), st.data())
def test_whole_words(text: str, data: st.DataObject) -> None:
    """They hold what was found, and a word edge stands before and behind them."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if start < end:
        there = whole_words(text, start, end)
        assert text[start:end] in there
        assert there in text


def test_what_a_list_would_hit() -> None:
    """For who writes it: each ordinary word that an entry lies in, and whether it is spared."""
    wordlist = parse("*ass*", "essex*", "*ass {unguarded}", "modem {disguise}", "corn")
    hits = {(hit.entry.shown, hit.word, hit.is_spared) for hit in ordinary_hits(wordlist, sorted(ORDINARY), GUARD)}
    assert hits == {
        ("*ass*", "class", True), ("*ass*", "assess", True), ("*ass*", "glasses", True), ("*ass*", "passes", True),
        ("*ass", "class", False), ("essex*", "essex", False), ("modem", "modern", True),
    }  # fmt: skip
