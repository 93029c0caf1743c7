"""Wild entries: one expression of the standard library for each, anchored at the token that the automaton proposed.

The automaton looks for the longest literal run; what stands around it is confirmed here. All parts are bounded or possessive, so
that confirming takes no longer than the text around a proposal is long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from filterd.words.canonical import canonical
from filterd.words.entry import CASE, EXACT, Wild
from filterd.words.pattern import ANY, LETTER_OR_DIGIT, Some
from filterd.words.tokens import count_tokens, haystack, is_continuous, token_spans

MANY = 64  # characters that a `*` inside a word may stand for
# Marks of the scripts whose words have them; a class of all marks would make every entry slow to compile.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963\u0966-\u0dff"
)
_WORDY = rf"(?:{LETTER_OR_DIGIT}|[{_MARKS}])"
_BLANKS = r"(?>[^\S\r\n]*+[\r\n]\s*+(?:>[\s>]*+)?+|\s++)"
_BEFORE = 16  # characters before the first token that signs may need
_REST = 256  # of a longer word that an open edge belongs to


@dataclass(frozen=True, slots=True)
class WildForm:
    """How one entry is searched for in texts of one form.

    `key` is what the automaton looks for; it stands in the token number `token` of the entry's `tokens`. `wide`: in scripts
    without blanks a `*` is any number of tokens, and the whole text is searched at once.
    """

    key: str
    token: int
    tokens: int
    wide: bool
    pattern: re.Pattern[str]

    def confirm(self, text: str, spans: list[tuple[int, int]], first: int) -> Iterator[tuple[int, int]]:
        """Where the entry stands whose key is in the token number `first` of the text."""
        at = first - self.token
        if at < 0 or at + self.tokens > len(spans):
            return
        start, end = spans[at][0] - _BEFORE, spans[at + self.tokens - 1][1] + _BEFORE
        for found in self.pattern.finditer(text, max(start, 0), min(end, len(text))):
            if found.start() < spans[first][1] and found.end() > spans[first][0]:
                yield found.span()

    def everywhere(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the entry stands in the whole text."""
        for found in self.pattern.finditer(text):
            yield found.span()


def wild_form(entry: Wild, *, folded: bool) -> WildForm | None:
    """The form for texts as they are written, or for canonical ones; None if the entry does not see so far."""
    if folded and entry.level in (EXACT, CASE):
        return None
    pieces = [canonical(piece) if folded and isinstance(piece, str) else piece for piece in entry.glob.pieces]
    key, before = _key(pieces)
    pattern = re.compile(_expression(pieces, folded), 0 if entry.level == EXACT else re.IGNORECASE)
    flat = "".join(piece if isinstance(piece, str) else "x" for piece in pieces)
    return WildForm(key, before, count_tokens(flat), any(map(is_continuous, flat)), pattern)


def _key(pieces: list[str | Some]) -> tuple[str, int]:
    """The longest literal run as a haystack has it, without edges, and the token that it begins in."""
    best, token = "", 0
    flat = ""
    for piece in pieces:
        if isinstance(piece, Some):
            flat += "x"
            continue
        for start, end in token_spans(piece):
            if end - start > len(best) or not best:
                best = piece[start:end]
                token = max(count_tokens(f"{flat}{piece[: start + 1]}") - 1, 0)
        flat += piece
    return haystack(best)[1:-1], token


def _expression(pieces: list[str | Some], folded: bool) -> str:
    inner = pieces[1 if pieces[0] == ANY else 0 : -1 if pieces[-1] == ANY else None]
    body = "".join(_piece(piece, folded) for piece in inner)
    # With an open edge the whole word is what was found.
    before = rf"(?<!{LETTER_OR_DIGIT})(?:{_WORDY}{{0,{_REST}}}?)" if pieces[0] == ANY else rf"(?<!{LETTER_OR_DIGIT})"
    after = rf"{_WORDY}{{0,{_REST}}}" if pieces[-1] == ANY else rf"(?!{_WORDY})"
    first, last = inner[0], inner[-1]
    if isinstance(first, str) and not first[0].isalnum():
        before = ""
    if isinstance(last, str) and not last[-1].isalnum():
        after = ""
    if isinstance(first, str) and is_continuous(first[0]):
        before = ""
    if isinstance(last, str) and is_continuous(last[-1]):
        after = ""
    return f"{before}{body}{after}"


def _piece(piece: str | Some, folded: bool) -> str:
    if isinstance(piece, Some):
        characters = _canonical_class(piece.characters) if folded else piece.characters
        return rf"{_WORDY}{{0,{MANY}}}?" if piece.many else characters
    words = [re.escape(word) for word in re.split(r"\s+", piece)]
    return _BLANKS.join(words)


def _canonical_class(characters: str) -> str:
    """A class whose letters are what canonical texts have."""
    return characters if characters.isascii() else re.sub(r"[^\x00-\x7f]", lambda found: canonical(found.group()), characters)


