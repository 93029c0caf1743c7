"""Transfer encodings: what clients can read, filterd reads, and it knows where it stood."""

from __future__ import annotations

import base64
import binascii
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.mail import decode
from filterd.mail.decode import BASE64, IDENTITY, QUOTED_PRINTABLE, UUENCODE, encoded_span, stretches

ENCODINGS = (BASE64, QUOTED_PRINTABLE, UUENCODE, IDENTITY)


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        (b"Zm9yYmlkZGVu", b"forbidden"),
        (b"Zm9y\r\nYmlk\r\nZGVu\r\n", b"forbidden"),
        (b"Zg==b3I=YmlkZGVu", b"forbidden"),
        (b"Zm9y=YmlkZGVu==", b"forbidden"),
        (b"Z m-9.y\0Y#m\xfflk ZGVu", b"forbidden"),
        (b"Zm9yYmlkZGV", b"forbidde"),
        (b"Zm9yYmlkZGVuZ", b"forbidden"),
        (b"====", b""),
        (b"", b""),
    ],
)
def test_base64(encoded: bytes, expected: bytes) -> None:
    """Junk is skipped, padding ends a stream and not the part, a lone letter is dropped."""
    assert decode.decode_base64(encoded) == expected


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        (b"for=62idden", b"forbidden"),
        (b"for=\r\nbid=\nden", b"forbidden"),
        (b"for=  \r\nbidden", b"forbidden"),
        (b"for=\rbidden", b"forbidden"),
        (b"for=3dx=3Dx", b"for=x=x"),
        (b"a=b =ZZ", b"a=b =ZZ"),
        (b"end=", b"end"),
        (b"=C3=9F", b"\xc3\x9f"),
    ],
)
def test_quoted_printable(encoded: bytes, expected: bytes) -> None:
    """Soft line breaks of every kind join, escapes of either case decode, a stray `=` is itself."""
    assert decode.decode_quoted_printable(encoded) == expected


def uuencode(octets: bytes) -> bytes:
    lines = [binascii.b2a_uu(octets[at : at + 45]) for at in range(0, len(octets), 45)]
    return b"begin 644 a.txt\n" + b"".join(lines) + b"`\nend\n"


def test_uuencode() -> None:
    """`begin` and `end` are no data, blanks at line ends may be lost."""
    assert decode.decode_uuencode(uuencode(b"forbidden word " * 9)) == b"forbidden word " * 9
    assert decode.decode_uuencode(uuencode(b"forbidden").replace(b" ", b"`")) == b"forbidden"


@given(st.binary(max_size=300))
def test_round_trips(octets: bytes) -> None:
    """What encoders write is read back."""
    assert decode.decode_base64(base64.encodebytes(octets)) == octets
    assert decode.decode_quoted_printable(quopri.encodestring(octets, quotetabs=True)) == octets
    assert decode.decode_uuencode(uuencode(octets)) == octets


@given(st.binary(max_size=300), st.sampled_from(ENCODINGS))
def test_never_raises(octets: bytes, encoding: str) -> None:
    """Any octets decode to something."""
    assert isinstance(decode.decode(octets, encoding), bytes)


@given(st.binary(min_size=1, max_size=120), st.sampled_from(ENCODINGS), st.data())
def test_spans_hold_what_they_say(octets: bytes, encoding: str, data: st.DataObject) -> None:
    """The span of some decoded octets decodes to them: alone for QP, with its neighbours' bits for base64."""
    encoded = {
        BASE64: base64.encodebytes(octets),
        QUOTED_PRINTABLE: quopri.encodestring(octets, quotetabs=True),
        UUENCODE: uuencode(octets),
        IDENTITY: octets,
    }[encoding]
    start = data.draw(st.integers(0, len(octets) - 1))
    end = data.draw(st.integers(start + 1, len(octets)))
    first, last = encoded_span(encoded, encoding, start, end)
    assert 0 <= first < last <= len(encoded)
    wanted = octets[start:end]
    if encoding == BASE64:
        whole = bytes(encoded[:first]) + bytes(encoded[first:last])
        assert decode.decode_base64(whole)[: end] == octets[:end]
        assert len(decode.decode_base64(encoded[:first])) <= start
    elif encoding == UUENCODE:
        assert wanted in decode.decode_uuencode(encoded[first:last])
    else:
        assert decode.decode(encoded[first:last], encoding) == wanted


@pytest.mark.parametrize("encoding", [BASE64, QUOTED_PRINTABLE, IDENTITY])
@pytest.mark.parametrize("text", [b"forbidden word\r\n", b"forbidden"])
def test_stretches_are_cut_where_nothing_is_torn(encoding: str, text: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stretches of a large part decode to what the part does."""
    monkeypatch.setattr(decode, "STRETCH", 5000)
    octets = text * 2000
    encoded = {
        BASE64: base64.encodebytes(octets),
        QUOTED_PRINTABLE: b"".join(b"=%02X" % octet for octet in octets),
        IDENTITY: octets,
    }[encoding]
    pieces = list(stretches(b"xx" + encoded, 2, len(encoded) + 2, encoding))
    assert len(pieces) > 3
    assert b"".join(piece for _, piece in pieces) == octets
    assert [stretch.start for stretch, _ in pieces[1:]] == [stretch.end for stretch, _ in pieces[:-1]]
