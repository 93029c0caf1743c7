"""A coarse spelling, in which everything that may stand for another letter is the same letter.

It only proposes: the same is done to entries and to texts, and `words.align` confirms. i l 1 ! | are one letter, so are o 0,
a 4 @ and so on; u and v; m is written rn, w is vv; look-alikes of other scripts are the letter they look like.
"""

from __future__ import annotations

import re
from functools import lru_cache

from filterd.words.lookalikes import LEET, LOOKS, NEAR
from filterd.words.tokens import is_continuous

_MERGED = {"i": "l", "u": "v", "g": "b"}
_ASCII_SIGNS = "".join(sign for sign in LEET if sign.isascii() and not sign.isalnum())
_LIKE = {look: letter for table in (NEAR, LOOKS) for letter, looks in table.items() for look in looks}
# Signs that may be letters, as a regular expression's class; all else that is no letter only separates.
SIGNS = re.escape(_ASCII_SIGNS + "".join(sign for sign in (*_LIKE, *LEET) if not sign.isascii() and not sign.isalnum()))
_SIGN = re.compile(f"[{SIGNS}]")


def _classes(signs: str) -> bytes:
    """For `bytes.translate`: letters and digits to their class, these signs too, everything else to blanks."""
    table = bytearray(b" " * 128 + bytes(range(128, 256)))
    for code in range(128):
        sign = chr(code).lower()
        letter = LEET[sign][0] if sign in LEET and (sign.isalnum() or sign in signs) else sign
        if letter.isalnum():
            table[code] = ord(_MERGED.get(letter, letter))
    return bytes(table)


_WORDS = _classes("")
_JOINED = _classes(_ASCII_SIGNS)
_NEITHER = bytes(code for code in range(128) if _JOINED[code] == 0x20 and code != 0x20)  # between letters, not even signs
_NO_LETTERS = _NEITHER + bytes(ord(sign) for sign in _ASCII_SIGNS)


class _Latin(dict[int, str | int]):
    """For `str.translate`: look-alikes to the letters of ASCII."""

    def __init__(self, signs: bool) -> None:
        super().__init__()
        self._signs = signs

    def __missing__(self, code: int) -> str | int:
        sign = chr(code)
        like: str | int = code
        if self._signs or (sign.isalnum() and not is_continuous(sign)):
            like = LEET[sign][0] if sign in LEET and code > 127 else _LIKE.get(sign, code)
        if code < 0x20000:
            self[code] = like
        return like


_LETTERS, _LETTERS_AND_SIGNS = _Latin(signs=False), _Latin(signs=True)


def latin(text: str) -> str:
    """The text with the look-alikes among its letters written as what they look like; as long as before."""
    return text if text.isascii() else text.translate(_LETTERS)


_SIMILAR = bytes(ord({"i": "l", "u": "v"}.get(chr(octet), chr(octet))) for octet in range(256))


def of_letters(words: str) -> str:
    """Coarse only as letters are that stand for each other: i l, u v, rn m, vv w."""
    return _spelt(words.encode("latin-1").translate(_SIMILAR))


def coarse(haystack: str) -> str:
    """The coarse spelling of a haystack."""
    return _spelt(haystack.encode("latin-1").translate(_WORDS))


def joined(text: str, *, signs: bool) -> str:
    """The classes of letters without what separates them; blanks stay. `signs`: are signs letters?"""
    if not text.isascii():
        text = text.translate(_LETTERS_AND_SIGNS).casefold()
        if not signs:
            text = _SIGN.sub("", text)
        text = _SEPARATING.sub("", text)
    octets = text.encode("utf-8", "surrogatepass").translate(_JOINED, _NEITHER if signs else _NO_LETTERS)
    return octets.decode("latin-1")


_SEPARATING = re.compile(r"[^\x00-\x7f\w]+")


def _spelt(octets: bytes) -> str:
    return octets.replace(b"m", b"rn").replace(b"w", b"vv").decode("latin-1")


_REPEATED = re.compile(r"([^ ])(?=\1)")  # replaced by nothing: a replacement with \1 in it costs five times as much


def collapsed(text: str) -> str:
    """Every run of one letter is that letter once; m, written rn, too."""
    text = _REPEATED.sub("", text)
    while "rnrn" in text:
        text = text.replace("rnrn", "rn")
    return text


def has_signs(text: str) -> bool:
    """Is there a sign that may be a letter?"""
    return _SIGN.search(text) is not None


def places(text: str, *, signs: bool, collapse: bool) -> list[int]:
    """For each character of `joined` without blanks (and repeats) the character of the text it stands for."""
    found: list[int] = []
    last = ""
    for at, character in enumerate(text):
        for letter in _joined_character(character, signs):
            if not (collapse and letter == last):
                found.append(at)
            last = letter
    return found


@lru_cache(maxsize=4096)
def _joined_character(character: str, signs: bool) -> str:
    return joined(character, signs=signs).replace(" ", "")
