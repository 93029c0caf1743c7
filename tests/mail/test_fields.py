"""Header sections as they come, encoded words, parameters in every plausible reading."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.mail import encoded_words, parameters
from filterd.mail.fields import read_section
from filterd.mail.limits import ReadLimits

LIMITS = ReadLimits()


def fields(octets: bytes) -> list[tuple[str, bytes]]:
    return [(field.name, field.value.strip()) for field in read_section(octets, 0, len(octets), LIMITS).fields]


@pytest.mark.parametrize("eol", [b"\r\n", b"\n", b"\r", b"\r\r\n"])
def test_any_line_end(eol: bytes) -> None:
    """Folded fields, and the blank line that ends them, whatever ends a line."""
    octets = eol.join([b"Subject: a", b" b", b"X: 1", b"", b"body"])
    section = read_section(octets, 0, len(octets), LIMITS)
    assert [(field.name, field.value.split()) for field in section.fields] == [("subject", [b"a", b"b"]), ("x", [b"1"])]
    assert octets[section.body :] == b"body"
    assert not section.conditions
    assert octets[section.fields[0].start : section.fields[0].end] == eol.join([b"Subject: a", b" b", b""])
    assert octets[section.fields[1].start : section.fields[1].end] == b"X: 1" + eol


@pytest.mark.parametrize(
    ("octets", "expected", "conditions"),
    [
        (b"", [], ()),
        (b"\r\nbody", [], ()),
        (b"Subject: x", [("subject", b"x")], ()),
        (b"Subject : x\r\nNUL\0: y\r\n", [("subject", b"x"), ("nul", b"y")], ("nul", "blank-before-colon")),
        (b"From anna Tue\nA: b\n\n", [("a", b"b")], ()),
        (b"__class__: x\r\nheaders: y\r\n\r\n", [("__class__", b"x"), ("headers", b"y")], ()),
        (b"A: b\r\nno field\r\nC: d\r\n\r\n", [("a", b"b"), ("c", b"d")], ("stray-header-line",)),
        (b" folded first\r\nA: b\r\n\r\n", [("a", b"b")], ("stray-header-line", "bad-folding")),
        (b": x\r\nA: b\r\n\r\n", [("a", b"b")], ("stray-header-line",)),
    ],
)
def test_odd_sections(octets: bytes, expected: list[tuple[str, bytes]], conditions: tuple[str, ...]) -> None:
    """What is no field is told and left to be read as text; the fields behind it count."""
    section = read_section(octets, 0, len(octets), LIMITS)
    assert [(field.name, field.value.strip()) for field in section.fields] == expected
    assert section.conditions == conditions


def test_limits() -> None:
    """Over a limit the rest is body, and a condition says so."""
    few = read_section(b"A: b\r\n" * 10 + b"\r\n", 0, 62, ReadLimits(header_fields=3))
    assert (len(few.fields), few.conditions) == (3, ("too-many-header-fields",))
    assert few.body == 18
    long = read_section(b"A: " + b"b" * 100, 0, 103, ReadLimits(header_octets=50))
    assert (long.body, long.conditions) == (50, ("header-too-long",))


@given(st.text(alphabet="aB: \t\r\n-\0", max_size=60).map(str.encode))
def test_every_octet_is_somewhere(octets: bytes) -> None:
    """Fields, stray lines and body cover the section without overlap."""
    section = read_section(octets, 0, len(octets), LIMITS)
    spans = sorted([(field.start, field.end) for field in section.fields] + section.stray)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))
    assert all(0 <= start <= end <= len(octets) for start, end in spans)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"plain", "plain"),
        (b"=?utf-8?q?f=C3=BCr?=", "für"),
        (b"=?utf-8?B?ZsO8cg==?= alle", "für alle"),
        (b"=?utf-8?q?for?= =?utf-8?q?bidden?=", "forbidden"),
        (b"=?utf-8?q?for?=\r\n =?iso-8859-1?q?bidden?=", "forbidden"),
        (b"=?utf-8?B?w?= =?utf-8?B?w7w=?=", "ü"),
        (b"=?utf-8?q?=C3?= =?utf-8?q?=BC?=", "ü"),
        (b"=?us-ascii*en?Q?a_b?=", "a b"),
        (b"vi=?utf-8?q?ag?=ra", "viagra"),
        (b"=?utf-8?q?what??=", "what?"),
        (b"=?utf-8?q?a\r\n b?=", "ab"),
        (b"=?no-such?q?=C3=BC?=", "ü"),
        (b"=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
        (b"=?utf-8?q?open", "=?utf-8?q?open"),
        ("für".encode(), "für"),
        (b"f\xfcr", "für"),
    ],
)
def test_encoded_words(value: bytes, expected: str) -> None:
    """RFC 2047 with the liberties that clients take."""
    assert encoded_words.text(value) == expected


@given(st.text(alphabet="=?utf-8qB_ \r\n+/AQ", max_size=60).map(str.encode))
def test_encoded_words_never_raise(value: bytes) -> None:
    """Pieces follow each other within the value."""
    at = 0
    for _, start, end in encoded_words.pieces(value):
        assert at <= start <= end <= len(value)
        at = end


@pytest.mark.parametrize(
    ("value", "name", "expected"),
    [
        (b"text/plain; charset=utf-8", "charset", [b"utf-8"]),
        (b'a/b;charset="utf-8"; x=y', "charset", [b"utf-8"]),
        (b"a/b; boundary=one; boundary=two", "boundary", [b"one", b"two"]),
        (b'a/b; boundary="a\\"b c"', "boundary", [b'a"b c']),
        (b"a/b; boundary=a b; x=y", "boundary", [b"a", b"a b"]),
        (b"a/b; boundary=a(comment)", "boundary", [b"a", b"a(comment)"]),
        (b'a/b; boundary="open', "boundary", [b"open"]),
        (b'a/b; name="x"boundary=y', "boundary", [b"y"]),
        (b"a/b;\r\n boundary\r\n =\r\n x", "boundary", [b"x"]),
        (b"a/b; name*0=for; name*1=bidden", "name", [b"forbidden"]),
        (b"a/b; name*1*=%62idden; name*0*=utf-8'en'for", "name", [b"forbidden"]),
        (b"a/b; name*=iso-8859-1''f%FCr; name=x", "name", ["für".encode(), b"x"]),
        (b"a/b boundary=x", "boundary", [b"x"]),
    ],
)
def test_parameters(value: bytes, name: str, expected: list[bytes]) -> None:
    """All values that some client would take."""
    assert parameters.parse(value, 100).values.get(name) == expected


def test_parameter_limit() -> None:
    """Of a flood the first ones are read, and that is told."""
    given_ = parameters.parse(b"a/b" + b"".join(b"; x=%d" % number for number in range(500)), 100)
    assert given_.too_many
    assert len(given_.values["x"]) == 100


@given(st.text(alphabet="abc;=\"\\* '%(0) \r\n", max_size=60).map(str.encode))
def test_parameters_never_raise(value: bytes) -> None:
    """Any value has a media type and some parameters."""
    assert isinstance(parameters.parse(value, 100).media, str)
