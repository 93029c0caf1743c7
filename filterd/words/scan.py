"""Search one text that comes in slices, as if it came whole.

Slices overlap by the tokens of the longest entry. The last token of a slice may go on in the next one, so what ends behind
the beginning of that token is left to the next slice; what ends before it was found for good. Where allow entries or disguises
need to see what follows, it is some more tokens than the last. Regular expressions and identifiers are found across slices where
what they find is no longer than `regexes.CHARACTERS`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from filterd.words.find import TooManyProposals, Work, find
from filterd.words.matcher import Matcher, Term
from filterd.words.tokens import token_spans

__all__ = ["Found", "Scan", "TooManyProposals", "Work"]

OVERLAP_CHARACTERS = 16 * 1024
_SIZES = (1024, 4096, OVERLAP_CHARACTERS)


@dataclass(frozen=True, slots=True)
class Found:
    """A term and its place, in characters from the start of the text; `view` is the folding that was needed."""

    term: Term
    start: int
    end: int
    text: str
    view: str


class Scan:
    """The search through one text."""

    def __init__(self, matcher: Matcher, work: Work) -> None:
        self._matcher = matcher
        self._work = work
        self._overlap = ""
        self.start = 0  # of the overlap, in the whole text
        self.end = 0  # of all that was fed
        self._settled = 0  # what ends up to here was found
        self._inside = False  # may the overlap begin with the rest of a token?

    def feed(self, piece: str, *, final: bool) -> Iterator[Found]:
        """The next slice of the text."""
        text = self._overlap + piece if self._overlap else piece
        self.end += len(piece)
        before, inside = self._settled - self.start, self._rest_of_token(text)
        keep, settled = (0, len(text)) if final else self._bounds(text)
        for place in find(self._matcher, text, self._work):
            if before < place.end <= settled and place.start >= inside:
                start, end = self.start + place.start, self.start + place.end
                yield Found(place.term, start, end, text[place.start : place.end], place.view)
        if not final:
            self._keep(text, keep, settled)

    def _rest_of_token(self, text: str) -> int:
        """Where the first token ends, if it began before the overlap."""
        if not self._inside:
            return 0
        spans = token_spans(text[: OVERLAP_CHARACTERS + 1])
        if not spans or spans[0][0]:
            return 0
        return spans[0][1] if len(spans) > 1 else token_spans(text)[0][1]

    def _bounds(self, text: str) -> tuple[int, int]:
        """Where the next overlap begins (negative: inside a token), and up to where everything was found."""
        margin, reach = self._matcher.margin, self._matcher.reach
        wanted = self._matcher.longest + margin
        for size in _SIZES:  # a small one is nearly always far enough back
            at = max(len(text) - size, 0)
            spans = token_spans(text[at:])
            if len(spans) > wanted:
                keep, settled = at + spans[-wanted][0], at + spans[-margin][0]
                if reach:
                    starts = [at + start for start, _ in spans]
                    settled = _last_up_to(starts, min(settled, len(text) - reach))
                    keep = _last_up_to(starts, min(keep, settled - reach))
                if keep >= 0:
                    return keep, settled
        settled = at + spans[-min(margin, len(spans))][0] if len(spans) > 1 else at
        return (-at if at else 0), min(settled, max(len(text) - reach, at))

    def _keep(self, text: str, keep: int, settled: int) -> None:
        cut = abs(keep)
        self._inside = keep < 0 or (keep == 0 and self._inside)
        self._settled = self.start + settled
        self.start += cut
        self._overlap = text[cut:]


def _last_up_to(starts: list[int], limit: int) -> int:
    """The last of these that is not beyond the limit, -1 if there is none."""
    before = bisect_right(starts, limit)
    return starts[before - 1] if before else -1
