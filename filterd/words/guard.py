"""The guard of innocent words: letters that lie in an ordinary word by accident are no hit of an entry that may lie in words.

It is asked about hits only, and only about those that may be accidents: an edge of the entry is open, the entry has a `*`, or
it was found in disguise. Scunthorpe and classic are spared, and "morn" for an entry `mom`; an entry's own words never are, nor
their forms (`words.inflection`).
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from filterd.words.align import is_wordy
from filterd.words.canonical import canonical
from filterd.words.entry import DISGUISE, Entry, Wild, Words
from filterd.words.inflection import lies_by_accident
from filterd.words.innocent_file import folded_tokens
from filterd.words.pattern import ANY
from filterd.words.term import Term

COST = 16  # proposals' worth of asking about a word that was not asked about before
_LONGEST = 64  # characters of a word before and behind what was found in it
_UNDISGUISED = frozenset({"exact", "case", "canonical"})


@dataclass(frozen=True, slots=True)
class Guard:
    """`innocent` has the ordinary words of each language by its code, and names; all folded."""

    innocent: Mapping[str, Container[str]]

    def spares(self, there: str, entry: Entry, own: Container[str] = ()) -> bool:
        """Do the letters of the entry lie by accident in what stands there, whole words of a text? `own` words always are."""
        return any(
            word in own or lies_by_accident(core, word, self.innocent) for word, core in _words(there, entry) if word != core
        )


def may_be_accident(entry: Entry, view: str) -> bool:
    """Might the letters of the entry lie in another word, where they were found with these foldings?"""
    if isinstance(entry, Words):
        return entry.open_start or entry.open_end or view not in _UNDISGUISED
    return isinstance(entry, Wild) and ANY in entry.glob.pieces


def is_guarded(term: Term) -> bool:
    """Does its list, and the entry itself, want the guard?"""
    return term.entry.options.guarded and term.wordlist.head.guard != "off"


def needs_guard(term: Term) -> bool:
    """Could the guard ever be asked about it?"""
    return may_be_accident(term.entry, term.entry.level if term.entry.level == DISGUISE else "exact") and is_guarded(term)


def whole_words(text: str, start: int, end: int) -> str:
    """What stands from `start` to `end`, with the rest of the words that it begins and ends in."""
    first, last = max(start - _LONGEST, 0), min(end + _LONGEST, len(text))
    while start > first and is_wordy(text[start - 1]) and is_wordy(text[start]):
        start -= 1
    while end < last and is_wordy(text[end]) and is_wordy(text[end - 1]):
        end += 1
    return text[start:end]


def _words(there: str, entry: Entry) -> Iterator[tuple[str, str]]:
    """Each word that stands there, and the word of the entry that was found in it."""
    words, cores = folded_tokens(there), _cores(entry)
    if len(words) == len(cores):
        yield from zip(words, cores, strict=True)
    if len(cores) == 1:  # letters with signs between, or signs for letters
        yield "".join(words), cores[0]
        if not there.isalpha():
            yield from ((word, cores[0]) for word in _undisguised(canonical(there).casefold(), cores[0]))


def _undisguised(there: str, core: str) -> Iterator[str]:
    """What stands there with the entry's own letters where others may stand for them: pa$$word is password for `*ass*`."""
    signs = [at for at, character in enumerate(there) if not character.isalpha()]
    first, last = max(signs[-1] - len(core) + 1, 0), min(signs[0], len(there) - len(core))
    for at in range(first, last + 1):
        yield there[:at] + core + there[at + len(core) :]


def _cores(entry: Entry) -> tuple[str, ...]:
    if isinstance(entry, Words):
        return tuple(token.casefold() for token in entry.folded.tokens)
    if isinstance(entry, Wild):
        return folded_tokens("".join(piece for piece in entry.glob.pieces if isinstance(piece, str)))
    return ()
