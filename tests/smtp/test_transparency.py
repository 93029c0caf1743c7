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


def read_slowly(data: bytes) -> tuple[bytes, bytes, bool, bool] | None:
    """Content, rest, and the two flags, by the book: octet by octet to the end of data, then line by line."""
    seen = b"\r\n"
    while not seen.endswith(b"\r\n.\r\n"):
        if len(seen) - 2 == len(data):
            return None
        seen = b"\r\n" + data[: len(seen) - 1]
    lines = [line.removeprefix(b".") for line in seen[2:-5].split(b"\r\n")] if len(seen) > 5 else []
    content = b"".join(line + b"\r\n" for line in lines)
    bare = bool(re.search(rb"\r(?!\n)|(?<!\r)\n", content))
    content = re.sub(rb"\r\n|\r|\n", lambda found: b" " if found[0] == b"\r" else b"\r\n", content)
    nul = bool(re.search(rb"[\r\n]\x00+\.|[\r\n]\.\x00", seen))
    return content, data[len(seen) - 2 :], bare, nul


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


@given(OCTETS, OCTETS, st.sets(st.integers(0, 200)))
def test_the_book_says_the_same(before, after, cuts):
    """The quick reader and one that does nothing but what RFC 5321 says, on the same octets, cut or not."""
    data = before + b"\r\n.\r\n" + after
    for places in ([], cuts, range(len(data))):
        reader, content = read(data, [place for place in places if place < len(data)])
        assert (content, reader.rest, reader.bare_newline, reader.nul_beside_dot) == read_slowly(data)


@given(OCTETS)
def test_no_end_no_message(data):
    """Where the book finds no end, neither does the reader, and content is never more than what came."""
    reader, content = read(data)
    if read_slowly(data) is None:
        assert not reader.finished
        assert content == read_slowly(data + b"\r\n.\r\n")[0][: len(content)]


@given(OCTETS, st.sets(st.integers(0, 200)))
def test_both_writers_write_the_same(data, cuts):
    """The one for messages in memory and the one for pieces."""
    _, content = read(data + b"\r\n.\r\n")
    writer, places = DataWriter(), sorted({0, *(cut for cut in cuts if cut < len(content)), len(content)})
    assert b"".join(writer.write(content[a:b]) for a, b in itertools.pairwise(places)) + writer.finish() == wire(content)


@given(OCTETS)
def test_bare_newlines_are_counted_right(octets):
    """Counting line ends finds what looking for each finds."""
    assert has_bare_newline(octets) is bool(re.search(rb"\r(?!\n)|(?<!\r)\n", octets))


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
