"""Messages made of other messages: mutations that know what a mail looks like. The same random source gives the same message."""

from __future__ import annotations

import base64
import random
import re
from collections.abc import Callable, Sequence

from tests.matrix import encoders
from tests.matrix.disguises import LETTERS, LINES
from tests.matrix.markup import MARKUP
from tests.matrix.terms import SCRIPTS

LARGEST = 64 * 1024
HUGE = 2 * 1024 * 1024

ENCODINGS = (
    b"7bit", b"8bit", b"binary", b"base64", b"Base64 ", b"quoted-printable", b"x-uuencode", b"uuencode", b"x-foo", b"",
    b"base64 (c)", b'"base64"', b"base64, 7bit", b"base64\0", b"=?us-ascii?q?base64?=", b"quoted-\r\n printable",
)  # fmt: skip
CHARSETS = (
    b"utf-8", b"us-ascii", b"iso-8859-1", b"windows-1251", b"koi8-r", b"gb2312", b"gb18030", b"big5", b"shift_jis",
    b"euc-jp", b"iso-2022-jp", b"iso-2022-kr", b"euc-kr", b"hz-gb-2312", b"utf-16", b"utf-16le", b"utf-16be", b"utf-32",
    b"utf-7", b"idna", b"punycode", b"unicode_escape", b"rot13", b"undefined", b"x-user-defined", b"windows-874",
    b"utf-8\0", b"", b"utf8", b"\xff",
)  # fmt: skip
TYPES = (
    b"text/plain", b"text/html", b"multipart/mixed; boundary=b", b"multipart/alternative; boundary=b", b"message/rfc822",
    b"text/", b"multipart/digest; boundary=b", b"message/partial; id=a; number=1",
    b"message/external-body; access-type=url", b"application/x", b"message/delivery-status", b"text/calendar",
    b"image/png; name=a.png", b"multipart/mixed", b"text/plain; format=flowed; delsp=yes",
    b"multipart/mixed; boundary=b; boundary=c", b"text", b"/", b"text/html; charset=utf-16",
    b"application/octet-stream; name=a.html",
)  # fmt: skip
TOKENS = (
    b"--b\r\n", b"--b--\r\n", b"\r\n\r\n", b"\r\n--", b"\r", b"\n", b"\r\r\n", b"\n\r", b"\0", b"\xff\xfe", b"\xfe\xff",
    b"\xef\xbb\xbf", b"=?utf-8?q?", b"?=", b"=?utf-8?b?Zg==?=", b"=?x?y?z?=", b"=\r\n", b"=", b"=3D", b"=C3", b"<!--",
    b"-->", b"<script>", b"</script>", b"<style>.a{display:none}</style>", b"<b class=a>", b"<span style='font-size:0'>",
    b"</span>", b"<![CDATA[", b"&#x202e;", b"&shy;", b"&#", b"&#1114112;", b"&nGt;",
    b"<a href='data:text/html;base64,Zm9yYmlkZGVu'>", b"begin 644 a\r\n", b"end\r\n", b"`\r\n", b"begin-base64 644 a\r\n",
    b"====\r\n", b"\x1b$B", b"\x1b(B", b"\x0e", b"~{", b"~}", b"+AGY-", b"\xe2\x80\x8b", b"\xe2\x80\xae", b"\xe2\x80\xac",
    b"\xcc\x81" * 40, b"\xef\xb7\xba", b"\xed\xa0\x80", b"\xf0\x9f\x87\xa6", b"> ", b"-- \r\n", b"f o r b i d d e n", b";",
    b'"', b"(", b")", b"\\", b"filename*0*=utf-8''a", b"; name=", b"%66%6F", b"http://a.example/%66orbidden", b"\xc3",
    b"\x81", b"Content-Type: ", b"Content-Transfer-Encoding: base64\r\n", b"Subject: ", b"From ", b" : ", b":",
    b"\xe0\xb8\x81",
)  # fmt: skip
_FIELD = re.compile(rb"^[!-9;-~]+:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n", re.MULTILINE)
_DELIMITER = re.compile(rb"^--[^\r\n]+\r?\n", re.MULTILINE)

Step = Callable[["Mutator", bytes], bytes]
BODY_ENCODERS: tuple[Callable[[bytes], bytes], ...] = (
    base64.encodebytes,
    encoders.qp_all,
    encoders.qp_soft,
    encoders.uu,
    encoders.begin_base64,
    encoders.b64_junk,
    encoders.b64_pieces,
)


class Mutator:
    """Makes messages from a pool of them."""

    def __init__(self, pool: Sequence[bytes], seed: str) -> None:
        self.random = random.Random(seed)
        self.pool = pool

    def message(self) -> bytes:
        """A message of the pool after some steps."""
        octets = self.random.choice(self.pool)
        for _ in range(self.random.choice((1, 1, 2, 2, 3, 4, 6, 10))):
            step = self.random.choice(STEPS)
            octets = step(self, octets)
        return octets[: HUGE if self.random.random() < 0.002 else LARGEST]

    def place(self, octets: bytes) -> int:
        """Anywhere."""
        return self.random.randint(0, len(octets))

    def piece(self, octets: bytes) -> tuple[int, int]:
        """A range, mostly short."""
        start = self.place(octets)
        return start, min(start + int(2 ** self.random.uniform(0, 12)), len(octets))

    def field(self, octets: bytes) -> tuple[int, int]:
        """A header field, or what looks like one."""
        found = [match.span() for match in _FIELD.finditer(octets[: 16 * 1024])]
        return self.random.choice(found) if found else (0, 0)

    def hidden_word(self) -> bytes:
        """A word in a disguise, in a charset."""
        script = self.random.choice(SCRIPTS)
        disguise = self.random.choice((*LETTERS, *LINES, *MARKUP))
        word = script.phrase if disguise.phrase else script.word
        text = disguise.change(word) or word
        charset = self.random.choice(("utf-8", "utf-8", "utf-8", "gb18030", "utf-16-le", "iso2022_jp", "koi8-r", "utf-7"))
        return f" {text} ".encode(charset, "replace")


def put(octets: bytes, at: int, new: bytes, until: int = -1) -> bytes:
    """`new` instead of what stands from `at` to `until`."""
    return octets[:at] + new + octets[at if until < 0 else until :]


def flip_bits(m: Mutator, octets: bytes) -> bytes:
    """A few bits."""
    changed = bytearray(octets)
    for _ in range(m.random.randint(1, 8)):
        if changed:
            changed[m.random.randrange(len(changed))] ^= 1 << m.random.randrange(8)
    return bytes(changed)


def cut_out(m: Mutator, octets: bytes) -> bytes:
    """Delete a range."""
    return put(octets, *(lambda span: (span[0], b"", span[1]))(m.piece(octets)))


def truncate(m: Mutator, octets: bytes) -> bytes:
    """Only the beginning."""
    return octets[: m.place(octets)]


def repeat(m: Mutator, octets: bytes) -> bytes:
    """A range several times."""
    start, end = m.piece(octets)
    return put(octets, end, octets[start:end] * m.random.choice((1, 2, 5, 40)))


def move(m: Mutator, octets: bytes) -> bytes:
    """A range to another place."""
    start, end = m.piece(octets)
    rest = put(octets, start, b"", end)
    return put(rest, m.place(rest), octets[start:end])


def insert_token(m: Mutator, octets: bytes) -> bytes:
    """Something nasty anywhere."""
    return put(octets, m.place(octets), m.random.choice(TOKENS) * m.random.choice((1, 1, 1, 3, 30)))


def insert_noise(m: Mutator, octets: bytes) -> bytes:
    """Octets of no meaning."""
    return put(octets, m.place(octets), m.random.randbytes(m.random.randint(1, 64)))


def insert_word(m: Mutator, octets: bytes) -> bytes:
    """A word of the list, in a disguise."""
    return put(octets, m.place(octets), m.hidden_word())


def insert_encoded_word(m: Mutator, octets: bytes) -> bytes:
    """The same as an encoded word in a field."""
    _, end = m.field(octets)
    text = m.hidden_word().decode("utf-8", "replace")
    word = m.random.choice((encoders.words_b(text, 5), encoders.words_q(text, 3), encoders.word_b(text), encoders.word_q(text)))
    return put(octets, max(end - 2, 0), b" " + word.encode())


def other_line_ends(m: Mutator, octets: bytes) -> bytes:
    """In all of it, or from somewhere on."""
    at = m.random.choice((0, m.place(octets)))
    return octets[:at] + octets[at:].replace(b"\r\n", b"\n").replace(b"\n", m.random.choice((b"\n", b"\r", b"\r\r\n", b"\r\n")))


def insert_field(m: Mutator, octets: bytes) -> bytes:
    """A field that says how to read what follows; often a second one of its kind."""
    start, _ = m.field(octets)
    return put(octets, start, _structural(m))


def replace_field(m: Mutator, octets: bytes) -> bytes:
    """The same instead of another field."""
    start, end = m.field(octets)
    return put(octets, start, _structural(m), end)


def drop_field(m: Mutator, octets: bytes) -> bytes:
    """Without one of its fields."""
    start, end = m.field(octets)
    return put(octets, start, b"", end)


def fold_field(m: Mutator, octets: bytes) -> bytes:
    """A line break inside a field."""
    start, end = m.field(octets)
    return put(octets, m.random.randint(start, end), m.random.choice((b"\r\n ", b"\n\t", b"\r ", b"\r\n\r\n ")))


def drop_delimiter(m: Mutator, octets: bytes) -> bytes:
    """Without one of the delimiter lines."""
    found = [match.span() for match in _DELIMITER.finditer(octets)]
    return put(octets, *(lambda span: (span[0], b"", span[1]))(m.random.choice(found))) if found else octets


def double_delimiter(m: Mutator, octets: bytes) -> bytes:
    """One of the delimiter lines somewhere else as well."""
    found = [match.group() for match in _DELIMITER.finditer(octets)]
    return put(octets, m.place(octets), b"\r\n" + m.random.choice(found)) if found else octets


def splice(m: Mutator, octets: bytes) -> bytes:
    """The beginning of this one and the end of another."""
    other = m.random.choice(m.pool)
    return octets[: m.place(octets)] + other[m.place(other) :]


def make_part(m: Mutator, octets: bytes) -> bytes:
    """This one as a part beside another."""
    head = b"Content-Type: multipart/%s; boundary=b\r\n\r\n" % m.random.choice((b"mixed", b"alternative", b"digest", b"related"))
    return head + b"--b\r\n" + octets + b"\r\n--b\r\n" + m.random.choice(m.pool)[:4096] + b"\r\n--b--\r\n"


def encode_body(m: Mutator, octets: bytes) -> bytes:
    """The body in a transfer encoding, whatever its header section says."""
    head, gap, body = octets.partition(b"\r\n\r\n") if b"\r\n\r\n" in octets else octets.partition(b"\n\n")
    encode = m.random.choice(BODY_ENCODERS)
    return head + gap + encode(body[:LARGEST])


def nest(m: Mutator, octets: bytes) -> bytes:
    """As a message in a message."""
    if m.random.random() < 0.5:
        return b"Subject: outer\r\nContent-Type: message/rfc822\r\n\r\n" + octets
    head = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head + base64.encodebytes(octets)


def _structural(m: Mutator) -> bytes:
    kind = m.random.randrange(4)
    if kind == 0:
        return b"Content-Transfer-Encoding: " + m.random.choice(ENCODINGS) + b"\r\n"
    if kind == 1:
        return b"Content-Type: " + m.random.choice(TYPES) + b"\r\n"
    if kind == 2:
        return b"Content-Type: text/" + m.random.choice((b"plain", b"html")) + b"; charset=" + m.random.choice(CHARSETS) + b"\r\n"
    word = m.hidden_word().strip()
    return m.random.choice((b"Subject: ", b"From: ", b"X-A: ", b"Content-Disposition: attachment; filename=")) + word + b"\r\n"


STEPS: tuple[Step, ...] = (
    flip_bits, cut_out, truncate, repeat, move, insert_token, insert_token, insert_noise, insert_word, insert_word,
    insert_word, insert_encoded_word, other_line_ends, insert_field, insert_field, replace_field, drop_field, fold_field,
    drop_delimiter, double_delimiter, splice, make_part, encode_body, nest,
)  # fmt: skip
