"""Tokens in which letters are repeated as nobody writes them; the commonest doublings are passed over.

Neighbouring octets are compared all at once, as one large number: a search octet by octet costs ten times as much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from filterd.words import coarse

_RARE = tuple(letter * 2 for letter in "aiuvhjkqwxy")
_EQUAL = bytes(0x30 if octet == 0 else 0x78 for octet in range(256))  # "0" where two neighbours are equal, else "x"
_PATTERNS = (b"00", b"0x0", b"0xx0")  # three in a row; two doublings side by side, or with one letter between
_OTHER = re.compile(r"([^\W\d_])\1(?:\1|\w{0,2}?([^\W\d_])\2)")
_DOUBLED = re.compile(r"([\xc0-\xf7][\x80-\xbf]+)\1")  # the same letter of several octets


def is_repetitive(folded: str) -> bool:
    """Is there any such repetition in a haystack (of octets)?"""
    return next(_ascii_places(folded), None) is not None or _DOUBLED.search(folded) is not None


def repeated_windows(text: str, words: str, folded: str, longest: int) -> Iterator[tuple[int, str]]:
    """Pieces of a coarse haystack with such tokens: (number of the first token, the piece with blanks around).

    `folded` is the haystack before it was made coarse, `text` what it was made of; a piece has `longest` - 1 tokens more
    on each side. Tokens are counted in both haystacks alike.
    """
    places = sorted({*_ascii_places(folded), *(() if text.isascii() else _other_places(text, folded))})
    if not places:
        return
    if text.isascii():
        yield from _ascii_windows(places, folded, longest)
        return
    starts = [found.start() for found in re.finditer(" ", words)]
    blanks = at = done = 0
    for place in places:
        blanks += folded.count(" ", at, place)
        at = place
        token = blanks - 1
        if token >= done:
            first, last = max(token - longest + 1, done - longest + 1, 0), min(token + longest, len(starts) - 1)
            yield first, words[starts[first] : starts[last] + 1]
            done = token + 1


def _ascii_windows(places: list[int], folded: str, longest: int) -> Iterator[tuple[int, str]]:
    """Cut from the haystack as it was: the tokens of both are the same."""
    blanks = at = done = 0
    for place in places:
        if place < done:
            continue
        start, end = place, place
        for _ in range(longest):
            start = folded.rfind(" ", 0, start) if start > 0 else 0
            end = folded.find(" ", end + 1) if 0 <= end < len(folded) - 1 else len(folded) - 1
        start = max(start, 0)
        blanks += folded.count(" ", at, start) - folded.count(" ", start, at)  # one of them counts nothing
        at, done = start, max(folded.find(" ", place), 0)
        yield blanks, coarse.coarse(folded[start : end + 1])


def _ascii_places(folded: str) -> Iterator[int]:
    octets = folded.encode("latin-1")
    number = int.from_bytes(octets, "little")
    equal = (number ^ (number >> 8)).to_bytes(len(octets), "little").translate(_EQUAL)
    for pattern in _PATTERNS:
        at = equal.find(pattern)
        while at >= 0:
            if _in_a_word(folded, at, len(pattern)) and folded[at - 1 : at + 4] != " www ":
                yield at
            at = equal.find(pattern, at + 1)
    for pair in _RARE:
        at = folded.find(pair)
        while at >= 0:
            if folded[at - 1 : at + 4] != " www ":
                yield at
            at = folded.find(pair, at + 2)


def _other_places(text: str, folded: str) -> Iterator[int]:
    """The same in letters of more octets than one; found in the text, and told as places in the haystack."""
    at = 0
    for found in _OTHER.finditer(text.casefold()):
        if not found.group().isascii():
            at = folded.find(found.group().encode("utf-8", "surrogatepass").decode("latin-1"), at)
            if at < 0:
                return
            yield at


def _in_a_word(folded: str, at: int, size: int) -> bool:
    """Are these letters; or digits beside letters, which may be meant as such?"""
    if folded[at].isalpha() and folded[at + size - 1].isalpha():
        return True
    return folded[at].isdigit() and (folded[at - 1].isalpha() or folded[at + size + 1 : at + size + 2].isalpha())
