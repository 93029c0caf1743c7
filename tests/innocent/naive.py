"""An independent look at a mail: Python's own parser, tags cut out, words compared. Slow, and no code of filterd."""

from __future__ import annotations

import email
import email.header
import html
import re
import unicodedata
from email.message import Message
from urllib.parse import unquote

_TAG = re.compile(r"<[^>]*>")


def texts(content: bytes) -> list[str]:
    """Every text: decoded fields, decoded parts, parts without their tags, and the octets as they are."""
    found = [content.decode("latin-1")]
    message = email.message_from_bytes(content)
    for part in message.walk():
        found += [_field(str(value)) for value in part.values()]
        found += [str(value) for value in (part.get_filename(), part.get_param("name")) if value]
        text = _payload(part)
        found += [text, unquote(text), html.unescape(_TAG.sub("", text)), html.unescape(_TAG.sub(" ", text))]
    return found


def _payload(part: Message) -> str:
    octets = part.get_payload(decode=True)
    if not isinstance(octets, bytes):
        return ""
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def _field(value: str) -> str:
    try:
        return str(email.header.make_header(email.header.decode_header(value)))
    except (LookupError, ValueError, UnicodeError):
        return value


def folded(text: str) -> str:
    """Without case, width and accents; blanks and quote prefixes are one blank."""
    letters = unicodedata.normalize("NFKD", text)
    flat = "".join(letter for letter in letters if letter.isspace() or unicodedata.category(letter)[0] not in "MC")
    return re.sub(r"[\s>]+", " ", flat.casefold())


class Naive:
    """Does a word truly stand in this mail as a word?"""

    def __init__(self, content: bytes) -> None:
        self._text = "\n".join(folded(text) for text in texts(content))

    def has(self, word: str) -> bool:
        """Whole words only."""
        wanted = re.escape(folded(word))
        return re.search(rf"(?<![^\W_]){wanted}(?![^\W_])", self._text) is not None
