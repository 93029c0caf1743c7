"""A text in runs of lines: those of ASCII, which nothing needs to be done about, and the others.

No token, mark or folding goes across a line end, so each run may be dealt with by itself.
"""

from __future__ import annotations

from itertools import groupby


def runs(text: str) -> list[tuple[bool, str]]:
    """(is it ASCII?, the lines with their ends); together they are the text."""
    groups = [(is_ascii, "\n".join(lines)) for is_ascii, lines in groupby(text.split("\n"), str.isascii)]
    last = len(groups) - 1
    return [(is_ascii, piece if i == last else f"{piece}\n") for i, (is_ascii, piece) in enumerate(groups)]
