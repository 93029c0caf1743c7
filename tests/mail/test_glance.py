"""A first look at a message: it may only ever save time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filterd import engine
from filterd.engine import Engine
from filterd.mail.envelope import Envelope
from filterd.mail.glance import encoded_texts, plain_head
from filterd.mail.limits import ReadLimits
from filterd.words.wordlist import parse_wordlist

HEAD = b"From: a@b\r\nSubject: x\r\n"
TYPE = b"Content-Type: "


@pytest.mark.parametrize(
    ("message", "plain"),
    [
        (HEAD + b"\r\nhello\r\n", True),
        (HEAD + b"X-Long: a\r\n b\r\n\tc\r\n\r\nhello\r\n", True),
        (HEAD + TYPE + b"text/plain\r\n\r\nhello\r\n", True),
        (HEAD + TYPE + b'TEXT/plain; charset="US-ASCII"; format=flowed\r\n\r\nhello\r\n', True),
        (HEAD + TYPE + b"text/plain;\r\n\tcharset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\nhello\r\n", True),
        (HEAD + TYPE + b"text/html\r\n\r\nhello\r\n", False),
        (HEAD + TYPE + b"text/plain; charset=utf-7\r\n\r\nhello\r\n", False),
        (HEAD + TYPE + b"text/plain; name=x.txt\r\n\r\nhello\r\n", False),
        (HEAD + TYPE + b"text/plain\r\n" + TYPE + b"text/plain\r\n\r\nhello\r\n", False),
        (HEAD + TYPE + b"multipart/mixed; boundary=x\r\n\r\nhello\r\n", False),
        (HEAD + b"Content-Transfer-Encoding: base64\r\n\r\nhello\r\n", False),
        (HEAD + b"Content-Disposition: inline\r\n\r\nhello\r\n", True),
        (HEAD + b"Content-Disposition: inline; filename=x\r\n\r\nhello\r\n", False),
        (HEAD + b"Content-Disposition: attachment\r\n\r\nhello\r\n", False),
        (HEAD + b"Content-Description: a text\r\n\r\nhello\r\n", True),
        (HEAD + b"X-Face: \\a(x)b\r\n\r\nhello\r\n", True),
        (HEAD + b"To: \\a(x)b\r\n\r\nhello\r\n", False),
        (HEAD + b"Content-Type : text/plain\r\n\r\nhello\r\n", False),
        (HEAD + b"no field\r\n\r\nhello\r\n", False),
        (b" begins with a blank\r\n\r\nhello\r\n", False),
        (HEAD + b"Subject: =?utf-8?q?x?=\r\n\r\nhello\r\n", True),
        (HEAD + b"\r\nbegin 644 x\r\n\r\n", False),
        (HEAD + b"\r\nh\xc3\xa9llo\r\n", False),
        (HEAD + b"\r\nhel\x00lo\r\n", False),
        (HEAD + b"\r\n\x1b$Bhello\r\n", False),
        (HEAD + b"X: \ny\r\n\r\nhello\r\n", False),
        (b"\r\nhello\r\n", False),
        (HEAD, False),
        (b"", False),
        (HEAD + b"Received: x\r\n" * 51 + b"\r\nhello\r\n", False),
        (HEAD + b"X: y\r\n" * 1001 + b"\r\nhello\r\n", False),
    ],
)
def test_is_plain(message, plain):
    """Any doubt is a no."""
    assert bool(plain_head(message, ReadLimits(), 50)) is plain


def test_encoded_texts():
    """Only fields with encoded words are decoded, folded ones too."""
    head = b"From: a\r\nSubject: =?utf-8?q?one?=\r\n =?utf-8?q?two?= x\r\nTo: =?utf-8?b?w7w=?= <b>\r\n"
    texts = [" ".join(text.split()) for text in encoded_texts(head, head)]
    assert texts == ["onetwo x", "ü <b>"]


PIECES = st.lists(
    st.sampled_from(
        [
            b"for",
            b"bidden",
            b"forbidden",
            b"top secret",
            b"top",
            b"secret",
            b" ",
            b"\r\n",
            b"\r\n\r\n",
            b"\r\n ",
            b"=\r\n",
            b"=",
            b"> ",
            b"-",
            b"_",
            b".",
            b"Subject: ",
            b"From: ",
            b"To: x\r\n",
            b"Content-Type: text/plain\r\n",
            b"Zm9yYmlkZGVu",
            b"Content-Type: text/html\r\n",
            b"Content-Transfer-Encoding: 7bit\r\n",
            b"=?utf-8?q?for?=",
            b"<b>",
            b"\\",
            b'"',
            b"--x\r\n",
            b"Content-Transfer-Encoding: quoted-printable\r\n",
            b"; charset=us-ascii",
            b"(c)",
            b"begin 644 x\r\n",
            b"\r",
            b"\n",
            b"x",
            b"forbid-\r\nden",
            b"forbid-=0D=0Aden",
            b"f\r\n \r\n o r b i d d e n",
            b"for-\r\n> ",
            b"\r\n| ",
            b"\r\nAB> ",
            b"Content-Disposition: inline\r\n",
            b"Content-Description: ",
            b"X-Face: ",
            b"http://a/%66orbidden",
            b"4111 1111 1111 1111",
            b"4111 1111\r\n 1111 1111",
            b"123-45-",
            b"6789",
            b"12:34",
            b"; format=flowed; delsp=yes",
        ]
    ),
    max_size=30,
).map(b"".join)


PLAIN = b"forbidden\ntop secret\n"
# Without letters to look for: anchored, across blanks, with signs.
EXPRESSIONS = rb"/^\d\d:\d\d$/" + b"\n" + rb"/(?<![-\w])\d{3}-\d\d-\d+/" + b"\n" + rb"/\d \d{4}/" + b"\n" + rb"/_.{0,5}=/"
OTHERS = b"forb*en\ntop se?ret\n" + EXPRESSIONS
NUMBERS = b"[:card:]\n[:ssn:]\n/x-?y/\n"


@settings(max_examples=300)
@given(PIECES, st.booleans(), st.sampled_from([PLAIN, OTHERS, NUMBERS]))
def test_the_short_way_never_differs(message, header, lines):
    """The verdict is the same whether the short way is open or not."""
    message = (b"From: a@b\r\n" if header else b"") + message
    lists = [parse_wordlist(lines, name="w", file="w", action="reject", level="disguise")]
    judged = Engine(lists).judge(message, Envelope(), "r")
    usual, engine._GLANCE = engine._GLANCE, -1
    try:
        assert Engine(lists).judge(message, Envelope(), "r") == judged
    finally:
        engine._GLANCE = usual
