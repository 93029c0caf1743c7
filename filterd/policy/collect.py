"""Collect the hits of one message, within bounds, without ever missing a stricter list.

Of one entry only some hits are kept as evidence; many more are counted. When as many hits are kept as are wanted, only the
first hit of a list that is stricter than all before is still kept, so a flood of harmless words cannot hide a forbidden one. The
first hits of each entry always count; a message with more repetitions than can be counted is not read to its end (`over-budget`).

What was read in several ways (charsets, structures) has the same word at the same octets in each: that is one hit, of the
reading that is surest and needed the least folding.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from itertools import islice

from filterd.mail.slices import AMBIGUOUS, FLOOR, SURE, Slice, Span
from filterd.policy.limits import in_area, in_first_lines, is_plausible, line_ends
from filterd.policy.places import Places
from filterd.policy.plan import Plan, plans
from filterd.policy.score import Occurrence, Sum, tally
from filterd.policy.verdict import Hit
from filterd.words.combine import TermPlace
from filterd.words.entry import Combination, Entry
from filterd.words.matcher import Matcher, Term
from filterd.words.scan import Found, Scan, Work
from filterd.words.tokens import count_tokens, token_spans

PER_TERM = 20  # hits of one entry that are kept
COUNTED = 1000  # hits of one entry that count
ALL_COUNTED = 200_000  # of all entries, but for the first hits of each
ENOUGH = 50_000  # proposals; after so many a verdict that cannot become stricter stands

_Stream = tuple[str, str, tuple[str, ...], str, str, str]
_NO_STREAM: _Stream = ("", "", (), "", "", "")
_SURENESS = {SURE: 0, AMBIGUOUS: 1, FLOOR: 2}
_VIEWS = {"exact": 0, "case": 1, "canonical": 2}


@dataclass(slots=True)
class _Text:
    """A text that is being searched: its slices that are still needed, and the lines that ended before them."""

    scan: Scan
    slices: list[tuple[int, Slice]] = field(default_factory=list)
    line_ends: list[int] = field(default_factory=list)  # of the first lines
    words: int = 0  # before the newest slice
    starts: list[int] | None = None  # of the newest slice's tokens

    def count_lines(self, piece: str, most: int) -> None:
        """Note where the next slice's lines end, if they are among the first."""
        wanted = most - len(self.line_ends)
        if wanted > 0:
            start = self.slices[-1][0]
            cut = len(self.slices) > 1 and self.slices[-2][1].text[-1:] == "\r" and piece[:1] == "\n"  # one line end
            ends = islice(line_ends(piece, 1 if cut else 0), wanted)
            self.line_ends += [start + end for end in ends]

    def word(self, at: int) -> int:
        """The number of the word that stands at this character of the text."""
        begin, piece = self.slices[-1]
        if at < begin:  # in a slice before: counted back from where the newest begins
            rest = "".join(before.text[max(at - start, 0) :] for start, before in self.slices[:-1])
            return self.words - count_tokens(rest[: begin - at])
        if self.starts is None:
            self.starts = [start for start, _ in token_spans(piece.text)]
        return self.words + max(bisect_right(self.starts, at - begin) - 1, 0)


class Collector:
    """`search` the slices of a message in order; `hits` and `sums` (one a list) are the result once `conclude` was called."""

    def __init__(self, matcher: Matcher, limit: int, work: Work, lists: dict[int, Plan] | None = None) -> None:
        self.conditions: dict[str, None] = {}
        self.sums: list[Sum] = []
        self.watched: list[Sum] = []  # as they would be if everything that is only watched counted
        self._hits: list[Hit] = []
        self._matcher = matcher
        self._plans = plans(matcher.wordlists) if lists is None else lists
        self._limit = limit
        self._work = work
        self._enough = work.proposals - ENOUGH
        self._severest = max((plan.strictness for plan in self._plans.values()), default=0)
        self._lines = max((wordlist.first_lines for wordlist in matcher.wordlists), default=0)
        self._found: dict[int, dict[Entry, dict[Span, Occurrence]]] = {}  # by the identity of the list
        self._counted = 0
        self._kept: dict[Term, list[tuple[int, _Stream]]] = {}  # which hits, and of which text
        self._combinations: dict[Combination, tuple[Term, Places]] = {}
        self._streams: dict[_Stream, int] = {}
        self._strictest = 0
        self._open: dict[_Stream, _Text] = {}

    @property
    def hits(self) -> tuple[Hit, ...]:
        """What was found, in the order it was met."""
        return tuple(self._hits)

    def conclude(self) -> None:
        """All was searched: combinations are decided, and lists summed up."""
        for term, places in self._combinations.values():
            for place in islice(places.found(), COUNTED):
                if isinstance(place.evidence, Hit):
                    self._note(term, replace(place.evidence, entry=term.entry.shown), _NO_STREAM)
        for plan in self._plans.values():
            if found := self._found.get(id(plan.wordlist)):
                hits = {entry: list(of_entry.values()) for entry, of_entry in found.items()}
                enforced = {} if plan.wordlist.watches else hits
                self.sums.append(tally(plan.wordlist, enforced, required=plan.required))
                self.watched.append(tally(plan.wordlist, hits, required=plan.required, watched=True))

    def search(self, piece: Slice) -> None:
        """Find everything in the next slice."""
        stream = piece.part, piece.area, piece.chain, piece.field, piece.reading, piece.alternative
        text = self._open.pop(stream, None) or _Text(Scan(self._matcher, self._work))
        text.slices.append((text.scan.end, piece))
        if self._lines:
            text.count_lines(piece.text, self._lines)
        for found in text.scan.feed(piece.text, final=piece.is_last):
            if self._counts_here(found, text, piece):
                self._keep(found, text, stream)
        if not piece.is_last:
            if self._matcher.combines:
                text.words, text.starts = text.words + count_tokens(piece.text), None
            while len(text.slices) > 1 and text.slices[1][0] <= text.scan.start:
                del text.slices[0]
            self._open[stream] = text

    @property
    def is_decided(self) -> bool:
        """Would reading on change nothing but the number of hits?"""
        return self._strictest == self._severest and self._work.proposals < self._enough and bool(self._hits)

    def _counts_here(self, found: Found, text: _Text, piece: Slice) -> bool:
        term = found.term
        if not in_area(term, piece.area, piece.field):
            return False
        start = found.start - text.slices[-1][0]
        if not is_plausible(piece.reading, found.text, piece.text, max(start, 0), max(start + len(found.text), 0)):
            return False
        return in_first_lines(term, piece.area, found.start, text.line_ends)

    def _keep(self, found: Found, text: _Text, stream: _Stream) -> None:
        term = found.term
        if term.owner:
            self._keep_part(found, term.owner, text, stream)
            return
        plan = self._plans[id(term.wordlist)]
        of_entry = self._found.get(id(term.wordlist), {}).get(term.entry, ())
        is_enough = len(of_entry) >= (PER_TERM if plan.simple else COUNTED)
        if is_enough or (len(self._hits) >= self._limit and plan.simple and plan.strictness <= self._strictest):
            self._give_up(term, "too-many-hits")
        elif self._counted >= ALL_COUNTED and len(of_entry) >= PER_TERM:
            self._give_up(term, "over-budget")
        else:
            self._note(term, _hit(found, text.slices), stream)

    def _give_up(self, term: Term, condition: str) -> None:
        """No more of this term, and the message's conditions say so."""
        self.conditions[condition] = None
        self._work.done.add(term)

    def _keep_part(self, found: Found, owner: Combination, text: _Text, stream: _Stream) -> None:
        """A term of a combination: where it stands, in words."""
        term = found.term
        if owner not in self._combinations:
            self._combinations[owner] = Term(term.wordlist, owner), Places(owner)
        places = self._combinations[owner][1]
        if places.is_enough(term.entry):
            self._work.done.add(term)
        elif places.is_full:
            self._give_up(term, "over-budget")
        else:
            number = self._streams.setdefault(stream, len(self._streams))
            place = TermPlace(number, text.word(found.start), text.word(found.end - 1), _hit(found, text.slices))
            places.add(term.entry, place)

    def _note(self, term: Term, hit: Hit, stream: _Stream) -> None:
        """Count a hit, and keep it as evidence if there is room."""
        plan = self._plans[id(term.wordlist)]
        of_entry = self._found.setdefault(id(term.wordlist), {}).setdefault(term.entry, {})
        if self._is_known(term, hit, stream) or hit.span in of_entry:
            return
        of_entry[hit.span] = Occurrence(hit.text, hit.alternative)
        self._counted += 1
        is_full = len(self._hits) >= self._limit
        is_stricter = plan.simple and plan.strictness > self._strictest
        if plan.simple:
            self._strictest = max(self._strictest, plan.strictness)
        kept = self._kept.setdefault(term, [])
        if len(kept) >= PER_TERM or (is_full and kept and not is_stricter):
            self.conditions["too-many-hits"] = None
            return
        if is_full:
            self.conditions["too-many-hits"] = None
        kept.append((len(self._hits), stream))
        self._hits.append(hit)

    def _is_known(self, term: Term, hit: Hit, stream: _Stream) -> bool:
        """Was it found at these octets in another reading? The better of the two is kept."""
        for at, (index, of_stream) in enumerate(self._kept.get(term, ())):
            known = self._hits[index]
            if of_stream != stream and known.span[0] < hit.span[1] and hit.span[0] < known.span[1]:
                if _rank(hit) < _rank(known):
                    self._hits[index] = hit
                    self._kept[term][at] = (index, stream)
                return True
        return False


def _rank(hit: Hit) -> tuple[int, int, int]:
    """The lower, the surer. Of equals the first stays."""
    foldings = hit.view.split("+")
    return _SURENESS.get(hit.reading, 2), len(foldings), max(_VIEWS.get(folding, 3) for folding in foldings)


def _hit(found: Found, slices: list[tuple[int, Slice]]) -> Hit:
    term, (_, piece) = found.term, slices[-1]
    return Hit(
        term.wordlist.name,
        term.entry.file or term.wordlist.file,
        term.entry.line,
        term.entry.shown,
        piece.part,
        piece.area,
        found.view,
        _span(found.start, found.end, slices),
        found.text,
        piece.chain,
        piece.field,
        piece.reading,
        piece.alternative,
        term.entry.weight,
    )


def _span(start: int, end: int, slices: list[tuple[int, Slice]]) -> Span:
    """The octets of the message from character `start` to `end`."""
    first, piece = slices[-1]
    if start >= first:
        return piece.origin.content_span(start - first, end - first)
    return _place(start, slices)[0], _place(end - 1, slices)[1]


def _place(at: int, slices: list[tuple[int, Slice]]) -> Span:
    """The span of the character `at` in the message."""
    start, piece = next((place for place in reversed(slices) if place[0] <= at), slices[0])
    return piece.origin.content_span(at - start, at - start + 1)
