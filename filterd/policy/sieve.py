"""Pass on the texts in which something may be found, in order; of many short ones by one look at all of them.

A header has a dozen fields, a page its addresses and attributes: each search has its price, and nearly all find nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from filterd.mail.slices import Slice
from filterd.words.matcher import Matcher

_SHORT = 4096  # characters; a longer text is a search of its own
_TOGETHER = 16 * 1024
APART = f"\n{chr(0) * 8}\n"  # so that no two make a word; a phrase made of two only costs the look at each


def sieve(slices: Iterable[Slice], matcher: Matcher) -> Iterator[Slice]:
    """The slices without those in which there is nothing."""
    waiting: list[Slice] = []
    size = 0
    going_on: set[tuple[str, str, tuple[str, ...]]] = set()  # streams whose next slice is to come
    for piece in slices:
        stream = piece.part, piece.area, piece.chain
        if not piece.is_last:
            going_on.add(stream)
        if len(piece.text) <= _SHORT and stream not in going_on and (not matcher.disguises or piece.text.isascii()):
            waiting.append(piece)
            size += len(piece.text)
            if size < _TOGETHER:
                continue
            yield from _doubtful(waiting, matcher)
        else:
            yield from _doubtful(waiting, matcher)
            yield piece
        waiting, size = [], 0
    yield from _doubtful(waiting, matcher)


def _doubtful(pieces: list[Slice], matcher: Matcher) -> list[Slice]:
    """All of them, unless nothing can be found in any."""
    if len(pieces) > 1 and matcher.is_clean(APART.join([piece.text for piece in pieces])):
        return []
    return pieces
