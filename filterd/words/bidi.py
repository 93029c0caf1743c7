"""Text that a reader sees reversed: runs after RLO (U+202E), as the algorithm of UAX #9 shows them.

Only the overrides are followed; letters that run from right to left by themselves are stored in the order they are read.
"""

from __future__ import annotations

import re

RLO, LRO, PDF = "\u202e", "\u202d", "\u202c"
_CONTROL = re.compile("[\u202a-\u202e\n\r\u2029]")
_DEPTH = 16


def reverses(text: str) -> bool:
    """Does the text have reversed runs?"""
    return not text.isascii() and RLO in text


def as_shown(text: str) -> tuple[str, list[int]]:
    """The text as it is seen, and for each character its place in the text as it is stored."""
    order = list(range(len(text)))
    levels = _levels(text)
    deepest = max((level for _, _, level in levels), default=0)
    for level in range(deepest, 0, -1):
        start = None
        for begin, end, here in [*levels, (len(text), len(text), 0)]:
            if here >= level:
                start = begin if start is None else start
                stop = end
            elif start is not None:
                order[start:stop] = order[start:stop][::-1]
                start = None
    return "".join([text[at] for at in order]), order


def _levels(text: str) -> list[tuple[int, int, int]]:
    """Runs of one embedding level: (start, end, level). An override inside one of the same direction adds nothing."""
    runs: list[tuple[int, int, int]] = []
    stack = [0]
    at = 0
    for found in _CONTROL.finditer(text):
        runs.append((at, found.start(), stack[-1]))
        at = found.start()
        stack = _stack(stack, found.group())
        if found.group() in "\n\r\u2029":
            runs.append((at, found.end(), 0))
            at = found.end()
    runs.append((at, len(text), stack[-1]))
    return [run for run in runs if run[0] < run[1]]


def _stack(stack: list[int], control: str) -> list[int]:
    """The open overrides after one more control."""
    if control == PDF:
        return stack[:-1] if len(stack) > 1 else stack
    if control in "\n\r\u2029":
        return [0]
    if len(stack) > _DEPTH:
        return stack
    level = stack[-1]
    if control == RLO:
        level += 1 - level % 2
    elif control == LRO:
        level += level % 2
    return [*stack, level]
