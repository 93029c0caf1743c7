"""Search one text that comes in slices, as if it came whole.

Slices overlap by the tokens of the longest entry. The last token of a slice may go on in the next one, so what touches it is
left to the next slice; what lies wholly in the overlap was found before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from filterd.words.matcher import Matcher, Proposal, Term, confirm
from filterd.words.tokens import count_tokens, haystack, token_spans

OVERLAP_CHARACTERS = 16 * 1024


@dataclass(frozen=True, slots=True)
class Found:
    """A term and its place, in characters from the start of the text."""

    term: Term
    start: int
    end: int
    text: str


class TooManyProposals(Exception):
    """The work budget is spent: most likely the message was made to spend it."""


@dataclass(slots=True)
class Work:
    """What the texts of one message share: the proposals left, and terms that nobody wants to hear of again."""

    proposals: int
    done: set[Term] = field(default_factory=set)


class Scan:
    """The search through one text."""

    def __init__(self, matcher: Matcher, work: Work) -> None:
        self._matcher = matcher
        self._work = work
        self._overlap = ""
        self.start = 0  # of the overlap, in the whole text
        self.end = 0  # of all that was fed
        self._begins_inside = False  # does the overlap begin inside a token?

    def feed(self, piece: str, *, final: bool) -> Iterator[Found]:
        """The next slice of the text."""
        old = count_tokens(self._overlap)
        text = self._overlap + piece
        self.end += len(piece)
        proposals = self._matcher.propose(haystack(text))
        yield from self._confirmed(proposals, text, old, not final)
        if not final:
            self._keep(text)

    def _confirmed(
        self, proposals: Iterator[Proposal], text: str, old: int, open_end: bool
    ) -> Iterator[Found]:
        spans: list[tuple[int, int]] | None = None
        for proposal in proposals:
            self._spend()
            if self._work.done.issuperset(proposal.terms):
                continue
            if spans is None:
                spans = token_spans(text)
            if self._is_due(proposal.first, proposal.last, old, len(spans) if open_end else len(spans) + 1):
                for term, start, end in confirm(proposal, text, spans):
                    yield Found(term, self.start + start, self.start + end, text[start:end])

    def _is_due(self, first: int, last: int, old: int, count: int) -> bool:
        if first == 0 and self._begins_inside:
            return False
        return last >= old - 1 and last < count - 1

    def _spend(self) -> None:
        self._work.proposals -= 1
        if self._work.proposals < 0:
            raise TooManyProposals

    def _keep(self, text: str) -> None:
        """Keep one token more than the longest entry has, from the end."""
        wanted = self._matcher.longest + 1
        start = max(len(text) - OVERLAP_CHARACTERS, 0)
        if is_enough := count_tokens(text[start:]) > wanted:
            near = max(len(text) - 1024, start)  # nearly always far enough back
            tail = near if count_tokens(text[near:]) > wanted else start
            start = tail + token_spans(text[tail:])[-wanted][0]
        self._begins_inside = not is_enough and (start > 0 or self._begins_inside)
        self.start += start
        self._overlap = text[start:]
