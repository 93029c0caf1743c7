"""Which ordinary words a list finds, for who writes it: those that the guard spares, and those that it does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from filterd.words.entry import Entry
from filterd.words.find import Work, find
from filterd.words.guard import Guard, is_guarded, may_be_accident, whole_words
from filterd.words.matcher import Matcher
from filterd.words.wordlist import Wordlist

_TOGETHER = 10_000  # words in one text
_PROPOSALS = 10**9


@dataclass(frozen=True, slots=True)
class OrdinaryHit:
    """An entry that is found in an ordinary word: by accident, or since the word is a form of it; is it spared there?"""

    entry: Entry
    word: str
    is_accident: bool
    is_spared: bool


def ordinary_hits(wordlist: Wordlist, words: Iterable[str], guard: Guard) -> Iterator[OrdinaryHit]:
    """Where the entries lie inside these words (folded), or are taken for them in disguise; a word that is the entry is none."""
    matcher = Matcher([wordlist])
    waiting = iter(words)
    while together := list(islice(waiting, _TOGETHER)):
        text = "\n".join(together)
        for place in find(matcher, text, Work(_PROPOSALS)):
            term, word = place.term, whole_words(text, place.start, place.end)
            if may_be_accident(term.entry, place.view):
                is_accident = guard.spares(word, term.entry, term.wordlist.innocent)
                yield OrdinaryHit(term.owner or term.entry, word, is_accident, is_accident and is_guarded(term))
