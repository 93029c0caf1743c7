"""Whole messages: their parts, every text in them, and where it stands."""

from __future__ import annotations

import base64
import binascii

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filterd.mail.limits import ReadLimits
from filterd.mail.message import Message

ALL = ("sure", "ambiguous", "floor")


def texts(octets: bytes, limits: ReadLimits | None = None, readings: tuple[str, ...] = ALL) -> list[tuple[str, str, str]]:
    message = Message(octets, limits or ReadLimits())
    found = [(piece.part, piece.area, piece.text.strip("\r\n\0")) for piece in message.slices() if piece.reading in readings]
    return [(part, area, text) for part, area, text in found if text]


def conditions(octets: bytes, limits: ReadLimits | None = None) -> tuple[str, ...]:
    message = Message(octets, limits or ReadLimits())
    list(message.slices())
    return message.conditions


def b64(octets: bytes) -> bytes:
    return base64.encodebytes(octets).replace(b"\n", b"\r\n")


MIXED = b"Content-Type: multipart/mixed; boundary=a\r\n\r\n"


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (b"", []),
        (b"\r\nword", [("1", "body", "word")]),
        (b"Subject: word", [("0", "subject", " word")]),
        (b"word\r\n", [("1", "raw", "word")]),
        (b"A: b\r\nword here\r\n\r\nbody", [("0", "header", " b"), ("1", "raw", "word here"), ("1", "body", "body")]),
        (MIXED + b"pre\r\n--a\r\n\r\none\r\n--a--\r\nepi", [("1", "raw", "pre"), ("1", "body", "one"), ("1", "raw", "epi")]),
        (MIXED + b"--a\r\n\r\none\r\n--a  \r\n\r\ntwo", [("1", "body", "one"), ("2", "body", "two")]),
        (MIXED + b"--a\r\n\r\none\r\n--a--\r\n--a\r\n\r\ntwo\r\n--a--", [("1", "body", "one"), ("2", "body", "two")]),
        (MIXED + b"no delimiter", [("1", "raw", "no delimiter")]),
        (MIXED + b"--ab\r\n\r\none", [("1", "raw", "--ab\r\n\r\none")]),
        (MIXED + b"--a\r\nContent-Type: text/plain\r\n--a\r\n\r\ntwo", [("2", "body", "two")]),
        (MIXED + b"--a\r\n--a\r\n\r\ntwo", [("2", "body", "two")]),
        (MIXED.replace(b"\r\n", b"\n") + b"--a\n\none\n--a--\n", [("1", "body", "one")]),
        (MIXED.replace(b"\r\n", b"\r") + b"--a\r\rone\r--a--\r", [("1", "body", "one")]),
    ],
)
def test_structure(octets: bytes, expected: list[tuple[str, str, str]]) -> None:
    """No octet that a reader could see is left out, however the parts are (not) delimited."""
    assert texts(octets, readings=("sure",)) == expected


def test_nested_parts_are_numbered_as_imap_does() -> None:
    """RFC 3501 §6.4.5: a message inside is numbered through its part."""
    octets = (
        MIXED + b"--a\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n"
        b"--a\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nthree\r\n"
        b"--a\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nfour\r\n--a--"
    )
    assert texts(octets, readings=("sure",)) == [
        ("2", "subject", " inner"),
        ("1.1", "body", "one"),
        ("1.2", "body", "two"),
        ("2.1", "body", "three"),
        ("3.1", "body", "four"),
    ]
    assert conditions(octets) == ("unterminated-multipart",)


def test_digests_hold_messages() -> None:
    """RFC 2046 §5.1.5."""
    octets = b"Content-Type: multipart/digest; boundary=a\r\n\r\n--a\r\n\r\nSubject: =?utf-8?q?word?=\r\n\r\nbody\r\n--a--"
    assert texts(octets) == [("1", "subject", " word"), ("1.1", "body", "body")]


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (b"Content-Transfer-Encoding: base64", b64(b"the forbidden word"), "the forbidden word"),
        (b"Content-Transfer-Encoding: BASE64 (really)", b64(b"the forbidden word"), "the forbidden word"),
        (b"Content-Transfer-Encoding: quoted-printable", b"for=62id=\r\nden", "forbidden"),
        (b"Content-Transfer-Encoding: base64", b"plain, in truth", "plain, in truth"),
        (b"Content-Transfer-Encoding: x-foo", b64(b"the forbidden word"), "the forbidden word"),
        (b"Content-Transfer-Encoding: hexa", b"for=62idden", "forbidden"),
        (b"Content-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: base64", b64(b"a forbidden word"), "a forbidden word"),
        (b"X: y", b"see\r\nbegin 644 a.txt\r\n" + binascii.b2a_uu(b"forbidden") + b"`\r\nend\r\n", "forbidden"),
        (b"Content-Type: text/html", b"for<b>bid</b>den", "forbidden"),
        (b"Content-Type: text/plain; name=a.html", b"for<b>bid</b>den", "forbidden"),
        (b"Content-Type: text/plain\r\nContent-Type: text/html", b"for<b>bid</b>den", "forbidden"),
        (b"Content-Type: text/html\r\nContent-Type: text/plain", b"forbidden <b", "forbidden <b"),
        (b"Content-Type: text/plain; charset=koi8-r", "слово".encode("koi8_r"), "слово"),
        (b"Content-Type: text/plain; charset=punycode", b"forbidden", "forbidden"),
        (b"Content-Type: application/octet-stream", b"forbidden", "forbidden"),
        (b"Content-Type: text/plain; charset=utf-16le", "слово".encode("utf-16-le"), "слово"),
    ],
)
def test_readings(head: bytes, body: bytes, expected: str) -> None:
    """What some client would show is among the texts."""
    assert expected in [text for _, _, text in texts(head + b"\r\n\r\n" + body)]


def test_an_encoded_message_is_read_through() -> None:
    """RFC 2046 §5.2.1 forbids it, clients open it."""
    inner = b"Subject: s\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(b"forbidden")
    octets = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(inner)
    message = Message(octets, ReadLimits())
    (piece,) = [piece for piece in message.slices() if piece.area == "body"]
    start, end = piece.origin.content_span(3, 6)
    assert (piece.part, piece.text[3:6]) == ("1.1", "bid")
    outer = octets.index(b"\r\n\r\n") + 4
    before = b"".join(octets[outer:start].split())
    assert len(before) * 6 // 8 <= inner.index(b"Ym") + 2 < len(b"".join(octets[outer:end].split())) * 6 // 8


def test_names_and_descriptions() -> None:
    """File names in every field, RFC 2231 or not, encoded words in them too; subject, addresses, other fields."""
    octets = (
        b"From: Anna <a@b.example>\r\nSubject: s\r\nX-Note: n\r\nReceived: from nowhere\r\nDKIM-Signature: b=ass\r\n"
        b"Content-Type: application/zip; name=\"=?utf-8?q?f=C3=BCr?=.zip\"\r\n"
        b"Content-Disposition: attachment; filename*0=one; filename*1=.zip\r\n\r\n"
    )
    assert texts(octets) == [
        ("0", "address", " Anna <a@b.example>"),
        ("0", "subject", " s"),
        ("0", "header", " n"),
        ("1", "filename", "für.zip"),
        ("1", "filename", "one.zip"),
    ]


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (b"Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\n", "duplicate-content-type"),
        (MIXED.replace(b"=a", b"=a; boundary=b") + b"--a\r\n\r\n--b--", "boundary-conflict"),
        (b"Content-Transfer-Encoding: base64, quoted-printable\r\n\r\n", "odd-transfer-encoding"),
        (b"Content-Transfer-Encoding: x\r\n\r\n", "unknown-transfer-encoding"),
        (b"Content-Type: text/plain; charset=x\r\n\r\n", "unknown-charset"),
        (b"Content-Type: multipart/mixed\r\n\r\n", "missing-boundary"),
        (b"Content-Type: message/partial\r\n\r\n", "message-partial"),
        (b"Content-Type: message/external-body\r\n\r\n", "message-external-body"),
        (b"Content-Type: a/b" + b"; x=y" * 101 + b"\r\n\r\n", "too-many-parameters"),
        (MIXED + b"--a\r\n\r\nx\r\n" * 1001, "too-many-parts"),
        (b"".join(MIXED.replace(b"=a", b"=%d" % n) + b"--%d\r\n" % n for n in range(40)), "too-deep"),
        (b"Content-Type: message/rfc822\r\n\r\n" * 40, "too-deep"),
        (b"A: b\r\n" * 1001 + b"\r\n", "too-many-header-fields"),
        (b"A: " + b"b" * 300_000 + b"\r\n\r\n", "header-too-long"),
    ],
)
def test_conditions(octets: bytes, expected: str) -> None:
    """What is remarkable has a name."""
    assert expected in conditions(octets)


def test_two_boundaries_delimit_both() -> None:
    """The last boundary counts for some parsers, the first for some clients (CVE-2024-28054)."""
    octets = MIXED.replace(b"=a", b"=a; boundary=b") + b"--a\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--"
    found = [text for _, _, text in texts(octets, readings=("ambiguous",))]
    assert found[:2] == ["one", "two"]
    assert "one\r\n--b\r\n\r\ntwo\r\n--b--" in found


def test_an_undeclared_boundary_is_guessed() -> None:
    """And the parts are read, though nobody can be sure of them."""
    octets = b"Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\none\r\n--x--"
    assert texts(octets, readings=("ambiguous",))[0] == ("1", "body", "one")


def test_noise_is_no_text() -> None:
    """Of octets that are not plausible text only long printable runs are left."""
    noise = bytes(range(256)) * 32
    ((_, _, text),) = texts(b"Content-Type: image/jpeg\r\n\r\n" + noise + b"a caption that people can read" + noise)
    assert "a caption that people can read" in text
    assert "\x01" not in text


@settings(deadline=None)  # the time is the machine's
@given(st.binary(max_size=300))
def test_any_octets(octets: bytes) -> None:
    """Every message is read, and every text knows where it stands."""
    for piece in Message(octets, ReadLimits()).slices():
        for at in range(len(piece.text)):
            start, end = piece.origin.content_span(at, at + 1)
            assert 0 <= start <= end <= len(octets)


PIECES = st.lists(
    st.sampled_from(
        [b"\r\n", b"\n", b"--a", b"--b", b"--", b"Content-Type: multipart/mixed; boundary=", b"a", b"b", b": ", b"text/html",
         b"Content-Transfer-Encoding: ", b"base64", b"quoted-printable", b"Zm9v", b"=", b"<b>", b"<!--", b"&#", b"message/rfc822",
         b"Content-Type: ", b";", b"\0", b"\xff", b"=?utf-8?q?a?=", b"begin 644 a\n", b'"']
    ),
    max_size=30,
).map(b"".join)  # fmt: skip


@settings(deadline=None)
@given(PIECES)
def test_any_message(octets: bytes) -> None:
    """The same for what resembles messages."""
    test_any_octets.hypothesis.inner_test(octets)  # type: ignore[attr-defined]
