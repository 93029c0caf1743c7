"""Paths of MAIL and RCPT."""

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.mail import path
from filterd.mail.path import PathError, parse_path_argument

GOOD = [
    (b"TO:<a@b>", b"", b"a", b"b", ()),
    (b"to: <a@b> X=1 Y", b"", b"a", b"b", (b"X=1", b"Y")),
    (b"TO:a@b", b"", b"a", b"b", ()),
    (b"TO : <a@b>", b"", b"a", b"b", ()),
    (b"TO:<>", b"", b"", b"", ()),
    (b"TO:<postmaster>", b"", b"postmaster", b"", ()),
    (b"TO:<@x,@y:a@b>", b"@x,@y", b"a", b"b", ()),
    (b"TO:<@[IPv6:::1]:a@b>", b"@[IPv6:::1]", b"a", b"b", ()),
    (b'TO:<"a b"@c>', b"", b'"a b"', b"c", ()),
    (b'TO:<"a@b>"@c> P=1', b"", b'"a@b>"', b"c", (b"P=1",)),
    (b'TO:<"a\\"b"@c>', b"", b'"a\\"b"', b"c", ()),
    (b"TO:<a@[192.0.2.1]>", b"", b"a", b"[192.0.2.1]", ()),
    (b"TO:<a@b@c>", b"", b"a@b", b"c", ()),
    ("TO:<jörg@bücher.example>".encode(), b"", "jörg".encode(), "bücher.example".encode(), ()),
    (b"TO:<a%b@c>", b"", b"a%b", b"c", ()),
]


@pytest.mark.parametrize(("argument", "route", "local_part", "domain", "parameters"), GOOD)
def test_reading(argument, route, local_part, domain, parameters):
    """Route, local part and domain are slices of what was sent."""
    found = parse_path_argument(argument, b"TO")
    assert (found.path.route, found.path.local_part, found.path.domain, found.parameters) == (
        route,
        local_part,
        domain,
        parameters,
    )
    assert found.path.octets in argument


@pytest.mark.parametrize(
    "argument",
    [
        b"",
        b"<a@b>",
        b"FROM:<a@b>",
        b"TO:",
        b"TO:<a@b",
        b"TO:<a@b>x",
        b"TO:a@b>",
        b"TO:<<a@b>>",
        b'TO:<"a@b>',
        b'TO:<"a"b@c>',
        b"TO:<@x>",
        b"TO:<@x:>",
        b"TO:<@x:postmaster>",
        b"TO:<@x@y:a@b>",
    ],
)
def test_bad(argument):
    """Nothing is guessed."""
    with pytest.raises(PathError):
        parse_path_argument(argument, b"TO")


@given(st.binary(max_size=80))
def test_anything(octets):
    """Any octets give a path or PathError, in linear time."""
    for argument in (b"TO:" + octets, b"TO:<" + octets + b">"):
        with contextlib.suppress(PathError):
            parse_path_argument(argument, b"TO")


def test_parameter():
    """A parameter's value, by its name in any case."""
    found = parse_path_argument(b"FROM:<> size=10 SMTPUTF8", b"FROM")
    assert (found.parameter(b"SIZE"), found.parameter(b"SMTPUTF8"), found.parameter(b"BODY")) == (b"10", b"", None)


@given(st.from_regex(rb"(?:TO|to|From):[ <]{0,2}[a@.%!\"x<>]{0,6}(?:@[a.-]{0,3})?[> ]{0,2}[A= \t]{0,5}", fullmatch=True))
def test_usual_arguments(argument):
    """The short way of reading says what the long way says."""
    usual = path._USUAL.fullmatch(argument)
    if usual is None:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(path, "_USUAL", re.compile(rb"(?!)"))
        slow = parse_path_argument(argument, usual[1].upper())
    assert parse_path_argument(argument, usual[1].upper()) == slow


def test_usual_arguments_are_usual():
    """Else the short way would be for nothing."""
    assert path._USUAL.fullmatch(b"FROM:<a.b@c.example> SIZE=10") and path._USUAL.fullmatch(b"FROM:<>")
