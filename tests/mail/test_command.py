"""One command line as a value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.mail.command import has_control, parse_command, usual_command


@pytest.mark.parametrize(
    ("line", "verb", "argument"),
    [
        (b"EHLO x", b"EHLO", b"x"),
        (b"mail from:<a@b>  ", b"MAIL", b"from:<a@b>"),
        (b"  \tbdat\t10 LAST", b"BDAT", b"10 LAST"),
        (b"RSET", b"RSET", b""),
        (b"", b"", b""),
        (b"   ", b"", b""),
    ],
)
def test_reading(line, verb, argument):
    """Verb and argument are read tolerantly, the line stays verbatim."""
    command = parse_command(line)
    assert (command.verb, command.argument, command.line) == (verb, argument, line)


@pytest.mark.parametrize(
    ("line", "found"),
    [(b"a\tb", False), ("ü".encode(), False), (b"a\rb", True), (b"a\x00", True), (b"\x7f", True), (b"\x0bBDAT", True)],
)
def test_control(line, found):
    """Octets that are read differently by different readers."""
    assert has_control(line) is found


@given(st.binary(max_size=40) | st.from_regex(rb"[A-Za-z]{3,5}[ \t]{0,2}[ -~\t]{0,9}", fullmatch=True))
def test_usual_lines(line):
    """The short way of reading says what the long way says, and only of lines without controls."""
    usual = usual_command(line)
    assert usual is None or (usual == parse_command(line) and not has_control(line))


def test_usual_lines_are_usual():
    """Else the short way would be for nothing."""
    assert usual_command(b"MAIL FROM:<a@b> SIZE=10 BODY=8BITMIME") and usual_command(b"RSET")
