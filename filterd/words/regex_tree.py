"""The structure of a regular expression, as far as it needs to be known: what its letters are, what repeats, what takes no room.

`parse` reads the syntax of the `regex` module (version 0), which has compiled the source before. What it does not know for sure,
it does not guess at: `Unknown` is raised, and whoever asked does without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MANY = 1_000_000
_CLASS = re.compile(r"\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]", re.DOTALL)
_ESCAPE = re.compile(
    r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[pP](?:\{[^}]*\}|\^?[A-Z])|[NgL](?:\{[^}]*\}|<[^>]*>)|\d+|.)",
    re.DOTALL,
)
_QUANTIFIER = re.compile(r"([*+?]|\{(\d*)(?:(,)(\d*))?\})([?+]?)")
_GROUP = re.compile(r"\(\?(?:(#)|(:|P<\w+>|<\w+>)|(>)|(<?[=!])|([a-zA-Z0-9-]+)([:)]))")
_ZERO_WIDTH = frozenset("bBAZmMG")
_DEPTH = 50


class Unknown(Exception):
    """There is something in it whose meaning is not known here."""


@dataclass(frozen=True, slots=True)
class Element:
    """One letter or sign, class, escape, assertion or group at `start` to `end` of the source, quantifier included.

    `literal` is the character it stands for, or nothing. `is_zero_width`: it takes no room. `branches` are a group's.
    `is_settled`: once it has matched, nothing in it is tried again (atomic groups, possessive quantifiers, lookarounds).
    """

    source: str  # without the quantifier
    start: int
    end: int
    literal: str = ""
    is_zero_width: bool = False
    is_settled: bool = False
    branches: tuple[tuple[Element, ...], ...] = ()
    least: int = 1
    most: int = 1

    @property
    def is_once(self) -> bool:
        """Is it there just once?"""
        return self.least == self.most == 1

    @property
    def is_endless(self) -> bool:
        """May it be there any number of times?"""
        return self.most >= _MANY


Sequence = tuple[Element, ...]


def parse(source: str, flags: str) -> tuple[Sequence, ...]:
    """The branches of the expression. Raises `Unknown`."""
    if "x" in flags:
        raise Unknown
    reader = _Reader(source)
    branches = reader.branches(0)
    if reader.at < len(source):
        raise Unknown
    return branches


def elements(branches: tuple[Sequence, ...]) -> Iterator[Element]:
    """Every element, outer ones before those inside."""
    for branch in branches:
        for element in branch:
            yield element
            yield from elements(element.branches)


@dataclass(slots=True)
class _Reader:
    source: str
    at: int = 0

    def branches(self, depth: int) -> tuple[Sequence, ...]:
        """Up to the parenthesis that closes, or the end."""
        if depth > _DEPTH:
            raise Unknown
        branches: list[Sequence] = []
        elements: list[Element] = []
        while self.at < len(self.source) and self.source[self.at] != ")":
            if self.source[self.at] == "|":
                branches.append(tuple(elements))
                elements = []
                self.at += 1
            else:
                elements.append(self._element(depth))
        return (*branches, tuple(elements))

    def _element(self, depth: int) -> Element:
        start = self.at
        character = self.source[start]
        if character == "(":
            return self._group(depth)
        if character == "[":
            return self._taken(_CLASS)
        if character == "\\":
            return self._escape()
        self.at += 1
        if character in "^$":
            return self._quantified(start, is_zero_width=True)
        return self._quantified(start, literal="" if character == "." else character)

    def _taken(self, pattern: re.Pattern[str]) -> Element:
        start, found = self.at, pattern.match(self.source, self.at)
        if not found:
            raise Unknown
        self.at = found.end()
        return self._quantified(start)

    def _escape(self) -> Element:
        start, letter = self.at, self.source[self.at + 1 : self.at + 2]
        if letter in _ZERO_WIDTH:
            self.at += 2
            return self._quantified(start, is_zero_width=True)
        if letter == "K":
            raise Unknown
        if not letter.isalnum():
            self.at += 2
            return self._quantified(start, literal=letter)
        return self._taken(_ESCAPE)

    def _group(self, depth: int) -> Element:
        start = self.at
        settled = zero_width = False
        if self.source[start + 1 : start + 2] == "?":
            found = _GROUP.match(self.source, start)
            if not found:  # conditions, recursion, references by name, branch resets
                raise Unknown
            if found.group(1):
                return self._comment()
            self.at = found.end()
            zero_width, settled = bool(found.group(4)), bool(found.group(3) or found.group(4))
            if found.group(5) and self._flags(found.group(5), found.group(6)):
                return Element("", start, self.at, is_zero_width=True)
        elif self.source[start + 1 : start + 2] == "*":
            raise Unknown
        else:
            self.at += 1
        branches = self.branches(depth + 1)
        if self.source[self.at : self.at + 1] != ")":
            raise Unknown
        self.at += 1
        return self._quantified(start, is_zero_width=zero_width, is_settled=settled, branches=branches)

    def _comment(self) -> Element:
        start = self.at
        self.at = self.source.index(")", start) + 1
        return Element("", start, self.at, is_zero_width=True)

    def _flags(self, flags: str, closer: str) -> bool:
        """Flags that change no structure; true if they stand alone."""
        if not set(flags) <= set("imsauw-"):
            raise Unknown
        return closer == ")"

    def _quantified(
        self,
        start: int,
        *,
        literal: str = "",
        is_zero_width: bool = False,
        is_settled: bool = False,
        branches: tuple[Sequence, ...] = (),
    ) -> Element:
        source, least, most = self.source[start : self.at], 1, 1
        if found := _QUANTIFIER.match(self.source, self.at):
            least, most = _bounds(found)
            is_settled = is_settled or found.group(5) == "+"
            self.at = found.end()
        elif self.source[self.at : self.at + 1] == "{":  # "approximately", or a brace; both are rare
            raise Unknown
        return Element(source, start, self.at, literal, is_zero_width, is_settled, branches, least, most)


def _bounds(found: re.Match[str]) -> tuple[int, int]:
    sign, least, comma, most = found.group(1), found.group(2), found.group(3), found.group(4)
    if sign in ("*", "+", "?"):
        return int(sign == "+"), 1 if sign == "?" else _MANY
    if not least and not most:
        raise Unknown
    if not comma:
        return int(least), int(least)
    return int(least or 0), int(most) if most else _MANY
