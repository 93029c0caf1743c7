"""Signed messages with their text inside: found in every spelling of BER that signers use, never raising."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.mail.cms import PIECES, signed_content
from filterd.mail.limits import ReadLimits
from filterd.mail.message import Message

INNER = b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(b"a for<b>bid</b>den word")
SIGNED, DATA = bytes.fromhex("06092a864886f70d010702"), bytes.fromhex("06092a864886f70d010701")


def der(tag: int, content: bytes) -> bytes:
    """A value of definite length (X.690 §8.1.3)."""
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def ber(tag: int, content: bytes) -> bytes:
    """A value whose end is marked."""
    return bytes([tag, 0x80]) + content + b"\0\0"


def pieces(text: bytes, size: int) -> bytes:
    """Octet strings of some octets each."""
    return b"".join(der(4, text[at : at + size]) for at in range(0, len(text), size))


def signed(text: bytes, wrap: str, size: int) -> bytes:
    """A signed message as far as clients need it to show the text."""
    make = der if wrap == "der" else ber
    strings = der(4, text) if size == 0 else make(0x24, pieces(text, size))
    content = make(0x30, DATA + make(0xA0, strings))
    return make(0x30, SIGNED + make(0xA0, make(0x30, b"\x02\x01\x01" + der(0x31, b"") + content + der(0x31, b""))))


@pytest.mark.parametrize("wrap", ["der", "ber"])
@pytest.mark.parametrize("size", [0, 1, 7, 50, 1000])
@pytest.mark.parametrize(
    "kind",
    ["application/pkcs7-mime; smime-type=signed-data", "application/x-pkcs7-mime", "application/octet-stream; name=smime.p7m"],
)
def test_the_text_of_a_signed_message_is_read(wrap: str, size: int, kind: str) -> None:
    head = f"From: a@b.example\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
    octets = head + base64.encodebytes(signed(INNER, wrap, size))
    message = Message(octets, ReadLimits())
    found = [piece for piece in message.slices() if "a forbidden word" in piece.text]
    assert [(piece.area, piece.chain) for piece in found] == [("body", ("base64", "smime", "base64", "utf-8", "html"))]
    start, end = found[0].origin.content_span(2, 11)
    assert len(head) < start < end <= len(octets)
    assert not message.conditions


def test_too_many_pieces_are_told() -> None:
    head = b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    message = Message(head + base64.b64encode(signed(b"a" * (PIECES + 2), "ber", 1)), ReadLimits())
    assert "over-budget" in message.conditions


@pytest.mark.parametrize("octets", [b"", b"\x30", b"\x30\x80" + DATA, DATA, b"\x30\x80" + DATA + b"\x30\x03abc\x80\x03abc"])
def test_others(octets: bytes) -> None:
    """No signed data: encrypted ones, which name the type too, and what is cut off."""
    assert signed_content(octets) == []


@given(st.binary(max_size=60), st.integers(0, 200), st.binary(max_size=5))
def test_whatever_it_holds(octets: bytes, cut: int, junk: bytes) -> None:
    """Spans in order, inside the octets."""
    whole = signed(octets, "ber", 3)
    broken = whole[:cut] + junk + whole[cut:]
    at = 0
    for start, end in signed_content(broken):
        assert at <= start <= end <= len(broken)
        at = end
