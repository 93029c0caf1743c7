"""Where the messages of an mbox begin and end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.store import mbox
from filterd.store.mbox import is_from_line, message_spans, unquoted

FROM = b"From anna@example.org Mon Jul 29 11:28:02 2002\n"


def messages(octets: bytes) -> list[bytes]:
    return [octets[start:end] for start, end in message_spans(lambda at, size: octets[at : at + size])]


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (b"", []),
        (b"Subject: x\n\nbody\n", []),
        (FROM + b"A: 1\n\none\n", [b"A: 1\n\none\n"]),
        (FROM, [b""]),
        (FROM[:-1], []),  # a line that does not end is none
        (FROM + b"A: 1\n\none\n\n" + FROM + b"B: 2\n\ntwo", [b"A: 1\n\none\n", b"B: 2\n\ntwo"]),
        (FROM + b"A: 1\n\none\n\n" + FROM, [b"A: 1\n\none\n", b""]),
        (FROM + b"\n" + FROM + b"x", [b"", b"x"]),
        # no blank line before it, no date in it, or no start of a line: text
        (FROM + b"A: 1\n\none\n" + FROM + b"two\n", [b"A: 1\n\none\n" + FROM + b"two\n"]),
        (FROM + b"A: 1\n\n\nFrom here on\n", [b"A: 1\n\n\nFrom here on\n"]),
        (FROM + b"A: 1\n\n\n>" + FROM, [b"A: 1\n\n\n>" + FROM]),
        (FROM + b"A: 1\n\n\n " + FROM, [b"A: 1\n\n\n " + FROM]),
        # CRLF, and both kinds of line end in one file
        (FROM.replace(b"\n", b"\r\n") + b"A: 1\r\n\r\none\r\n\r\n" + FROM + b"B", [b"A: 1\r\n\r\none\r\n", b"B"]),
        # the file does not begin as an mbox
        (b"A: 1\n\none\n\n" + FROM + b"two\n", []),
        (b"From here on\n\none\n\n" + FROM + b"two\n", []),
    ],
)
def test_messages(octets: bytes, expected: list[bytes]) -> None:
    assert messages(octets) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"From anna@example.org  Thu Aug 22 12:36:23 2002", True),
        (b"From - Thu Jan 01 00:00:00 1970", True),
        (b"From MAILER-DAEMON Fri Jul  8 12:08:34 2011", True),
        (b"From 1234567@xxx Mon Jul 08 12:00:00 +0000 2019", True),
        (b"From anna Mon Jul 29 11:28 EST 2002 remote from host", True),
        (b"From anna@example.org Mon, 29 Jul 2002 11:28:02 +0200\r", True),
        (b"From Mon to Fri, 10:30 to 17:00 in 2002", False),
        (b"From what I saw on Mon Jul 29 it rained", False),
        (b"From: anna Mon Jul 29 11:28:02 2002", False),
        (b"from anna Mon Jul 29 11:28:02 2002", False),
    ],
)
def test_from_lines(line: bytes, expected: bool) -> None:
    assert is_from_line(line) is expected


@pytest.mark.parametrize(
    ("quoted", "expected"),
    [
        (b">From x\n", b"From x\n"),
        (b"a\n>From x\n>>From y\n", b"a\nFrom x\n>From y\n"),
        (b"a >From x\n> From y\n>Frog\n", b"a >From x\n> From y\n>Frog\n"),
    ],
)
def test_unquoted(quoted: bytes, expected: bytes) -> None:
    assert unquoted(quoted) == expected


@given(st.lists(st.sampled_from([FROM, b"\n", b"\r\n", b"text\n", b">From x\n", b"From x\n", b"x" * 1200 + b"\n", b"\nFrom "])))
def test_blocks_change_nothing(pieces: list[bytes]) -> None:
    """However the file is cut into blocks, its messages are the same."""
    octets = FROM + b"".join(pieces)
    whole = messages(octets)
    before = mbox.BLOCK_OCTETS
    try:
        for mbox.BLOCK_OCTETS in (7, 1000, 1500):
            assert messages(octets) == whole
    finally:
        mbox.BLOCK_OCTETS = before
    assert all(not message.startswith(FROM) for message in whole[1:]) or b"\n" + FROM in octets
