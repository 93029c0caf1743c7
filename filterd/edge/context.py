"""The text around hits, for people: the message is read once more, and each hit looked for where it says it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from filterd.mail.limits import ReadLimits
from filterd.mail.message import Message
from filterd.mail.slices import Slice
from filterd.policy.verdict import Hit

CHARACTERS = 160  # before and after a hit; much of it may be blanks
APART = "\n\0\n"  # how the reader keeps apart texts that are not one
_TRIES = 50  # places of one text in one slice that are looked at

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
    for at in _places(text, hit.text, max(len(tail) - len(hit.text) + 1, 0)):
        start, end = max(at - len(tail), 0), at - len(tail) + len(hit.text)
        first, last = piece.origin.content_span(start, end)
        if last == hit.span[1] and (first == hit.span[0] or at < len(tail)):
            before, after = text[max(at - CHARACTERS, 0) : at], text[at + len(hit.text) : at + len(hit.text) + CHARACTERS]
            return Context(before.rpartition(APART)[2], hit.text, after.partition(APART)[0])
    return None


def _places(text: str, wanted: str, at: int) -> Iterator[int]:
    for _ in range(_TRIES):
        at = text.find(wanted, at)
        if at < 0 or not wanted:
            return
        yield at
        at += 1
