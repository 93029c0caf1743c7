"""Text of a page as other readers see it: hidden text where it stands, reversed text the way it looks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from unicodedata import category

from filterd.mail.extract import APART, Extract

AROUND = 48  # characters on either side of hidden text that it may make words and phrases with
_WHOLE = 1 << 62


def hidden_text(out: list[str], ranges: list[tuple[int, int]], into: Extract) -> None:
    """Add the hidden parts (ranges of pieces) with what stands around them on the same line."""
    starts = list(accumulate(map(len, out), initial=0))
    for left, right, _ in _windows("".join(out), starts, ranges):
        _add(out, starts, left, right, into)
        into.add(APART, (len(out) - 1, 0, 0, 0))


def reversed_text(out: list[str], ranges: list[tuple[int, int]], into: Extract) -> None:
    """Add the parts that are shown from right to left, turned round, with what stands around them."""
    starts = list(accumulate(map(len, out), initial=0))
    for left, right, turned in _windows("".join(out), starts, ranges):
        at = left
        for first, last in turned:
            _add(out, starts, at, starts[first], into)
            for index in range(last - 1, first - 1, -1):
                if out[index]:
                    into.add(turned_round(out[index]), (index, 0, _WHOLE, 0))
            at = starts[last]
        _add(out, starts, at, right, into)
        into.add(APART, (len(out) - 1, 0, 0, 0))


def text_without(out: list[str], ranges: list[tuple[int, int]], into: Extract) -> None:
    """Add what stands around parts that some readers do not see, as those read it."""
    starts = list(accumulate(map(len, out), initial=0))
    for left, right, skipped in _windows("".join(out), starts, ranges):
        at = left
        for first, last in skipped:
            _add(out, starts, at, starts[first], into)
            at = max(starts[last], at)
        _add(out, starts, at, right, into)
        into.add(APART, (len(out) - 1, 0, 0, 0))


def right_text(out: list[str], ranges: list[tuple[int, int]], into: Extract) -> None:
    """Add parts that float to the right one after the other, as they stand then: the last first."""
    starts = list(accumulate(map(len, out), initial=0))
    text = "".join(out)
    row: list[tuple[int, int]] = []
    for first, last in (*ranges, (len(out), len(out))):
        if row and (first == len(out) or text[starts[row[-1][1]] : starts[first]].strip()):
            if len(row) > 1:
                for begin, end in reversed(row):
                    _add(out, starts, starts[begin], starts[end], into)
                into.add(APART, (len(out) - 1, 0, 0, 0))
            row = []
        row.append((first, last))


def turned_round(text: str) -> str:
    """The letters from the last to the first, each with its marks behind it."""
    if text.isascii():
        return text[::-1]
    letters: list[str] = []
    for letter in text:
        if letters and category(letter)[0] == "M":
            letters[-1] += letter
        else:
            letters.append(letter)
    return "".join(reversed(letters))


def _windows(
    text: str, starts: list[int], ranges: list[tuple[int, int]]
) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """What is wanted of the text: (from, to, the ranges in it). Windows that meet are one, so nothing is given twice."""
    left, right, inside = 0, -1, []  # type: tuple[int, int, list[tuple[int, int]]]
    for first, last in ranges:
        start, end = starts[first], starts[last]
        if text[start:end].isspace() or start == end:
            continue
        begin, stop = left_of(text, start), right_of(text, end)
        if begin > right:
            if inside:
                yield left, right, inside
            left, inside = begin, []
        right = max(stop, right)
        inside.append((first, last))
    if inside:
        yield left, right, inside


def _add(out: list[str], starts: list[int], left: int, right: int, into: Extract) -> None:
    index = bisect_right(starts, left) - 1
    while index < len(out) and starts[index] < right:
        skip = max(left - starts[index], 0)
        piece = out[index][skip : right - starts[index]]
        if piece:
            into.add(piece, (index, 0, _WHOLE, skip))
        index += 1


def left_of(text: str, at: int) -> int:
    """From where the text before this place is wanted: some whole words of the line."""
    floor = max(at - AROUND, 0)
    line = max(text.rfind("\n", floor, at), text.rfind("\t", floor, at)) + 1
    if line > floor or floor == 0:
        return max(line, floor)
    blank = text.find(" ", floor, at)
    return blank + 1 if blank >= 0 else floor


def right_of(text: str, at: int) -> int:
    """Up to where the text behind this place is wanted."""
    ceiling = min(at + AROUND, len(text))
    breaks = [found for found in (text.find("\n", at, ceiling), text.find("\t", at, ceiling)) if found >= 0]
    if breaks:
        return min(breaks)
    blank = text.rfind(" ", at, ceiling) if ceiling < len(text) else -1
    return blank if blank >= 0 else ceiling
