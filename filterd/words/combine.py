"""What a combination of terms comes to, from the places of its terms.

`near` and `followed by` are decided by merging sorted places, so that a flood of both terms costs no more than sorting them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from filterd.words.pattern import All, Either, Near, Not, Part, Tree, parts


@dataclass(frozen=True, slots=True, order=True)
class TermPlace:
    """Where a term stands: in which text, and which words of it, counted from 0. `evidence` is the caller's."""

    text: int
    first: int
    last: int
    evidence: Any = None


def combine(tree: Tree, places: Sequence[Sequence[TermPlace]]) -> list[TermPlace]:
    """Where the combination stands; `places` are those of its terms, in the order of `parts`. Empty: it is not found.

    One place for each pair that is near enough; one in all for what looks at the whole message.
    """
    numbered = iter(places)
    known = {id(part): sorted(next(numbered), key=_by_place) for part in parts(tree)}
    found = _found(tree, known)
    return found if isinstance(tree, (Near, Part)) else found[:1]


def _by_place(place: TermPlace) -> tuple[int, int, int]:
    return place.text, place.first, place.last


def _found(tree: Tree, known: dict[int, list[TermPlace]]) -> list[TermPlace]:
    """Evidence that it is there; empty if it is not."""
    match tree:
        case Part():
            return known[id(tree)]
        case Near():
            firsts, seconds = (sorted(_found(of, known), key=_by_place) for of in (tree.first, tree.second))
            return _near(tree, firsts, seconds)
        case Not():
            return [] if _found(tree.of, known) else [TermPlace(-1, 0, 0)]
        case All():
            branches = [_found(branch, known) for branch in tree.of]
            return _real([place for branch in branches for place in branch]) if all(branches) else []
        case Either():
            return _real([place for branch in tree.of for place in _found(branch, known)])


def _real(places: list[TermPlace]) -> list[TermPlace]:
    """Without those that only say that something is absent, unless there are no others."""
    return [place for place in places if place.text >= 0] or places


def _near(near: Near, firsts: list[TermPlace], seconds: list[TermPlace]) -> list[TermPlace]:
    starts = [(place.text, place.first) for place in seconds]
    ends = sorted((place.text, place.last) for place in seconds)
    found = []
    for place in firsts:
        last = _after(place, starts, near.words)
        first = None if near.ordered else _before(place, ends, near.words)
        if near.negated:
            if last is None and first is None:
                found.append(place)
        elif last is not None:
            found.append(TermPlace(place.text, place.first, max(last, place.last), place.evidence))
        elif first is not None:
            found.append(TermPlace(place.text, min(first, place.first), place.last, place.evidence))
    return found


def _after(place: TermPlace, starts: list[tuple[int, int]], words: int) -> int | None:
    """The first word of a second that begins behind the place, near enough."""
    at = bisect_left(starts, (place.text, place.last + 1))
    if at < len(starts) and starts[at][0] == place.text and starts[at][1] - place.last - 1 <= words:
        return starts[at][1]
    return None


def _before(place: TermPlace, ends: list[tuple[int, int]], words: int) -> int | None:
    """The last word of a second that ends before the place, near enough."""
    at = bisect_left(ends, (place.text, place.first)) - 1
    if at >= 0 and ends[at][0] == place.text and place.first - ends[at][1] - 1 <= words:
        return ends[at][1]
    return None
