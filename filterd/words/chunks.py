"""Chunks without blanks that have signs in them: their letters are put together, and the automaton of parts searches those.

All chunks of a text are searched at once. A key counts only where a token of its chunk begins, unless an entry's edge is open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import ahocorasick

from filterd.words import coarse
from filterd.words.phrase import begins, ends
from filterd.words.repeats import is_repetitive
from filterd.words.term import Term
from filterd.words.tokens import is_continuous

_EDGE = ".,;:?\"'()<>[]{}-_*=/\\`~"  # signs around a chunk that say nothing
_CHUNK = re.compile(r"\S+")
_PIECE = re.compile(rf"[^\W_]+|[{coarse.SIGNS}]")

Spend = Callable[[], None]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A word of letters that is looked for by itself, and whose it is: (term, number of the word in it, from 0).

    `is_whole`: is it all words of a phrase together?
    """

    word: str
    members: tuple[tuple[Term, int], ...]
    is_open: bool  # may it begin inside a token?
    is_open_end: bool
    is_whole: bool

    def is_disguised(self, text: str, at: int) -> bool:
        """Is the (first) word spelt here otherwise than it is written? As it is written it was found before."""
        spelt = begins(text, at, self.word, is_open=self.is_open)
        if spelt is None or (not self.is_whole and spelt.is_plain()):
            return False
        return self.is_open_end or ends(text, spelt.end, self.word)


@dataclass(frozen=True, slots=True)
class _Form:
    """How letters were put together: signs as letters, repeats taken out; `is_run`: is each letter a token?"""

    signs: bool
    collapse: bool
    is_run: bool


def in_chunks(parts: ahocorasick.Automaton, text: str, spend: Spend) -> Iterator[tuple[Part, int]]:
    """The parts that are spelt somewhere in the text's chunks, otherwise than as they are written, and where."""
    chunks = list(filter(_is_looked_at, text.split()))
    if chunks:
        starts: list[int] = []
        for number, part, at in _in_chunks(parts, chunks, spend):
            if part.is_disguised(chunks[number], at):
                starts = starts or [found.start() for found in _CHUNK.finditer(text) if _is_looked_at(found.group())]
                yield part, starts[number] + at


def _is_looked_at(chunk: str) -> bool:
    """Are there letters in it, and signs that are not only around it?"""
    return not chunk.isalpha() and not chunk.strip(_EDGE).isalnum() and chunk.upper() != chunk.lower()


def in_run(parts: ahocorasick.Automaton, text: str, spend: Spend) -> Iterator[tuple[Part, int]]:
    """The same for a run of single letters with blanks between."""
    starts = [at for at, character in enumerate(text) if not character.isspace()]
    for _, part, at in _in_chunks(parts, ["".join(text.split())], spend, is_run=True):
        if part.is_disguised(text, starts[at]):
            yield part, starts[at]


def _in_chunks(
    parts: ahocorasick.Automaton, chunks: list[str], spend: Spend, *, is_run: bool = False
) -> Iterator[tuple[int, Part, int]]:
    """(number of the chunk, part, place in the chunk): with signs as letters and without them, with repeats and without."""
    text = " ".join(chunks)
    for signs in (True, False) if coarse.has_signs(text) else (True,):
        joined = coarse.joined(text, signs=signs)
        for collapse in (False, True) if is_repetitive(joined) else (False,):
            form = _Form(signs, collapse, is_run)
            yield from _in_form(parts, chunks, coarse.collapsed(joined) if collapse else joined, form, spend)


def _in_form(
    parts: ahocorasick.Automaton, chunks: list[str], joined: str, form: _Form, spend: Spend
) -> Iterator[tuple[int, Part, int]]:
    number, begin, at = 0, 0, 0
    places: _Places | None = None
    for end, (size, found) in parts.iter(joined):
        spend()
        blanks = joined.count(" ", at, end)
        at = end
        if blanks:
            number, begin, places = number + blanks, joined.rfind(" ", 0, end) + 1, None
        places = places or _Places(chunks[number], form)
        for part in found:
            where = places.find(end - size + 1 - begin, is_open=part.is_open)
            if where >= 0:
                yield number, part, where


class _Places:
    """Where in a chunk the letters of its joined form stand; what is dearer than token starts is made when needed."""

    def __init__(self, text: str, form: _Form) -> None:
        self._text = text
        self._form = form
        needs_all = form.collapse or form.is_run or not text.isascii()
        self._starts = None if needs_all else _token_starts(text, form.signs)
        self._all: list[int] = []

    def find(self, letter: int, *, is_open: bool) -> int:
        """The place of this letter, -1 if no token begins there (and the edge is not open)."""
        if self._starts is not None and not is_open:
            return self._starts.get(letter, -1)
        if not self._all:
            self._all = coarse.places(self._text, signs=self._form.signs, collapse=self._form.collapse)
        at = self._all[letter]
        before = self._text[at - 1] if at and not self._form.is_run else " "
        return at if is_open or not before.isalnum() or is_continuous(self._text[at]) else -1


def _token_starts(text: str, signs: bool) -> dict[int, int]:
    """For each letter of the joined form of ASCII text that begins a token its place in the text."""
    starts: dict[int, int] = {}
    letters = 0
    for piece in _PIECE.finditer(text):
        if signs or piece.group().isalnum():
            starts[letters] = piece.start()
            letters += piece.end() - piece.start()
    return starts
