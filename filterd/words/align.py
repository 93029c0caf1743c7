"""Walk a text and a word side by side: does the text spell the word, and what had to be seen through?

Each step is the letter itself, a look-alike, a sign written for it, the letter before once more, or something between letters.
Whether so much disguise may be believed is for `words.belief` to say.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from filterd.words.lookalikes import LEET, LOOKS, NEAR, SEVERAL

SAME, LIKE, NEARLY, SIGN = "same", "like", "nearly", "sign"
GAP = 3  # characters between two letters
_REPEATS = 64  # of one letter

_ALIKE: dict[str, set[str]] = {}
_ALMOST: dict[str, set[str]] = {}
for _table, _target in ((LOOKS, _ALIKE), (NEAR, _ALMOST)):
    for _letter, _looks in _table.items():
        for _look in _looks:
            _target.setdefault(_look, set()).update(_letter + LEET[_letter] if _letter.isdigit() else _letter)


@dataclass(slots=True)
class Walk:
    """How a word was spelt: `end` is behind its last letter, the lists have an item for each letter of the word."""

    end: int = 0
    kinds: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)  # where each letter stands
    runs: list[int] = field(default_factory=list)  # how often it stands there
    gaps: list[tuple[int, str]] = field(default_factory=list)  # (letters before, what stood between)
    several: list[str] = field(default_factory=list)  # letters written as several

    def is_plain(self) -> bool:
        """Was nothing seen through?"""
        return not self.gaps and max(self.runs) == 1 and all(kind == SAME for kind in self.kinds)


def is_wordy(character: str) -> bool:
    """Is it part of a word: a letter, a digit, or a mark?"""
    return character.isalnum() or unicodedata.category(character)[0] == "M"


@lru_cache(maxsize=4096)
def _wanted(letter: str) -> frozenset[str]:
    """The letters of ASCII that a letter looks like, in either case."""
    looks: set[str] = {letter}
    for form in (letter, letter.upper()):
        looks |= _ALIKE.get(form, set())
    return frozenset(looks)


@lru_cache(maxsize=16384)
def kind_of(character: str, letter: str) -> str:
    """How a character stands for a letter (canonical, case-folded), or nothing."""
    if character.casefold() == letter:
        return SAME
    wanted = _wanted(letter)
    like = character.lower() if character.isascii() and character.isalpha() else ""
    if like in wanted or not wanted.isdisjoint(_ALIKE.get(character, ())):
        return LIKE
    if character in LEET and not wanted.isdisjoint(LEET[character]):
        return SIGN
    if (character == "I" and letter == "l") or (character == "l" and letter == "i") or (character in "vV" and letter == "u"):
        return NEARLY
    if not wanted.isdisjoint(_ALMOST.get(character, ())) or like in _ALMOST.get(letter, ()):
        return NEARLY
    return ""


def walk(text: str, at: int, word: str) -> Walk | None:
    """The word at this place of the text (canonical, in its own case), or None. Longest, repeats of the last letter included."""
    result = Walk()
    index, gap = 0, at
    size = len(text)
    while at < size:
        step = 0 if gap == at and _separates(text, at, index, word, result) else _step(text, at, word, index, result)
        if step:
            if index and gap < at:
                result.gaps.append((index, text[gap:at]))
            at += step
            gap = at
            result.end = at
            index = len(result.kinds)
        elif index == len(word) or index == 0 or is_wordy(text[at]) or at - gap >= GAP:
            break
        else:
            at += 1
    return result if index == len(word) else None


def _separates(text: str, at: int, index: int, word: str, result: Walk) -> bool:
    """Is it the sign that stood between the letters before, and no letter itself: `s+h+i+t`, `l|o|t`?"""
    if not result.gaps or index == len(word) or is_wordy(text[at]):
        return False
    return result.gaps[-1][1] == text[at] and bool(kind_of(text[at + 1 : at + 2] or " ", word[index]))


def _step(text: str, at: int, word: str, index: int, result: Walk) -> int:
    """The next letter, or the one before once more; how many characters that took."""
    if index < len(word):
        kind = kind_of(text[at], word[index])
        length = 1
        if not kind:
            kind, length = _several(text, at, word[index], result)
        if kind == NEARLY and index and _is_repeat(text, at, word, index):
            kind = ""
        if kind:
            result.kinds.append(kind)
            result.places.append(at)
            result.runs.append(1)
            return length
    if index and result.runs[-1] < _REPEATS and _repeats(text[at], word[index - 1]):
        result.runs[-1] += 1
        return 1
    return 0


def _is_repeat(text: str, at: int, word: str, index: int) -> bool:
    """Is it rather the letter before once more (the last l of "rolllling"), since the next letter comes behind it?"""
    if kind_of(text[at], word[index - 1]) != SAME:
        return False
    after = text[at + 1 : at + 2]
    return bool(after) and SAME in (kind_of(after, word[index]), kind_of(after, word[index - 1]))


def _repeats(character: str, letter: str) -> bool:
    """Is it the letter once more? Another letter of ASCII is none: "killing" is no stretched "king"."""
    kind = kind_of(character, letter)
    return kind in (SAME, SIGN) or (kind == LIKE and not character.isascii())


def _several(text: str, at: int, letter: str, result: Walk) -> tuple[str, int]:
    for signs in SEVERAL.get(letter, ()):
        if text[at : at + len(signs)].lower() == signs:
            result.several.append(signs)
            return (LIKE if signs.isalpha() else SIGN), len(signs)
    return "", 0
