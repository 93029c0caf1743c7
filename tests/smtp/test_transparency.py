"""The one reader and the one writer of message data."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.policy.verdict import Edit
from filterd.smtp.transparency import DataReader, DataWriter, edited_pieces, has_bare_newline, normalize, wire

OCTETS = st.lists(st.sampled_from([b"\r", b"\n", b".", b"\x00", b"\r\n", b"\r\n.", b"a", b"\xff", b"..."])).map(b"".join)


def read(data: bytes, cuts=()) -> tuple[DataReader, bytes]:
    """Feed the data cut at these places until the reader has its end."""
    reader, content, places = DataReader(), b"", sorted({0, *cuts, len(data)})
    for start, end in itertools.pairwise(places):
        if reader.finished:
            reader.rest += data[start:end]
        else:
            content += reader.feed(data[start:end])
    return reader, content


CASES = [
    (b".\r\n", b"", b""),
    (b"\r\n.\r\n", b"\r\n", b""),
    (b"a\r\n.\r\nQUIT\r\n", b"a\r\n", b"QUIT\r\n"),
    (b"..\r\n.\r\n", b".\r\n", b""),
    (b"...\r\n.a\r\n.\r\n", b"..\r\na\r\n", b""),
    (b"a\n.\nb\r\n.\r\n", b"a\r\n.\r\nb\r\n", b""),
    (b"a\n.\r\n.\r\n", b"a\r\n.\r\n", b""),
    (b"a\r\n.\nb\r\n.\r\n", b"a\r\n\r\nb\r\n", b""),
    (b"a\r.\rb\r\n.\r\n", b"a . b\r\n", b""),
    (b"a\r.\r\n.\r\n", b"a .\r\n", b""),
    (b"a\r\r\n.\r\r\n.\r\n", b"a \r\n \r\n", b""),
    (b"a\r\n.\r.\r\n\r\n.\r\n", b"a\r\n .\r\n\r\n", b""),
]


@pytest.mark.parametrize(("data", "content", "rest"), CASES)
def test_reading(data, content, rest):
    """Only CRLF.CRLF ends data, whole, octet by octet, and cut in two anywhere."""
    for cuts in ([], range(len(data)), *([i] for i in range(len(data)))):
        reader, got = read(data, cuts)
        assert (reader.finished, got, reader.rest, reader.size) == (True, content, rest, len(content))


@given(OCTETS, st.sets(st.integers(0, 200)))
def test_cuts_change_nothing(data, cuts):
    """Content, rest and flags depend on the octets alone, never on how the network cut them."""
    data += b"\r\n.\r\ntail"
    whole, content = read(data)
    cut, got = read(data, [c for c in cuts if c < len(data)])
    assert got == content
    assert (cut.rest, cut.bare_newline, cut.nul_beside_dot) == (whole.rest, whole.bare_newline, whole.nul_beside_dot)


@given(OCTETS, st.sets(st.integers(0, 200)))
def test_what_leaves_is_safe(content, cuts):
    """The writer's octets hold no bare CR or LF and exactly one end of data, at their end."""
    writer, places = DataWriter(), sorted({0, *cuts, len(content)})
    sent = b"".join(writer.write(content[a:b]) for a, b in itertools.pairwise(places)) + writer.finish()
    assert not has_bare_newline(sent)
    assert (b"\r\n" + sent).find(b"\r\n.\r\n") == len(sent) - 3


@given(OCTETS)
def test_round_trip(content):
    """What was read from a client is sent so that upstream reads the same content again."""
    _, kept = read(content + b"\r\n.\r\n")
    upstream, seen = read(wire(kept))
    assert seen == kept
    assert not upstream.bare_newline
    assert upstream.rest == b""


@given(st.binary().map(lambda b: normalize(b.replace(b"\x00", b"")) + b"\r\n"))
def test_untouched_is_identical(content):
    """A message with proper lines arrives octet for octet."""
    stuffed = wire(content)
    _, kept = read(stuffed)
    assert kept == content
    assert wire(kept) == stuffed


@pytest.mark.parametrize(
    ("data", "flagged"),
    [
        (b"\x00.\r\n.\r\n", True),
        (b"a\r\n\x00.\r\n.\r\n", True),
        (b"a\r\n\x00\x00\x00.b\r\n.\r\n", True),
        (b"a\r\n.\x00\r\n.\r\n", True),
        (b"a\n\x00.\r\n.\r\n", True),
        (b"a\r\nb\x00.\r\n.\r\n", False),
        (b"a\x00\r\n..\r\n.\r\n", False),
    ],
)
def test_nul_beside_dot(data, flagged):
    """A NUL beside a line-start dot is seen wherever the network cuts."""
    for cuts in ([], range(len(data)), *([i] for i in range(len(data)))):
        assert read(data, cuts)[0].nul_beside_dot is flagged, cuts


@given(st.binary(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)), max_size=4), st.integers(1, 7))
def test_edits(content, places, piece):
    """Pieces joined are the content with its edits applied."""
    edits, position = [], 0
    for start, length in sorted(places):
        if start >= position and start + length <= len(content):
            edits.append(Edit((start, start + length), b"<%d>" % start))
            position = start + length
    expected, position = b"", 0
    for edit in edits:
        expected += content[position : edit.span[0]] + edit.octets
        position = edit.span[1]
    expected += content[position:]
    assert b"".join(edited_pieces(lambda a, b: content[a:b], len(content), edits, piece)) == expected


def test_normalize():
    """Every line end becomes CRLF, every stray CR a blank."""
    assert normalize(b"a\nb\rc\r\nd\r\r\n\n") == b"a\r\nb c\r\nd \r\n\r\n"
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", normalize(b"\r\r\n\n\r"))
