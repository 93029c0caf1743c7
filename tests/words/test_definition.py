"""Whatever makes finding fast, what is found is what the definition says: entries of every kind against plain, slow searching."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pytest
import regex
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from filterd.words.entry import Identifier, Regex, Wild
from filterd.words.identifiers import REGISTRY
from filterd.words.matcher import Matcher
from filterd.words.pattern import Some
from filterd.words.scan import Scan, Work
from filterd.words.wordlist import Wordlist, WordlistError, parse_wordlist

Spans = set[tuple[str, int, int]]
CUTS = st.lists(st.integers(0, 9), max_size=6)


def wordlist(*lines: str, level: str = "fold") -> Wordlist:
    return parse_wordlist("\n".join(lines).encode(), name="n", file="f", level=level)


def found(matcher: Matcher, text: str, sizes: Sequence[int] = ()) -> Spans:
    """(entry, start, end); the text is fed in slices of these sizes, the rest at once."""
    scan, hits, at = Scan(matcher, Work(10**6)), [], 0
    for size in sizes:
        hits += scan.feed(text[at : at + size], final=False)
        at += size
    hits += scan.feed(text[at:], final=True)
    return {(hit.term.entry.shown, hit.start, hit.end) for hit in hits}


def ends(pieces: Sequence[str | Some], text: str, at: int) -> Iterator[int]:
    """Everywhere that the pieces may end if they begin here: every way is tried."""
    if not pieces:
        yield at
        return
    piece, rest = pieces[0], pieces[1:]
    if isinstance(piece, str):
        blanks = re.match(r"\s+", text[at:]) if piece[:1] == " " else None
        if blanks or (piece and text[at : at + 1].lower() == piece[0].lower()):
            end = at + (blanks.end() if blanks else 1)
            yield from ends((piece[1:], *rest) if piece[1:] else rest, text, end)
        return
    if piece.many:
        yield from ends(rest, text, at)
    if at < len(text) and re.fullmatch(piece.characters, text[at], re.IGNORECASE):
        yield from ends(pieces if piece.many else rest, text, at + 1)


def naive_wild(entry: Wild, text: str) -> Spans:
    """Words and edges as the page says it."""
    spans: Spans = set()
    for start in range(len(text)):
        for end in ends(entry.glob.pieces, text, start):
            if end > start and not (is_inside(text, start) or is_inside(text, end)):
                spans.add((entry.shown, start, end))
    return spans


def is_inside(text: str, at: int) -> bool:
    """Are there letters on both sides?"""
    return text[max(at - 1, 0) : at].isalnum() and text[at : at + 1].isalnum()


def naive(lists: Wordlist, text: str) -> Spans:
    spans: Spans = set()
    for entry in lists.entries:
        if isinstance(entry, Wild):
            spans |= naive_wild(entry, text)
        elif isinstance(entry, Regex):
            pattern = regex.compile(entry.expression.source)
            spans |= {(entry.shown, *match.span()) for match in pattern.finditer(text) if match.group()}
        elif isinstance(entry, Identifier):
            spans |= {(entry.shown, *span) for span in REGISTRY[entry.name].find(text)}
    return spans


_PIECES = st.sampled_from(
    ["a", "b", "ab", "ba", "*", "?", "[ab]", "[^b]", "[:digit:]", "[1-3]", " ", "-", "1", "é", "Жа", "[éa]"]
)
_RUN = st.sampled_from(["ab", "ba", "Жа", "b1", "aab"])  # a wild entry needs one
_WILD = st.tuples(st.lists(_PIECES, max_size=4), _RUN, st.lists(_PIECES, max_size=4)).map(
    lambda parts: "".join((*parts[0], parts[1], *parts[2]))
)
_LETTERS = st.text("aAb1b -Жé\n", max_size=30)


@settings(deadline=None, max_examples=300)
@given(st.lists(_WILD, min_size=1, max_size=4), _LETTERS, CUTS)
def test_wild_entries(lines: list[str], text: str, sizes: list[int]) -> None:
    """Every span of every entry, whatever the others are and wherever the text is cut."""
    entries = []
    for line in lines:
        try:
            entries += [line] if isinstance(wordlist(line).entries[0], Wild) else []
        except WordlistError:
            continue
    assume(entries)
    lists = wordlist(*entries, level="case")
    assert found(Matcher([lists]), text, sizes) == naive(lists, text)


@settings(deadline=None, max_examples=100)
@given(_WILD, _LETTERS)
def test_wild_entries_in_canonical_texts(line: str, text: str) -> None:
    """What level `case` finds, level `fold` finds, too; more only where something had to be folded."""
    try:
        by_case, by_fold = wordlist(line, level="case"), wordlist(line, level="fold")
    except WordlistError:
        return
    assert found(Matcher([by_case]), text) <= found(Matcher([by_fold]), text)
    if text.isascii() and line.isascii():
        assert found(Matcher([by_case]), text) == found(Matcher([by_fold]), text)


_CARD, _IBAN, _SSN = "4111 1111 1111 1111", "DE89370400440532013000", "123-45-6789"
_EXPRESSIONS = (r"/ab\d+/", r"/\bba+\b/", r"/a-b/", r"/(?:ab|Ж)1/", r"/^b/", r"/\d$/", r"/(?<!a)\d\d-/", r"/1[^1]{3}1/")
_LINES = st.lists(st.sampled_from((*_EXPRESSIONS, "[:card:]", "[:iban:]", "[:ssn:]", "ab*b", "ba?b")), min_size=1, max_size=5)
_PARTS = st.sampled_from(["ab1", "b", "a", "-", " ", "\n", "1", "12", "Ж1", "Ж", _CARD, _IBAN, _SSN, _CARD.replace(" ", "")])


@settings(deadline=None, max_examples=200)
@given(_LINES, st.lists(_PARTS, max_size=12).map("".join))
def test_expressions_and_identifiers(lines: list[str], text: str) -> None:
    """The same spans as the modules find that look for them."""
    lists = wordlist(*lines, level="case")
    assert found(Matcher([lists]), text) == naive(lists, text)


@settings(deadline=None, max_examples=200)
@given(_LINES, st.lists(_PARTS, max_size=8), st.sampled_from(["case", "fold"]))
def test_the_first_look_misses_nothing(lines: list[str], texts: list[str], level: str) -> None:
    """Where something is found in one of several texts, all of them together are not clean."""
    matcher = Matcher([wordlist(*lines, level=level)])
    if any(found(matcher, text) for text in texts):
        together = "\n\0\n".join(texts)
        assert not matcher.is_clean(together)
        assert not together.isascii() or not matcher.is_clean_ascii(f"x: {together} y".encode())


@pytest.mark.parametrize("length", [1, 100, 900, 1000])
@pytest.mark.parametrize("cut", [3000, 3600, 4100, 5000])
def test_expressions_cross_slices(length: int, cut: int) -> None:
    """Up to 1,024 characters, wherever the slices meet; a text of many short tokens is no exception."""
    matcher = Matcher([wordlist(r"/begin[ x]{1,1015}end/", "[:card:]")])
    text = "x " * 2000 + "begin" + (" x" * length)[: length - 1] + " end " + _CARD + " x" * 2000
    whole = found(matcher, text)
    assert len(whole) == 2
    assert found(matcher, text, [cut, 50, 300, 1000]) == whole
