"""Words of a text: the one place that says what a word is.

A token is a run of letters, digits and marks; in scripts written without blanks every character (with its marks) is a
token of its own, so that "inside a longer word" has no meaning there (UAX #29 keeps each ideograph alone as well).
Everything else separates, `_` included.

`haystack` is what the automaton searches: every token case-folded, with one blank before, between and after. An entry made
into a haystack itself is therefore found only at whole tokens, and the n-th token of a haystack is the n-th span of
`token_spans`: no map of offsets is ever built for text in which nothing is found.

The haystack is UTF-8 read as Latin-1. pyahocorasick searches the children of a node one after another; so none has more
than 256, where a Chinese list would give its root thousands.
"""

from __future__ import annotations

import re

from filterd.words.classes import HAS_FOLLOWERS, MARK_CODES, MARKS, UNSEEN_SIGNS, ranges
from filterd.words.lines import runs

# Scripts without blanks between words: Thai, Lao, Myanmar, Khmer, kana, Han.
CONTINUOUS = (
    "\u0e01-\u0e3a\u0e40-\u0e5b\u0e81-\u0edf\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\u2e80-\u2fd5\u3005-\u3007"
    "\u3021-\u3029\u3031-\u3035\u3038-\u303b\u3041-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua9e0-\ua9fe\uaa60-\uaa7f\uf900-\ufaff\uff66-\uff9f\U0001aff0-\U0001b16f"
    "\U00020000-\U0003ffff"
)


# U+0345 is a mark whose case folding is a letter: never part of the character before it.
_FOLLOWERS = ranges([code for code in MARK_CODES if code != 0x345])

# `[^\W_]` is str.isalnum(): letters and numbers, no marks.
# Between two of a token's characters what nobody sees is no edge: a soft hyphen makes no words of "cock\u00adpit".
_LETTER = rf"(?:(?![{CONTINUOUS}])[^\W_]|[{MARKS}])"
_CONTINUOUS_TOKEN = rf"(?=[^\W_])[{CONTINUOUS}][{_FOLLOWERS}]*"
_TOKEN = re.compile(rf"{_CONTINUOUS_TOKEN}|{_LETTER}+(?:[{UNSEEN_SIGNS}]+{_LETTER}+)*")
_HAS_UNSEEN = re.compile(f"[{UNSEEN_SIGNS}]")
_ASCII_TOKEN = re.compile("[0-9A-Za-z]+")
_SEPARATORS = re.compile(rf"[^\x00-\x7f\w{MARKS}]+")
_PLAIN_SEPARATORS = re.compile(r"[^\x00-\x7f\w]+")  # of a text without marks
_HAS_CONTINUOUS = re.compile(f"[{CONTINUOUS}]")
_IN_CONTINUOUS = _HAS_CONTINUOUS.match
_BASES = ranges([code for code in range(0x0E00, 0x10000) if _IN_CONTINUOUS(chr(code)) and chr(code).isalnum()])
_BASES += CONTINUOUS[CONTINUOUS.index("\U0001aff0") :]
_PIECES = re.compile(f"[{_BASES}][{_FOLLOWERS}]*|[^{_BASES}]+")

_LOWER = bytes(
    ord(chr(octet).lower()) if octet < 0x80 and chr(octet).isalnum() else octet if octet >= 0x80 else 0x20
    for octet in range(256)
)

_LONG = 1000  # characters; of a longer text the lines of ASCII are dealt with apart

_QUOTE_PREFIX = re.compile(r"[\r\n][ \t]*>[ \t>]*")
_LINE_BREAK = re.compile(r"[\r\n]+(?:[ \t]*>[ \t>]*)?")


def haystack_of_ascii(octets: bytes) -> str:
    """The haystack of ASCII octets: a few passes in C."""
    words = b" ".join(octets.translate(_LOWER).split())
    return f" {words.decode('latin-1')} " if words else "  "


def haystack(text: str) -> str:
    """The haystack of any text."""
    if text.isascii():
        return haystack_of_ascii(text.encode("ascii"))
    if len(text) < _LONG:
        return _haystack(text)
    parts = [(haystack_of_ascii(piece.encode("ascii")) if is_ascii else _haystack(piece))[1:-1] for is_ascii, piece in runs(text)]
    return f" {' '.join(filter(None, parts))} "


def _haystack(text: str) -> str:
    """Of a text that is not ASCII."""
    if _HAS_UNSEEN.search(text):
        folded = " ".join([text[start:end] for start, end in token_spans(text)]).casefold()
        return f" {folded} ".encode("utf-8", "surrogatepass").decode("latin-1") if folded else "  "
    folded = text.casefold()
    folded = (_SEPARATORS if HAS_FOLLOWERS.search(folded) else _PLAIN_SEPARATORS).sub(" ", folded)
    if _HAS_CONTINUOUS.search(folded):
        folded = " ".join(_PIECES.findall(folded))
    return haystack_of_ascii(folded.encode("utf-8", "surrogatepass"))


def count_tokens(text: str) -> int:
    """How many tokens the text has."""
    words = haystack(text)
    return words.count(" ") - 1 if len(words) > 2 else 0


def token_spans(text: str) -> list[tuple[int, int]]:
    """Where the tokens of the haystack stand in the text."""
    if text.isascii():
        return [found.span() for found in _ASCII_TOKEN.finditer(text)]
    if len(text) < _LONG:
        return [found.span() for found in _TOKEN.finditer(text)]
    spans: list[tuple[int, int]] = []
    start = 0
    for is_ascii, piece in runs(text):
        end = start + len(piece)
        spans += [found.span() for found in (_ASCII_TOKEN if is_ascii else _TOKEN).finditer(text, start, end)]
        start = end
    return spans


def normal_gap(text: str) -> str:
    """What stands between two tokens, every run of blanks, line breaks and quote prefixes (`> `) one blank."""
    if text in ("", " "):
        return text
    text = _QUOTE_PREFIX.sub("\n", text)
    inner = " ".join(text.split()).casefold()
    return f"{' ' if text[:1].isspace() else ''}{inner}{' ' if inner and text[-1:].isspace() else ''}"


def is_line_break(text: str) -> bool:
    """Is the gap nothing but a line break, as text without blanks is wrapped?"""
    return _LINE_BREAK.fullmatch(text) is not None


def is_continuous(character: str) -> bool:
    """Is it of a script without blanks between words?"""
    return _IN_CONTINUOUS(character) is not None
