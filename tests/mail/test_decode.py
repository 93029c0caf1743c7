"""Transfer encodings: what clients can read, filterd reads, and it knows where it stood."""

from __future__ import annotations

import base64
import binascii
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.mail import decode
from filterd.mail.base64s import BASE64_JOINED, BASE64_URL
from filterd.mail.decode import BASE64, IDENTITY, QUOTED_PRINTABLE, UUENCODE, YENC, encoded_span, stretches, views
from filterd.mail.quoted import QP_DROPPED, QP_JOINED, QP_SWALLOWED
from filterd.mail.uuencode import blocks

ENCODINGS = (BASE64, QUOTED_PRINTABLE, UUENCODE, IDENTITY)
VIEWS = (*ENCODINGS, YENC, BASE64_JOINED, BASE64_URL, QP_DROPPED, QP_JOINED, QP_SWALLOWED)


def uuencode(octets: bytes) -> bytes:
    lines = [binascii.b2a_uu(octets[at : at + 45]) for at in range(0, len(octets), 45)]
    return b"begin 644 a.txt\n" + b"".join(lines) + b"`\nend\n"


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


@pytest.mark.parametrize(
    ("encoded", "encoding"),
    [
        (b"Zm9yYmlkZGVu", BASE64),
        (b"Zm9y\r\nYmlk\r\nZGVu", BASE64),
        (b"Zm9yYm\r\nlkZGVu", BASE64),
        (b"Z.m-9#y Y_m!l\0kZGVu", BASE64),
        (b"Zm9=yYmlkZ=GVu", BASE64),
        (b"Zm9yYg==aWRkZW4=", BASE64),
        (b"Zm9yYg==\r\naWRkZW4=\r\n", BASE64),
        (b"=Zm9yYmlkZGVu", BASE64),
        (b"Zm9yYmlkZGVu====", BASE64),
        (b"Zm9yYmlkZGVuZ", BASE64),
        (b"for=62idden", QUOTED_PRINTABLE),
        (b"for=bidden", QUOTED_PRINTABLE),
        (b"for= bidden", QUOTED_PRINTABLE),
        (b"for=Zbidden", QUOTED_PRINTABLE),
        (b"for=0x62idden", QUOTED_PRINTABLE),
        (b"for=\t \r\nbidden", QUOTED_PRINTABLE),
        (b"for=\rbidden", QUOTED_PRINTABLE),
        (b"for=\r\r\nbidden", QUOTED_PRINTABLE),
        (b"for=6\r\n2idden", QUOTED_PRINTABLE),
        (b"for=6=\r\n2idden", QUOTED_PRINTABLE),
        (b"=zfor\r\nbidden", QUOTED_PRINTABLE),
        (b"for=62idden=", QUOTED_PRINTABLE),
        (b"=C0=80" + b"x" * 2000 + b" for=62idden", QUOTED_PRINTABLE),
        (b"\xff\xfe for=62idden \x80", QUOTED_PRINTABLE),
    ],
)
def test_one_view_shows_the_word(encoded: bytes, encoding: str) -> None:
    """Broken as it may be, some client shows the word, so one of the views has it."""
    shown = [decode.decode(encoded, view) for view in (encoding, *views(encoded, encoding))]
    assert any(b"forbidden" in text for text in shown), shown


@pytest.mark.parametrize(
    ("encoded", "encoding"),
    [(b"Zm9y\r\nYg==\r\n", BASE64), (b"for=62=\r\nidden=3D\n", QUOTED_PRINTABLE), (b"a=b-c_d==e", IDENTITY)],
)
def test_clean_octets_have_one_view(encoded: bytes, encoding: str) -> None:
    """Where clients agree nothing is decoded twice."""
    assert views(encoded, encoding) == []


@pytest.mark.parametrize(
    "text",
    [
        uuencode(b"a forbidden word"),
        uuencode(b"a forbidden word").replace(b"`", b" "),
        uuencode(b"a forbidden word").replace(b"end\n", b""),
        uuencode(b"a forbidden word").replace(b"\n", b"\r\n"),
        uuencode(b"a forbidden word").replace(b"begin 644", b"begin 0755"),
        uuencode(b"a forbidden word ").replace(b"\n1", b"\n9"),
        b"begin-base64 644 a.txt\n" + base64.b64encode(b"a forbidden word") + b"\n====\n",
        b"=ybegin line=128 size=16 name=a.txt\r\n" + bytes((octet + 42) & 255 for octet in b"a forbidden word") + b"\r\n=yend",
    ],
)
def test_blocks_inside_text(text: bytes) -> None:
    """Files that older programs put into a text, and their names."""
    text = b"See what I found:\n" + text
    ((start, end, encoding, first, last),) = blocks(text)
    assert b"a forbidden word" in decode.decode(text[start:end], encoding)
    assert text[first:last] == b"a.txt"


@given(st.binary(max_size=300))
def test_yenc(octets: bytes) -> None:
    """What encoders write is read back."""
    plain = [(octet + 42) & 255 for octet in octets]
    encoded = b"".join(b"=" + bytes(((octet + 64) & 255,)) if octet in b"\0\n\r=" else bytes((octet,)) for octet in plain)
    assert decode.decode(encoded, YENC) == octets


@given(st.text(alphabet="Zm9=+/-_ \r\n4aF0x\t.", max_size=200).map(str.encode), st.sampled_from(VIEWS), st.data())
def test_spans_of_anything(octets: bytes, encoding: str, data: st.DataObject) -> None:
    """Decoded octets have a place, however they were encoded."""
    size = len(decode.decode(octets, encoding))
    if size:
        start = data.draw(st.integers(0, size - 1))
        first, last = encoded_span(octets, encoding, start, start + 1)
        assert 0 <= first < last <= len(octets)


@given(st.binary(max_size=300), st.sampled_from(VIEWS))
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


@given(st.binary(min_size=1, max_size=3000), st.sampled_from([BASE64, QUOTED_PRINTABLE]), st.data())
def test_marks_change_no_span(octets: bytes, encoding: str, data: st.DataObject) -> None:
    """What is noted of a stretch for its next hits leads to the same octets, which decode to what was found."""
    encoded = base64.encodebytes(octets) if encoding == BASE64 else binascii.b2a_qp(octets, istext=False)
    decoded = decode.decode(encoded, encoding)
    marks: list[tuple[int, int]] = []
    for _ in range(4):
        start = data.draw(st.integers(0, len(decoded) - 1))
        end = data.draw(st.integers(start + 1, len(decoded)))
        span = encoded_span(encoded, encoding, start, end, marks)
        assert span == encoded_span(encoded, encoding, start, end)
        assert 0 <= span[0] < span[1] <= len(encoded)
        if encoding == QUOTED_PRINTABLE:
            assert decoded[start:end] in decode.decode(encoded[slice(*span)], encoding)
    assert marks[0] == (0, 0)
