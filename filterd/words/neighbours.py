"""Is a word written in look-alikes only, or is it a word of the script it is written in? Its neighbours tell."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from filterd.words.lookalikes import LOOKS

_NEAR = 48  # characters to each side
_WORD = re.compile(r"[^\W\d_]{2,}")
_LIKE = frozenset("".join(LOOKS.values()))
_ALONE = 5  # letters of a word that has no neighbours


def stands_among_its_own(text: str, start: int, end: int, letters: int) -> bool:
    """Has the word neighbours of its own script, words that cannot be meant otherwise? Or none at all, and is it short?"""
    scripts = {script_of(character) for character in text[start:end] if character.isalpha()}
    before = _WORD.findall(text[max(start - _NEAR, 0) : start])[-2:]
    after = _WORD.findall(text[end : end + _NEAR])[:2]
    if not before and not after:
        return letters < _ALONE
    return any(_is_own(word, scripts) for word in (*before, *after))


def _is_own(word: str, scripts: set[str]) -> bool:
    """A word of these scripts, with a letter that looks like nothing else (for Latin: any)."""
    if not all(script_of(letter) in scripts for letter in word):
        return False
    return "LATIN" in scripts or any(letter not in _LIKE for letter in word)


@lru_cache(maxsize=4096)
def script_of(letter: str) -> str:
    """The first word of a character's name is its script, for letters."""
    return unicodedata.name(letter, "?").partition(" ")[0]
