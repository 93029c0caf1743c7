"""Where entries are found, and where not."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filterd.words.matcher import Matcher
from filterd.words.scan import Scan, TooManyProposals, Work
from filterd.words.tokens import normal_gap, token_spans
from filterd.words.wordlist import Wordlist, parse_wordlist


def make(*entries: str) -> Wordlist:
    escaped = ("".join(f"\\{sign}" if sign in "*?[/+<{@#\\" else sign for sign in entry) for entry in entries)
    return parse_wordlist("\n".join(escaped).encode(), name="n", file="f")


def find(text: str, *entries: str, sizes: tuple[int, ...] = ()) -> list[tuple[str, str]]:
    """(entry, text found); the text is fed in slices of these sizes, the rest at once."""
    scan = Scan(Matcher([make(*entries)]), Work(10**6))
    found, at = [], 0
    for size in sizes:
        found += list(scan.feed(text[at : at + size], final=False))
        at += size
    found += list(scan.feed(text[at:], final=True))
    assert all(text[hit.start : hit.end] == hit.text for hit in found)
    return sorted((hit.term.entry.text, hit.text) for hit in found)


@pytest.mark.parametrize(
    ("entry", "text", "expected"),
    [
        ("ass", "pass the class assignment", []),
        ("ass", "ASS, ass_ (Ass) 'ass'", ["ASS", "ass", "Ass", "ass"]),
        ("scunthorpe", "Scunthorpe!", ["Scunthorpe"]),
        ("top secret", "Top\tSECRET", ["Top\tSECRET"]),
        ("top secret", "top\r\n> > secret", ["top\r\n> > secret"]),
        ("top secret", "top, secret", []),
        ("top secret", "top-secret topsecret", []),
        ("top-secret", "top-secret top secret", ["top-secret"]),
        ("e-mail", "e-mail e -mail", ["e-mail"]),
        ("c++", "C++ c+ c++11 c", ["C++", "c++"]),
        ("$100", "US$100 100", ["$100"]),
        ("a - b", "a  -\nb a-b", ["a  -\nb"]),
        ("straße", "STRASSE Straße", ["STRASSE", "Straße"]),
        ("strasse", "straße", ["straße"]),
        ("finden", "ﬁnden", ["ﬁnden"]),
        ("i\u0307stanbul", "İSTANBUL", ["İSTANBUL"]),
        ("caf\u00e9", "cafe\u0301 CAFÉ", ["cafe\u0301", "CAFÉ"]),
        ("国家", "这国家是 国 家", ["国家"]),
        ("国家", "国\r\n家", ["国\r\n家"]),
        ("กิน", "ฉันกินข้าว", ["กิน"]),
        ("слово", "СЛОВО, словом", ["СЛОВО"]),
        ("1234", "12345 1234", ["1234"]),
    ],
)
def test_whole_words_and_phrases(entry: str, text: str, expected: list[str]) -> None:
    """An entry is found as whole words in any case, across any blanks, and never inside a longer word."""
    assert [hit for _, hit in find(text, entry)] == sorted(expected)


def test_entries_inside_each_other_are_all_found() -> None:
    """The lists may be of different strictness, so no hit hides another."""
    assert [entry for entry, _ in find("a top secret b", "top", "secret", "top secret", "a top")] == [
        "a top", "secret", "top", "top secret",
    ]  # fmt: skip


def naive(text: str, entry: str) -> list[str]:
    """The definition, without an automaton: try every token."""
    words, wanted = token_spans(text), token_spans(entry)
    fold = [entry[start:end].casefold() for start, end in wanted]
    gaps = [normal_gap(entry[a[1] : b[0]]) for a, b in itertools.pairwise(wanted)]
    found = []
    for first in range(len(words) - len(wanted) + 1):
        here = words[first : first + len(wanted)]
        if [text[start:end].casefold() for start, end in here] == fold and gaps == [
            normal_gap(text[a[1] : b[0]]) for a, b in itertools.pairwise(here)
        ]:
            found.append(text[here[0][0] : here[-1][1]])
    return sorted(found)


LETTERS = st.text(alphabet="aAbß -.国\n>", min_size=1, max_size=30)
WORDS = st.lists(st.sampled_from(["a", "b", "ab", "a b", "b a b", "ß", "ss", "a-b", "国", "国a", "a\nb"]), min_size=1, max_size=5)


@settings(deadline=None)
@given(text=LETTERS, entries=WORDS, sizes=st.lists(st.integers(0, 9), max_size=6))
def test_the_automaton_finds_what_the_definition_does(text: str, entries: list[str], sizes: list[int]) -> None:
    """However the text is cut into slices, exactly the hits of the plain definition are found."""
    for entry in entries:
        entry = " ".join(entry.split())
        if "国" not in entry:  # there a line break may stand inside
            assert [hit for _, hit in find(text, entry, sizes=tuple(sizes))] == naive(text, entry)


def test_a_word_longer_than_the_overlap_has_no_inside() -> None:
    """A cut inside an endless word makes no word edges."""
    endless = "x" * 40_000
    assert find(endless + "ass" + endless + " ass", "ass", sizes=(40_000, 3, 20_000)) == [("ass", "ass")]


def test_the_work_is_bounded() -> None:
    """A message made of proposals costs a fixed number of them."""
    scan = Scan(Matcher([make("a")]), Work(10))
    with pytest.raises(TooManyProposals):
        list(scan.feed("a " * 20, final=True))
