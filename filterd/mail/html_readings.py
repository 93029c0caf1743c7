"""Text of a page as other readers see it: hidden text where it stands, reversed text the way it looks."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from filterd.mail.extract import APART, Extract

AROUND = 48  # characters on either side of hidden text that it may make words and phrases with
_WHOLE = 1 << 62


def hidden_text(out: list[str], ranges: list[tuple[int, int]], into: Extract) -> None:
    """Add the hidden parts (ranges of pieces) with what stands around them on the same line."""
    starts = list(accumulate(map(len, out), initial=0))
    text = "".join(out)
    wanted: list[list[int]] = []
    for first, last in ranges:
        start, end = starts[first], starts[last]
        if text[start:end].strip():
            left, right = left_of(text, start), right_of(text, end)
            if wanted and left <= wanted[-1][1]:
                wanted[-1][1] = max(right, wanted[-1][1])
            else:
                wanted.append([left, right])
    for left, right in wanted:
        _add(out, starts, left, right, into)
        into.add(APART, (len(out) - 1, 0, 0, 0))


def reversed_text(out: list[str], ranges: list[tuple[int, int]], into: Extract) -> None:
    """Add the parts that are shown from right to left, turned round, with what stands around them."""
    starts = list(accumulate(map(len, out), initial=0))
    text = "".join(out)
    for first, last in ranges:
        start, end = starts[first], starts[last]
        _add(out, starts, left_of(text, start), start, into)
        for index in range(last - 1, first - 1, -1):
            if out[index]:
                into.add(out[index][::-1], (index, 0, _WHOLE, 0))
        _add(out, starts, end, right_of(text, end), into)
        into.add(APART, (last - 1, 0, 0, 0))


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
