"""The text around hits, for people: the message is read once more, and each hit looked for where it says it stands."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from filterd.mail.limits import ReadLimits
from filterd.mail.message import Message
from filterd.mail.slices import Slice
from filterd.policy.verdict import Hit

CHARACTERS = 160  # before and after a hit; much of it may be blanks
APART = "\n\0\n"  # how the reader keeps apart texts that are not one
_TRIES = 50  # characters of one encoded word have the same octets

_Stream = tuple[str, str, str, tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Context:
    """What stood before, what was found, and what stood after it; decoded, but otherwise as it came."""

    before: str
    text: str
    after: str


def contexts(octets: bytes, limits: ReadLimits, hits: Sequence[Hit]) -> list[Context]:
    """One for each hit, in the order of the hits; a hit that cannot be found again has no surroundings."""
    found: dict[int, Context] = {}
    waiting: dict[_Stream, list[int]] = defaultdict(list)
    for number, hit in enumerate(hits):
        waiting[hit.part, hit.area, hit.field, hit.chain, hit.reading].append(number)
    tails: dict[_Stream, str] = {}
    for piece in Message(octets, limits).slices() if hits else ():
        stream = piece.part, piece.area, piece.field, piece.chain, piece.reading
        if not waiting.get(stream):
            continue
        tail = tails.get(stream, "")
        for number in list(waiting[stream]):
            if context := _in_slice(hits[number], tail, piece):
                found[number] = context
                waiting[stream].remove(number)
        tails[stream] = (tail + piece.text)[-4 * CHARACTERS :]
        if not any(waiting.values()):
            break
    return [found.get(number, Context("", hit.text, "")) for number, hit in enumerate(hits)]


def _in_slice(hit: Hit, tail: str, piece: Slice) -> Context | None:
    text = tail + piece.text
    at = _place(hit, text, len(tail), piece)
    if at < 0:
        return None
    end = at + len(hit.text)
    before, after = text[max(at - CHARACTERS, 0) : at], text[end : end + CHARACTERS]
    return Context(before.rpartition(APART)[2], hit.text, after.partition(APART)[0])


def _place(hit: Hit, text: str, shift: int, piece: Slice) -> int:
    """Where in the text the hit is, or -1. The slice begins at `shift`; what was found may have begun before it."""
    places = _places(text, hit.text, max(shift - len(hit.text) + 1, 0))
    across = [at for at in places if at < shift]
    for at in across:
        if piece.origin.content_span(0, at + len(hit.text) - shift)[1] == hit.span[1]:
            return at
    inside = places[len(across) :]

    def _start(at: int) -> int:
        return piece.origin.content_span(at - shift, at - shift + len(hit.text))[0]

    found = bisect_left(inside, hit.span[0], key=_start)  # text and octets go the same way
    return next((at for at in inside[found : found + _TRIES] if _start(at) == hit.span[0]), -1)


def _places(text: str, wanted: str, at: int) -> list[int]:
    """Everywhere it stands."""
    places: list[int] = []
    at = text.find(wanted, at) if wanted else -1
    while at >= 0:
        places.append(at)
        at = text.find(wanted, at + 1)
    return places
