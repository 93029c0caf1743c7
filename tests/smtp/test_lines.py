"""Octets in, whole command lines out."""

import pytest

from filterd.smtp.lines import BareLineFeed, LineBuffer, LineFlood, LineTooLong


def lines_of(pieces, limit=10, flood=40, **options):
    """Every line or what was raised instead of it."""
    buffer, found = LineBuffer(), []
    for piece in pieces:
        buffer.feed(piece)
        while True:
            try:
                line = buffer.next_line(limit, flood, **options)
            except (LineTooLong, LineFlood, BareLineFeed) as error:
                found.append(type(error))
                if isinstance(error, LineFlood):
                    return found, buffer
                continue
            if line is None:
                break
            found.append(line)
    return found, buffer


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (b"a\r\nb\nc\r\n", [b"a", b"b", b"c"]),
        (b"\r\n\n", [b"", b""]),
        (b"0123456789\r\nx\r\n", [b"0123456789", b"x"]),
        (b"0123456789ab\r\nx\r\n", [LineTooLong, b"x"]),
        (b"a\rb\r\n", [b"a\rb"]),
        (b"x" * 100, [LineFlood]),
    ],
)
def test_lines(octets, expected):
    """Whole, octet by octet, and with a tail: the same lines, and a line too long costs only itself."""
    for pieces in ([octets], [octets[i : i + 1] for i in range(len(octets))]):
        assert lines_of(pieces)[0] == expected
    found, buffer = lines_of([octets + b"tail"])
    if LineFlood not in expected:
        assert (found, buffer.take_all()) == (expected, b"tail")


def test_crlf_only():
    """Where only CRLF is believed, a bare LF is told, and costs one line."""
    assert lines_of([b"a\nb\r\n"], crlf_only=True)[0] == [BareLineFeed, b"b"]


def test_memory_is_bounded():
    """A line without end is not collected."""
    buffer = LineBuffer()
    for _ in range(30):
        buffer.feed(b"x" * 1000)
        assert buffer.next_line(500, 65536) is None
        assert len(buffer) <= 1000
