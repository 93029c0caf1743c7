"""Text that a reader sees reversed: runs after RLO (U+202E), and words of Hebrew or Arabic after LRO (U+202D).

Only these overrides of UAX #9 are followed; letters that run from right to left by themselves are stored as they are read. Marks
stay behind the letters they stand on.
"""

from __future__ import annotations

import re

from filterd.words.classes import FOLLOWERS

RLO, LRO, PDF = "\u202e", "\u202d", "\u202c"
_CONTROL = re.compile("[\u202a-\u202e\n\r\u2029]")
_OVERRIDE = re.compile(f"[{RLO}{LRO}]")
_CLUSTER = re.compile(rf"(?s:.)[{FOLLOWERS}]*")
# Hebrew, Arabic, Syriac, Thaana, N'Ko and what was added to them, with the blanks and marks between.
_RIGHT_TO_LEFT = re.compile(rf"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff {FOLLOWERS}]+")
_DEPTH = 16


def reverses(text: str) -> bool:
    """May the text have reversed runs?"""
    return not text.isascii() and _OVERRIDE.search(text) is not None


def as_shown(text: str) -> tuple[str, list[int]]:
    """The text as it is read, and for each character its place in the text as it is stored."""
    order: list[int] = []
    line: list[tuple[list[int], int]] = []  # runs of one line with their levels
    for start, end, level, ends_line in _runs(text):
        line.append((list(range(start, end)), level))
        if ends_line:
            order += _reordered(text, line)
            line = []
    order += _reordered(text, line)
    return "".join([text[at] for at in order]), order


def _reordered(text: str, runs: list[tuple[list[int], int]]) -> list[int]:
    """One line, from the deepest level outwards (UAX #9, L2)."""
    runs = [(_overridden(text, run) if level and level % 2 == 0 else run, level) for run, level in runs]
    for level in range(max((level for _, level in runs), default=0), 0, -1):
        merged: list[tuple[list[int], int]] = []
        for run, here in runs:
            if here < level:
                merged.append((run, here))
            elif merged and merged[-1][1] == level:
                merged[-1][0].extend(run)
            else:
                merged.append((list(run), level))
        runs = [(_reversed(text, run) if here == level else run, min(here, level - 1)) for run, here in merged]
    return [at for run, _ in runs for at in run]


def _reversed(text: str, run: list[int]) -> list[int]:
    """Cluster by cluster from the end."""
    stored = "".join([text[at] for at in run])
    clusters = [found.span() for found in _CLUSTER.finditer(stored)]
    return [at for start, end in reversed(clusters) for at in run[start:end]]


def _overridden(text: str, run: list[int]) -> list[int]:
    """Words from right to left that are shown from left to right."""
    stored = "".join([text[at] for at in run])
    order: list[int] = []
    done = 0
    for found in _RIGHT_TO_LEFT.finditer(stored):
        order += [*run[done : found.start()], *_reversed(text, run[found.start() : found.end()])]
        done = found.end()
    return order + run[done:]


def _runs(text: str) -> list[tuple[int, int, int, bool]]:
    """Runs of one embedding level: (start, end, level, does a line end here?)."""
    runs: list[tuple[int, int, int, bool]] = []
    stack = [0]
    at = 0
    for found in _CONTROL.finditer(text):
        runs.append((at, found.start(), stack[-1], False))
        at = found.start()
        stack = _stack(stack, found.group())
        if found.group() in "\n\r\u2029":
            runs.append((at, found.end(), 0, True))
            at = found.end()
    runs.append((at, len(text), stack[-1], False))
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
        level += 2 - level % 2
    return [*stack, level]
