"""One command line as a value."""

import pytest

from filterd.mail.command import has_control, parse_command


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
