"""What is doubtful in a list that can be used, or why it cannot be used. Every finding names its line and its cure.

Severities: `error` (the list is refused), `warning` (most likely not what was meant), `note` (worth knowing).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from filterd.words.entry import CASE, DISGUISE, EXACT, Combination, Entry, Regex, Wild, Words
from filterd.words.find import Work, find
from filterd.words.guard import Guard, may_be_accident
from filterd.words.matcher import Matcher, wordlist_terms
from filterd.words.ordinary import ordinary_hits
from filterd.words.pattern import Some, is_positive
from filterd.words.regex_cost import LONG, cost
from filterd.words.tokens import is_continuous, token_spans
from filterd.words.wordlist import Load, Wordlist, WordlistError, parse_wordlist

ERROR, WARNING, NOTE = SEVERITIES = ("error", "warning", "note")
SOON = timedelta(30)
_SHORT, _SHORT_INSIDE = 3, 4  # letters
_WORK = 10_000
_SHOWN = 6  # ordinary words told of one entry
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")

@dataclass(frozen=True, slots=True)
class Finding:
    """`code` is stable; `column` is 1 where the whole line is meant."""

    file: str
    line: int
    column: int
    severity: str
    code: str
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.what} [{self.code}] → {self.cure}"


@dataclass(frozen=True, slots=True)
class Ordinary:
    """Words that entries are tried on, folded and sorted; and the guard that may spare them."""

    words: Callable[[], Iterable[str]]
    guard: Guard


def lint(
    octets: bytes, file: str, *, today: date, load: Load | None = None, level: str = "fold", ordinary: Ordinary | None = None
) -> list[Finding]:
    """All findings, in the order of the file. `ordinary` is asked only if entries may lie inside other words."""
    try:
        wordlist = parse_wordlist(octets, name="list", file=file, level=level, load=load, keep_duplicates=True)
    except WordlistError as error:
        return [
            Finding(found.file, found.line, found.column, ERROR, "syntax", found.what, found.cure) for found in error.mistakes
        ]
    linter = _Linter(wordlist, today, ordinary)
    return sorted(linter.findings(), key=lambda found: (found.file != file, found.file, found.line, found.column))


@dataclass(slots=True)
class _Linter:
    wordlist: Wordlist
    today: date
    ordinary: Ordinary | None

    def findings(self) -> Iterator[Finding]:
        yield from self._head()
        first: dict[object, Entry] = {}
        for entry in self.wordlist.entries:
            known = first.setdefault(entry.identity, entry)
            if known is not entry:
                yield self._at(
                    entry, WARNING, "duplicate", f"line {known.line} finds the same ({known.file})", "take one of them out"
                )
                continue
            yield from self._entry(entry)
        yield from self._shadows(first.values())
        yield from self._innocents()

    def _at(self, entry: Entry, severity: str, code: str, what: str, cure: str) -> Finding:
        return Finding(entry.file, entry.line, 1, severity, code, f"`{entry.shown}`: {what}", cure)

    def _head(self) -> Iterator[Finding]:
        for name in ("purpose", "owner"):
            if not self.wordlist.head.text(name):
                cure = f"write `@{name} …` at the top: who comes after you will ask"
                yield Finding(self.wordlist.file, 1, 1, NOTE, f"no-{name}", f"the list does not say its {name}", cure)
        most = self._most()
        for name, score in self.wordlist.thresholds:
            if most is not None and score > most:
                what = f"threshold `{name}` ({score}) cannot be reached: all entries together come to {most}"
                yield Finding(self.wordlist.file, 1, 1, WARNING, "threshold", what, "lower it, or raise weights or caps")

    def _most(self) -> int | None:
        """The largest possible score; None if nothing bounds it, or an entry reaches every threshold by itself."""
        total = 0
        for entry in self.wordlist.entries:
            options = entry.options
            if options.role == "block":
                return None
            if entry.weight > 0 and not entry.allow:
                if not options.cap and not options.count:
                    return None
                total += min(options.cap or 10**9, entry.weight * (options.count or 10**6))
        return total

    def _entry(self, entry: Entry) -> Iterator[Finding]:
        yield from self._options(entry)
        terms = entry.terms if isinstance(entry, Combination) else (entry,)
        for term in terms:
            if isinstance(term, Words):
                yield from self._words(term, alone=term is entry)
            elif isinstance(term, Wild):
                yield from self._wild(term)
            elif isinstance(term, Regex):
                yield from self._regex(term)
        if isinstance(entry, Combination) and entry.tree is not None and not is_positive(entry.tree):
            yield self._at(entry, WARNING, "absence", "asks only for what is not there", "add a term that must be there")

    def _options(self, entry: Entry) -> Iterator[Finding]:
        options = entry.options
        if options.off:
            yield self._at(entry, NOTE, "off", "is off", "take it out, or `filterd words enable` it")
        if options.expires and options.expires < self.today:
            yield self._at(
                entry, WARNING, "expired", f"has not counted since {options.expires}", "take it out, or give a later day"
            )
        elif options.expires and options.expires <= self.today + SOON:
            yield self._at(
                entry, NOTE, "expires-soon", f"counts until {options.expires} only", "give a later day if it is still needed"
            )
        if entry.weight == 0 and not options.role and not entry.allow:
            yield self._at(entry, WARNING, "no-weight", "weighs nothing", "give it a weight, or take it out")
        if options.cap and options.cap < abs(entry.weight):
            yield self._at(entry, WARNING, "cap", f"max={options.cap} is less than one hit", "raise it, or lower the weight")
        if options.count and options.least > options.count:
            what = f"needs {options.least} hits, and counts {options.count} at most"
            yield self._at(entry, NOTE, "count", what, "see that this is meant")
        if options.role == "pass" and not entry.areas:
            what = "lets everything through for whoever knows it"
            yield self._at(entry, WARNING, "password", what, "bind it to an area, or give other entries less weight")
        if options.added and options.added > self.today:
            yield self._at(entry, NOTE, "added", f"was added on {options.added}, which is to come", "mend the day")
        if options.added and options.expires and options.expires < options.added:
            yield self._at(entry, WARNING, "dates", "expires before it was added", "mend one of the days")
        if set(entry.areas) - {"header"} and "header" in entry.areas and any(area.startswith("header:") for area in entry.areas):
            yield self._at(entry, NOTE, "areas", "`header` has every header:Name in it", "leave the others out")

    def _words(self, entry: Words, *, alone: bool) -> Iterator[Finding]:
        letters = sum(2 if "가" <= letter <= "힣" else letter.isalnum() for letter in entry.text)  # a syllable is two or three
        is_open = entry.open_start or entry.open_end
        if any(map(is_continuous, entry.text)):
            if letters < 2 and alone:
                yield self._at(entry, WARNING, "short", "is one character, which many words have", "write a whole word")
        elif is_open and letters < _SHORT_INSIDE:
            yield self._at(entry, WARNING, "too-wide", "is found in very many words", "write more of it, or whole words")
        elif letters < _SHORT and alone:
            yield self._at(entry, WARNING, "short", "is short: abbreviations and initials are found", "add what stands beside it")
        elif entry.level == DISGUISE and letters < _SHORT_INSIDE and alone:
            yield self._at(
                entry, NOTE, "short-disguise", "so short a word is hardly believed in disguise", "level=fold does as well"
            )
        if entry.text.isdigit() and letters < 6 and alone and not is_open:
            yield self._at(entry, NOTE, "number", "is a number that may stand for anything", "add what stands beside it")
        yield from self._scripts(entry, entry.text)

    def _scripts(self, entry: Entry, text: str) -> Iterator[Finding]:
        for start, end in token_spans(text):
            scripts = {script: letter for letter in reversed(text[start:end]) if (script := _script(letter))}
            if len(scripts) > 1:
                odd = min(scripts, key=lambda script: sum(_script(letter) == script for letter in text[start:end]))
                what = f"{odd.title()} letter {scripts[odd]!r} (U+{ord(scripts[odd]):04X}) in a word of another script"
                yield self._at(
                    entry, WARNING, "look-alike", what, "type the word again; at level disguise look-alikes are found anyway"
                )

    def _innocents(self) -> Iterator[Finding]:
        """The ordinary words in which entries lie by accident."""
        terms = wordlist_terms(self.wordlist, today=self.today)
        if not self.ordinary or not any(may_be_accident(term.entry, term.entry.level) for term in terms):
            return
        found: dict[tuple[Entry, bool], list[str]] = {}
        for hit in ordinary_hits(self.wordlist, self.ordinary.words(), self.ordinary.guard):
            if hit.is_accident:
                found.setdefault((hit.entry, hit.is_spared), []).append(hit.word)
        for (entry, is_spared), words in found.items():
            shown = ", ".join(words[:_SHOWN]) + (f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else "")
            what = f"stands in ordinary words: {shown}"
            cure = "nothing: the guard spares them" if is_spared else "write whole words, allow these, or leave it to the guard"
            yield self._at(entry, NOTE if is_spared else WARNING, "innocent", what, cure)

    def _wild(self, entry: Wild) -> Iterator[Finding]:
        literal = sum(sum(map(str.isalnum, piece)) for piece in entry.glob.pieces if isinstance(piece, str))
        if literal < _SHORT and not any(
            is_continuous(letter) for piece in entry.glob.pieces if isinstance(piece, str) for letter in piece
        ):
            yield self._at(entry, WARNING, "too-wide", "has few letters of its own", "write more of them")
        if sum(isinstance(piece, Some) and piece.many for piece in entry.glob.pieces) > 3:
            yield self._at(entry, WARNING, "too-wide", "has more than three `*`", "write what you mean as several entries")
        for piece in entry.glob.pieces:
            if isinstance(piece, str):
                yield from self._scripts(entry, piece)

    def _regex(self, entry: Regex) -> Iterator[Finding]:
        for doubt in cost(entry.expression, folds=entry.level not in (EXACT, CASE)):
            yield self._at(entry, NOTE if doubt.code == LONG else WARNING, doubt.code, doubt.what, doubt.cure)

    def _shadows(self, entries: Iterable[Entry]) -> Iterator[Finding]:
        """Entries that others find as well, and allow entries that allow nothing."""
        matcher = Matcher([self.wordlist], today=self.today)
        blocking = Matcher([self.wordlist], today=self.today, cancel=False)
        for entry in entries:
            if not isinstance(entry, Words) or entry.options.off:
                continue
            found = [
                place.term
                for place in find(blocking if entry.allow else matcher, _example(entry), Work(_WORK))
                if not place.term.owner
            ]
            if entry.allow:
                if not any(term for term in found):
                    what = "allows what no entry finds"
                    yield self._at(entry, WARNING, "allows-nothing", what, "take it out, or see whether the entry is written so")
                continue
            others = [term.entry for term in found if term.entry is not entry and term.entry.identity != entry.identity]
            wider = next((other for other in others if _covers(other, entry)), None)
            if wider:
                what = f"whatever it finds, `{wider.shown}` (line {wider.line}) finds as well"
                yield self._at(entry, WARNING, "shadowed", what, "take it out, unless its own weight is meant")
            elif not any(term.entry is entry for term in found) and entry.is_active(self.today):
                what = "is not found even where it stands: an allow entry cancels it"
                yield self._at(entry, WARNING, "never", what, "take one of the two out")


def _example(entry: Words) -> str:
    """A text in which the entry stands, inside a longer word where its edges are open."""
    inside = "qx" if entry.text.isascii() else ""
    return f"{inside if entry.open_start else ''}{entry.text}{inside if entry.open_end else ''}"


def _covers(other: Entry, entry: Entry) -> bool:
    """Does the other count wherever this one does?"""
    return not other.areas or (bool(entry.areas) and set(entry.areas) <= set(other.areas))


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "")
    return next((script for script in _SCRIPTS if name.startswith(script)), "")
