"""Search with the regular expressions of a list, within bounds of time.

The clock that the `regex` module stops by is the only one of this room: it counts CPU time. Nearly every search ends in the time
that its text may usually take. What takes longer is paid from what the whole message has for that, in ever larger steps; when
a step is too large, or nothing is left, the expression is given up: `TooSlow`.
"""

from __future__ import annotations

import regex

from filterd.words.pattern import Expression
from filterd.words.patterns import compile_expression
from filterd.words.required import relaxed

CHARACTERS = 1024  # of a match that crosses slices
_USUAL, _A_CHARACTER = 0.0005, 0.000001  # seconds
_LOOK, _LOOK_A_CHARACTER = 0.0002, 0.0000001  # of a first look, which nobody remembers to be slow
_STEP = 4.0
_LONGEST = 0.3  # seconds for one search
_ANYTHING = regex.compile("(?s).")


class TooSlow(Exception):
    """The expression took longer than it may."""


class Allowance:
    """Seconds that the searches of one message may take beyond what is usual."""

    __slots__ = ("left",)

    def __init__(self, seconds: float = 1.0) -> None:
        self.left = seconds

    def usual(self, text: str) -> float:
        """Seconds that a search may take without anybody asking: ten times what one in linear time takes, while there are any."""
        return _USUAL + _A_CHARACTER * len(text) if self.left > 0 else _brief(text)

    def take(self, seconds: float) -> float:
        """The seconds of the next try, where so many were not enough. Raises `TooSlow`."""
        self.left -= seconds
        if seconds * _STEP > min(self.left, _LONGEST):
            raise TooSlow
        return seconds * _STEP


def search(compiled: regex.Pattern[str], text: str, allowance: Allowance) -> list[tuple[int, int]]:
    """Where it matches; empty matches are none. Raises `TooSlow`."""
    seconds = allowance.usual(text)
    while True:
        try:  # all at once: what is done about one match would count as time of the next
            return [found.span() for found in compiled.finditer(text, timeout=seconds) if found.end() > found.start()]
        except TimeoutError:
            seconds = allowance.take(seconds)


def may_match(prefilter: regex.Pattern[str], text: str) -> bool:
    """Might the expression, whose prefilter this is, match in this text or in one that is a part of it? Slow ones might."""
    try:
        return prefilter.search(text, timeout=_brief(text)) is not None
    except TimeoutError:
        return True


def _brief(text: str) -> float:
    return _LOOK + _LOOK_A_CHARACTER * len(text)


def prefilter(expression: Expression) -> regex.Pattern[str]:
    """What matches in every text that has a match in any part of it; at worst anything."""
    source = relaxed(expression)
    try:
        return compile_expression(Expression(source, expression.flags)) if source else _ANYTHING
    except regex.error:  # a group was in an assertion
        return _ANYTHING
