"""What the engine is measured with: entries of a fixed seed, real messages of certain kinds, and some made of them."""

from __future__ import annotations

import base64
import html
import quopri
import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from filterd.mail.limits import ReadLimits
from filterd.mail.message import Message
from tests.integration.corpus import as_sent

ENTRIES = 10_000
NAMED = 500
_ONSETS = "b c d f g h j k l m n p r s t v w z br cl dr fl gr pl pr sk sl sp st tr".split()  # noqa: SIM905 - thirty strings would hide what they are
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "io", "ou"]
_CODAS = ["", "", "", "n", "r", "s", "l", "t", "ck", "nd", "rm"]
_CYRILLIC = [*"бвгдзклмнпрст"], [*"аеиоуыя"]


def entries(count: int = ENTRIES, seed: int = 7) -> list[str]:
    """Words nobody writes, as long and as varied as those people forbid: an eighth phrases, some with accents or Cyrillic."""
    source = random.Random(seed)
    made: dict[str, None] = {}
    while len(made) < count:
        kind = source.random()
        word = _word(source)
        if kind < 0.125:
            word = f"{word} {_word(source)}"
        elif kind < 0.15:
            word = word.replace("a", "á").replace("o", "ö")
        elif kind < 0.175:
            word = "".join(source.choice(letters) for _ in range(4) for letters in _CYRILLIC)
        made[word] = None
    return list(made)


def _word(source: random.Random) -> str:
    """Three or four syllables."""
    return "".join(source.choice(letters) for _ in range(source.choice((3, 3, 4))) for letters in (_ONSETS, _VOWELS, _CODAS))


@dataclass(frozen=True, slots=True)
class Corpus:
    """Real messages as clients send them, and what was chosen of them."""

    all: list[bytes]
    plain: list[bytes]
    alternative: list[bytes]
    real_alternatives: int


def corpus(data: Path) -> Corpus:
    """Of DATA/mail: everything, and the first 500 by name of each kind."""
    paths = sorted((path for path in (data / "mail" / "ham").iterdir() if path.is_file()), key=lambda path: path.name)
    ham = [as_sent(path.read_bytes()) for path in paths]
    spam = [as_sent(path.read_bytes()) for path in sorted((data / "mail").glob("spam/*")) if path.is_file()]
    plain = [message for message in ham if is_plain(message) and 4_000 <= len(message) <= 6_000][:NAMED]
    real = [message for message in ham if is_alternative(message) and 5_000 <= len(message) <= 7_000][:NAMED]
    short = [message for message in ham if is_plain(message) and len(message) < 6_000]
    made = (as_alternative(message) for message in short)
    fitting = [message for message in made if 5_000 <= len(message) <= 7_000]
    return Corpus([*ham, *spam], plain, [*real, *fitting][:NAMED], len(real))


def _type(message: bytes) -> str:
    fields = Message(message, ReadLimits()).fields
    value = next((field.value for field in fields if field.name == "content-type"), b"text/plain")
    return value.decode("latin-1").strip().lower()


def is_plain(message: bytes) -> bool:
    """Text that is one part."""
    return _type(message).startswith("text/plain")


def is_alternative(message: bytes) -> bool:
    """Text and the same as HTML."""
    return _type(message).startswith("multipart/alternative")


def as_alternative(message: bytes) -> bytes:
    """A plain message as mail programs write it today: the text, and a page with the same text, in quoted-printable."""
    head, _, body = message.partition(b"\r\n\r\n")
    fields = [line for line in head.split(b"\r\n") if not line.lower().startswith((b"content-", b"mime-version"))]
    rows = html.escape(body.decode("latin-1"), quote=False).replace("\r\n", "<br>\r\n")
    page = f'<html><head><style>p {{ margin: 0 }}</style></head><body><p style="color:#222">{rows}</p></body></html>'
    parts = ((b"text/plain", body), (b"text/html", page.encode("latin-1")))
    made = b"".join(
        b"--=_a\r\nContent-Type: " + type_ + b"; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + quopri.encodestring(octets.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n") + b"\r\n"
        for type_, octets in parts
    )  # fmt: skip
    top = b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="=_a"\r\n\r\n'
    return b"\r\n".join(fields) + b"\r\n" + top + made + b"--=_a--\r\n"


def large_attachment(messages: Iterable[bytes], octets: int) -> bytes:
    """A message with a text attachment in base64 that has this many octets encoded."""
    text, wanted = bytearray(), octets * 57 // 78
    while len(text) < wanted:
        for message in messages:
            text += message.partition(b"\r\n\r\n")[2]
            if len(text) >= wanted:
                break
    body = base64.encodebytes(bytes(text[:wanted])).replace(b"\n", b"\r\n")
    return (
        b"Subject: log\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"=_l\"\r\n\r\n--=_l\r\n\r\nThe log.\r\n"
        b"--=_l\r\nContent-Type: text/plain; name=log.txt\r\nContent-Transfer-Encoding: base64\r\n"
        b"Content-Disposition: attachment; filename=log.txt\r\n\r\n" + body + b"\r\n--=_l--\r\n"
    )  # fmt: skip


def decoded_text(message: bytes) -> str:
    """All that is read of a message, as one text in lower case."""
    return "\n".join(piece.text for piece in Message(message, ReadLimits()).slices()).lower()
