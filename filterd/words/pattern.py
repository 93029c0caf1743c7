"""What one entry looks for, as its line says it: words, a wild pattern, a regular expression, an identifier, or a combination.

These are only descriptions; `words.entry` makes of them what is searched for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

LETTER_OR_DIGIT = r"[^\W_]"
LETTER = r"[^\W\d_]"
DIGIT = r"\d"
NAMED_CHARACTERS = {"digit": DIGIT, "letter": LETTER}

# What has a meaning wherever it stands; in front of an entry `#`, `@`, `+` and `/` have one as well, and `{` behind a blank.
SPECIAL = "*?[<"


@dataclass(frozen=True, slots=True)
class Some:
    """One character of a set, or any number of them; `characters` is an expression for `re` that matches just one."""

    characters: str
    many: bool = False


ANY = Some(LETTER_OR_DIGIT, many=True)
ONE = Some(LETTER_OR_DIGIT)


@dataclass(frozen=True, slots=True)
class Literal:
    """Words as they stand there; an open edge may lie inside a longer word."""

    text: str
    open_start: bool = False
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class Glob:
    """Literal runs, and what stands between them. No `Some` ever matches a blank or a sign."""

    pieces: tuple[str | Some, ...]


@dataclass(frozen=True, slots=True)
class Expression:
    """A regular expression of the `regex` module; `flags` are some of its letters."""

    source: str
    flags: str


@dataclass(frozen=True, slots=True)
class Named:
    """An identifier that `words.identifiers` knows by name: a payment card, an IBAN …"""

    name: str


Simple = Literal | Glob | Expression | Named


@dataclass(frozen=True, slots=True)
class Part:
    """A term of a combination: what it looks for, and how it was written."""

    pattern: Simple
    shown: str


@dataclass(frozen=True, slots=True)
class Near:
    """Both within so many words of each other in one text; `ordered`: the second after the first.

    Words are counted between the two: next to each other is 0. `negated`: the first, where no second is so near. Either may be
    several terms, any of which will do.
    """

    first: Tree
    second: Tree
    words: int
    ordered: bool
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """The message has none of it."""

    of: Tree


@dataclass(frozen=True, slots=True)
class All:
    """The message has each of them."""

    of: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """The message has one of them."""

    of: tuple[Tree, ...]


Tree = Part | Near | Not | All | Either


@dataclass(frozen=True, slots=True)
class Compound:
    """A combination of terms."""

    tree: Tree


Pattern = Literal | Glob | Expression | Named | Compound


def parts(tree: Tree) -> Iterator[Part]:
    """The terms of a combination, from left to right."""
    match tree:
        case Part():
            yield tree
        case Near():
            yield from parts(tree.first)
            yield from parts(tree.second)
        case Not():
            yield from parts(tree.of)
        case All() | Either():
            for branch in tree.of:
                yield from parts(branch)


def is_positive(tree: Tree) -> bool:
    """Does it need something to be there? What only asks for absence would be found in every message."""
    match tree:
        case Part() | Near():
            return True
        case Not():
            return False
        case All():
            return any(map(is_positive, tree.of))
        case Either():
            return all(map(is_positive, tree.of))


def is_place(tree: Tree) -> bool:
    """Does it stand somewhere, so that something may be near it: a term, terms any of which will do, or terms near each other?"""
    return isinstance(tree, (Part, Near)) or (isinstance(tree, Either) and all(map(is_place, tree.of)))


def escape(text: str) -> str:
    """The text as an entry that means just these words."""
    escaped = "".join(f"\\{character}" if character in "*?[<>\\#{" else character for character in text)
    if escaped[:1] in ("@", "+", "/"):
        escaped = f"\\{escaped}"
    return f"{escaped[:-1]}\\ " if escaped.endswith(" ") else escaped
