"""Find entries in disguise: coarse automata propose, `words.phrase` confirms.

Four places are looked at, each only as far as the text has it:
- every token, for leet digits and look-alikes (one more search through the haystack, spelt coarsely);
- tokens with repeated letters, and their neighbours, the repeats taken out;
- chunks without blanks that have signs in them, the signs taken out or read as letters;
- runs of three and more single letters;
- words with letters blotted out (`words.masked`).
Nothing else is ever glued together: whole text without blanks holds every short word somewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

import ahocorasick

from filterd.words import coarse
from filterd.words.align import kind_of
from filterd.words.canonical import canonical
from filterd.words.chunks import Part, Spend, in_chunks, in_run
from filterd.words.masked import Masked
from filterd.words.phrase import Words, confirm, might_be, step_back
from filterd.words.repeats import repeated_windows
from filterd.words.term import Term
from filterd.words.tokens import CONTINUOUS, haystack, token_spans

_LETTER = rf"(?:[^\W_]|[{coarse.SIGNS}])"
_RUN = re.compile(rf"(?<![^\W_]){_LETTER}(?:[\W_]{{1,3}}?{_LETTER}(?![^\W_])){{2,}}")
# Where words are written without blanks, letters with blanks between stand directly beside others.
_SPREAD = re.compile(rf"[{CONTINUOUS}](?:[\W_]{{1,3}}[{CONTINUOUS}]){{2,}}")
# Letters of a haystack as "a", digits as "1": what three single letters look like, one of them no digit.
_ONES = bytes(
    0x31 if 0x30 <= octet <= 0x39 else 0x61 if (chr(octet).isalpha() and octet < 128) or octet >= 0xC0 else octet
    for octet in range(256)
)
_SINGLES = tuple(f" {x} {y} {z} ".encode() for x in "a1" for y in "a1" for z in "a1" if "a" in x + y + z)
_CONTINUATION = bytes(range(0x80, 0xC0))
_SHORTEST = 3  # letters of a word that signs or blanks may stand in
_LINK = 4  # letters of a word behind the first of a phrase that is looked for by itself

Candidate = tuple[Term, int, int]  # where its word number so-and-so (from 0) may begin


class Disguises:
    """The coarse automata over the entries at level disguise; immutable once made."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._words: dict[Term, Words] = {}
        self._written: dict[Term, str] = {}  # as a haystack has it, for whole words
        self._counts: dict[Term, int] = {}
        tokens: dict[str, list[Term]] = {}
        repeated: dict[str, list[Term]] = {}
        terms = tuple(terms)
        self.masked = Masked(terms)
        for term in terms:
            self._words[term] = Words.of(term.entry)
            self._written[term] = term.entry.folded_key.strip(" ")
            self._counts[term] = self._written[term].count(" ") + 1
            for key in _token_keys(term):
                tokens.setdefault(key, []).append(term)
                repeated.setdefault(coarse.collapsed(key), []).append(term)
        self.longest = max((len(words.words) for words in self._words.values()), default=0)
        self.letters = max((words.letters for words in self._words.values()), default=0)
        self._tokens, self._repeated, self._parts = _automaton(tokens), _automaton(repeated), _parts_automaton(self._words)

    def confirm(self, text: str, candidate: Candidate) -> tuple[int, int, str] | None:
        """The span in the canonical text and the foldings needed, if the entry really stands there."""
        term, at, index = candidate
        words = self._words[term]
        if index:
            at = step_back(text, at, index)
            if at < 0:
                return None
        return confirm(text, at, words, term.entry)

    def suspects(self, text: str, folded: str) -> bool:
        """Might there be anything to find in a canonical text with this haystack, whatever it is cut into?"""
        if next(self.masked.find(text), None):
            return True
        return any(self._begins(text, candidate) for candidate in self.candidates(text, folded, lambda: None))

    def candidates(self, text: str, folded: str, spend: Spend) -> Iterator[Candidate]:
        """Where entries may begin in a canonical text with this haystack. `spend` is called for each proposal."""
        spans: list[tuple[int, int]] = []
        written: list[str] = []
        for term, token in self._in_tokens(text, folded):
            spend()
            written = written or folded[1:-1].split(" ")
            if not self._differs(" ".join(written[token : token + self._counts[term]]), term):
                continue
            spans = spans or token_spans(text)
            if 0 <= token < len(spans):
                yield from self._at_token(text, spans[token], term)
        if self._parts is None:
            return
        for part, at in in_chunks(self._parts, text, spend):
            for term, index in part.members:
                yield term, at, index
        ones = folded.encode("latin-1").translate(_ONES, _CONTINUATION)
        if any(single in ones for single in _SINGLES):
            for run in chain(_RUN.finditer(text), () if text.isascii() else _SPREAD.finditer(text)):
                for part, at in in_run(self._parts, run.group(), spend):
                    for term, index in part.members:
                        yield term, run.start() + at, index

    def _differs(self, there: str, term: Term) -> bool:
        """Is what stands there something else than the entry as it is written, and can letters alone not explain it?"""
        if not self._written[term] or there == self._written[term]:
            return not self._written[term]
        if not there.isascii() or not there.replace(" ", "").isalpha() or term.entry.open_start or term.entry.open_end:
            return True
        similar, written = coarse.of_letters(there), coarse.of_letters(self._written[term])
        return similar == written or (there != coarse.collapsed(there) and coarse.collapsed(similar) == coarse.collapsed(written))

    def _begins(self, text: str, candidate: Candidate) -> bool:
        term, at, index = candidate
        words = self._words[term].words
        is_open, is_open_end = term.entry.open_start and index == 0, term.entry.open_end and index == len(words) - 1
        return might_be(text, at, words[index], is_open=is_open, is_open_end=is_open_end, among=len(words) > 1)

    def _at_token(self, text: str, span: tuple[int, int], term: Term) -> Iterator[Candidate]:
        """At the token, or anywhere in it if the entry's edge is open."""
        if not term.entry.open_start:
            yield term, span[0], 0
            return
        first = self._words[term].words[0][0]
        for at in range(*span):
            if kind_of(text[at], first):
                yield term, at, 0

    def _in_tokens(self, text: str, folded: str) -> Iterator[tuple[Term, int]]:
        words = coarse.coarse(folded if text.isascii() else haystack(coarse.latin(text)))
        yield from _token_proposals(self._tokens, words, 0)
        for token, window in repeated_windows(text, words, folded, self.longest):
            yield from _token_proposals(self._repeated, coarse.collapsed(window), token)

def _token_proposals(automaton: ahocorasick.Automaton | None, words: str, token: int) -> Iterator[tuple[Term, int]]:
    """The terms of each key, and the number of its first token; the first of these words is token number `token`."""
    if automaton is None:
        return
    blanks = at = 0
    for end, (count, terms) in automaton.iter(words):
        blanks += words.count(" ", at, end)
        at = end
        for term in terms:
            yield term, token + blanks - count


def _token_keys(term: Term) -> set[str]:
    """The entry as a coarse haystack, as it is and without repeats, in both cases (В looks like b, в hardly)."""
    if term.entry.text.isascii():
        return {coarse.coarse(term.entry.folded_key)}
    form = canonical(term.entry.text)
    forms = {form} if form.isascii() else {form, form.lower(), form.upper(), form.title()}
    keys = {coarse.coarse(haystack(coarse.latin(text))) for text in forms}
    edges = slice(1 if term.entry.open_start else 0, -1 if term.entry.open_end else None)
    return {key[edges] for key in keys if key.strip(" ")}


def _parts(phrases: dict[Term, Words]) -> dict[str, list[Part]]:
    """The words of entries without edges, and all words of a phrase together, by their keys."""
    members: dict[tuple[str, str, bool, bool], list[tuple[Term, int]]] = {}
    for term, words in phrases.items():
        is_open, is_open_end, last = term.entry.open_start, term.entry.open_end, len(words.words) - 1
        for index, word in enumerate(words.words):
            if len(word) >= (_LINK if index else _SHORTEST):
                edges = (is_open and index == 0, is_open_end and index == last)
                members.setdefault((word, word, *edges), []).append((term, index))
        if last and words.letters >= _SHORTEST:
            members.setdefault(("".join(words.words), words.words[0], is_open, False), []).append((term, 0))
    parts: dict[str, list[Part]] = {}
    for (letters, word, is_open, is_open_end), of in members.items():
        part = Part(word, tuple(of), is_open, is_open_end, letters != word)
        for key in _part_keys(letters):
            parts.setdefault(key, []).append(part)
    return parts


def _part_keys(letters: str) -> set[str]:
    forms = {letters} if letters.isascii() else {letters, letters.upper(), letters.title()}
    keys = {coarse.joined(form, signs=False).replace(" ", "") for form in forms}
    return {key for key in keys | set(map(coarse.collapsed, keys)) if key}


def _automaton(keys: dict[str, list[Term]]) -> ahocorasick.Automaton | None:
    """Pieces of haystacks to how many tokens they have and whose they are."""
    automaton = ahocorasick.Automaton()
    for key, terms in keys.items():
        automaton.add_word(key, (key.strip(" ").count(" ") + 1, tuple(terms)))
    return _made(automaton)


def _parts_automaton(phrases: dict[Term, Words]) -> ahocorasick.Automaton | None:
    """Letters to how many they are and whose."""
    automaton = ahocorasick.Automaton()
    for key, parts in _parts(phrases).items():
        automaton.add_word(key, (len(key), tuple(parts)))
    return _made(automaton)


def _made(automaton: ahocorasick.Automaton) -> ahocorasick.Automaton | None:
    if not len(automaton):
        return None
    automaton.make_automaton()
    return automaton
