"""Which hits count, and what they weigh: areas, first lines, readings, alternatives."""

from __future__ import annotations

import pytest

from filterd.mail.slices import Slice, Span
from filterd.policy.collect import Collector
from filterd.policy.verdict import Hit
from filterd.words.matcher import Matcher
from filterd.words.scan import Work
from filterd.words.wordlist import Wordlist, parse_wordlist


class At:
    """Characters are octets, from some offset on."""

    def __init__(self, offset: int) -> None:
        self.offset = offset

    def content_span(self, start: int, end: int) -> Span:
        return self.offset + start, self.offset + end


def piece(text: str, area: str = "body", offset: int = 0, *, part: str = "1", last: bool = True, **more: str) -> Slice:
    return Slice(part, area, (more.pop("chain", "utf-8"),), text, last, At(offset), **more)


def collect(wordlist: Wordlist, *pieces: Slice) -> list[Hit]:
    collector = Collector(Matcher([wordlist]), 100, Work(10**6))
    for each in pieces:
        collector.search(each)
    return list(collector.hits)


@pytest.mark.parametrize(
    ("areas", "area", "field", "counts"),
    [
        ((), "raw", "", True),
        (("subject",), "subject", "subject", True),
        (("subject",), "body", "", False),
        (("header",), "subject", "subject", True),
        (("header",), "address", "from", True),
        (("header",), "header", "x-note", True),
        (("header",), "filename", "", False),
        (("header:x-note",), "header", "x-note", True),
        (("header:x-note",), "header", "x-other", False),
        (("header:from",), "address", "from", True),
        (("header:subject", "body"), "body", "", True),
    ],
)
def test_areas(areas: tuple[str, ...], area: str, field: str, counts: bool) -> None:
    """An entry counts where it or its list says."""
    wordlist = parse_wordlist(b"bad", name="n", file="f", areas=areas)
    assert len(collect(wordlist, piece("bad", area, field=field))) == counts


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("cut", [0, 3, 8, 9, 14])
def test_first_lines(end: str, cut: int) -> None:
    """Lines are counted across slices; header fields have none."""
    wordlist = parse_wordlist("bad\nworsé".encode(), name="n", file="f", first_lines=2)
    text = f"one{end}two bad{end}three bad{end}worse"
    pieces = [piece(text[:cut], last=False), piece(text[cut:], offset=cut)] if cut else [piece(text)]
    assert [hit.span[0] for hit in collect(wordlist, *pieces)] == [text.index("bad")]
    assert len(collect(wordlist, piece("a\nb\nc\nbad", "subject", field="subject"))) == 1
    assert len(collect(wordlist, piece("bad", part="2"), piece("bad", part="3", offset=10))) == 2


def test_several_readings_of_one_place_are_one_hit() -> None:
    """The surest reading, and then the least folding, is told; two places in one text stay two."""
    wordlist = parse_wordlist("bad\ncafé".encode(), name="n", file="f")
    (hit,) = collect(wordlist, piece("BAD", reading="ambiguous"), piece("bad", chain="cp1252"))
    assert (hit.reading, hit.view, hit.chain) == ("sure", "exact", ("cp1252",))
    (hit,) = collect(wordlist, piece("cafe"), piece("café", chain="x"))
    assert hit.view == "exact"
    assert len(collect(wordlist, piece("bad bad"), piece("bad bad", chain="x"))) == 2
    assert len(collect(wordlist, piece("bad"), piece("bad", "subject", 100))) == 2


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("a letter that says forbidden, and more", True),
        ("forbidden", True),
        ("a letter that says curse, and more", True),
        ("a letter that says damn, and more", False),  # too short for a guess
        ("\x01\ufffd¤\x7f forbidden ±\ufffd§\x00\x03", False),
    ],
)
def test_the_floor_needs_words_in_text(text: str, counts: bool) -> None:
    """What was decoded by guess finds only long words, and only in text."""
    wordlist = parse_wordlist(b"forbidden\ndamn\ncurse", name="n", file="f")
    assert len(collect(wordlist, piece(text, "raw", reading="floor"))) == counts
    assert len(collect(wordlist, piece(text, "raw"))) == 1


def make_hit(alternative: str, weight: int) -> Hit:
    return Hit("l", "f", 1, "e", "1", "body", "exact", (0, 1), "e", alternative=alternative, weight=weight)
