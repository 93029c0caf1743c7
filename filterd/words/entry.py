"""One entry of a wordlist, as tokens and the gaps between them.

A token is what `words.tokens` calls one; a gap is what stands before, between and after the tokens, every run of blanks
one blank. "c++" is the token "c" with the gaps "" and "++"; "top secret" has the gaps "", " " and "".
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property

from filterd.words.canonical import canonical
from filterd.words.tokens import haystack, normal_gap, token_spans

EXACT, CASE, FOLD, DISGUISE = LEVELS = ("exact", "case", "fold", "disguise")
_LONG = 6  # letters of an entry that may be written without its accents, as on typewriters and in capitals
_STROKES = str.maketrans("øłđħØŁĐĦ", "oldhOLDH")  # marks that are not taken apart


class Form:
    """A spelling of an entry: what stands before, between and after its tokens, and the tokens themselves."""

    __slots__ = ("gaps", "tokens")

    def __init__(self, text: str) -> None:
        spans = token_spans(text)
        starts = [0, *(end for _, end in spans)]
        ends = [*(start for start, _ in spans), len(text)]
        self.tokens = tuple(text[start:end] for start, end in spans)
        self.gaps = tuple(normal_gap(text[start:end]) for start, end in zip(starts, ends, strict=True))


@dataclass(frozen=True)
class Entry:
    """`text` is the entry as a person wrote it, escapes undone, without the `*` of its open edges; `line` counts from 1.

    `level` is the highest folding it sees through, `areas` are those in which it counts (none: all). An `allow` entry finds
    nothing; it cancels what its list finds within its own place.
    """

    text: str
    line: int
    level: str = FOLD
    areas: tuple[str, ...] = ()
    allow: bool = False
    open_start: bool = False
    open_end: bool = False

    @cached_property
    def plain(self) -> Form:
        """As it is written."""
        return Form(self.text)

    @cached_property
    def folded(self) -> Form:
        """In canonical form."""
        return self.plain if self.text.isascii() else Form(canonical(self.text))

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """What the automaton looks for: the entry as it is, composed and decomposed (é, e + U+0301)."""
        if self.text.isascii():
            return (self._key(self.text),)
        texts = (self.text, unicodedata.normalize("NFC", self.text), unicodedata.normalize("NFD", self.text))
        return tuple(sorted({self._key(text) for text in texts}))

    @cached_property
    def folded_key(self) -> str:
        """What the automaton looks for in a canonical text; empty below level fold."""
        if self.level in (EXACT, CASE):
            return ""
        return self.keys[0] if self.text.isascii() else self._key(canonical(self.text))

    @cached_property
    def needs_accents(self) -> bool:
        """Is it a short word that is another one without its accents, as `göt` is?"""
        if self.text.isascii() or sum(map(str.isalpha, self.text)) >= _LONG:
            return False
        letters = unicodedata.normalize("NFD", self.text).translate(_STROKES)
        return letters != self.text and all(letter.isascii() or unicodedata.combining(letter) for letter in letters)

    def _key(self, text: str) -> str:
        """The haystack of it; where an edge is open, without the blank that stands for the edge."""
        key = haystack(text)
        return key[1 if self.open_start else 0 : -1 if self.open_end else None]

    @property
    def shown(self) -> str:
        """The entry for people, with its open edges."""
        return f"{'*' * self.open_start}{self.text}{'*' * self.open_end}"

    @property
    def identity(self) -> tuple[object, ...]:
        """Two entries with the same identity find the same."""
        text = unicodedata.normalize("NFC", self.text) if self.level == EXACT else ""
        gaps = () if self.text.isalnum() else self.plain.gaps
        return self.keys, gaps, text, self.level, self.areas, self.allow, self.open_start, self.open_end
