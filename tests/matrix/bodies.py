"""Where a text stands in a mail: bodies in every encoding, charset and structure.

A carrier takes a text and gives a message. Bodies also carry several lines and markup. `CannotEncode` says that there is no
such message: the charset has no such letter.
"""

from __future__ import annotations

import html as html_module
from collections.abc import Callable
from dataclasses import dataclass

from tests.matrix import encoders as enc

HEAD = b"From: Ann <ann@a.example>\r\nTo: Bob <bob@b.example>\r\nSubject: news\r\nMIME-Version: 1.0\r\n"


class CannotEncode(Exception):
    """The carrier has no way to hold this text."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """`build(text, is_markup)` makes a message. A hit is expected in `areas`; `holds` says what it takes beside plain text."""

    name: str
    build: Callable[[str, bool], bytes]
    areas: tuple[str, ...]
    holds: frozenset[str] = frozenset()


def page(text: str, is_markup: bool) -> str:
    """An HTML page that shows the text."""
    body = text if is_markup else html_module.escape(text, quote=False)
    style = "<style>.gone { display: none } p { color: black }</style>"
    return f"<html><head><title>News</title>{style}</head>\r\n<body bgcolor=white><p>{body}</p></body></html>"


def encoded(text: str, charset: str, errors: str = "strict") -> bytes:
    """In a charset, or `CannotEncode`."""
    try:
        return enc.utf7(text) if charset == "utf-7" else text.encode(charset, errors)
    except UnicodeEncodeError:
        raise CannotEncode(charset) from None


BODY = frozenset({"lines", "markup"})


def part(octets: bytes, type_: str, cte: str = "", extra: str = "") -> bytes:
    """Header section and body of a part."""
    head = f"Content-Type: {type_}\r\n" if type_ else ""
    head += f"Content-Transfer-Encoding: {cte}\r\n" if cte else ""
    return head.encode() + extra.encode() + b"\r\n" + octets


def multipart(subtype: str, *parts: bytes, boundary: bytes = b"=_b1", extra: str = "", close: bool = True) -> bytes:
    """A multipart of these parts."""
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary.decode()}"{extra}\r\n\r\n'.encode()
    body = b"".join(b"--" + boundary + b"\r\n" + piece + b"\r\n" for piece in parts)
    return head + body + (b"--" + boundary + b"--\r\n" if close else b"")


def _body(
    name: str,
    encode: Callable[[bytes], bytes] | None = None,
    cte: str = "8bit",
    charset: str = "utf-8",
    label: str | None = None,
    wrap: Callable[[bytes], bytes] | None = None,
    types: tuple[str, str] = ("text/plain", "text/html"),
    areas: tuple[str, ...] = ("body",),
    html: bool = False,
    extra: str = "",
    octets: Callable[[str], bytes] | None = None,
    holds: frozenset[str] = BODY,
    whole: Callable[[bytes], bytes] | None = None,
) -> Carrier:
    """A part in some encoding and charset; `wrap` puts it into a structure, `whole` changes the message at the end."""
    label = charset if label is None else label

    def build(text: str, is_markup: bool) -> bytes:
        as_html = html or is_markup
        content = page(text, is_markup) if as_html else text
        errors = "xmlcharrefreplace" if as_html else "strict"  # what mail programs do
        raw = octets(content) if octets else encoded(content, charset, errors)
        type_ = types[as_html] + (f"; charset={label}" if label else "") if types[as_html] else ""
        made = part(encode(raw) if encode else raw + b"\r\n", type_, cte, extra)
        message = HEAD + (wrap(made) if wrap else made)
        return whole(message) if whole else message

    return Carrier(name, build, areas, holds)


OTHER = part(b"Nothing in here.\r\n", "text/plain")


def _nested(depth: int) -> Callable[[bytes], bytes]:
    def wrap(made: bytes) -> bytes:
        for level in range(depth):
            made = multipart("mixed", OTHER, made, boundary=b"=_n%d" % level)
        return made

    return wrap


def _rfc822(made: bytes) -> bytes:
    return part(b"From: c@c.example\r\nSubject: inner\r\n" + made, "message/rfc822")


def _rfc822_base64(made: bytes) -> bytes:
    return part(enc.b64(b"From: c@c.example\r\nSubject: inner\r\n" + made), "message/rfc822", "base64")


def _two_boundaries(first: str, second: str) -> Callable[[bytes], bytes]:
    def wrap(made: bytes) -> bytes:
        body = multipart("mixed", OTHER, made, boundary=b"real").partition(b"\r\n\r\n")[2]
        return f"Content-Type: multipart/mixed; boundary={first}; boundary={second}\r\n\r\n".encode() + body

    return wrap


def _text(name: str) -> Callable[[bytes], bytes]:
    """A sentence, then the encoded octets inside the text."""
    return lambda octets: b"See below.\r\n\r\n" + getattr(enc, name)(octets)


def _related(made: bytes) -> bytes:
    return multipart("related", made, boundary=b"=_r")


def _preamble(made: bytes) -> bytes:
    text = made.partition(b"\r\n\r\n")[2]
    head, _, rest = multipart("mixed", OTHER).partition(b"\r\n\r\n")
    return head + b"\r\n\r\n" + text + b"\r\n" + rest


def _epilogue(made: bytes) -> bytes:
    return multipart("mixed", OTHER) + made.partition(b"\r\n\r\n")[2]


LF = lambda message: message.replace(b"\r\n", b"\n")  # noqa: E731
CR = lambda message: message.replace(b"\r\n", b"\r")  # noqa: E731
CRCRLF = lambda message: message.replace(b"\r\n", b"\r\r\n")  # noqa: E731
NO_MARKUP = frozenset({"lines"})

TRANSFER = (
    _body("text, UTF-8"),
    _body("HTML, UTF-8", html=True),
    _body("text in quoted-printable", enc.qp, "quoted-printable"),
    _body("HTML in quoted-printable", enc.qp, "quoted-printable", html=True),
    _body("quoted-printable, all octets", enc.qp_all, "quoted-printable"),
    _body("quoted-printable, soft breaks inside words", enc.qp_soft, "quoted-printable"),
    _body("quoted-printable, soft breaks with blanks", enc.qp_soft_blanks, "Quoted-Printable"),
    _body("quoted-printable spelt Quoted_Printable", enc.qp, "Quoted_Printable"),
    _body("base64", enc.b64, "base64"),
    _body("HTML in base64", enc.b64, "base64", html=True),
    _body("base64, a line each letter", enc.b64_one_letter_lines, "base64"),
    _body("base64 with junk", enc.b64_junk, "base64"),
    _body("base64, padded streams", enc.b64_pieces, "base64"),
    _body("base64 without padding", enc.b64_unpadded, "base64"),
    _body("base64 spelt BASE64 and a blank", enc.b64, "BASE64 "),
    _body("base64 with a comment", enc.b64, "(as usual) base64 (yes)"),
    _body("base64 in quotes", enc.b64, '"base64"'),
    _body("base64 called x-base64", enc.b64, "x-base64"),
    _body("base64 called hexa", enc.b64, "hexa"),
    _body("base64 called 7bit", enc.b64, "7bit", areas=("body", "raw")),
    _body("base64 called nothing", enc.b64, "", areas=("body", "raw")),
    _body("quoted-printable called 8bit+", enc.qp_all, "8bit+", areas=("body", "raw")),
    _body("quoted-printable called 7bit", enc.qp_all, "7bit", areas=("body", "raw")),
    _body("text called base64", None, "base64"),
    _body("base64, then 7bit", enc.b64, "base64\r\nContent-Transfer-Encoding: 7bit"),
    _body("7bit, then base64", enc.b64, "7bit\r\nContent-Transfer-Encoding: base64"),
    _body("uuencoded part", enc.uu, "x-uuencode"),
    _body("uuencoded part called uuencode", enc.uu, "uuencode"),
    _body("uuencode in text", _text("uu"), "7bit", holds=NO_MARKUP, areas=("body", "raw", "attachment")),
    _body("begin-base64 in text", _text("begin_base64"), "7bit", holds=NO_MARKUP, areas=("body", "raw", "attachment")),
)

CHARSETS = (
    _body("no charset named", label=""),
    _body("called us-ascii", label="us-ascii"),
    _body("called iso-8859-1", label="iso-8859-1"),
    _body("called windows-1252", label="windows-1252"),
    _body("called unknown-8bit", label="unknown-8bit"),
    _body("called x-nonsense, base64", enc.b64, "base64", label="x-nonsense"),
    _body("charset in capitals and quotes", label='"UTF-8"'),
    _body("charset utf8", label="utf8"),
    _body("no Content-Type", types=("", "text/html"), label=""),
    _body("iso-8859-1", charset="iso-8859-1"),
    _body("iso-8859-1, no charset named", charset="iso-8859-1", label=""),
    _body("windows-1252 called us-ascii", charset="windows-1252", label="us-ascii"),
    _body("koi8-r", charset="koi8-r"),
    _body("windows-1251", charset="windows-1251"),
    _body("iso-8859-7", charset="iso-8859-7"),
    _body("windows-1255", charset="windows-1255"),
    _body("windows-1256", charset="windows-1256"),
    _body("windows-874", charset="cp874", label="windows-874"),
    _body("gb18030", charset="gb18030"),
    _body("gb18030 called gb2312", charset="gb18030", label="gb2312"),
    _body("big5", charset="big5"),
    _body("shift_jis", charset="shift_jis"),
    _body("shift_jis called x-sjis, base64", enc.b64, "base64", charset="cp932", label="x-sjis"),
    _body("euc-jp", charset="euc-jp"),
    _body("iso-2022-jp", charset="iso2022_jp", label="iso-2022-jp", cte="7bit"),
    _body("iso-2022-jp, no charset named", charset="iso2022_jp", label="", cte="7bit"),
    _body("euc-kr", charset="euc-kr"),
    _body("iso-2022-kr", charset="iso2022_kr", label="iso-2022-kr", cte="7bit"),
    _body("hz", charset="hz", label="hz-gb-2312", cte="7bit"),
    _body("utf-16 with mark", enc.b64, "base64", charset="utf-16", label="utf-16"),
    _body("utf-16le", enc.b64, "base64", charset="utf-16-le", label="utf-16le"),
    _body("utf-16be, called utf-16", enc.b64, "base64", charset="utf-16-be", label="utf-16"),
    _body("utf-16le with mark, called utf-8", enc.b64, "base64", octets=lambda t: b"\xff\xfe" + t.encode("utf-16-le")),
    _body("utf-16le without mark, no charset named", enc.b64, "base64", charset="utf-16-le", label=""),
    _body("utf-16be without mark, no charset named", enc.b64, "base64", charset="utf-16-be", label=""),
    _body("utf-32", enc.b64, "base64", charset="utf-32", label="utf-32"),
    _body("utf-8 with mark, no charset named", label="", octets=lambda t: b"\xef\xbb\xbf" + t.encode()),
    _body("utf-7", charset="utf-7", label="utf-7", cte="7bit"),
    _body("utf-7 called us-ascii", charset="utf-7", label="us-ascii", cte="7bit"),
)

ATTACHED = 'Content-Disposition: attachment; filename="a.txt"\r\n'

STRUCTURES = (
    _body("second part", wrap=lambda made: multipart("mixed", OTHER, made)),
    _body("plain branch", wrap=lambda made: multipart("alternative", made, part(b"<p>Hi</p>\r\n", "text/html"))),
    _body("HTML branch", wrap=lambda made: multipart("alternative", OTHER, made), html=True),
    _body("related in alternative", wrap=lambda made: multipart("alternative", OTHER, _related(made)), html=True),
    _body("ten levels deep", wrap=_nested(10)),
    _body("message/rfc822", wrap=_rfc822),
    _body("message/rfc822 in mixed", wrap=lambda made: multipart("mixed", OTHER, _rfc822(made))),
    _body("message/rfc822 in base64", wrap=_rfc822_base64),
    _body("multipart/digest", wrap=lambda made: multipart("digest", b"\r\nSubject: inner\r\n" + made)),
    _body("no closing boundary", wrap=lambda made: multipart("mixed", OTHER, made, close=False)),
    _body("preamble", wrap=_preamble, areas=("raw", "body"), holds=NO_MARKUP),
    _body("epilogue", wrap=_epilogue, areas=("raw", "body"), holds=NO_MARKUP),
    _body("two boundaries, the first is used", wrap=_two_boundaries("real", "other")),
    _body("two boundaries, the last is used", wrap=_two_boundaries("other", "real")),
    _body("two Content-Types, text first", None, "8bit\r\nContent-Type: application/x"),
    _body("lines end with LF", enc.qp, "quoted-printable", wrap=lambda made: multipart("mixed", OTHER, made), whole=LF),
    _body("lines end with CR", enc.b64, "base64", wrap=lambda made: multipart("mixed", OTHER, made), whole=CR),
    _body("lines end with CRCRLF", enc.b64, "base64", wrap=lambda made: multipart("mixed", OTHER, made), whole=CRCRLF),
    _body("text attachment", extra=ATTACHED, areas=("attachment",)),
    _body("HTML attachment", enc.b64, "base64", extra=ATTACHED, areas=("attachment",), html=True),
    _body(
        "octet-stream",
        enc.b64,
        "base64",
        types=("application/octet-stream",) * 2,
        label="",
        extra=ATTACHED,
        areas=("attachment",),
        holds=NO_MARKUP,
    ),
    _body(
        "octet-stream named a.html",
        enc.b64,
        "base64",
        types=("application/octet-stream; name=a.html",) * 2,
        label="",
        areas=("attachment",),
        html=True,
    ),
    _body("calendar", types=("text/calendar",) * 2, areas=("attachment", "body"), holds=NO_MARKUP),
    _body("format=flowed", types=("text/plain; format=flowed",) * 2, holds=frozenset({"lines"})),
    _body("Content-Type with a comment", types=("text/plain (old)", "text/html (old)")),
    _body("Content-Type with blank before colon", extra="X-A: b\r\nContent-Language : en\r\n"),
)


BODIES = (*TRANSFER, *CHARSETS, *STRUCTURES)
