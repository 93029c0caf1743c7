"""Looking at many short texts at once finds what looking at each finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from filterd.mail.slices import Slice, Stitched
from filterd.mail.source import Source
from filterd.policy.sieve import sieve
from filterd.words.matcher import Matcher
from filterd.words.wordlist import parse_wordlist

LETTERS = ["", "top", "secret", "top secret", "bl", "uebird", "t o p", "v i a", "g r a", "ТОР", "\u202e", "v1agra", "и так", "é"]
NUMBERS = ["12", "a12", "123-45-6789", "１２３-45-6789", "bluesbird"]
TEXTS = st.sampled_from(LETTERS + NUMBERS)


def piece(text: str, *, part: str = "1", is_last: bool = True) -> Slice:
    return Slice(part, "body", (), text, is_last, Stitched([(text, 0, len(text))], Source(text.encode("utf-8"))))


def matcher(level: str) -> Matcher:
    octets = b"top secret\nbluebird\nviagra\n"
    return Matcher([parse_wordlist(octets, name="w", file="w", level=level)])


OTHERS = rb"""
blue*bird
/^\d+$/
[:ssn:]
"""
MATCHERS = {level: matcher(level) for level in ("case", "fold", "disguise")}
MATCHERS["others"] = Matcher([parse_wordlist(OTHERS, name="w", file="w")])


@given(st.lists(TEXTS, max_size=8), st.sampled_from(sorted(MATCHERS)))
def test_nothing_is_lost(texts: list[str], level: str) -> None:
    """What is left out is clean by itself; what is passed on keeps its order."""
    pieces = [piece(text, part=str(number)) for number, text in enumerate(texts)]
    passed = [each.part for each in sieve(pieces, MATCHERS[level])]
    assert passed == [each.part for each in pieces if each.part in passed]
    assert all(MATCHERS[level].is_clean(each.text) for each in pieces if each.part not in passed)


def test_a_text_in_slices_is_passed_whole() -> None:
    """Its last slice belongs to the ones before, short or not."""
    pieces = [piece("blue", is_last=False), piece("", part="2"), piece("bird", is_last=True), piece("", part="3")]
    assert [each for each in sieve(pieces, MATCHERS["case"]) if each.part == "1"] == [pieces[0], pieces[2]]


def test_long_texts_keep_their_place() -> None:
    """A long text is a search of its own; what was met before comes before."""
    pieces = [piece("a bluebird"), piece("b"), piece("word " * 1000), piece("bluebird")]
    assert list(sieve(pieces, MATCHERS["fold"])) == pieces
