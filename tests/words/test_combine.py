"""Combinations over the places of their terms, against the plainest way of deciding them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.words.combine import TermPlace, combine
from filterd.words.grammar import read_line
from filterd.words.pattern import Compound, Near


def tree(line: str) -> object:
    pattern = read_line(line, 1024).pattern
    assert isinstance(pattern, Compound)
    return pattern.tree


def at(*words: int, text: int = 0) -> list[TermPlace]:
    return [TermPlace(text, word, word) for word in words]


@pytest.mark.parametrize(
    ("line", "places", "count"),
    [
        ("<a> and <b>", [at(1), at(9)], 1),
        ("<a> and <b>", [at(1), []], 0),
        ("<a> or <b>", [[], at(9, 10)], 1),
        ("<a> and not <b>", [at(1), []], 1),
        ("<a> and not <b>", [at(1), at(1)], 0),
        ("(<a> or <b>) and <c>", [[], at(2), at(3)], 1),
        ("<a> near 2 <b>", [at(1), at(4)], 1),
        ("<a> near 2 <b>", [at(1), at(5)], 0),
        ("<a> near 2 <b>", [at(4), at(1)], 1),
        ("<a> near 2 <b>", [at(1), at(2, text=1)], 0),
        ("<a> near 0 <b>", [at(1, 10), at(2, 11)], 2),
        ("<a> followed by 2 <b>", [at(4), at(1)], 0),
        ("<a> followed by 2 <b>", [at(1), at(4)], 1),
        ("<a> not near 2 <b>", [at(1, 20), at(2)], 1),
        ("<a> near 1 <b> near 1 <c>", [at(1), at(2), at(3)], 1),
        ("(<a> or <b>) near 1 <c>", [at(1), at(9), at(3, 8)], 2),
        ("<a> near 1 (<b> or <c>)", [at(1, 20), at(9), at(3)], 1),
        ("<a> near 1 <b> and <c>", [at(1), at(2), []], 0),
    ],
)
def test_combinations(line: str, places: list[list[TermPlace]], count: int) -> None:
    """`near` counts pairs, everything else says yes or no."""
    assert len(combine(tree(line), places)) == count  # type: ignore[arg-type]


_places = st.lists(st.builds(lambda text, word: TermPlace(text, word, word), st.integers(0, 1), st.integers(0, 12)), max_size=6)


@given(_places, _places, st.integers(0, 4), st.booleans(), st.booleans())
def test_near_is_what_it_says(first: list, second: list, words: int, ordered: bool, negated: bool) -> None:
    """A first counts if any second lies so near, looked at one by one."""

    def is_near(a: TermPlace, b: TermPlace) -> bool:
        between = b.first - a.last - 1 if b.first > a.last else a.first - b.last - 1 if a.first > b.last else -1
        return a.text == b.text and 0 <= between <= words and (b.first > a.last or not ordered)

    operator = f"{'not ' if negated else ''}{'followed by' if ordered else 'near'} {words}"
    expected = sum(any(is_near(a, b) for b in second) is not negated for a in first)
    near = tree(f"<a> {operator} <b>")
    assert isinstance(near, Near)
    assert len(combine(near, [first, second])) == expected
