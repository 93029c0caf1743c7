"""The automaton over the entries of all lists: pyahocorasick proposes, `words.confirm` confirms.

Only `iter()` is used: `iter_long()` misses words and `AutomatonSearchIter.set()` corrupts memory (pyahocorasick issue 221).
One automaton holds the entries as they are written and in canonical form, since ASCII text is its own canonical form and
needs one search only; each key knows whose it is in which form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from filterd.words import bidi
from filterd.words.canonical import canonical
from filterd.words.disguise import Disguises
from filterd.words.entry import CASE, DISGUISE, EXACT, Combination, Words
from filterd.words.guard import Guard, needs_guard
from filterd.words.hinted import gather
from filterd.words.keys import Keys, Proposal
from filterd.words.term import Term
from filterd.words.tokens import haystack, haystack_of_ascii
from filterd.words.wordlist import Wordlist

_MARGIN = 8  # tokens

__all__ = ["Matcher", "Proposal", "Term"]


class Matcher:
    """The automaton over every entry of every list (or every allow entry) that counts today; immutable once made."""

    def __init__(
        self,
        wordlists: Iterable[Wordlist],
        *,
        allow: bool = False,
        today: date | None = None,
        guard: Guard | None = None,
        cancel: bool = True,
    ) -> None:
        self.wordlists = tuple(wordlists)
        terms = [term for wordlist in self.wordlists for term in wordlist_terms(wordlist, allow=allow, today=today)]
        words = [term for term in terms if isinstance(term.entry, Words)]
        self.patterns = gather(terms) if len(words) < len(terms) else None
        self.combines = any(term.owner for term in terms)
        self.sweepers = self.patterns.sweepers if self.patterns else []
        self._keys = Keys(words, self.patterns)
        self.longest = self._keys.longest  # tokens
        self.allow = None if allow or not cancel else _allow_matcher(self.wordlists, today)
        self.guard = guard if guard and any(map(needs_guard, terms)) else None
        levels = {term.entry.level for term in terms}
        self.folds = bool(levels - {EXACT, CASE})
        self.only_folds = not levels & {EXACT, CASE}
        # Tokens behind a hit that may still say something about it: an allow entry around it, more single letters.
        self.margin = 1 + (self.allow.longest if self.allow else 0)
        # Characters of what expressions and identifiers find, or allow.
        self.reach: int = max(self.patterns.reach if self.patterns else 0, self.allow.reach if self.allow else 0)
        if self.patterns:
            self.longest = max(self.longest, self.patterns.longest)
        disguised = [term for term in words if term.entry.level == DISGUISE and not allow]  # a disguise excuses nothing
        self.disguises = Disguises(disguised) if disguised else None
        if self.disguises:
            self.longest = max(self.longest, self.disguises.letters)  # spelt out, each letter is a token
            self.margin += _MARGIN

    def proposes(self, haystack: str) -> bool:
        """Is there any key in the haystack?"""
        return self._keys.are_in(haystack)

    def is_clean_ascii(self, octets: bytes) -> bool:
        """Is there nothing to find in ASCII octets, nor in any run of them, but for disguises?"""
        return not self.proposes(haystack_of_ascii(octets)) and not (self.sweepers and self.sweeps(octets.decode("ascii")))

    def sweeps(self, text: str) -> bool:
        """Might there be anything in the text that the automaton has no key of?"""
        return self.patterns is not None and self.patterns.may_sweep(text)

    def is_free_of_disguises(self, text: str) -> bool:
        """Is no entry spelt in ASCII text in a way that might be believed?"""
        return not self.disguises or not self.disguises.suspects(text, haystack(text))

    def is_clean(self, text: str) -> bool:
        """Is there nothing to find in the text?"""
        form = canonical(text) if self.folds else text
        folded = haystack(form)
        if self.proposes(folded) or (self.folds and bidi.reverses(text)):
            return False
        if form is not text and not self.only_folds and self.proposes(haystack(text)):
            return False
        if self.sweepers and (self.sweeps(form) or (form is not text and self.sweeps(text))):
            return False
        return not self.disguises or not self.disguises.suspects(form, folded)

    def propose(self, haystack: str) -> Iterator[Proposal]:
        """Every key in the haystack, in order of its end."""
        return self._keys.find(haystack)


def wordlist_terms(wordlist: Wordlist, *, allow: bool = False, today: date | None = None) -> Iterator[Term]:
    """What has to be searched for: entries, and the terms of combinations."""
    for entry in wordlist.active(today):
        if entry.allow is allow:
            if isinstance(entry, Combination):
                yield from (Term(wordlist, part, entry) for part in entry.terms)
            else:
                yield Term(wordlist, entry)


def _allow_matcher(wordlists: tuple[Wordlist, ...], today: date | None) -> Matcher | None:
    if any(entry.allow for wordlist in wordlists for entry in wordlist.active(today)):
        return Matcher(wordlists, allow=True, today=today)
    return None
