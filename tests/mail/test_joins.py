"""Words across line ends, flowed text, and addresses as they are meant."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filterd.mail.joins import is_read_as_written, joined
from filterd.mail.limits import ReadLimits
from filterd.mail.message import Message
from filterd.mail.slices import Slice

HEAD = b"Content-Type: text/plain\r\n\r\n"


def further(octets: bytes) -> list[str]:
    """The texts given beside the text as it is."""
    slices = Message(octets, ReadLimits()).slices()
    return [piece.text.strip("\n\0") for piece in slices if piece.chain[-1:] in (("joined",), ("url",))]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"a blue-\r\nbird", "a bluebird"),
        (b"a blue-\nbird", "a bluebird"),
        (b"a blue-\rbird", "a bluebird"),
        (b"a blue-  \r\n\r\n  bird", "a bluebird"),
        (b"> a blue-\r\n> bird", "> a bluebird"),
        (b"> > a blue-\r\n>> bird", "> > a bluebird"),
        (b"| a blue-\r\n| bird", "| a bluebird"),
        (b"top\r\n| secret", "top secret"),
        (b"top\r\n: secret", "top secret"),
        (b"top\r\n>| secret", "top secret"),
        (b"top\r\nJoe> secret", "top secret"),
        (b"see http://example.net/top%20secret.", "http://example.net/top secret."),
        (b"see www.example.net/top%2520secret", "www.example.net/top secret"),
        (b"see http://xn--bcher-kva.example", "http://b\xfccher.example"),
    ],
)
def test_joined(body: bytes, expected: str) -> None:
    """What a reader reads; and the short way must not clear such a message."""
    assert any(expected in text for text in further(HEAD + body))
    assert not is_read_as_written(body, 0)


@pytest.mark.parametrize(
    "body",
    [
        b"a blue-bird\r\nb",
        b"-- \r\nName",
        b"-----\r\nword",
        b"- one\r\n- two",
        b"1-\r\n2",
        b"a\r\n> b\r\nc",
        b"100 % of\r\nit",
        b"Note:\r\nx",
    ],
)
def test_as_written(body: bytes) -> None:
    """What only resembles it."""
    assert further(HEAD + body) == []
    assert is_read_as_written(body, 0)


def test_flowed_text_that_deletes_spaces() -> None:
    """RFC 3676 §4.1: with delsp=yes the space before a soft break is no part of the text."""
    body = b"> for \r\n> bid \r\n> den\r\n"
    flowed = b"Content-Type: text/plain; format=flowed; DelSp=Yes\r\n\r\n" + body
    assert any("forbidden" in text for text in further(flowed))
    assert further(HEAD + body) == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (b"text/calendar; method=REQUEST", b"SUMMARY:a for\r\n bid\r\n\tden thing\r\n"),
        (b"text/calendar", b"SUMMARY:a for\n bidden thing\n"),
        (b"text/calendar", b"DESCRIPTION:see\\nforbidden\\, or not"),
        (b"text/calendar", b"X-ALT-DESC;FMTTYPE=text/html:<html>for<b>bid</b><i\r\n >de\r\n n</i>"),
        (b"text/plain; name=x.ics", b"DESCRIPTION:see\\Nfor-\r\nbidden"),
        (b"application/octet-stream; name=x.vcf", b"NOTE:see\\nfor\r\n bidden"),
    ],
)
def test_calendars_and_cards(kind: bytes, body: bytes) -> None:
    """RFC 5545 §3.1 and §3.3.11, RFC 6350 §3.2: folded lines go on, escapes stand for what they stand for."""
    assert any("forbidden" in re.split(r"\W+", text) for text in further(b"Content-Type: " + kind + b"\r\n\r\n" + body))


def test_html_is_joined_too() -> None:
    """A hyphen before a line break of the page."""
    octets = b"Content-Type: text/html\r\n\r\na blue-<br>\r\nbird"
    assert any("a bluebird" in text for text in further(octets))


@pytest.mark.parametrize("encoding", [b"7bit", b"quoted-printable"])
def test_spans(encoding: bytes) -> None:
    """A joined word spans the line end."""
    octets = b"Content-Type: text/plain\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\nmy blue-\r\n> bird sings"
    piece = next(piece for piece in Message(octets, ReadLimits()).slices() if piece.chain[-1:] == ("joined",))
    at = piece.text.index("bluebird")
    start, end = piece.origin.content_span(at, at + 8)
    assert octets[start:end] == b"blue-\r\n> bird"
    at = piece.text.index("sings")
    start, end = piece.origin.content_span(at, at + 5)
    assert octets[start:end] == b"sings"


class Identity:
    """Text that is its own source."""

    def __init__(self, start: int) -> None:
        self.start = start

    def content_span(self, start: int, end: int) -> tuple[int, int]:
        return self.start + start, self.start + end


def pieces(text: str, cuts: list[int]) -> list[Slice]:
    bounds = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    return [
        Slice("1", "body", (), text[start:end], end == len(text), Identity(start)) for start, end in itertools.pairwise(bounds)
    ]


LINES = st.text(alphabet="ab -\r\n>|:J%4x/w.", max_size=60)


@settings(deadline=None)
@given(LINES, st.lists(st.integers(0, 60), max_size=4))
def test_cut_anywhere(text: str, cuts: list[int]) -> None:
    """No joined word is lost, wherever the text is cut; spans lead back to its letters."""
    words: list[set[str]] = []
    for given_cuts in ([], cuts):
        found: set[str] = set()
        for piece in joined(pieces(text, given_cuts)):
            if piece.chain == ("joined",):
                for word in re.finditer(r"[ab]+", piece.text):
                    start, end = piece.origin.content_span(*word.span())
                    assert text[start] == word.group()[0] and text[end - 1] == word.group()[-1]
                    found.add(word.group())
        words.append(found)
    wanted = {found[1].rstrip("-") for found in re.finditer(r"([ab]+-\r\n[ab]+)", text)}
    for word in wanted:
        assert word.replace("-\r\n", "") in {*words[1]} or not cuts or words[1] >= words[0]
    assert sum(len(piece.text) for piece in joined(pieces(text, []))) <= 5 * len(text) + 12
