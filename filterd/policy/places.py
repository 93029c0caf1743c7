"""Where the terms of one combination stand in a message, as far as it matters.

What is near something must have it within reach, so of a flood of one term only those places are kept that have another term's
beside them, those that may yet get one, and the first few. A message that has more of these than `PLACES` is not read to its end.
"""

from __future__ import annotations

from collections.abc import Iterator

from filterd.words.combine import TermPlace, combine
from filterd.words.entry import Combination, Entry
from filterd.words.pattern import All, Either, Near, Not, Tree

FIRST = 1000  # places of a term that are kept whatever stands beside them: what is near nothing may count, too
ONCE = 20  # places of a term that are kept where only the whole message is looked at
PLACES = 50_000  # of all terms


class Places:
    """The places of one combination's terms; `add` them in the order they are met, then ask what was `found`."""

    def __init__(self, owner: Combination) -> None:
        assert owner.tree is not None
        self._tree = owner.tree
        self._terms = owner.terms
        self._reach = max(_distances(owner.tree), default=-1)
        self._of: dict[Entry, list[TermPlace]] = {term: [] for term in owner.terms}
        self._newest: dict[int, int] = {}  # the last word met in each text
        self._count = 0
        self._look = 2 * FIRST * len(owner.terms)  # when so many are kept, those that do not matter are dropped

    def is_enough(self, term: Entry) -> bool:
        """Would another place of this term change nothing?"""
        return self._reach < 0 and len(self._of[term]) >= ONCE

    @property
    def is_full(self) -> bool:
        """Are there more than can be kept?"""
        return self._count >= PLACES

    def add(self, term: Entry, place: TermPlace) -> None:
        """One more place of a term."""
        self._of[term].append(place)
        self._newest[place.text] = max(self._newest.get(place.text, 0), place.last)
        self._count += 1
        if self._count >= min(self._look, PLACES):
            self._drop()
            self._look = 2 * max(self._count, FIRST * len(self._terms))

    def found(self) -> list[TermPlace]:
        """Where the combination stands."""
        return combine(self._tree, [self._of[term] for term in self._terms])

    def _drop(self) -> None:
        ordered = sorted(
            ((place.text, place.first, place.last, index) for index, term in enumerate(self._terms) for place in self._of[term])
        )
        backwards = ((text, -last, -first, index) for text, first, last, index in reversed(ordered))
        company = {(text, first, last, index) for text, first, last, index in self._accompanied(ordered)}
        company |= {(text, -last, -first, index) for text, first, last, index in self._accompanied(sorted(backwards))}
        for index, term in enumerate(self._terms):
            self._of[term] = [
                place
                for at, place in enumerate(self._of[term])
                if at < FIRST
                or (place.text, place.first, place.last, index) in company
                or place.last + self._reach >= self._newest[place.text]
            ]
        self._count = sum(map(len, self._of.values()))

    def _accompanied(self, ordered: list[tuple[int, int, int, int]]) -> Iterator[tuple[int, int, int, int]]:
        """Those before which another term stands within reach."""
        text = -1
        lasts: dict[int, int] = {}  # of each term, in this text
        for place in ordered:
            if place[0] != text:
                text, lasts = place[0], {}
            if any(last + self._reach + 1 >= place[1] for index, last in lasts.items() if index != place[3]):
                yield place
            lasts[place[3]] = max(lasts.get(place[3], place[2]), place[2])


def _distances(tree: Tree) -> Iterator[int]:
    """How many words may lie between what is near each other, for each `near`."""
    match tree:
        case Near():
            yield tree.words
            yield from _distances(tree.first)
            yield from _distances(tree.second)
        case Not():
            yield from _distances(tree.of)
        case All() | Either():
            for branch in tree.of:
                yield from _distances(branch)
