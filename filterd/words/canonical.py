"""The canonical form of a text: what a reader takes for the same letters is written with the same characters.

`canonical` keeps upper and lower case apart (look-alikes need to know it); compare two of them with `casefold`, which then
never changes their length. ASCII is its own canonical form. What it does:

- what nobody sees goes: default ignorables, U+2800, and more than `MARKS` marks in a row (normalising them is quadratic);
- compatibility forms become their letters (NFKC), and so do letters in circles and squares, small capitals, flags' letters;
- marks go where they are decoration (é, v̶, Hebrew points, Arabic harakat), and stay where they make another letter
  (й, ў, ї) or write a vowel (Devanagari, Thai, kana);
- æ œ ø đ ł ı ß, forms of alef, yeh and kaf, Hebrew final letters are written one way; so are digits, dashes and quotes.

`places` says where each character of the canonical form stood. It is worked out only where something was found.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

from filterd.words.classes import FOLLOWERS, HAS_FOLLOWERS, UNSEEN
from filterd.words.lines import runs

MARKS = 32  # in a row

_DECORATION = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08e1\u08e3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\ufe20-\ufe2f\u0640]"
)
_OWN_LETTERS = frozenset("йЙўЎїЇѓЃќЌ")  # not и, у, і, г, к with something on top
_ONE_WAY = {
    **dict.fromkeys("‐‑‒–—―−﹘﹣－⁃˗־", "-"),
    **dict.fromkeys("‘’‚‛′‵´`ʹʻʼʽˈˊˋ՚׳＇", "'"),
    **dict.fromkeys("“”„‟″‶«»ʺ˝״＂", '"'),
    **dict.fromkeys("\u2028\u2029\u0085", "\n"),
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ı": "i", "İ": "I", "ȷ": "j", "ð": "d", "Ð": "D",
    "þ": "th", "Þ": "TH", "ŋ": "n", "Ŋ": "N", "ĸ": "k", "⁄": "/",
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ک": "ك", "ڪ": "ك",
    "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ",
}  # fmt: skip
del _ONE_WAY["`"]  # ASCII is its own canonical form
_NAMED_LETTER = re.compile(
    r"(?:REGIONAL INDICATOR SYMBOL LETTER|LATIN LETTER SMALL CAPITAL|MODIFIER LETTER (?:SMALL|CAPITAL)"
    r"|(?:(?:NEGATIVE |CROSSED )?(?:CIRCLED|SQUARED|PARENTHESIZED) |MODIFIER LETTER )*LATIN (CAPITAL|SMALL) LETTER)"
    r" ([A-Z])(?: WITH .*)?"
)
_PARENTHESIZED = re.compile(r"\(([A-Za-z])\)")


def _character(character: str) -> str:
    """The canonical form of one character."""
    if character in _OWN_LETTERS:
        return character
    if character in _ONE_WAY:
        return _ONE_WAY[character]
    decomposed = unicodedata.normalize("NFKD", character)
    if decomposed != character:
        bare = unicodedata.normalize("NFC", _DECORATION.sub("", decomposed))
        return _PARENTHESIZED.sub(r"\1", "".join(map(_single, bare)))
    return _single(character)


def _single(character: str) -> str:
    """The canonical form of what has no decomposition."""
    if character.isascii() or character in _OWN_LETTERS:
        return character
    if character in _ONE_WAY:
        return _ONE_WAY[character]
    if _DECORATION.match(character):
        return ""
    if (digit := unicodedata.decimal(character, None)) is not None:
        return str(digit)
    if unicodedata.category(character) == "Zs":
        return " "
    named = _NAMED_LETTER.fullmatch(unicodedata.name(character, ""))
    if named:
        return named[2] if named[1] == "CAPITAL" else named[2].lower()
    folded = character.casefold()
    return character if len(folded) == 1 else folded


class _Table(dict[int, str]):
    """For `str.translate`: made as it is needed, and kept for the planes that hold nearly all text."""

    def __missing__(self, code: int) -> str:
        form = _character(chr(code))
        if code < 0x20000:
            self[code] = form
        return form


_TABLE = _Table()
# Anything but the commonest letters that stay as they are: Latin, Cyrillic, Greek, Hebrew, Arabic, Devanagari, Thai, kana, Han,
# Hangul. They need no look into the table.
_CHANGING = re.compile(
    "[^\x00-\x7f\u0410-\u044f\u0391-\u03a1\u03a3-\u03a9\u03b1-\u03c9\u05d0-\u05d9\u05db\u05dc\u05de\u05e0-\u05e2\u05e4\u05e6-\u05ea"
    "\u0621\u0627-\u063a\u0641-\u0648\u064a\u0901-\u0928\u092a-\u0930\u0932\u0933\u0935-\u094d\u0e01-\u0e32\u0e34-\u0e3a\u0e40-\u0e4e"
    "\u3001\u3002\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]+"
)


_LONG = 1000  # characters; of a longer text the lines of ASCII are left alone
_PIECE = re.compile(rf"[\s\S][{FOLLOWERS}]*")
_UNSEEN = re.compile(f"[{UNSEEN}]+")
_UNSEEN_END = re.compile(rf"[{UNSEEN}]+\Z")
_TOO_MANY = re.compile(rf"([{FOLLOWERS}]{{{MARKS}}})[{FOLLOWERS}]+")


def canonical(text: str) -> str:
    """The canonical form, upper and lower case as they were."""
    if text.isascii():
        return text
    if len(text) < _LONG:
        return _canonical(text)
    return "".join([piece if is_ascii else _canonical(piece) for is_ascii, piece in runs(text)])


def _canonical(text: str) -> str:
    if not HAS_FOLLOWERS.search(text):
        return _CHANGING.sub(_replaced, text)
    text = _TOO_MANY.sub(r"\1", _UNSEEN.sub("", text))
    return unicodedata.normalize("NFC", _CHANGING.sub(_replaced, unicodedata.normalize("NFC", text)))


def _replaced(found: re.Match[str]) -> str:
    return found.group().translate(_TABLE)


class Origins:
    """From a canonical text back to the text it was made of; only the lines that are asked for are mapped."""

    def __init__(self, text: str) -> None:
        self._runs = runs(text)
        self._starts: list[int] = []  # of each run, in the text and in its canonical form
        self._formed: list[int] = []
        self._mapped: dict[int, list[tuple[int, int]]] = {}
        start = formed = 0
        for is_ascii, piece in self._runs:
            self._starts.append(start)
            self._formed.append(formed)
            start += len(piece)
            formed += len(piece) if is_ascii else len(_canonical(piece))

    def span(self, at: int) -> tuple[int, int]:
        """The span of the characters of the text that a character of the canonical text came from."""
        run = bisect_right(self._formed, at) - 1
        is_ascii, piece = self._runs[run]
        start, inside = self._starts[run], at - self._formed[run]
        if is_ascii:
            return start + inside, start + inside + 1
        if run not in self._mapped:
            self._mapped[run] = places(piece)
        first, last = self._mapped[run][inside]
        return start + first, start + last


def places(text: str) -> list[tuple[int, int]]:
    """For each character of `canonical(text)` the span of the characters of the text it came from."""
    spans: list[tuple[int, int]] = []
    known: dict[str, tuple[int, int]] = {}
    for found in _PIECE.finditer(text):
        piece, start = found.group(), found.start()
        length, seen = known.get(piece) or known.setdefault(piece, _form_of_piece(piece))
        spans += [(start, start + seen)] * length
    return spans


def _form_of_piece(piece: str) -> tuple[int, int]:
    """How long the canonical form of a letter and what stands on it is, and how much of the piece is seen."""
    unseen = _UNSEEN_END.search(piece)
    return len(canonical(piece)), unseen.start() if unseen else len(piece)
