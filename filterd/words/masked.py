"""Words with letters blotted out: `f*ck`, `c#nt`, `v•agra`, `f@ck`. A reader fills them in.

Looked for are words of four letters and more whose first and last letter stand there and at least half of all; each sign is
one letter. `@` and `_` stand only for a vowel. What is found is looked up by first letter, last letter and length, so that
ordinary text, which has few such words, costs one search.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from filterd.words.term import Term
from filterd.words.tokens import token_spans

SIGNS = "*#%@•●█∗✱✲⋆★■□▮▯_"
_FOR_VOWELS = frozenset("@_")  # `s_it` is a name in a program
_SIGN = f"[{re.escape(SIGNS)}]"
_MASKED = re.compile(
    rf"(?<![\w.])(?<!{_SIGN})[^\W\d_]{{1,24}}(?:{_SIGN}{{1,12}}[^\W\d_]{{1,24}}){{1,12}}(?!\w)(?!{_SIGN})(?!\.\w)"
)
_ONE_SIGN = re.compile(_SIGN)
_SHORTEST, _LONGEST = 4, 24
_PER_KEY = 2000  # entries alike that are compared; more make the list, not the message, the trouble

Key = tuple[str, str, int]


class Masked:
    """The entries of one word at level disguise, by what is left when letters are blotted out."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms: dict[Key, list[tuple[str, Term]]] = {}
        for term in terms:
            word = term.entry.folded_key.strip(" ").encode("latin-1").decode("utf-8", "replace")
            is_word = _SHORTEST <= len(word) <= _LONGEST and word.isalpha() and len(token_spans(word)) == 1
            if is_word and not (term.entry.open_start or term.entry.open_end) and term.entry.folded.gaps == ("", ""):
                found = self._terms.setdefault((word[0], word[-1], len(word)), [])
                if len(found) < _PER_KEY:
                    found.append((word, term))

    def find(self, text: str) -> Iterator[tuple[Term, int, int]]:
        """The entries that are blotted out in a canonical text, with their spans."""
        if not self._terms:
            return
        done = 0
        for sign in _ONE_SIGN.finditer(text):
            found = _MASKED.match(text, _word_start(text, sign.start())) if sign.start() >= done else None
            if not found:
                continue
            done = found.end()
            spelt = found.group().casefold()
            for word, term in self._terms.get((spelt[0], spelt[-1], len(spelt)), ()):
                if _fills(spelt, word):
                    yield term, *found.span()


def _word_start(text: str, end: int) -> int:
    """Where the letters before this place begin; so far back as a word may reach."""
    start = end
    while start and end - start < _LONGEST and text[start - 1].isalpha():
        start -= 1
    return start


def _fills(spelt: str, word: str) -> bool:
    """Are the letters that stand there the word's, and enough of them?"""
    masked = 0
    for there, letter in zip(spelt, word, strict=True):
        if there != letter:
            if there not in SIGNS or (there in _FOR_VOWELS and letter not in "aeiou"):
                return False
            masked += 1
    return 0 < masked * 2 <= len(word)
