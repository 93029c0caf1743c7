"""Confirm an entry in disguise: its words one after the other, each walked and believed, and what stands between them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from filterd.words.align import LIKE, NEARLY, Walk, is_wordy, kind_of, walk
from filterd.words.belief import believe
from filterd.words.entry import Words as Entry
from filterd.words.tokens import is_continuous, normal_gap

_BLANKS = re.compile(r"(?:\s|(?<=[\r\n])>)+")
_NO_WORD = re.compile(r"[\W_]*")
_CHUNK = re.compile(r"\S+")
_LETTER = re.compile(r"[^\W_]")
_GAP = 3  # signs between two words of a phrase
_BACK = 40  # characters before a word, for each word that should stand before it
_ORDER = ("lookalike", "leet", "spelt", "punctuated", "repeated")


@dataclass(frozen=True, slots=True)
class Words:
    """An entry as words of letters (canonical, case-folded), and the gaps before, between and after them."""

    words: tuple[str, ...]
    gaps: tuple[str, ...]

    @classmethod
    def of(cls, entry: Entry) -> Words:
        """Tokens with nothing between are one word."""
        if entry.text.isascii() and entry.text.isalnum():
            return cls((entry.text.lower(),), ("", ""))
        words: list[str] = []
        gaps = [entry.folded.gaps[0]]
        for token, gap in zip(entry.folded.tokens, entry.folded.gaps[1:], strict=True):
            if words and gaps[-1] == "":
                words[-1] += token.casefold()
                gaps[-1] = gap
            else:
                words.append(token.casefold())
                gaps.append(gap)
        return cls(tuple(words), tuple(gaps))


    @property
    def letters(self) -> int:
        """Of all words."""
        return sum(map(len, self.words))


def begins(text: str, at: int, word: str, *, is_open: bool = False) -> Walk | None:
    """How the word is spelt here, from the beginning of a token, if it is."""
    return walk(text, at, word) if is_open or _has_edge(text, at - 1, word[0]) else None


def ends(text: str, end: int, word: str) -> bool:
    """May a word that was spelt up to here end here?"""
    return _has_edge(text, end, word[-1])


def might_be(text: str, at: int, word: str, *, is_open: bool, is_open_end: bool, among: bool) -> bool:
    """Is the word spelt here so that it might be believed, whatever stands around the chunk?"""
    spelt = begins(text, at, word, is_open=is_open)
    if spelt is None or not (is_open_end or ends(text, spelt.end, word)):
        return False
    if not {LIKE, NEARLY}.isdisjoint(spelt.kinds) or any(gap.isspace() or " " in gap for _, gap in spelt.gaps):
        return True  # what stands around decides
    return believe(text, at, spelt, word, among=among) is not None


def confirm(text: str, at: int, words: Words, entry: Entry) -> tuple[int, int, str] | None:
    """The span of the entry, if it begins at this place of a canonical text, and the foldings that were needed."""
    end, views = at, set[str]()
    for i, word in enumerate(words.words):
        start = _next(text, end, words.gaps[i], word, views) if i else at
        spelt = walk(text, start, word) if start >= 0 else None
        if spelt is None:
            return None
        is_open = (entry.open_start and i == 0, entry.open_end and i == len(words.words) - 1)
        if not (is_open[0] or _has_edge(text, start - 1, word[0])) or not (
            is_open[1] or _has_edge(text, spelt.end, word[-1])
        ):
            return None
        believed = believe(text, start, spelt, word, among=len(words.words) > 1 and words.letters >= 5)
        if believed is None:
            return None
        views.update(believed)
        end = spelt.end
    if not views or not text.startswith(words.gaps[-1], end) or not text.endswith(words.gaps[0], 0, at):
        return None
    start, end = _whole(text, at, end, entry)
    return start - len(words.gaps[0]), end + len(words.gaps[-1]), "+".join(view for view in _ORDER if view in views)


def step_back(text: str, at: int, words: int) -> int:
    """Where the phrase begins whose word number `words` (from 0) stands at this place; -1 if nowhere."""
    offset = max(at - _BACK * words, 0)
    before = [found.start() for found in _CHUNK.finditer(text[offset:at])]
    if len(before) < words:
        return -1
    letter = _LETTER.search(text, offset + before[-words])
    return letter.start() if letter else -1


def _has_edge(text: str, at: int, beside: str) -> bool:
    """Is there no letter at this place, before or after this one?"""
    return at < 0 or at >= len(text) or is_continuous(beside) or not is_wordy(text[at])


def _whole(text: str, start: int, end: int, entry: Entry) -> tuple[int, int]:
    """With open edges the whole token is what was found."""
    while entry.open_start and start and is_wordy(text[start - 1]):
        start -= 1
    while entry.open_end and end < len(text) and is_wordy(text[end]):
        end += 1
    return start, end


def _next(text: str, end: int, gap: str, word: str, views: set[str]) -> int:
    """Where the next word begins; -1 if what stands between is not the gap."""
    if gap == " ":
        blanks = _BLANKS.match(text, end)
        if blanks:
            return blanks.end()
        for at in range(end + 1, min(end + 1 + _GAP, len(text))):
            if is_wordy(text[at - 1]):
                return -1
            if kind_of(text[at], word[0]):
                views.add("punctuated")
                return at
        return -1
    between = _NO_WORD.match(text, end)
    return between.end() if between and normal_gap(between.group()) == gap else -1
