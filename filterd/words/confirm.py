"""Confirm what the automaton proposed. A proposal is already whole tokens; what is left is what stood between them."""

from __future__ import annotations

import unicodedata

from filterd.words.entry import Form
from filterd.words.entry import Words as Entry
from filterd.words.matcher import Proposal
from filterd.words.tokens import is_line_break, normal_gap

GAP_CHARACTERS = 16 * 1024  # more than this between two words, and they are no phrase
OUTER_CHARACTERS = 256  # of the signs before or after an entry

Spans = list[tuple[int, int]]


class Places:
    """A text with its tokens, and the gaps that were looked at."""

    __slots__ = ("_gaps", "spans", "text")

    def __init__(self, text: str, spans: Spans) -> None:
        self.text = text
        self.spans = spans
        self._gaps: dict[int, str] = {}

    def confirm(self, form: Form, proposal: Proposal) -> tuple[int, int] | None:
        """The span of the entry with this form, if it really stands there."""
        if proposal.last >= len(self.spans):
            return None
        if all(self._agrees(gap, proposal.first + i) for i, gap in enumerate(form.gaps[1:-1])):
            return _outer(form, proposal, self.text, self.spans)
        return None

    def is_exact(self, entry: Entry, proposal: Proposal) -> bool:
        """Do the tokens stand there exactly as written, case and all? (Composed or decomposed is the same.)"""
        last = len(entry.plain.tokens) - 1
        for i, token in enumerate(entry.plain.tokens):
            start, end = self.spans[proposal.first + i]
            there, wanted = self.text[start:end], token
            if there != wanted and not there.isascii():
                there, wanted = unicodedata.normalize("NFC", there), unicodedata.normalize("NFC", token)
            if not _equal(there, wanted, entry.open_start and i == 0, entry.open_end and i == last):
                return False
        return True

    def _agrees(self, gap: str, after: int) -> bool:
        start, end = self.spans[after][1], self.spans[after + 1][0]
        if end - start > GAP_CHARACTERS:
            return False
        if not gap and is_line_break(self.text[start:end]):
            return True
        if after not in self._gaps:
            self._gaps[after] = normal_gap(self.text[start:end])
        return self._gaps[after] == gap


def _equal(there: str, wanted: str, open_start: bool, open_end: bool) -> bool:
    if open_start and open_end:
        return wanted in there
    if open_start:
        return there.endswith(wanted)
    return there.startswith(wanted) if open_end else there == wanted


def _outer(form: Form, proposal: Proposal, text: str, spans: Spans) -> tuple[int, int] | None:
    """The span with the signs before and after the tokens, or None if they do not stand there."""
    start, end = spans[proposal.first][0], spans[proposal.last][1]
    before, after = form.gaps[0], form.gaps[-1]
    if before:
        floor = max(spans[proposal.first - 1][1] if proposal.first else 0, start - OUTER_CHARACTERS)
        start = _left(text[floor:start], before, floor)
    if after and start >= 0:
        ceiling = spans[proposal.last + 1][0] if proposal.last + 1 < len(spans) else len(text)
        end = _right(text[end : min(ceiling, end + OUTER_CHARACTERS)], after, end)
    return (start, end) if start >= 0 and end >= 0 else None


def _left(gap: str, wanted: str, offset: int) -> int:
    if not normal_gap(gap).endswith(wanted):
        return -1
    for start in range(len(gap) - len(wanted), -1, -1):  # runs of blanks: the shortest that will do
        if normal_gap(gap[start:]) == wanted:
            return offset + start
    return -1


def _right(gap: str, wanted: str, offset: int) -> int:
    if not normal_gap(gap).startswith(wanted):
        return -1
    for end in range(len(wanted), len(gap) + 1):
        if normal_gap(gap[:end]) == wanted:
            return offset + end
    return -1
