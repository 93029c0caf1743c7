"""Regular expressions of a list: what they need to be there, and how they are searched for within bounds.

`hint` is a run of letters and digits that stands in whatever the expression matches: the automaton looks for it, and the
expression is only tried where it stands. The clock that the `regex` module stops by is the only one of this room.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import regex

from filterd.words.pattern import Expression
from filterd.words.patterns import compile_expression

SECONDS = 0.1  # for one search through one slice of a text
CHARACTERS = 1024  # of a match that crosses slices

_LITERAL = re.compile(r"[^\W_]")
_QUANTIFIER = re.compile(r"[*?]|\+|\{(\d*)(,?)\d*\}")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]")
_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[NpPgkLo](?:\{[^}]*\}|<[^>]*>)|.)", re.DOTALL)
_FUZZY = re.compile(r"\{[^\d,]|\{,?\}")  # as in (?:word){e<=1}
_SHORTEST = 2


class TooSlow(Exception):
    """The expression took longer than it may."""


def search(compiled: regex.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Where it matches; empty matches are none. Raises `TooSlow`."""
    try:
        for found in compiled.finditer(text, timeout=SECONDS):
            if found.end() > found.start():
                yield found.span()
    except TimeoutError:
        raise TooSlow from None


def compile_entry(expression: Expression) -> regex.Pattern[str]:
    """The compiled expression."""
    return compile_expression(expression)


def hint(expression: Expression) -> str:
    """The longest run of letters and digits that every match has; empty if none is known."""
    source = expression.source
    if "x" in expression.flags or re.search(r"\(\?[a-zA-Z]*x", source) or _FUZZY.search(_ESCAPE.sub("", source)):
        return ""
    runs = _runs(source)
    longest = max(runs, key=len, default="")
    return longest if len(longest) >= _SHORTEST else ""


def _runs(source: str) -> list[str]:
    """The literal runs outside of groups, classes and alternatives."""
    runs = [""]
    at = 0
    while at < len(source):
        at = _step(source, at, runs)
        if at < 0:
            return []
    return runs


def _step(source: str, at: int, runs: list[str]) -> int:
    """Read one element; where the next begins, or -1 if alternatives leave nothing that must be there."""
    if source[at] == "|":
        return -1
    end, literal = _element(source, at)
    end, least, once = _quantified(source, end)
    if literal and least:
        runs[-1] += literal
    if not (literal and least and once):
        runs.append("")
    return end


def _element(source: str, at: int) -> tuple[int, str]:
    """Where the element at `at` ends, and the letter or digit that it stands for, if it does."""
    character = source[at]
    if character == "(":
        return _group_end(source, at), ""
    if character == "[":
        found = _CLASS.match(source, at)
        return found.end() if found else len(source), ""
    if character == "\\":
        found = _ESCAPE.match(source, at)
        return found.end() if found else len(source), ""
    return at + 1, character if _LITERAL.match(character) else ""


def _quantified(source: str, at: int) -> tuple[int, int, bool]:
    """Where the quantifier at `at` ends, how often what is before must be there, and whether that is just once."""
    found = _QUANTIFIER.match(source, at)
    if not found:
        return at, 1, True
    end = found.end()
    if source[end : end + 1] in ("?", "+"):  # lazy, possessive
        end += 1
    if found.group() in ("*", "?"):
        return end, 0, False
    if found.group() == "+":
        return end, 1, False
    return end, int(found.group(1) or 0), False


def _group_end(source: str, at: int) -> int:
    """Behind the parenthesis that closes the one at `at`."""
    depth = 0
    while at < len(source):
        if source[at] == "\\":
            at += 1
        elif source[at] == "[":
            found = _CLASS.match(source, at)
            at = found.end() - 1 if found else len(source)
        elif source[at] == "(":
            depth += 1
        elif source[at] == ")":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return len(source)
