"""One entry of a wordlist, as tokens and the gaps between them.

A token is what `words.tokens` calls one; a gap is what stands before, between and after the tokens, every run of blanks
one blank. "c++" is the token "c" with the gaps "" and "++"; "top secret" has the gaps "", " " and "".
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property

from filterd.words.tokens import haystack, normal_gap, token_spans


@dataclass(frozen=True)
class Entry:
    """`text` is the entry as a person wrote it, escapes undone; `line` counts from 1."""

    text: str
    line: int

    @cached_property
    def gaps(self) -> tuple[str, ...]:
        """What stands before, between and after the tokens: one more than there are tokens."""
        spans = token_spans(self.text)
        starts = [0, *(end for _, end in spans)]
        ends = [*(start for start, _ in spans), len(self.text)]
        return tuple(normal_gap(self.text[start:end]) for start, end in zip(starts, ends, strict=True))

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """What the automaton looks for: the entry as it is, composed and decomposed (é, e + U+0301)."""
        if self.text.isascii():
            return (haystack(self.text),)
        texts = (self.text, unicodedata.normalize("NFC", self.text), unicodedata.normalize("NFD", self.text))
        return tuple(sorted({haystack(text) for text in texts}))

    @property
    def tokens(self) -> int:
        """How many tokens it has."""
        return len(self.gaps) - 1

    @property
    def identity(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Two entries with the same identity find the same."""
        return self.keys, self.gaps
