"""Text as it is read across its line ends: words hyphenated there, flowed lines, quoted lines; and addresses as they are meant.

Blanks, line ends and quote prefixes of `>` between the words of a phrase are the matcher's business. What is here changes the
text: a word that was broken is whole again. Only the places with what stands around them are given once more, as
slices of their own behind the one they were made of; all of them together are never longer than that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from filterd.mail import urls
from filterd.mail.extract import APART, Window, windows
from filterd.mail.slices import Joined, Origin, Slice, Span

AROUND = 64  # characters on either side that may make a word or a phrase with what was joined
Cut = tuple[int, int, str]  # from, to, what stands there instead
_TAIL = 256  # characters of a slice that are looked at again with the next one
_AREAS = frozenset({"body", "attachment", "hidden", "raw"})

# "blue-" at the end of a line, and "bird" behind the quote prefix of the next (RFC 3676 §4.5 and its like).
_ASCII_HYPHEN = re.compile(r"-[ \t]{0,8}[\r\n][\s>|:]{0,40}(?=[A-Za-z])")
_BROKEN = r"[ \t]{0,8}[\r\n\u2028][\s>|:]{0,40}(?=[^\W\d_])"
_HYPHEN, _OTHER_HYPHEN = re.compile("-" + _BROKEN), re.compile(r"[\xad\u2010]" + _BROKEN)
# A folded line of a calendar or a card, and its escapes (RFC 5545 §3.1 and §3.3.11, RFC 6350 §3.2 and §3.4).
_CARD = re.compile(r"(?:\r\n|\n|\r)[ \t]|\\[nN,;\\]")
_FLOWED = re.compile(r" (?:\r\n|\n|\r)(?:>{1,40} ?| )?(?=\S)")
_MARK = r"[ \t]{0,8}(?:[|:]|>[> \t]{0,40}[|:]|[A-Za-z]{1,12}>)[|:> \t]{0,40}"
_PREFIX = r"[\r\n]" + _MARK
_QUOTED = re.compile(_PREFIX + r"(?=\S)")
_QUOTED_LINE = re.compile(r"\n" + _MARK + r"(?=\S)")  # the same where no CR stands alone
# The same in octets. Each begins with what a search can jump to; at the start of every line an alternation is slow.
_ODD = (
    re.compile(rb"-(?<=[A-Za-z]-)[ \t]{0,8}[\r\n]"),
    re.compile(rb"\n" + _MARK.encode("ascii")),
    re.compile(rb"--(?<=[xX][nN]--)"),
)
_ODD_CR = re.compile(_PREFIX.encode("ascii"))
_CODED = re.compile(rb"(?:://|www\.|mailto:)[^\s<>\"]{0,500}%[0-9A-Fa-f]{2}", re.IGNORECASE)


def is_read_as_written(octets: bytes, start: int) -> bool:
    """Has ASCII text from `start` on none of the above? (Flowed lines are told by the header.)"""
    if any(pattern.search(octets, start) for pattern in _ODD):
        return False
    if octets.count(b"\r", start) > octets.count(b"\r\n", start) and _ODD_CR.search(octets, start):
        return False
    return b"%" not in octets or not _CODED.search(octets, start)


def joined(slices: Iterable[Slice], deletes_spaces: bool = False, is_card: bool = False) -> Iterator[Slice]:
    """The slices, and behind each what joins in it. `deletes_spaces` is `format=flowed; delsp=yes`; a card, or a calendar, has
    folded lines and escapes of its own.
    """
    find = _card_cuts if is_card else partial(_cuts, deletes_spaces=deletes_spaces)
    tails: dict[tuple[str, str, tuple[str, ...]], tuple[str, Origin]] = {}
    for piece in slices:
        yield piece
        if piece.area not in _AREAS:
            continue
        stream = piece.part, piece.area, piece.chain
        text, origin = piece.text, piece.origin
        if stream in tails:
            tail, before = tails.pop(stream)
            text, origin = tail + text, Joined([(0, before), (len(tail), origin)])
        yield from _further(piece, text, origin, find(text))
        if not piece.is_last:
            start = max(len(text) - _TAIL, 0)
            tails[stream] = text[start:], _Shifted(origin, start)


def further_texts(text: str) -> Iterator[str]:
    """The texts alone that `joined` gives more for this one."""
    cuts = _cuts(text)
    if cuts:
        yield _windows(text, cuts).text
    yield from [meaning for _, _, meaning in urls.in_text(text)]


def _windows(text: str, cuts: list[Cut]) -> Window:
    """What stands around the cuts."""
    whole = Window()
    for window in windows(text, cuts, _around):
        for part, start in zip(window.pieces, window.starts, strict=True):
            whole.add(part, start)
        whole.add(APART, window.starts[-1])
    return whole


def _further(piece: Slice, text: str, origin: Origin, cuts: list[Cut]) -> Iterator[Slice]:
    if cuts:
        whole = _windows(text, cuts)
        yield replace(piece, chain=(*piece.chain, "joined"), text=whole.text, is_last=True, origin=_Picked(whole, origin))
    meant = urls.in_text(text)
    if meant:
        told = _Reworded([(meaning + APART, start, end) for start, end, meaning in meant], origin)
        yield replace(piece, area="url", chain=(*piece.chain, "url"), text=told.text, is_last=True, origin=told)


def _card_cuts(text: str) -> list[Cut]:
    """The same for calendars and cards, which a client may show as they are, too."""
    cuts = sorted([*_cuts(text), *((*found.span(), _meant(found.group())) for found in _CARD.finditer(text))])
    return [cut for before, cut in zip([(0, 0, ""), *cuts], cuts, strict=False) if cut[0] >= before[1]]


def _meant(mark: str) -> str:
    """What a fold or an escape stands for."""
    return "" if mark[0] != "\\" else "\n" if mark[1] in "nN" else mark[1]


def _cuts(text: str, deletes_spaces: bool = False) -> list[Cut]:
    """What is taken out, and what stands there then."""
    if "\n" not in text and "\r" not in text and text.isascii():
        return []
    cuts: list[Cut] = []
    hyphens = [_ASCII_HYPHEN if text.isascii() else _HYPHEN]
    if "\xad" in text or "\u2010" in text:
        hyphens.append(_OTHER_HYPHEN)
    for hyphen in hyphens:
        cuts += [(*found.span(), "") for found in hyphen.finditer(text) if found.start() and text[found.start() - 1].isalpha()]
    if deletes_spaces:
        cuts += [(*found.span(), "") for found in _FLOWED.finditer(text)]
    for found in (_QUOTED_LINE if text.count("\r") == text.count("\r\n") else _QUOTED).finditer(text):
        start, end = found.span()
        cuts.append((start - text.startswith("\r\n", start - 1), end, " ") if start else (0, end, " "))
    cuts.sort()
    return cuts


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """Some whole words before and behind; lines do not matter."""
    floor, ceiling = max(start - AROUND, 0), min(end + AROUND, len(text))
    blank = text.find(" ", floor, start) if floor else -1
    last = text.rfind(" ", end, ceiling) if ceiling < len(text) else -1
    return (blank + 1 if blank >= 0 else floor), (last if last >= 0 else ceiling)


@dataclass(frozen=True, slots=True)
class _Shifted:
    """Text that begins `by` characters into another."""

    origin: Origin
    by: int

    def content_span(self, start: int, end: int) -> Span:
        """As `Origin` has it."""
        return self.origin.content_span(start + self.by, end + self.by)


@dataclass(frozen=True, slots=True)
class _Picked:
    """Windows of a text."""

    window: Window
    origin: Origin

    def content_span(self, start: int, end: int) -> Span:
        """As `Origin` has it; what was taken out in between belongs to it."""
        first = self.window.place(start)
        last = max(self.window.place(max(end - 1, start)), first)
        return self.origin.content_span(first, last + 1)


@dataclass(frozen=True, slots=True)
class _Reworded:
    """Texts that mean spans of another: (text, start, end)."""

    pieces: list[tuple[str, int, int]]
    origin: Origin

    @property
    def text(self) -> str:
        """All of it."""
        return "".join([text for text, _, _ in self.pieces])

    def content_span(self, start: int, end: int) -> Span:
        """As `Origin` has it; a meaning is not cut."""
        first, last = self._piece(start), self._piece(max(end - 1, start))
        return self.origin.content_span(first[1], max(last[2], first[2]))

    def _piece(self, at: int) -> tuple[str, int, int]:
        for piece in self.pieces:
            if at < len(piece[0]):
                return piece
            at -= len(piece[0])
        return self.pieces[-1]
