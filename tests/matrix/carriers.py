"""Where else than in a body a text stands: attributes, hidden places, header fields, file names, addresses of pages."""

from __future__ import annotations

import html as html_module
from collections.abc import Callable

from tests.matrix import encoders as enc
from tests.matrix.bodies import BODIES, HEAD, OTHER, Carrier, encoded, multipart, page, part


def _markup(name: str, template: str, areas: tuple[str, ...], encode: Callable[[str], str] = html_module.escape) -> Carrier:
    """A place in an HTML page."""

    def build(text: str, _: bool) -> bytes:
        content = template.format(encode(text))
        return HEAD + part(content.encode() + b"\r\n", "text/html; charset=utf-8", "8bit")

    return Carrier(name, build, areas)


def _data_base64(text: str) -> str:
    return "data:text/html;charset=utf-8;base64," + enc.b64(page(text, False).encode(), 10**6).decode().strip()


def _data_percent(text: str) -> str:
    return "data:text/plain;charset=utf-8," + enc.percent(text)


_RAW = lambda text: text.replace("-->", "")  # noqa: E731
_URL = lambda text: "https://u.example/" + enc.percent(text) + "/x?y=1"  # noqa: E731

PLACES = (
    _markup("alt", '<p><img src=a.png alt="{}"></p>', ("attribute",)),
    _markup("title attribute", "<p><a href=a title='{}'>x</a></p>", ("attribute",)),
    _markup("placeholder", '<input type=text placeholder="{}">', ("attribute",)),
    _markup("aria-label", '<div aria-label="{}">x</div>', ("attribute",)),
    _markup("value", '<input type=submit value="{}">', ("attribute", "body")),
    _markup("meta", '<head><meta name=description content="{}"></head><p>x', ("attribute",)),
    _markup("href, percent-encoded", '<a href="{}">x</a>', ("attribute", "url"), _URL),
    _markup("title element", "<head><title>{}</title></head><p>x</p>", ("body", "hidden")),
    _markup("textarea", "<textarea>{}</textarea>", ("body",)),
    _markup("comment", "<p>x<!-- {} -->y</p>", ("hidden",), _RAW),
    _markup("conditional comment", "<!--[if mso]><p>{}</p><![endif]--><p>x</p>", ("hidden", "body"), _RAW),
    _markup("display:none", '<div style="display:none">{}</div><p>x</p>', ("hidden",)),
    _markup("zero font", '<span style="font-size:0px">{}</span><p>x</p>', ("hidden",)),
    _markup("white on white", '<body bgcolor="#ffffff"><font color="#FFFFFF">{}</font><p>x</p>', ("hidden", "body")),
    _markup("script", "<script>var a = '{}';</script>", ("hidden",), _RAW),
    _markup("table cell", "<table><tr><td>{}<td>y</table>", ("body",)),
    _markup("data: in base64", '<iframe src="{}"></iframe>', ("body", "attribute", "url", "attachment", "hidden"), _data_base64),
    _markup("data: percent-encoded", '<a href="{}">x</a>', ("body", "attribute", "url", "attachment", "hidden"), _data_percent),
)


def _field(name: str, make: Callable[[str], str], areas: tuple[str, ...], field: str = "Subject") -> Carrier:
    """A header field of the message."""

    def build(text: str, _: bool) -> bytes:
        line = f"{field}: {make(text)}\r\n".encode()
        return b"From: ann@a.example\r\n" + line + b"MIME-Version: 1.0\r\n\r\nHello\r\n"

    return Carrier(name, build, areas)


def _charset_field(name: str, charset: str, label: str) -> Carrier:
    def build(text: str, _: bool) -> bytes:
        raw = encoded(text, charset)
        word = f"=?{label}?B?{enc.b64(raw, 10**6).decode().strip()}?="
        return f"Subject: {word}\r\n\r\nHello\r\n".encode()

    return Carrier(name, build, ("subject",))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _comment(text: str) -> str:
    return "ann@a.example (" + "".join("\\" + letter if letter in "()\\" else letter for letter in text) + ")"


FIELDS = (
    _field("Subject, raw UTF-8", lambda text: text, ("subject",)),
    _field("Subject, folded", lambda text: text.replace(" ", "\r\n ", 3), ("subject",)),
    _field("Subject in B", enc.word_b, ("subject",)),
    _field("Subject in Q", enc.word_q, ("subject",)),
    _field("Subject in B, split anywhere", lambda text: enc.words_b(text, 7), ("subject",)),
    _field("Subject in Q, split inside words", lambda text: enc.words_q(text, 3), ("subject",)),
    _field("Subject in B, not apart", lambda text: enc.words_b(text, 9, between=""), ("subject",)),
    _field("Subject in B with language", lambda text: enc.word_b(text).replace("?B?", "*en?b?", 1), ("subject",)),
    _field("Subject, only the middle encoded", lambda t: t[: len(t) // 3] + enc.word_b(t[len(t) // 3 :]), ("subject",)),
    _charset_field("Subject in GB18030", "gb18030", "gb2312"),
    _charset_field("Subject in ISO-2022-JP", "iso2022_jp", "ISO-2022-JP"),
    _charset_field("Subject in KOI8-R", "koi8-r", "KOI8-R"),
    _charset_field("Subject in UTF-7", "utf-7", "UTF-7"),
    _field("From, quoted name", lambda text: f"{_quoted(text)} <c@c.example>", ("address",), "From"),
    _field("From, encoded name", lambda text: f"{enc.words_b(text, 30)} <c@c.example>", ("address",), "From"),
    _field("From, encoded name in quotes", lambda text: f'"{enc.word_b(text)}" <c@c.example>', ("address",), "From"),
    _field("From, name in a comment", _comment, ("address",), "From"),
    _field("To, encoded name", lambda text: f"b@b.example, {enc.word_q(text)} <c@c.example>", ("address",), "To"),
    _field("Reply-To, quoted name", lambda text: f"{_quoted(text)} <c@c.example>", ("address",), "Reply-To"),
    _field("a group of addresses", lambda text: f"{_quoted(text)}: b@b.example;", ("address",), "To"),
    _field("any other field", lambda text: text, ("header",), "X-Note"),
    _field("Comments, encoded", enc.word_b, ("header",), "Comments"),
)


def _attached(name: str, disposition: Callable[[str], str], areas: tuple[str, ...] = ("filename",)) -> Carrier:
    """A part with header fields that name its file."""

    def build(text: str, _: bool) -> bytes:
        made = disposition(text).encode() + b"\r\n\r\n" + enc.b64(b"\0\1\2\3")
        return HEAD + multipart("mixed", OTHER, b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n" + made)

    return Carrier(name, build, areas)


def _typed(name: str, parameter: Callable[[str], str], areas: tuple[str, ...] = ("filename",)) -> Carrier:
    def build(text: str, _: bool) -> bytes:
        made = f"Content-Type: application/pdf; {parameter(text)}\r\n\r\n".encode()
        return HEAD + multipart("mixed", OTHER, made + b"x")

    return Carrier(name, build, areas)


def _continued(text: str, size: int, parameter: str = "filename") -> str:
    octets = text.encode()
    pieces = ["".join(f"%{octet:02X}" for octet in octets[at : at + size]) for at in range(0, len(octets), size)]
    return ";\r\n ".join(f"{parameter}*{n}*={'' if n else 'utf-8' + chr(39) * 2}{piece}" for n, piece in enumerate(pieces))


FILENAMES = (
    _attached("filename in quotes", lambda t: f"Content-Disposition: attachment; filename={_quoted(t + '.pdf')}"),
    _attached("filename, RFC 2231", lambda t: f"Content-Disposition: attachment; filename*=utf-8''{enc.percent(t)}.pdf"),
    _attached("filename, RFC 2231 continued", lambda t: f"Content-Disposition: attachment;\r\n {_continued(t, 5)}"),
    _attached("filename, RFC 2047 B", lambda t: f'Content-Disposition: attachment; filename="{enc.word_b(t)}"'),
    _attached("filename, RFC 2047 Q split", lambda t: f'Content-Disposition: attachment; filename="{enc.words_q(t, 4)}"'),
    _attached("two filenames", lambda t: f"Content-Disposition: attachment; filename=a.pdf; filename*=UTF-8''{enc.percent(t)}"),
    _typed("name in quotes", lambda text: f"name={_quoted(text)}"),
    _typed("name, RFC 2231", lambda text: f"name*=utf-8''{enc.percent(text)}"),
    _typed("name, RFC 2047", lambda text: f'name="{enc.word_b(text)}"'),
    _attached("Content-Description", lambda t: f"Content-Description: {enc.word_b(t)}", ("header", "subject")),
    _attached("Content-Description, raw", lambda t: f"Content-Description: {t}", ("header", "subject")),
)


def _plain_url(text: str, _: bool) -> bytes:
    return HEAD + part(f"Look at {_URL(text)} soon.\r\n".encode(), "text/plain; charset=utf-8")


URLS = (Carrier("URL in text, percent-encoded", _plain_url, ("url", "body")),)

CARRIERS = (*BODIES, *PLACES, *FIELDS, *FILENAMES, *URLS)
