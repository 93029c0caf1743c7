"""Messages made to exhaust a filter, by size: each family is a function of the octets it may have.

Most are one token again and again at a place where a parser has to do something about it. The list that is looked for is part
of some families: floods of hits, of near hits, of allow entries.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

Make = Callable[[int], bytes]

HEAD = b"From: a@a.example\r\nSubject: hostile\r\nMIME-Version: 1.0\r\n"
HTML = HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n"
TEXT = HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
WORDS = ("forbidden", "top secret", "viagra", "国家机密", "запрещено", "assassin")


@dataclass(frozen=True, slots=True)
class Family:
    """A way to be hostile. `entries` are looked for; `largest` is the size up to which it is the same kind of message."""

    name: str
    make: Make
    entries: tuple[str, ...] = WORDS
    largest: int = 4 * 1024 * 1024


def flood(before: bytes, token: bytes | str, after: bytes = b"") -> Make:
    """The token as often as it fits."""
    octets = token.encode() if isinstance(token, str) else token
    return lambda size: before + octets * max((size - len(before) - len(after)) // len(octets), 1) + after


def numbered(before: bytes, pattern: bytes, after: bytes = b"") -> Make:
    """A pattern with a number in it, again and again."""

    def make(size: int) -> bytes:
        made, number = bytearray(before), 0
        while len(made) < size:
            made += pattern.replace(b"%", b"%d" % number)
            number += 1
        return bytes(made + after)

    return make


def nested_multiparts(size: int) -> bytes:
    """Each the only part of the one before, with a boundary of its own."""
    return numbered(b"", b"Content-Type: multipart/mixed; boundary=b%\r\n\r\n--b%\r\n")(size)


def nested_messages(size: int) -> bytes:
    """message/rfc822 in message/rfc822."""
    return flood(b"", b"Content-Type: message/rfc822\r\n\r\n", b"Subject: x\r\n\r\nforbidden")(size)


def nested_base64(size: int) -> bytes:
    """message/rfc822 in base64, as deep as it fits: each level is a third larger."""
    made = b"Subject: x\r\n\r\nforbidden " + b"a " * (size // 8)
    while len(made) < size * 3 // 4:
        made = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(made)
    return made


def nested_boundaries_and_lines(size: int) -> bytes:
    """Thirty open boundaries, then short lines that might be one of them."""
    head = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(30))
    return flood(head + b"\r\n", b"--b\r\n-\r\n")(size)


def double_boundaries(size: int) -> bytes:
    """Two boundaries at every level, each level opened by both."""
    pattern = b"Content-Type: multipart/mixed; boundary=x%; boundary=y%\r\n\r\n--x%\r\n\r\na\r\n--y%\r\n"
    return numbered(b"", pattern)(size)


def double_types(size: int) -> bytes:
    """Two Content-Types and two encodings at every level: readings must not multiply."""
    pattern = (
        b"Content-Type: multipart/mixed; boundary=x%\r\nContent-Type: multipart/mixed; boundary=y%\r\n"
        b"Content-Transfer-Encoding: base64\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n--x%\r\n\r\na\r\n--y%\r\n"
    )
    return numbered(b"", pattern)(size)


def prefixed_boundaries(size: int) -> bytes:
    """Each boundary is the beginning of the next."""
    made, name = bytearray(), b"b"
    while len(made) < size:
        made += b"Content-Type: multipart/mixed; boundary=" + name + b"\r\n\r\n--" + name + b"\r\n"
        name += b"b"
    return bytes(made)


def noise(size: int) -> bytes:
    """Octets that are nothing, as an attachment that is not encoded."""
    return HEAD + b"Content-Type: application/zip\r\n\r\n" + random.Random(1).randbytes(size)


def noise_base64(size: int) -> bytes:
    """The same encoded."""
    body = base64.encodebytes(random.Random(2).randbytes(size * 3 // 4))
    return HEAD + b"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" + body


def random_letters(letters: str, seed: int) -> Make:
    """Text of these letters in no order."""

    def make(size: int) -> bytes:
        source = random.Random(seed)
        return TEXT + "".join(source.choices(letters, k=size // max(len(letters[-1].encode()), 1))).encode()

    return make


def encoded(encoding: bytes, body: Make) -> Make:
    """A part in this transfer encoding."""
    return lambda size: HEAD + b"Content-Transfer-Encoding: " + encoding + b"\r\n\r\n" + body(size)


def charset(name: bytes, body: Make) -> Make:
    """A part that claims this charset."""
    return lambda size: HEAD + b"Content-Type: text/plain; charset=" + name + b"\r\n\r\n" + body(size)


B64_FLOOD = base64.b64encode(b"forbidden and more ")
UU = HEAD + b"\r\nbegin 644 a\r\n"

STRUCTURE = (
    Family("nested multiparts", nested_multiparts),
    Family("nested messages", nested_messages),
    Family("nested messages in base64", nested_base64),
    Family("thirty boundaries and short lines", nested_boundaries_and_lines),
    Family("two boundaries at every level", double_boundaries),
    Family("two types and encodings at every level", double_types),
    Family("boundaries that begin each other", prefixed_boundaries),
    Family("empty parts", flood(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n", b"--b\r\n\r\n")),
    Family("closed again and again", flood(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n", b"--b--\r\n")),
    Family("parts of one octet", flood(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n", b"--b\r\n\r\na\r\n")),
    Family("dashes", flood(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n", b"--\r\n")),
    Family("one line of dashes", flood(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n", b"-")),
    Family("a multipart without boundary", flood(HEAD + b"Content-Type: multipart/mixed\r\n\r\n", b"--a b\r\n")),
    Family("parts with file names", numbered(
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n", b"--b\r\nContent-Type: a/b; name=%.txt\r\n\r\nx\r\n"
    )),
    Family("empty lines", flood(HEAD + b"\r\n", b"\r\n")),
    Family("carriage returns", flood(HEAD + b"\r\n", b"\r")),
    Family("line feeds", flood(HEAD, b"\n")),
    Family("NULs", flood(HEAD + b"\r\n", b"\0")),
    Family("one long line", flood(TEXT, b"abcdefgh")),
    Family("one long word", flood(TEXT, b"a")),
    Family("noise", noise),
    Family("noise in base64", noise_base64),
)  # fmt: skip

_FIELDS = (
    Family("header fields", numbered(b"", b"To: a%@b.example\r\n", b"\r\nforbidden")),
    Family("header fields without names", flood(b"", b": x\r\n", b"\r\nforbidden")),
    Family("lines that are no fields", flood(HEAD, b"nothing here\r\n", b"\r\nforbidden")),
    Family("one long field", flood(b"Subject: ", b"abc ", b"\r\n\r\nforbidden")),
    Family("empty continuation lines", flood(b"Subject: a", b"\r\n ", b"\r\n\r\nforbidden")),
    Family("continuation lines", flood(b"Subject: a", b"\r\n b", b"\r\n\r\nforbidden")),
    Family("addresses", flood(b"To: ", b"a@b.example, ", b"\r\n\r\nforbidden")),
    Family("addresses with names", flood(b"To: ", b'"A B" <a@b.example>,\r\n ', b"\r\n\r\nforbidden")),
    Family("open comments in an address", flood(b"To: ", b"(", b"\r\n\r\nforbidden")),
    Family("comments in a type", flood(b"Content-Type: text/plain ", b"(a)", b"\r\n\r\nforbidden")),
    Family("open quotes in an address", flood(b"To: ", b'"', b"\r\n\r\nforbidden")),
    Family("backslashes in a quoted name", flood(b'To: "', b"\\", b"\r\n\r\nforbidden")),
    Family("open angles in an address", flood(b"To: ", b"<", b"\r\n\r\nforbidden")),
    Family("semicolons in a type", flood(b"Content-Type: text/plain", b";", b"\r\n\r\nforbidden")),
    Family("parameters", numbered(b"Content-Type: text/plain", b"; p%=v", b"\r\n\r\nforbidden")),
    Family("continued parameters", numbered(b"Content-Disposition: attachment", b";\r\n filename*%*=a", b"\r\n\r\nforbidden")),
    Family("one continued parameter again", flood(b"Content-Disposition: a", b"; filename*0*=a", b"\r\n\r\nforbidden")),
    Family("file names", flood(b"Content-Disposition: attachment", b"; filename=a", b"\r\n\r\nforbidden")),
    Family("equals signs in a type", flood(b"Content-Type: a/b; name", b"=", b"\r\n\r\nforbidden")),
    Family("encoded words", flood(b"Subject: ", b"=?utf-8?q?ab?= ", b"\r\n\r\nforbidden")),
    Family("encoded words in base64, apart", flood(b"Subject: ", b"=?utf-8?b?YQ==?=\r\n ", b"\r\n\r\nforbidden")),
    Family("beginnings of encoded words", flood(b"Subject: ", b"=?a?q?", b"\r\n\r\nforbidden")),
    Family("question marks", flood(b"Subject: =", b"?", b"\r\n\r\nforbidden")),
    Family("encoded words in no charset", numbered(b"Subject: ", b"=?x-%?q?ab?= ", b"\r\n\r\nforbidden")),
    Family("Content-Types", numbered(b"", b"Content-Type: multipart/mixed; boundary=b%\r\n", b"\r\n--b1\r\n\r\nforbidden")),
    Family("encodings", flood(b"", b"Content-Transfer-Encoding: base64\r\n", b"\r\nforbidden")),
)

# A header section is read as one up to 256 KiB; what follows is text, which costs otherwise.
FIELDS = tuple(replace(family, largest=240 * 1024) for family in _FIELDS)

TRANSFER = (
    Family("base64 with blanks", encoded(b"base64", flood(b"", b"Z m 9 y "))),
    Family("base64 of equals signs", encoded(b"base64", flood(b"", b"="))),
    Family("base64 padded after each", encoded(b"base64", flood(b"", b"Zg=="))),
    Family("base64, a line each letter", encoded(b"base64", flood(b"", b"Z\r\nm\r\n9\r\ny\r\n"))),
    Family("base64 called 7bit", encoded(b"7bit", flood(b"", B64_FLOOD + b"\r\n"))),
    Family("short base64 runs called 7bit", encoded(b"7bit", flood(b"", B64_FLOOD[:20] + b"==, "))),
    Family("QP of equals signs", encoded(b"quoted-printable", flood(b"", b"="))),
    Family("QP of half escapes", encoded(b"quoted-printable", flood(b"", b"=4"))),
    Family("QP of soft breaks", encoded(b"quoted-printable", flood(b"", b"=\r\n"))),
    Family("QP with blanks behind", encoded(b"quoted-printable", flood(b"a=", b" \t"))),
    Family("QP escapes", encoded(b"quoted-printable", flood(b"", b"=41=20"))),
    Family("QP called 7bit", encoded(b"7bit", flood(b"", b"f=6Frbid=\r\nden a=3D "))),
    Family("uuencode begins", flood(HEAD + b"\r\n", b"begin 644 a\r\n")),
    Family("uuencode lines", flood(UU, b"#86)C\r\n")),
    Family("uuencode of blanks", flood(UU + b"!", b" ")),
    Family("begin-base64 again and again", flood(HEAD + b"\r\n", b"begin-base64 644 a\r\nZm9y\r\n====\r\n")),
)

CHARSETS = (
    Family("punycode", charset(b"punycode", flood(b"", b"a-b"))),
    Family("UTF-7 shifts", charset(b"utf-7", flood(b"", b"+AGE-"))),
    Family("UTF-7 open shifts", charset(b"utf-7", flood(b"", b"+"))),
    Family("ISO-2022-JP escapes", charset(b"iso-2022-jp", flood(b"", b"\x1b$B\x1b(B"))),
    Family("ISO-2022-KR escapes", charset(b"iso-2022-kr", flood(b"\x1b$)C", b"\x0e\x0f"))),
    Family("HZ tildes", charset(b"hz-gb-2312", flood(b"", b"~{~}"))),
    Family("half characters of GB18030", charset(b"gb18030", flood(b"", b"\x81"))),
    Family("invalid UTF-8", charset(b"utf-8", flood(b"", b"\xff\xc3"))),
    Family("overlong UTF-8", charset(b"utf-8", flood(b"", b"\xc0\xaf\xe0\x80\xaf"))),
    Family("surrogates in UTF-16", charset(b"utf-16le", flood(b"", b"\x00\xd8"))),
)

PAGES = (
    Family("open tags", flood(HTML, b"<a ")),
    Family("tags with open quotes", flood(HTML, b"<a b='")),
    Family("angles", flood(HTML, b"<")),
    Family("open comments", flood(HTML, b"<!--")),
    Family("comments", flood(HTML, b"<!---->")),
    Family("ends of comments", flood(HTML + b"<!--", b"--!")),
    Family("CDATA", flood(HTML, b"<![CDATA[")),
    Family("conditional comments", flood(HTML, b"<!--[if mso]>a<![endif]-->")),
    Family("open scripts", flood(HTML, b"<script>")),
    Family("ends of scripts", flood(HTML + b"<script>", b"</script")),
    Family("open styles", flood(HTML, b"<style>a{")),
    Family("nested elements", flood(HTML, b"<div>")),
    Family("nested hidden elements", flood(HTML, b"<div style='display:none'>a")),
    Family("hidden and shown", flood(HTML, b"<b style='display:none'>a</b>b")),
    Family("end tags of nothing", flood(HTML, b"</div>")),
    Family("end tags in disorder", flood(HTML, b"<b><i></b></i>")),
    Family("attributes", numbered(HTML + b"<a ", b"a%=b ")),
    Family("style attributes", flood(HTML, b"<b style='color:red;font-size:1px;a:b'>a")),
    Family("a long style attribute", flood(HTML + b"<b style='", b"color:red;")),
    Family("a style of semicolons", flood(HTML + b"<b style='", b";")),
    Family("rules of a sheet", numbered(HTML + b"<style>", b".a%{display:none}", b"</style><b class=a1>a</b>")),
    Family("rules and classes", numbered(HTML, b"<style>.a%{display:none}</style><b class='a%'>a</b>")),
    Family("classes", numbered(HTML + b"<style>.a1{display:none}</style><b class='", b"a% ", b"'>a")),
    Family("braces of a sheet", flood(HTML + b"<style>", b"{")),
    Family("comments of a sheet", flood(HTML + b"<style>", b"/*")),
    Family("references", flood(HTML, b"&#102;&#x6f;&amp;")),
    Family("open references", flood(HTML, b"&#")),
    Family("digits of a reference", flood(HTML + b"&#", b"9")),
    Family("names of a reference", flood(HTML, b"&amp")),
    Family("ampersands", flood(HTML, b"&")),
    Family("data: addresses", flood(HTML, b"<a href='data:text/html;base64,Zm9yYmlkZGVu'>a</a>")),
    Family("nested data: addresses", flood(HTML, b"<a href='data:text/html,<a href=%22data:text/html,")),
    Family("one long data: address", flood(HTML + b"<a href='data:text/html;base64,", b"PGEgaHJlZj0n")),
    Family("percent signs of an address", flood(HTML + b"<a href='http://a.example/", b"%41%25")),
    Family("addresses of pages", numbered(TEXT, b"http://a%.example/%25?b=%25 ")),
    Family("null characters in tags", flood(HTML, b"<\0b>")),
    Family("bdo", flood(HTML, b"<bdo dir=rtl>a")),
)

LETTERS = (
    Family("combining marks", flood(TEXT + b"a", "\u0301")),
    Family("combining marks, two kinds", flood(TEXT + b"a", "\u0323\u0301")),
    Family("combining marks on every letter", flood(TEXT, "e\u0301\u0302\u0303")),
    Family("U+FDFA", flood(TEXT, "\ufdfa")),
    Family("zero-width spaces", flood(TEXT, "\u200b")),
    Family("zero-width spaces in a word", flood(TEXT + b"forbid", "\u200b", b"den")),
    Family("soft hyphens between letters", flood(TEXT, "f\u00ad")),
    Family("right-to-left overrides", flood(TEXT, "\u202ea")),
    Family("overrides, ended", flood(TEXT, "\u202enedd\u202c")),
    Family("isolates and embeddings", flood(TEXT, "\u2067a\u202b\u2069")),
    Family("one long override", flood(TEXT + "\u202e".encode(), b"neddibrof ")),
    Family("letters spelt out", flood(TEXT, b"f o r b i d d e ")),
    Family("single letters", flood(TEXT, b"a ")),
    Family("single letters, dotted", flood(TEXT, b"a.")),
    Family("punctuation inside words", flood(TEXT, b"for-bid.den_")),
    Family("punctuation", flood(TEXT, b"-._*")),
    Family("leet", flood(TEXT, b"f0rb1dd3 ")),
    Family("leet that may be two letters", flood(TEXT, b"1!1|1!a")),
    Family("digits and signs", flood(TEXT, b"a1!0$@ ")),
    Family("one long token of leet", flood(TEXT + b"a", b"1!")),
    Family("repeated letters", flood(TEXT, b"fffooorrrbbbiiiddd ")),
    Family("repeats in one word", flood(TEXT, b"aabb")),
    Family("look-alikes", flood(TEXT, "fоrbіddе ")),
    Family("mathematical letters", flood(TEXT, "𝐟𝐨𝐫𝐛𝐢𝐝𝐝𝐞 ")),
    Family("regional indicators", flood(TEXT, "🇫🇴")),
    Family("emoji with joiners", flood(TEXT, "👩\u200d👩\u200d👧\ufe0f ")),
    Family("ideographs", random_letters("国家机密中", 3)),
    Family("Thai", flood(TEXT, "ความลั")),
    Family("Hangul of jamo", flood(TEXT, "\u1112\u1161\u11ab")),
    Family("hyphens at line ends", flood(TEXT, b"for-\r\n")),
    Family("quotes", flood(TEXT, b"> > > a\r\n")),
    Family("angles of quotes", flood(TEXT, b">")),
    Family("blanks", flood(TEXT, b" \t")),
    Family("flowed lines", flood(HEAD + b"Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\n", b"a \r\n")),
    Family("signature lines", flood(TEXT, b"-- \r\n")),
)

HITS = (
    Family("hits", flood(TEXT, b"forbidden ")),
    Family("hits of phrases", flood(TEXT, b"top secret ")),
    Family("hits in HTML", flood(HTML, b"for<b>bid</b>den ")),
    Family("hits in disguise", flood(TEXT, "f\u200bоrbidden ")),
    Family("hits spelt out", flood(TEXT, b"f.o.r.b.i.d.d.e.n ")),
    Family("hits in base64", encoded(b"base64", flood(b"", B64_FLOOD[:24] + b"\r\n"))),
    Family("hits in GB18030", charset(b"gb18030", flood(b"", "国家机密".encode("gb18030")))),
    Family("nearly hits", flood(TEXT, b"forbidde ")),
    Family("nearly phrases", flood(TEXT, b"top secre ")),
    Family("phrases far apart", flood(TEXT, b"top" + b" " * 200 + b"secre ")),
    Family("entries in entries", flood(TEXT, b"a "), tuple(" ".join("a" * count) for count in range(1, 60))),
    Family("prefixes of entries", flood(TEXT, b"a"), tuple("a" * count for count in range(2, 60))),
    Family("entries of signs", flood(TEXT, b"c++ "), ("c\\+\\+", "c#", "c--")),
)

FAMILIES = (*STRUCTURE, *FIELDS, *TRANSFER, *CHARSETS, *PAGES, *LETTERS, *HITS)
