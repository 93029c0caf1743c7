"""How sure a text is, what the floor finds, and that readings add up but never multiply."""

from __future__ import annotations

import base64
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.mail.limits import ReadLimits
from filterd.mail.message import Message
from filterd.mail.slices import Slice

TEXT = b"Dear reader, here stands the forbidden word, for you to see."
START = b"From: a@b.example\r\nSubject: x\r\n"


def read(octets: bytes) -> list[Slice]:
    return list(Message(octets, ReadLimits()).slices())


def readings(octets: bytes, word: str = "forbidden") -> set[tuple[str, str]]:
    """Reading and area of the texts with the word; and its octets map back."""
    found = [piece for piece in read(octets) if word in piece.text]
    for piece in found:
        at = piece.text.index(word)
        start, end = piece.origin.content_span(at, at + len(word))
        assert 0 <= start < end <= len(octets)
    return {(piece.reading, piece.area) for piece in found}


def b64(octets: bytes) -> bytes:
    return base64.encodebytes(octets).replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (b"\r\n" + TEXT, {("sure", "body")}),
        (b"Content-Transfer-Encoding: base64\r\n\r\n" + b64(TEXT), {("sure", "body")}),
        (b"\r\n" + b64(TEXT), {("ambiguous", "body"), ("floor", "raw")}),
        (b"Content-Transfer-Encoding: 7bit\r\n\r\n" + b64(TEXT), {("floor", "raw")}),
        (b"\r\nsee: " + base64.b64encode(TEXT) + b" there\r\n", {("floor", "raw")}),
        (b"\r\nfor=62idden as =\r\nit is", {("floor", "raw")}),
        (b"Content-Transfer-Encoding: base64\r\n\r\n" + b64(b"see:\r\n" + b64(TEXT)), {("floor", "raw")}),
        (b"Content-Transfer-Encoding: base64\r\n\r\n" + b64(b64(b64(TEXT))), {("floor", "raw")}),
        (b"Content-Type: application/x-y\r\n\r\n" + b64(TEXT), {("ambiguous", "attachment"), ("floor", "raw")}),
        (b"\r\n" + b64(TEXT.decode().encode("utf-16-le")), {("ambiguous", "body"), ("floor", "raw")}),
        (b"\r\nsee " + base64.b64encode(TEXT.decode().encode("utf-16-le")) + b" x", {("floor", "raw")}),
        (b"Content-Transfer-Encoding: base64\r\nContent-Transfer-Encoding: 7bit\r\n\r\n" + b64(TEXT), {("ambiguous", "body")}),
        (b"Content-Type: application/octet-stream\r\n\r\n" + TEXT, {("sure", "attachment")}),
    ],
)
def test_how_sure(octets: bytes, expected: set[tuple[str, str]]) -> None:
    """Declared and decoded is sure; guessed is not; what nothing speaks for is the floor."""
    assert readings(START + octets) >= expected
    assert ("sure" in {reading for reading, _ in readings(START + octets)}) == ("sure" in {reading for reading, _ in expected})


@pytest.mark.parametrize(
    "text",
    [
        b"Just some words of an ordinary mail, with http://a.example/mailman/listinfo/some-list-or-other in it.",
        b"one\r\ntwo\r\nthree\r\nfour\r\nfive\r\nsix\r\nseven\r\neight\r\nnine\r\nten\r\neleven\r\ntwelve",
        b"-" * 70 + b"\r\n" + b"=" * 70 + b"\r\n" + b"_" * 70 + b"/" * 70,
        b"internationalization of incomprehensibilities and counterrevolutionaries",
        b"-----BEGIN PGP SIGNATURE-----\r\n\r\n"
        + b64(random.Random(5).randbytes(300))
        + b"-----END PGP SIGNATURE-----",
    ],
)
def test_ordinary_text_has_no_floor(text: bytes) -> None:
    """Long words, lists, addresses, rulers and signatures are no hidden text."""
    assert {piece.reading for piece in read(START + b"Content-Type: text/plain\r\n\r\n" + text)} == {"sure"}


def test_branches_of_alternatives() -> None:
    """Parts of a multipart/alternative tell which branch of which they are in, outermost first."""
    octets = (
        b"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n"
        b"--a\r\n\r\none\r\n--a\r\nContent-Type: multipart/related; boundary=r\r\n\r\n"
        b"--r\r\nContent-Type: text/html\r\n\r\ntwo\r\n"
        b"--r\r\nContent-Type: multipart/alternative; boundary=i\r\n\r\n--i\r\n\r\nthree\r\n--i--\r\n--r--\r\n--a--\r\n"
        b"--m\r\n\r\nfour\r\n--m--"
    )
    found = {piece.text.strip(): piece.alternative for piece in read(octets) if piece.area == "body"}
    assert found == {"one": "1/1", "two": "1/2", "three": "1/2 1.2.2/1", "four": ""}
    top = b"Content-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\n\r\none\r\n--a\r\n\r\ntwo\r\n--a--"
    assert [piece.alternative for piece in read(top) if piece.area == "body"] == ["0/1", "0/2"]


def _nested(levels: int, text: bytes) -> bytes:
    """Every level is a multipart with two boundaries, two types, two encodings, an interrupted header and no field."""
    heads = [
        b"Content-Type: multipart/mixed; boundary=b%d; boundary=c%d\r\nContent-Type: text/html\r\n"
        b"Content-Transfer-Encoding: base64\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        b"no field\r\n\r\n--b%d\r\n" % (n, n, n)
        for n in range(levels)
    ]
    return START + b"".join(heads) + b"\r\n" + text


def test_readings_never_multiply() -> None:
    """Ambiguities on every level cost what the budget allows, and the word is found all the same."""
    for text in (TEXT, b"and so on =41 " * 2000 + TEXT):
        octets = _nested(31, text)
        message = Message(octets, ReadLimits())
        total = 0
        has_word = False
        for piece in message.slices():
            total += len(piece.text)
            has_word = has_word or "forbidden" in piece.text
        assert has_word
        assert total < 12 * len(octets) + 1_000_000  # each reading of the decoded octets may give text and page
    assert "over-budget" in message.conditions


def test_doubtful_readings_take_nothing_from_sure_ones() -> None:
    """A flood of doubts in the first part does not keep the last one from being read."""
    doubtful = b"Content-Transfer-Encoding: x\r\nContent-Type: text/html\r\nContent-Type: text/plain\r\n\r\n" + b"a=b " * 50_000
    octets = (
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n"
        + (b"--a\r\n" + doubtful + b"\r\n") * 3
        + b"--a\r\n\r\n" + TEXT + b"\r\n--a--"
    )  # fmt: skip
    assert ("sure", "body") in readings(octets)


def test_stray_signs_are_no_flood() -> None:
    """HTML that is quoted-printable by its label alone has a stray `=` in every tag, and is read within the budget."""
    page = b"<p class=x><a href=y?z=u>text</a> and more text, as pages have it</p>\r\n" * 5000
    head = b"Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    message = Message(START + head + page, ReadLimits())
    texts = [piece.text for piece in message.slices()]
    assert sum("and more text" in text for text in texts) >= 4
    assert message.conditions == ()


@pytest.mark.parametrize(
    ("head", "octets"),
    [
        (b"", TEXT.decode().encode("utf-16-le")),
        (b"; charset=us-ascii", TEXT.decode().encode("utf-16-be")),
        (b"; charset=utf-8", b"+AGYAbwByAGIAaQBkAGQAZQBu- is a word"),
        (b"", b"see +AGYAbwByAGIAaQBkAGQAZQBu-"),
        (b"; charset=utf-7", b"for+AGI-idden"),
        (b"; charset=cp037", TEXT.decode().encode("cp037")),
        (b"; charset=ebcdic-cp-us", TEXT.decode().encode("cp037")),
        (b"; charset=utf-16", TEXT),
        (b"; charset=x-user-defined", TEXT),
        (b"; charset=iso-2022-kr", TEXT),
        (b"; charset=utf-8; charset=utf-16", TEXT.decode().encode("utf-16-le")),
        (b"; charset=unicode", TEXT.decode().encode("utf-16-le")),
        (b"; charset=utf-32", TEXT.decode().encode("utf-32-le")),
    ],
)
def test_charsets(head: bytes, octets: bytes) -> None:
    """Declared, lied about, or not declared at all."""
    octets = START + b"Content-Type: text/plain" + head + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(octets)
    assert readings(octets)


@pytest.mark.parametrize(
    ("head", "codec", "text"),
    [
        ("", "cp1251", "Это запрещённое слово стоит здесь, в письме без всякой кодировки"),
        ("; charset=us-ascii", "koi8-r", "Это запрещенное слово стоит здесь, в письме без всякой кодировки"),
        ("", "utf-16-le", "Это запрещённое слово стоит здесь"),
        ("", "utf-16-be", "Это запрещённое слово стоит здесь"),
        ("; charset=iso-8859-1", "utf-8", "Это запрещённое слово"),
        ("; charset=utf-8", "cp1252", "Das verböte Wort, schöner Füße Gräser"),
        ("", "gb18030", "这里有一个禁止的词,在没有字符集的邮件中"),
        ("", "iso2022_jp", "ここに禁止された言葉があります"),
        ("; charset=us-ascii", "iso2022_kr", "여기에 금지된 단어가 있습니다"),
        ("", "hz", "这里有一个禁止的词"),
        ("; charset=big5", "big5", "這裡有一個禁止的詞"),
        ("; charset=x-sjis", "cp932", "ここに禁止された言葉があります"),
        ("; charset=windows-31j", "cp932", "①髙﨑"),
        ("; charset=gb2312", "gb18030", "这里有一个禁止的词鎔"),
        ("; charset=iso-8859-8-i", "iso8859_8", "מילה אסורה"),
        ("; charset=tis-620", "cp874", "คำต้องห้าม"),
        ("; charset=euc-kr", "cp949", "여기에 금지된 단어"),
        ("; charset=ks_c_5601-1987", "cp949", "뷁"),
    ],
)
def test_scripts(head: str, codec: str, text: str) -> None:
    """The text is among the readings."""
    fields = f"Content-Type: text/plain{head}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
    assert readings(START + fields + b64(text.encode(codec)), text)


def test_iso_2022_cn() -> None:
    """RFC 1922, which Python does not know."""
    text = "禁止的词"
    shifted = bytes(octet & 0x7F for octet in text.encode("gb2312"))
    octets = START + b"\r\nsee \x1b$)A\x0e" + shifted + b"\x0f here"
    assert readings(octets, text)


def test_a_page_declares_its_charset() -> None:
    """And is read in it, too."""
    page = '<html><head><meta charset="koi8-r"></head><body>слово</body>'.encode("koi8-r")
    assert readings(START + b"Content-Type: text/html; charset=iso-8859-1\r\n\r\n" + page, "слово")


@pytest.mark.parametrize("head", [b"", b"Content-Type: application/octet-stream\r\n", b"Content-Type: x\r\n"])
def test_html_that_nobody_declared(head: bytes) -> None:
    """Clients look at the content where the type says nothing."""
    assert readings(START + head + b"\r\n<html><body>for<b>bid</b>den</body></html>")
    assert not readings(START + b"Content-Type: text/plain\r\n\r\n<html><body>for<b>bid</b>den</body></html>")


def test_text_in_binary_data() -> None:
    """Long runs in ASCII and UTF-16 are read; chance words in noise are not."""
    noise = random.Random(1).randbytes(20_000)
    head = START + b"Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    for run in (TEXT, TEXT.decode().encode("utf-16-le"), TEXT.decode().encode("utf-16-be")):
        assert readings(head + b64(noise + run + noise))
    texts = [piece.text for piece in read(head + b64(noise))]
    assert sum(character.isalpha() for text in texts for character in text) < 200


@given(st.binary(max_size=200), st.sampled_from([b"", b"Content-Transfer-Encoding: x\r\n", b"Content-Type: text/html\r\n"]))
def test_any_body(body: bytes, head: bytes) -> None:
    """Every text of every reading knows where it stands."""
    for octets in (START + head + b"\r\n" + body, START + head + b"\r\n" + b64(body), START + b"\r\nbegin 644 x\r\n" + body):
        for piece in read(octets):
            for at in range(0, len(piece.text), 7):
                start, end = piece.origin.content_span(at, at + 1)
                assert 0 <= start <= end <= len(octets)


@pytest.mark.parametrize(
    ("kind", "body", "is_found"),
    [
        (b"text/x-amp-html", b"<x>for<b>bid</b>den", True),
        (b"text/watch-html", b"for<b>bid</b>den", True),
        (b"text/enriched", b"for<bold>bid</bold>den", True),
        (b"text/xml", b"<html xmlns='http://www.w3.org/1999/xhtml'>for<b>bid</b>den", True),
        (b"application/xml", b"<a><b>for</b><c>bidden</c></a>", False),
        (b"text/x-code", b"for<b>bid</b>den", False),
    ],
)
def test_what_is_read_as_html(kind: bytes, body: bytes, is_found: bool) -> None:
    """Tags part nothing in what clients show as a page; in data they do."""
    assert bool(readings(b"Content-Type: " + kind + b"\r\n\r\n" + body)) == is_found


@pytest.mark.parametrize("kind", [b"message/rfc822", b"application/octet-stream; name=x.eml"])
@pytest.mark.parametrize("size", [1, 3000])
def test_mail_forwarded_again_and_again(kind: bytes, size: int) -> None:
    """Four times in base64 is unusual and innocent: all is read, and nothing is remarkable."""
    octets = START + b"\r\n" + b"lorem ipsum dolor sit amet.\r\n" * size + TEXT
    for _ in range(4):
        octets = START + b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(octets)
    message = Message(octets, ReadLimits())
    assert any("forbidden" in piece.text for piece in message.slices())
    assert not message.conditions


def test_a_multipart_read_as_text_tells_how_it_was_decoded() -> None:
    """One inside base64 as well: its hits would name a chain that leads nowhere."""
    inner = b"Content-Type: multipart/mixed; boundary=a; boundary=b\r\n\r\n--c\r\n\r\ntext\r\n"
    octets = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(inner)
    chains = {piece.chain[0] for piece in read(octets) if piece.area == "body" and "text" in piece.text and piece.part != "1"}
    assert chains <= {"base64"}
