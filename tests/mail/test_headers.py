"""Header fields as clients show them: every rendering, by field, with the octets it came from."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.mail.limits import ReadLimits
from filterd.mail.message import Message
from filterd.mail.slices import Slice


def slices(octets: bytes, area: str) -> list[Slice]:
    return [piece for piece in Message(octets, ReadLimits()).slices() if piece.area == area]


def b64(text: str, codec: str = "utf-8") -> str:
    return base64.b64encode(text.encode(codec)).decode()


SUBJECTS = [
    "forbidden",
    "=?utf-8?q?forbidden?=",
    "=?UTF-8?Q?forbidden?=",
    "=?utf-8?q?=66orbidde=6e?=",
    f"=?utf-8?b?{b64('forbidden')}?=",
    f"=?utf-8?B?{b64('forbidden').rstrip('=')}?=",
    f"=?utf-8?B?{b64('x forbidden').rstrip('=')}?=",
    f"=?utf-8?B?{b64('forbidden')[:5]} {b64('forbidden')[5:]}?=",
    "=?utf-8?q?for?= =?utf-8?q?bidden?=",
    "=?utf-8?q?for?=\r\n =?utf-8?q?bidden?=",
    "=?utf-8?q?for?=\r\n\t=?iso-8859-1?q?bidden?=",
    "=?utf-8?q?for?==?utf-8?q?bidden?=",
    "for=?utf-8?q?bid?=den",
    "=?utf-8*en?q?forbidden?=",
    "=?utf-8*en-GB?q?forbidden?=",
    "=?x-none?q?forbidden?=",
    "=??q?forbidden?= forbidden",
    "=?utf-8?q?a forbidden word?=",
    "=?utf-8?q?a\r\n forbidden word?=",
    "=?utf-8?q?=20forbidden_?=",
    "=?utf-8?q?forbidden",
    "=?utf-8?q?a_forbidden_word",
    f"=?utf-8?b?{b64('a forbidden word')}",
    f"=?utf-8?b?{b64('a forbidden word')} and more",
    f"=?us-ascii?b?{b64('forbidden')}?=",
    f"=?utf-16?b?{b64('forbidden', 'utf-16')}?=",
    f"=?utf-16le?b?{b64('forbidden', 'utf-16-le')}?=",
    "=?utf-7?q?+AGYAbwByAGIAaQBkAGQAZQBu-?=",
    f"=?cp037?b?{b64('forbidden', 'cp037')}?=",
    '"=?utf-8?q?forbidden?="',
    "(=?utf-8?q?forbidden?=)",
    "=?utf-8?q?what?_forbidden?=",
    "=? utf-8?q?forbidden?=",
]


@pytest.mark.parametrize("value", SUBJECTS)
@pytest.mark.parametrize(("name", "area"), [("Subject", "subject"), ("From", "address"), ("X-Note", "header")])
def test_the_word_is_shown(name: str, area: str, value: str) -> None:
    """In one rendering at least; and its span begins and ends within the value."""
    octets = f"A: b\r\n{name}: {value}\r\n\r\n".encode()
    found = [piece for piece in slices(octets, area) if "forbidden" in piece.text]
    assert found
    for piece in found:
        start = piece.text.index("forbidden")
        first, last = piece.origin.content_span(start, start + 9)
        assert octets.index(b": ", 6) + 2 <= first < last <= len(octets) - 4
        assert piece.field == name.lower()


@pytest.mark.parametrize("eol", ["\r\n", "\n"])
@pytest.mark.parametrize("text", ["f o r bidden", "f  o  r  bidden", "비  밀  번  호", "größe und mehr"])
@pytest.mark.parametrize("name", ["Subject", "From", "X-Note"])
def test_folds_are_undone(name: str, text: str, eol: str) -> None:
    """RFC 5322 §2.2.3: only the line ends go, and places are what they were."""
    octets = f"A: b{eol}{name}: {text.replace(' ', eol + ' ')}{eol}{eol}".encode()
    found = next(piece for piece in slices(octets, "subject" if name == "Subject" else "address" if name == "From" else "header")
                 if piece.field == name.lower())  # fmt: skip
    assert found.text.startswith(f" {text}")
    for at in range(1, len(text) + 1):
        first, last = found.origin.content_span(at, at + 1)
        assert octets[first:last].decode() == text[at - 1]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=?utf-8?b?w7w=?=", "ü"),
        ("=?utf-8?b?ww==?= =?utf-8?b?vA==?=", "ü"),
        ("=?utf-8?q?f=C3?= =?utf-8?q?=BCr?=", "für"),
        ("=?iso-2022-jp?b?GyRCOEBNVRsoQg==?=", "言葉"),
        (f"=?gb2312?b?{b64('禁止', 'gb2312')}?=", "禁止"),
        ("=?koi8-r?q?=D3=CC=CF=D7=CF?=", "слово"),
        ("=?utf-8?q?f=FCr?=", "für"),
        ("=?iso-8859-1?q?f=C3=BCr?=", "für"),
        ("=?us-ascii?q?f=FCr?=", "für"),
        ("=?us-ascii?q?=C3=BC?= =?utf-8?q?x?=", "üx"),
    ],
)
def test_characters(value: str, shown: str) -> None:
    """Characters that are cut in two, and charsets that lie."""
    assert any(shown in piece.text for piece in slices(f"Subject: {value}\r\n\r\n".encode(), "subject"))


@pytest.mark.parametrize(
    "value",
    [
        b'"for\\bidden" <a@b>', b'"for"bidden <a@b>', b"for(x)bidden <a@b>", b"a@b (forbidden)", b'"a, forbidden" <a@b>',
        b"=?utf-8?q?forbidden?= <a@b>", b'"=?utf-8?q?forbidden?=" <a@b>', b"a@b (=?utf-8?q?forbidden?=)",
        b"group: forbidden <a@b>;", b"forbidden@b.example", b"<forbidden@b.example>", b"a <a@b>,\r\n forbidden <c@d>",
    ],
)  # fmt: skip
def test_addresses(value: bytes) -> None:
    """Display names, comments, quotes."""
    assert any("forbidden" in piece.text for piece in slices(b"To: " + value + b"\r\n\r\n", "address"))


@pytest.mark.parametrize(
    "value",
    [
        b'"Top" Secret <a@b>', b'Top "Secret" <a@b>', b'"Top" "Secret" <a@b>', b"Top (x) Secret <a@b>",
        b'<a@b>,\r\n Top\r\n "Secret"',
        b'=?utf-8?q?Top?= "Secret" <a@b>', b'"Top" =?utf-8?q?Secret?= <a@b>',
    ],
)  # fmt: skip
def test_names_partly_quoted(value: bytes) -> None:
    """A display name is shown without its quotes and comments (RFC 5322 §3.4); names of two people stay apart."""
    found = slices(b"To: " + value + b"\r\n\r\n", "address")
    assert any("Top Secret" in " ".join(piece.text.split()) for piece in found)
    apart = slices(b'To: "A Top" <a@b>, "Secret" <c@d>, top@x (x)\r\nSubject: "Top" secret\r\n\r\n', "address")
    assert len(apart) == 1


def test_eight_bit_fields() -> None:
    """UTF-8, or else the charset of the body."""
    octets = "Subject: слово\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\n".encode("koi8-r")
    assert any("слово" in piece.text for piece in slices(octets, "subject"))
    assert any("слово" in piece.text for piece in slices("Subject: слово\r\n\r\n".encode(), "subject"))


def test_machines_are_left_alone() -> None:
    """But for words in their fields that somebody encoded."""
    octets = b"Received: by forbidden\r\nDKIM-Signature: b=forbidden\r\nX-Spam-Report: =?utf-8?q?forbidden?= x\r\n\r\n"
    assert [(piece.field, piece.text) for piece in slices(octets, "header")] == [("x-spam-report", " forbidden x")]


def test_spans_are_narrow() -> None:
    """A hit in one encoded word is that word, not its neighbours."""
    octets = b"Subject: =?utf-8?q?one?= =?utf-8?q?f=C3=BCr?= =?utf-8?q?three?=\r\n\r\n"
    (piece,) = slices(octets, "subject")
    start = piece.text.index("für")
    first, last = piece.origin.content_span(start, start + 3)
    assert octets[first:last] == b"=?utf-8?q?f=C3=BCr?="


@pytest.mark.parametrize(
    "parameters",
    [
        b"filename=forbidden.txt", b'filename="forbidden.txt"', b"filename=a; filename=forbidden.txt",
        b"filename=a; filename*=utf-8''forbidden.txt", b"filename*=utf-8''%66orbidden.txt",
        b"filename*0=forb; filename*1=idden.txt",
        b"filename*1=idden.txt; filename*0=forb", b"filename*0=forb; filename*2=idden.txt",
        b"filename*0*=utf-8''%66orb; filename*1=idden",
        b"filename*1=forb; filename*2=idden", b"filename*=utf-8''a; filename*0=forb; filename*1=idden",
        b"filename==?utf-8?q?forbidden?=", b'filename="=?utf-8?b?Zm9yYmlkZGVu?="', b"filename=%66orbidden.txt", b"name=forbidden",
        b"filename\r\n =forbidden", b"filename='forbidden'", b"FILENAME=forbidden",
        b'filename="for\\bidden"', b"filename=forbidden\0.exe", b"filename=(x)forbidden",
        b'filename="=?utf-8?q?forb?= =?utf-8?q?idden?="',
        b"filename*=iso-2022-jp''forbidden", b"filename*=x-none''forbidden", b"filename*=utf-8'forbidden", b"filename*=forbidden",
    ],
)  # fmt: skip
@pytest.mark.parametrize("field", [b"Content-Disposition: attachment; ", b"Content-Type: application/zip; "])
def test_file_names(field: bytes, parameters: bytes) -> None:
    """Every spelling of every name, in either field."""
    assert any("forbidden" in piece.text for piece in slices(field + parameters + b"\r\n\r\n", "filename"))


def test_names_of_what_has_parts() -> None:
    """A message and a multipart have names, too."""
    octets = b"Content-Type: message/rfc822; name=one.eml\r\n\r\nContent-Type: multipart/mixed; boundary=a; name=two\r\n\r\n"
    assert [piece.text for piece in slices(octets, "filename")] == ["one.eml", "two"]


VALUES = st.text(alphabet='=?utf-8qB_ \r\n\t+/AQ"\\(x)*\u00fc', max_size=80)


@given(VALUES, st.sampled_from(["Subject", "From", "X-Y", "List-Id"]))
def test_any_value(value: str, name: str) -> None:
    """Every character of every rendering has a place."""
    octets = f"{name}: {value}\r\n\r\n".encode()
    for piece in Message(octets, ReadLimits()).slices():
        for at in range(len(piece.text)):
            start, end = piece.origin.content_span(at, at + 1)
            assert 0 <= start <= end <= len(octets)
