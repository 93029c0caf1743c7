"""Where a hit counts: areas, the first lines of a body, and what was decoded although nothing said so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import category

from filterd.mail.slices import FLOOR
from filterd.words.matcher import Term

FLOOR_LETTERS = 5
_AROUND = 64  # characters before and after a hit
_OF_A_FIELD = frozenset({"subject", "header", "address"})
_OF_A_PART = frozenset({"body", "hidden", "attribute", "attachment", "url"})
_LINE_END = re.compile(r"\r\n|[\r\n]")
_PROSE = frozenset(" \t\r\n.,;:!?'\"()<>/=-")
_OF_PROSE = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Mn", "Mc", "Cf", "Zs"})


def in_area(term: Term, area: str, field: str) -> bool:
    """Does the entry count in this area? `header` means every header field, `header:name` one of them."""
    areas = term.entry.areas
    if not areas or area in areas:
        return True
    return area in _OF_A_FIELD and ("header" in areas or f"header:{field}" in areas)


def in_first_lines(term: Term, area: str, start: int, ends: list[int]) -> bool:
    """Does a list that looks at the first lines only look so far down? `ends` is where the lines of the text end.

    Header fields and file names have no lines.
    """
    first = term.wordlist.first_lines
    return not first or area not in _OF_A_PART or len(ends) < first or start < ends[first - 1]


def line_ends(text: str, start: int) -> Iterator[int]:
    """Where the lines of a text end."""
    return (found.end() for found in _LINE_END.finditer(text, start))


def is_plausible(reading: str, found: str, text: str, start: int, end: int) -> bool:
    """Is it no accident? In octets decoded by mere guess short words stand by chance, between what is no text."""
    if reading != FLOOR:
        return True
    if sum(letter.isalnum() or category(letter) == "So" for letter in found) < FLOOR_LETTERS:  # So: circled ones
        return False
    around = text[max(start - _AROUND, 0) : start] + text[end : end + _AROUND]
    return sum(letter in _PROSE or category(letter) in _OF_PROSE for letter in around) * 10 >= len(around) * 8
