"""Find the entries in one text: as it is written, and in canonical form; then what stands reversed for a reader.

Every folding is searched apart, and a hit tells the least that was needed. No offsets are mapped until something is found.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from filterd.words import bidi
from filterd.words.canonical import Origins, canonical
from filterd.words.confirm import Places
from filterd.words.disguise import Disguises
from filterd.words.entry import CASE, EXACT
from filterd.words.flags import are_flags
from filterd.words.guard import COST, Guard, is_guarded, may_be_accident, whole_words
from filterd.words.hinted import Hinted, HintedWild, Searched
from filterd.words.matcher import Matcher, Proposal, Term
from filterd.words.regexes import Allowance, TooSlow
from filterd.words.tokens import haystack, token_spans

CONFIRMING = 8  # proposals' worth of work
_SWEPT = 256  # characters; a proposal's worth of searching


Searching = tuple[Term, bool, int]  # in the canonical form? at which token (-1: everywhere)


class TooManyProposals(Exception):
    """The work budget is spent: most likely the message was made to spend it."""


@dataclass(slots=True)
class Work:
    """What the texts of one message share: the proposals left, and terms that nobody wants to hear of again."""

    proposals: int
    done: set[Term] = field(default_factory=set)
    too_slow: bool = False  # was an expression given up?
    allowance: Allowance = field(default_factory=Allowance)  # of slow expressions
    accidents: dict[tuple[Term, str], bool] = field(default_factory=dict)  # words that the guard was asked about

    def spend(self, count: int = 1) -> None:
        """Raises `TooManyProposals`."""
        self.proposals -= count
        if self.proposals < 0:
            raise TooManyProposals


@dataclass(frozen=True, slots=True)
class Place:
    """A term and its place, in characters of the text; `view` is the folding that was needed."""

    term: Term
    start: int
    end: int
    view: str


class Reading:
    """One text and its canonical form."""

    def __init__(self, text: str, folds: bool) -> None:
        self.text = text
        self.form = canonical(text) if folds else text

    @cached_property
    def plain(self) -> Places:
        """The text's tokens."""
        return Places(self.text, token_spans(self.text))

    @cached_property
    def folded(self) -> Places:
        """The tokens of its canonical form."""
        return self.plain if self.form is self.text else Places(self.form, token_spans(self.form))

    @cached_property
    def _origins(self) -> Origins:
        return Origins(self.text)

    def source(self, start: int, end: int) -> tuple[int, int]:
        """The span in the text of a span of its canonical form."""
        if self.form is self.text:
            return start, end
        return self._origins.span(start)[0], self._origins.span(end - 1)[1]


def find(matcher: Matcher, text: str, work: Work) -> Iterator[Place]:
    """Every term in the text that no allow entry of its list cancels, and that is no accident in an innocent word."""
    allowed: Allowed | None = None
    for place in _all(matcher, text, work):
        if matcher.guard and _is_accident(matcher.guard, text, place, work):
            continue
        if matcher.allow:
            allowed = allowed or Allowed(matcher.allow, text, work)
            if allowed.covers(place):
                continue
        yield place


def _is_accident(guard: Guard, text: str, place: Place, work: Work) -> bool:
    term = place.term
    if not may_be_accident(term.entry, place.view) or not is_guarded(term):
        return False
    there = whole_words(text, place.start, place.end)
    known = work.accidents.get((term, there))
    if known is None:
        work.spend(COST)
        known = work.accidents[term, there] = guard.spares(there, term.entry, term.wordlist.innocent)
    return known


class Allowed:
    """Where the allow entries stand in one text, looked for once something was found there."""

    def __init__(self, matcher: Matcher, text: str, work: Work) -> None:
        spans: dict[int, list[tuple[int, int]]] = {}  # by the identity of the list: a list's hash is that of all its entries
        for place in _all(matcher, text, work):
            spans.setdefault(id(place.term.wordlist), []).append((place.start, place.end))
        self._starts = {key: sorted(start for start, _ in found) for key, found in spans.items()}
        self._ends = {key: list(accumulate((end for _, end in sorted(found)), max)) for key, found in spans.items()}

    def covers(self, place: Place) -> bool:
        """Does the place lie wholly inside an allow entry of the same list?"""
        key = id(place.term.wordlist)
        before = bisect_right(self._starts.get(key, ()), place.start)
        return before > 0 and self._ends[key][before - 1] >= place.end


def _all(matcher: Matcher, text: str, work: Work) -> Iterator[Place]:
    reading = Reading(text, matcher.folds)
    if matcher.folds and bidi.reverses(text):
        shown, order = bidi.as_shown(text)
        seen: set[tuple[Term, int]] = set()
        for place in _views(matcher, reading, work):
            seen.add((place.term, place.start))
            yield place
        for place in _views(matcher, Reading(shown, folds=True), work):
            if place.term.entry.level not in (EXACT, CASE):
                where = order[place.start : place.end]
                if (place.term, min(where)) not in seen:
                    yield Place(place.term, min(where), max(where) + 1, "canonical")
    else:
        yield from _views(matcher, reading, work)


def _views(matcher: Matcher, reading: Reading, work: Work) -> Iterator[Place]:
    folded = haystack(reading.form)
    seen: set[tuple[Term, int]] = set()
    # What is found in a text is proposed in its canonical form, too, if all entries see so far: nothing there, nothing here.
    if reading.form is reading.text or not matcher.only_folds or matcher.proposes(folded):
        yield from _undisguised(matcher, reading, folded, work, seen)
    if matcher.sweepers:
        for hinted in matcher.sweepers:
            yield from _searched(hinted, reading, work, seen)
    if matcher.disguises:
        yield from _disguised(matcher.disguises, reading, folded, work, seen)


def _undisguised(matcher: Matcher, reading: Reading, folded: str, work: Work, seen: set[tuple[Term, int]]) -> Iterator[Place]:
    """What stands in the text as it is written, and in its canonical form."""
    plain = folded if reading.form is reading.text else haystack(reading.text)
    searched: set[Searching] = set()
    for proposal in matcher.propose(plain):
        work.spend()
        if not work.done.issuperset(proposal.plain):
            for place in _plain(proposal, reading):
                seen.add((place.term, place.start))
                yield place
        for hinted in proposal.hinted:
            yield from _hinted(hinted, proposal, reading, work, seen, searched)
        if plain == folded:
            yield from _of_canonical(proposal, reading, work, seen, searched)
    if plain != folded:
        for proposal in matcher.propose(folded):
            work.spend()
            yield from _of_canonical(proposal, reading, work, seen, searched)


def _of_canonical(
    proposal: Proposal, reading: Reading, work: Work, seen: set[tuple[Term, int]], searched: set[Searching]
) -> Iterator[Place]:
    """What a proposal in the canonical form adds."""
    if not work.done.issuperset(proposal.folded):
        yield from _folded(proposal, reading, seen)
    for hinted in proposal.folded_hinted:
        if reading.form is not reading.text or (isinstance(hinted, HintedWild) and hinted.refolds):
            yield from _hinted(hinted, proposal, reading, work, seen, searched, folded=True)


def _hinted(
    hinted: Hinted,
    proposal: Proposal,
    reading: Reading,
    work: Work,
    seen: set[tuple[Term, int]],
    searched: set[Searching],
    *,
    folded: bool = False,
) -> Iterator[Place]:
    """A wild entry beside its key, or an expression in the whole text, once."""
    if isinstance(hinted, HintedWild):
        yield from _wild(hinted, proposal, reading, work, seen, searched, folded=folded)
    elif (hinted.term, False, -1) not in searched:
        searched.add((hinted.term, False, -1))
        yield from _searched(hinted, reading, work, seen)


def _wild(
    hinted: HintedWild,
    proposal: Proposal,
    reading: Reading,
    work: Work,
    seen: set[tuple[Term, int]],
    searched: set[Searching],
    *,
    folded: bool,
) -> Iterator[Place]:
    """A wild entry at the token where its key was found."""
    term, form = hinted.term, hinted.folded if folded else hinted.plain
    if form is None or term in work.done:
        return
    where = (term, folded, -1 if form.wide else proposal.first)
    if where in searched:
        return
    searched.add(where)
    places = reading.folded if folded else reading.plain
    work.spend(1 + len(places.text) // _SWEPT if form.wide else 1)
    if proposal.first >= len(places.spans):
        return
    found = form.everywhere(places.text) if form.wide else form.confirm(places.text, places.spans, proposal.first)
    for start, end in found:
        view = "canonical" if folded else "exact" if form.is_exact(places.text, start, end) else "case"
        yield from _new(term, *(reading.source(start, end) if folded else (start, end)), view, seen)


def _new(term: Term, start: int, end: int, view: str, seen: set[tuple[Term, int]]) -> Iterator[Place]:
    if (term, start) not in seen:
        seen.add((term, start))
        yield Place(term, start, end, view)


def _searched(hinted: Searched, reading: Reading, work: Work, seen: set[tuple[Term, int]]) -> Iterator[Place]:
    """An expression or an identifier in the text as it is written, and in its canonical form."""
    term = hinted.term
    if term in work.done:
        return
    work.spend(1 + len(reading.text) // _SWEPT)
    try:
        for start, end in hinted.find(reading.text, work.allowance):
            work.spend()
            yield from _new(term, start, end, "exact", seen)
            if term in work.done:
                return
        if hinted.folds and reading.form is not reading.text:
            for start, end in hinted.find(reading.form, work.allowance):
                work.spend()
                yield from _new(term, *reading.source(start, end), "canonical", seen)
                if term in work.done:
                    return
    except TooSlow:
        work.done.add(term)
        work.too_slow = True


def _plain(proposal: Proposal, reading: Reading) -> Iterator[Place]:
    """The terms of a proposal in the text as it is written."""
    for term in proposal.plain:
        span = reading.plain.confirm(term.entry.plain, proposal)
        if span:
            is_exact = reading.plain.is_exact(term.entry, proposal)
            if is_exact or term.entry.level != EXACT:
                yield Place(term, *span, "exact" if is_exact else "case")


def _folded(proposal: Proposal, reading: Reading, seen: set[tuple[Term, int]]) -> Iterator[Place]:
    """The terms of a proposal in the canonical form, where they were not found as they are written."""
    for term in proposal.folded:
        span = reading.folded.confirm(term.entry.folded, proposal)
        if span:
            start, end = reading.source(*span)
            there = reading.text[start:end]
            if (term, start) not in seen and not are_flags(there) and not (term.entry.needs_accents and there.isascii()):
                seen.add((term, start))
                yield Place(term, start, end, "canonical")


def _disguised(disguises: Disguises, reading: Reading, folded: str, work: Work, seen: set[tuple[Term, int]]) -> Iterator[Place]:
    """The terms that stand in the canonical form in disguise, where they were not found before."""
    for candidate in disguises.candidates(reading.form, folded, work.spend):
        term = candidate[0]
        if term in work.done:
            continue
        work.spend(CONFIRMING)
        if found := disguises.confirm(reading.form, candidate):
            start, end = reading.source(*found[:2])
            if (term, start) not in seen:
                seen.add((term, start))
                is_canonical = reading.text[start:end] == reading.form[found[0] : found[1]]
                yield Place(term, start, end, found[2] if is_canonical else f"canonical+{found[2]}")
    for term, first, last in disguises.masked.find(reading.form):
        work.spend()
        start, end = reading.source(first, last)
        if term not in work.done and (term, start) not in seen:
            seen.add((term, start))
            yield Place(term, start, end, "masked")
