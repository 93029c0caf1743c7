"""One entry of a wordlist: its pattern made into what is searched for, its place in the list, and what it says of itself.

A token is what `words.tokens` calls one; a gap is what stands before, between and after the tokens, every run of blanks
one blank. "c++" is the token "c" with the gaps "" and "++"; "top secret" has the gaps "", " " and "".

A list may have a million entries, so an entry is lean: entries without options share one `Options`, and a `Form` is made when
it is first needed. Nobody changes an entry once it is made.
"""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date

from filterd.words.canonical import canonical
from filterd.words.grammar import Line
from filterd.words.options import CASE, DISGUISE, EXACT, FOLD, LEVELS, NO_OPTIONS, Options
from filterd.words.pattern import Compound, Expression, Glob, Literal, Named, Pattern, Tree, parts
from filterd.words.tokens import haystack, normal_gap, token_spans

__all__ = [
    "CASE",
    "DISGUISE",
    "EXACT",
    "FOLD",
    "LEVELS",
    "Combination",
    "Entry",
    "Form",
    "Identifier",
    "Regex",
    "Wild",
    "Words",
    "make_entry",
]

_LONG = 6  # letters of an entry that may be written without its accents, as on typewriters and in capitals
_STROKES = str.maketrans("øłđħØŁĐĦ", "oldhOLDH")  # marks that are not taken apart


class Form:
    """A spelling of an entry: what stands before, between and after its tokens, and the tokens themselves."""

    __slots__ = ("gaps", "tokens")

    def __init__(self, text: str) -> None:
        spans = token_spans(text)
        starts = [0, *(end for _, end in spans)]
        ends = [*(start for start, _ in spans), len(text)]
        self.tokens = tuple(text[start:end] for start, end in spans)
        self.gaps = tuple(normal_gap(text[start:end]) for start, end in zip(starts, ends, strict=True))


@dataclass(slots=True, eq=False)
class Entry(ABC):
    """What every entry has. `shown` is the pattern as it is written, `file` and `line` (from 1) where.

    `level` is the highest folding it sees through, `areas` are those in which it counts (none: all). An `allow` entry finds
    nothing; it cancels what its list finds within its own place.
    """

    shown: str
    line: int
    file: str = ""
    level: str = FOLD
    areas: tuple[str, ...] = ()
    allow: bool = False
    options: Options = NO_OPTIONS

    @property
    def weight(self) -> int:
        """What one hit weighs."""
        return 1 if self.options.weight is None else self.options.weight

    def is_active(self, today: date) -> bool:
        """Does it count on this day?"""
        options = self.options
        return not options.off and (options.expires is None or today <= options.expires)

    @property
    @abstractmethod
    def what(self) -> Hashable:
        """Two entries of one kind with the same `what` look for the same."""

    @property
    def identity(self) -> Hashable:
        """Two entries with the same identity find the same."""
        return _identity(self)


def _identity(entry: Entry) -> Hashable:
    return type(entry).__name__, entry.what, entry.level, entry.areas, entry.allow


@dataclass(slots=True, eq=False)
class Words(Entry):
    """Words, perhaps inside longer ones. `text` is the entry with escapes undone, without the `*` of its open edges."""

    text: str = ""
    open_start: bool = False
    open_end: bool = False
    _plain: Form | None = field(default=None, repr=False)
    _folded: Form | None = field(default=None, repr=False)

    @property
    def plain(self) -> Form:
        """As it is written."""
        if self._plain is None:
            self._plain = Form(self.text)
        return self._plain

    @property
    def folded(self) -> Form:
        """In canonical form."""
        if self.text.isascii():
            return self.plain
        if self._folded is None:
            self._folded = Form(canonical(self.text))
        return self._folded

    @property
    def keys(self) -> tuple[str, ...]:
        """What the automaton looks for: the entry as it is, composed and decomposed (é, e + U+0301)."""
        if self.text.isascii():
            return (self._key(self.text),)
        texts = (self.text, unicodedata.normalize("NFC", self.text), unicodedata.normalize("NFD", self.text))
        return tuple(sorted({self._key(text) for text in texts}))

    @property
    def folded_key(self) -> str:
        """What the automaton looks for in a canonical text; empty below level fold."""
        if self.level in (EXACT, CASE):
            return ""
        return self.keys[0] if self.text.isascii() else self._key(canonical(self.text))

    @property
    def needs_accents(self) -> bool:
        """Is it a short word that is another one without its accents, as `göt` is?"""
        if self.text.isascii() or sum(map(str.isalpha, self.text)) >= _LONG:
            return False
        letters = unicodedata.normalize("NFD", self.text).translate(_STROKES)
        return letters != self.text and all(letter.isascii() or unicodedata.combining(letter) for letter in letters)

    @property
    def _is_simple(self) -> bool:
        """Are there just ASCII words with blanks between? Then the key says it all."""
        text = self.text
        return text.isascii() and text.replace(" ", "").isalnum() and text[0] != " " and text[-1] != " "

    def _key(self, text: str) -> str:
        """The haystack of it; where an edge is open, without the blank that stands for the edge."""
        key = haystack(text)
        return key[1 if self.open_start else 0 : -1 if self.open_end else None]

    @property
    def identity(self) -> Hashable:
        """As of every entry, but of the commonest in one string: a million of them lie in memory while a list is read."""
        if self._is_simple and not self.areas and self.level != EXACT:
            return f"{self.level}{'+' if self.allow else '='}{self._key(self.text)}"
        return _identity(self)

    @property
    def what(self) -> Hashable:
        """The same keys, edges and signs, and for level exact the same letters."""
        text = unicodedata.normalize("NFC", self.text) if self.level == EXACT else ""
        gaps = () if self._is_simple else self.plain.gaps
        return self.keys, gaps, text, self.open_start, self.open_end


@dataclass(slots=True, eq=False)
class Wild(Entry):
    """Words with unknown characters in them."""

    glob: Glob = field(default_factory=lambda: Glob(()))

    @property
    def what(self) -> Hashable:
        """The same pieces; letters in any case are the same but at level exact."""
        return tuple(piece.casefold() if isinstance(piece, str) and self.level != EXACT else piece for piece in self.glob.pieces)


@dataclass(slots=True, eq=False)
class Regex(Entry):
    """A regular expression."""

    expression: Expression = field(default_factory=lambda: Expression("", ""))

    @property
    def what(self) -> Hashable:
        """The same expression."""
        return self.expression


@dataclass(slots=True, eq=False)
class Identifier(Entry):
    """A number with a check of its own, by name."""

    name: str = ""

    @property
    def what(self) -> Hashable:
        """The same name."""
        return self.name


@dataclass(slots=True, eq=False)
class Combination(Entry):
    """Terms that say something together. `terms` are entries of the other kinds, in the order of `pattern.parts(tree)`."""

    tree: Tree | None = None
    terms: tuple[Entry, ...] = ()

    @property
    def what(self) -> Hashable:
        """The same tree, written alike."""
        return self.tree


def make_entry(line: Line, number: int, file: str, level: str, areas: tuple[str, ...], options: Options) -> Entry:
    """The entry of a line that has a pattern, and those of its terms."""
    assert line.pattern is not None
    return _make(line.pattern, (line.shown, number, file, level, areas, line.allow, options))


def _make(pattern: Pattern, common: tuple[str, int, str, str, tuple[str, ...], bool, Options]) -> Entry:
    match pattern:
        case Literal():
            return Words(*common, pattern.text, pattern.open_start, pattern.open_end)
        case Glob():
            return Wild(*common, pattern)
        case Expression():
            return Regex(*common, pattern)
        case Named():
            return Identifier(*common, pattern.name)
        case Compound():
            terms = [_make(part.pattern, (part.shown, *common[1:])) for part in parts(pattern.tree)]
            return Combination(*common, pattern.tree, tuple(terms))
