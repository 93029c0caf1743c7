"""The tables of docs/wordlist-format.md, line by line, and what they leave out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from filterd.words.matcher import Matcher
from filterd.words.scan import Scan, Work
from filterd.words.wordlist import parse_wordlist

PAGE = (Path(__file__).parents[2] / "docs" / "wordlist-format.md").read_text(encoding="utf-8")
_TABLE = re.compile(r"^\|[^\n]*entry \| finds \| not \|\n((?:\|[^\n]*\|\n)+)", re.MULTILINE)
_ROW = re.compile(r"`([^`]+)` \| ([^|\n]*) \| ([^|\n]*)\|$", re.MULTILINE)


def find(text: str, *lines: str, level: str = "fold") -> list[tuple[str, str, str]]:
    """What is found, the whole text fed at once; character by character it must be the same."""
    matcher = Matcher([parse_wordlist("\n".join(lines).encode(), name="n", file="f", level=level)])
    found = [(hit.term.entry.shown, hit.text, hit.view) for hit in Scan(matcher, Work(100_000)).feed(text, final=True)]
    assert bool(found) <= (not matcher.is_clean(text))
    scan = Scan(matcher, Work(1_000_000))
    pieces = [hit for at, piece in enumerate(text) for hit in scan.feed(piece, final=at + 1 == len(text))]
    assert sorted((hit.term.entry.shown, hit.text, hit.view) for hit in pieces) == sorted(found)
    return found


def rows() -> list[tuple[str, str, bool]]:
    """Each entry of the tables with each word that it finds, or does not."""
    cases = []
    for entry, finds, leaves in _ROW.findall("".join(_TABLE.findall(PAGE))):
        cases += [(entry, word.strip(), True) for word in finds.split(",") if word.strip()]
        cases += [(entry, word.strip(), False) for word in leaves.split(",") if word.strip()]
    return cases


@pytest.mark.parametrize(("entry", "word", "is_found"), rows())
def test_the_page_is_true(entry: str, word: str, is_found: bool) -> None:
    """Alone, and in a sentence."""
    for text in (word, f"see {word}, please"):
        assert bool(find(text, entry)) is is_found, text


def test_the_page_has_its_tables() -> None:
    """A change of the page's form would leave this file without anything to test."""
    assert len(rows()) > 30


@pytest.mark.parametrize(
    ("entry", "text", "found", "view"),
    [
        ("pro*ject", "the Pro12ject!", "Pro12ject", "case"),
        ("pro*ject", "the pro12ject!", "pro12ject", "exact"),
        ("*pro?ect*", "subprojects", "subprojects", "exact"),
        ("gr[ae]y mark[:digit:]", "a GREY\n> mark7.", "GREY\n> mark7", "case"),
        ("caf?s", "ｃａｆés", "ｃａｆés", "canonical"),
        ("caf?s", "cafés", "cafés", "exact"),
        ("m[öu]ller x", "moller x", "moller x", "canonical"),
        ("$b?rds", "US$birds", "$birds", "exact"),
        ("国?家", "这国人家", "国人家", "exact"),
        ("国*家", "国一二三家", "国一二三家", "exact"),
        ("top *bird", "top  bluebird", "top  bluebird", "exact"),
        (r"/proj-\d{4}/i", "see PROJ-1234.", "PROJ-1234", "exact"),
        (r"/\bproj\d+/", "see ｐｒｏｊ１２ now", "ｐｒｏｊ１２", "canonical"),
        (r"/\d{3}#\d/", "no 123#4", "123#4", "exact"),
        (r"/top\s+secret/", "top\n secret", "top\n secret", "exact"),
        ("[:card:]", "pay 4111 1111 1111 1111, now", "4111 1111 1111 1111", "exact"),
        ("[:card:]", "pay ４１１１１１１１１１１１１１１１", "４１１１１１１１１１１１１１１１", "canonical"),
    ],
)
def test_what_is_found(entry: str, text: str, found: str, view: str) -> None:
    """The whole of it, and the least folding that was needed."""
    assert find(text, entry) == [(entry, found, view)]


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("pro*ject {exact}", "PROject"),
        ("pro*ject {case}", "ｐｒｏject"),
        ("pro*ject", "pro-ject"),
        ("b?rds", "b.rds"),
        ("top b?rd", "top, bird"),
        ("top b?rd", "topbird"),
        ("/proj/ {case}", "ｐｒｏｊ"),
        ("[:card:]", "4111 1111 1111 1112"),
    ],
)
def test_what_is_not_found(entry: str, text: str) -> None:
    """Neither below its level nor across signs."""
    assert find(text, entry) == []


def test_allow_entries_of_any_kind() -> None:
    """What stands inside what a wild entry or an expression allows does not count."""
    lines = ("bird*", "+ bird?eed", r"+ /bird\s+song/")
    assert [hit[1] for hit in find("birdseed, bird song and birds", *lines)] == ["birds"]


def test_a_slow_expression_is_given_up() -> None:
    """And nothing else is."""
    matcher = Matcher([parse_wordlist(b"/(a|aa)+c/\nbird", name="n", file="f")])
    work = Work(100_000)
    found = list(Scan(matcher, work).feed("a" * 5000 + " bird", final=True))
    assert [hit.text for hit in found] == ["bird"]
    assert work.too_slow
