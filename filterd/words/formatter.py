"""A list in one spelling: options in one order, single blanks, two before a comment. Order, comments and meaning stay."""

from __future__ import annotations

from filterd.words.flaw import Flaw
from filterd.words.grammar import Line, read_line
from filterd.words.options import write_options
from filterd.words.wordlist import ENTRY_OCTETS


def tidy(text: str) -> str:
    """The list; lines that are mistakes stay as they are."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    tidied = "\n".join(_tidied(line) for line in lines).rstrip("\n")
    return f"{tidied}\n" if tidied else ""


def _tidied(raw: str) -> str:
    try:
        line = read_line(raw, ENTRY_OCTETS)
    except Flaw:
        return raw
    if line.directive:
        return f"@{line.directive} {line.value}".rstrip()
    comment = raw[line.comment :].rstrip() if line.comment >= 0 else ""
    if not line.pattern:
        return comment
    return f"{_entry(line)}{f'  {comment}' if comment else ''}"


def _entry(line: Line) -> str:
    said = write_options(line.options)
    return f"{'+ ' if line.allow else ''}{line.shown}{f' {said}' if said else ''}"
