"""Change a list's text: add, remove, switch off and on. Everything else stays octet for octet.

Pure: text in, text out. An entry is named as it is written, or by its line number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from filterd.words.flaw import Flaw
from filterd.words.grammar import Line, read_line
from filterd.words.options import NO_OPTIONS, Options, write_options
from filterd.words.wordlist import ENTRY_OCTETS


class NoSuchEntry(Exception):
    """The list has no such entry."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who changes it, when, and why."""

    name: str
    day: date
    why: str = ""

    def note(self, verb: str) -> str:
        """For a comment."""
        why = f": {self.why}" if self.why else ""
        return f"{verb} {self.day.isoformat()} by {self.name}{why}".replace("\n", " ")


def add(text: str, entry: str, who: Who) -> str:
    """The list with this entry at its end. Raises `Flaw` if it is none, or stands there already."""
    line = read_line(entry, ENTRY_OCTETS)
    if not line.pattern:
        raise Flaw(1, "this is no entry", "write a word, a phrase or a pattern, as in the list")
    for number, said in _entries(text):
        if said.pattern == line.pattern and said.allow == line.allow:
            raise Flaw(1, f"the entry stands in line {number} already", "change it there, or `filterd words remove` it first")
    options = line.options
    options = replace(options, added=options.added or who.day, owner=options.owner or who.name, note=options.note or who.why)
    ending = "\r\n" if "\r\n" in text else "\n"
    before = text if not text or text.endswith("\n") else text + ending
    return f"{before}{_written(line, options)}{ending}"


def remove(text: str, entry: str, who: Who) -> str:
    """The list with a comment in the entry's place. Raises `NoSuchEntry`."""
    return _replaced(text, entry, lambda line, raw: f"# {who.note('removed')}: {raw.strip()}")


def disable(text: str, entry: str, who: Who) -> str:
    """The list with this entry off. Raises `NoSuchEntry`."""
    return _replaced(text, entry, lambda line, raw: _switched(line, raw, True, who.note("off")))


def enable(text: str, entry: str, who: Who) -> str:
    """The list with this entry on again. Raises `NoSuchEntry`."""
    return _replaced(text, entry, lambda line, raw: _switched(line, raw, False, who.note("on")))


def line_of(text: str, entry: str) -> tuple[int, str]:
    """The line, from 1, of an entry, and what is written there. Raises `NoSuchEntry`."""
    lines = text.split("\n")
    if entry.startswith(":") and entry[1:].isdigit():
        number = int(entry[1:])
        if not any(number == known for known, _ in _entries(text)):
            raise NoSuchEntry(f"line {number} has no entry")
        return number, lines[number - 1]
    try:
        wanted = read_line(entry, ENTRY_OCTETS)
    except Flaw as flaw:
        raise NoSuchEntry(f"`{entry}` is no entry: {flaw.what}") from None
    for number, said in _entries(text):
        if (said.pattern, said.allow) == (wanted.pattern, wanted.allow):
            return number, lines[number - 1]
    raise NoSuchEntry(f"no entry `{entry}`")


def _entries(text: str) -> list[tuple[int, Line]]:
    found = []
    for number, raw in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        try:
            line = read_line(raw.removesuffix("\r"), ENTRY_OCTETS)
        except Flaw:
            continue
        if line.pattern:
            found.append((number, line))
    return found


def _replaced(text: str, entry: str, change: Callable[[Line, str], str]) -> str:
    number, raw = line_of(text, entry)
    ending = "\r" if raw.endswith("\r") else ""
    body = raw.removesuffix("\r")
    lines = text.split("\n")
    lines[number - 1] = change(read_line(body.removeprefix("\ufeff"), ENTRY_OCTETS), body) + ending
    return "\n".join(lines)


def _written(line: Line, options: Options) -> str:
    said = write_options(options)
    return f"{'+ ' if line.allow else ''}{line.shown}{f' {said}' if said else ''}"


def _switched(line: Line, raw: str, off: bool, note: str) -> str:
    comment = raw[line.comment + 1 :].strip() if line.comment >= 0 else ""
    said = _written(line, replace(line.options, off=off) if line.options is not NO_OPTIONS or off else NO_OPTIONS)
    return f"{said}  # {note}{f'; {comment}' if comment else ''}"
