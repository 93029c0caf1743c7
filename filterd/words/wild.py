"""Wild entries: behind keys of the automaton, each confirmed by one expression of the standard library.

The keys are the longest literal run, with small classes (`gr[ae]y`) written out and with the edges of words that it has. The
expression is tried on the tokens around; between two `*` it takes the first place that fits and never comes back to it, which
for such patterns is enough, so that confirming takes no longer than the tokens are long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from filterd.words.align import is_wordy
from filterd.words.canonical import canonical
from filterd.words.entry import CASE, EXACT, Wild
from filterd.words.pattern import ANY, LETTER_OR_DIGIT, Some
from filterd.words.tokens import count_tokens, haystack, is_continuous, token_spans

MANY = 64  # characters of scripts without blanks that a `*` may stand for
_KEYS = 16  # of one entry
_MEMBERS = 128  # of a class that are written out
# Marks of the scripts whose words have them; a class of all marks would make every entry slow to compile.
_MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963\u0966-\u0dff"
_WORDY = rf"(?:{LETTER_OR_DIGIT}|[{_MARKS}])"
_BLANKS = r"(?>[^\S\r\n]*+[\r\n]\s*+(?:>[\s>]*+)?+|\s++)"
_SIGNS = 16  # characters before the first token, and behind the last
_CLASS = re.compile(r"\[((?:\\.|[^\\])*)\]", re.DOTALL)

Pieces = list[str | Some]


@dataclass(slots=True)
class WildForm:
    """How one entry is searched for in texts of one form.

    `keys` are what the automaton looks for; they begin in the token number `token` of the entry's `tokens`. `wide`: in scripts
    without blanks a `*` is any number of tokens, and the whole text is searched at once. The expression is compiled when it is
    first needed: a list may have very many.
    """

    keys: tuple[str, ...]
    token: int
    tokens: int
    wide: bool
    source: str
    keeps_case: bool
    _pattern: re.Pattern[str] | None = field(default=None, repr=False)
    _exact: re.Pattern[str] | None = field(default=None, repr=False)

    def confirm(self, text: str, spans: list[tuple[int, int]], first: int) -> Iterator[tuple[int, int]]:
        """Where the entry stands whose key begins in the token number `first` of the text."""
        at = first - self.token
        if at < 0 or at + self.tokens > len(spans):
            return
        start, end = _window(text, spans, at, at + self.tokens - 1)
        for found in self.pattern.finditer(text, start, end):
            if found.start() < spans[first][1] and found.end() > spans[first][0]:
                yield found.span()

    def everywhere(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the entry stands in the whole text."""
        for found in self.pattern.finditer(text):
            yield found.span()

    def is_exact(self, text: str, start: int, end: int) -> bool:
        """Is it written there with the case it has in the list?"""
        if self._exact is None:
            self._exact = re.compile(self.source)
        return self._exact.fullmatch(text, start, end) is not None

    @property
    def pattern(self) -> re.Pattern[str]:
        """The expression that confirms it."""
        if self._pattern is None:
            self._pattern = re.compile(self.source, 0 if self.keeps_case else re.IGNORECASE)
        return self._pattern


def _window(text: str, spans: list[tuple[int, int]], first: int, last: int) -> tuple[int, int]:
    """From the token `first` to `last`, with those that stand directly beside, and the signs around."""
    least, most = first - MANY, last + MANY
    while first > max(least, 0) and spans[first - 1][1] == spans[first][0]:
        first -= 1
    while last < min(most, len(spans) - 1) and spans[last + 1][0] == spans[last][1]:
        last += 1
    before = spans[first - 1][1] if first else 0
    after = spans[last + 1][0] if last + 1 < len(spans) else len(text)
    return max(before, spans[first][0] - _SIGNS), min(after, spans[last][1] + _SIGNS)


def wild_form(entry: Wild, *, folded: bool) -> WildForm | None:
    """The form for texts as they are written, or for canonical ones; None if the entry does not see so far."""
    if folded and entry.level in (EXACT, CASE):
        return None
    pieces: Pieces = [canonical(piece) if folded and isinstance(piece, str) else piece for piece in entry.glob.pieces]
    flat = "".join(map(_flat, pieces))
    wide = any(map(is_continuous, flat))
    source = _expression(pieces, folded=folded, wide=wide)
    return WildForm(*_keys(pieces, folded=folded), count_tokens(flat), wide, source, entry.level == EXACT)


def _flat(piece: str | Some) -> str:
    return piece if isinstance(piece, str) else "x"


@dataclass(slots=True)
class _Run:
    """Literal text, small classes included, from the piece number `first` on: what each of its parts may be."""

    first: int
    parts: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """Every way to write it."""
        return ["".join(parts) for parts in product(*self.parts)]


def _keys(pieces: Pieces, *, folded: bool) -> tuple[tuple[str, ...], int]:
    """The keys of the run that is worth most, and the token that they begin in."""
    best: tuple[tuple[str, ...], int] = ((), 0)
    for run in _runs(pieces, folded=folded):
        last = run.first + len(run.parts)
        texts = run.texts
        opens, closes = run.first > 0 and is_wordy(texts[0][0]), last < len(pieces) and is_wordy(texts[0][-1])
        keys = tuple(dict.fromkeys(haystack(text)[1 if opens else 0 : -1 if closes else None] for text in texts))
        spans = token_spans(texts[0])
        if spans and (not best[0] or min(map(len, keys)) > min(map(len, best[0]))):
            before = "".join(map(_flat, pieces[: run.first])) + texts[0][: spans[0][0] + 1]
            best = keys, count_tokens(before) - 1
    return best


def _runs(pieces: Pieces, *, folded: bool) -> Iterator[_Run]:
    run = _Run(0)
    for at, piece in enumerate(pieces):
        members = (piece,) if isinstance(piece, str) else _members(piece, folded=folded)
        if members and len(run.texts) * len(members) <= _KEYS and not (len(members) > 1 and any(map(is_continuous, members))):
            run.parts.append(members)
            continue
        if run.parts:
            yield run
        run = _Run(at + 1)
    if run.parts:
        yield run


def _members(some: Some, *, folded: bool) -> tuple[str, ...]:
    """What a class stands for, if it is written out in it; canonical letters may be several."""
    found = _CLASS.fullmatch(some.characters)
    if some.many or not found or some.characters.startswith("[^"):
        return ()
    members: list[str] = []
    for first, last in re.findall(r"(.)(?:-(.))?", found.group(1).replace("\\", ""), re.DOTALL):
        if ord(last or first) - ord(first) > _MEMBERS:
            return ()
        members += map(chr, range(ord(first), ord(last or first) + 1))
    if not all(map(str.isalnum, members)):
        return ()
    return tuple(dict.fromkeys(canonical(member) if folded else member for member in members))


def _expression(pieces: Pieces, *, folded: bool, wide: bool) -> str:
    """The word that it begins in up to its end; with an open edge the whole word is what was found."""
    some = f"{_WORDY}{{0,{MANY}}}?" if wide else f"{_WORDY}*?"
    before, after = rf"(?<!{LETTER_OR_DIGIT})(?<![{_MARKS}])", rf"(?!{_WORDY})"
    if isinstance(pieces[0], str) and _needs_no_edge(pieces[0][0]):
        before = ""
    if isinstance(pieces[-1], str) and _needs_no_edge(pieces[-1][-1]):
        after = ""
    elif pieces[-1] == ANY:
        after = f"{_WORDY}{{0,{MANY}}}" if wide else f"{_WORDY}*"
    parts: list[str] = [""]
    for piece in pieces[: -1 if pieces[-1] == ANY else None]:
        if piece == ANY:
            parts.append("")
        else:
            parts[-1] += _piece(piece, folded=folded)
    parts[-1] += after
    return before + parts[0] + "".join(f"(?>{some}{part})" for part in parts[1:])


def _needs_no_edge(character: str) -> bool:
    """Signs have no word beside them, and in scripts without blanks there are none."""
    return not character.isalnum() or is_continuous(character)


def _piece(piece: str | Some, *, folded: bool) -> str:
    if isinstance(piece, str):
        return _BLANKS.join(re.escape(word) for word in re.split(r"\s+", piece))
    if not folded or piece.characters.isascii():
        return piece.characters
    members = _members(piece, folded=True)
    if members:
        return f"(?:{'|'.join(map(re.escape, members))})"
    return re.sub(r"[^\x00-\x7f]", lambda found: canonical(found.group()), piece.characters)
