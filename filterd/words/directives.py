"""Directives: what a list says of itself, `@name value`, before its first entry.

`@include`, `@without` and `@values` may stand anywhere; `words.wordlist` carries them out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from filterd.words.flaw import Flaw
from filterd.words.options import NO_OPTIONS, Options, read_areas, read_level, read_number, read_options, read_weight

FOUND = "found"  # the threshold of a list that names none
SEVERITIES = ("low", "medium", "high", "critical")
MODES = ("enforce", "watch")
TEXTS = ("title", "purpose", "source", "owner", "licence", "limits", "category")
PLACED = ("include", "without", "values")  # anywhere in the file
_VALUED = ("weight", "level", "areas", "first-lines", "severity", "reply", "threshold", "mode", "confidential", "guard")
NAMES = (*TEXTS, *_VALUED, *PLACED)
_SCORE = 1_000_000
_REPLY = 200  # characters
_THRESHOLD = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,31})[ \t]+(\S+)")
_VALUES = re.compile(r'(?:"([^"]+)"|([^ \t{]+))(?:[ \t]+column=(?:"([^"]+)"|([^ \t{]+)))?[ \t]*')


@dataclass(frozen=True, slots=True)
class Values:
    """A file of values, one column of which is wanted: its number from 1, or its name in the first line ("": the first)."""

    file: str
    column: str
    options: Options


@dataclass(slots=True)
class Head:
    """The directives of one list; what it does not say is empty (None)."""

    texts: dict[str, str] = field(default_factory=dict)  # by name; repeated ones in lines
    weight: int | None = None
    level: str = ""
    areas: tuple[str, ...] = ()
    first_lines: int | None = None
    severity: str = ""
    reply: str = ""
    thresholds: list[tuple[str, int]] = field(default_factory=list)
    mode: str = ""
    confidential: bool = False
    guard: str = ""  # "", "on", "off", or a file of innocent words
    said: set[str] = field(default_factory=set)

    def text(self, name: str) -> str:
        """What a directive for people says."""
        return self.texts.get(name, "")

    def read(self, name: str, value: str, column: int) -> None:
        """One directive that is not placed. Raises `Flaw`."""
        if name in self.said and name not in ("threshold", *TEXTS[1:-1]):
            raise Flaw(1, f"`@{name}` is given twice", "leave one of them out")
        self.said.add(name)
        if name == "confidential":
            self.confidential = _switch(value, column)
        elif not value:
            raise Flaw(column, f"`@{name}` says nothing", "write its value behind it, or take the line out")
        elif name in TEXTS:
            self.texts[name] = f"{self.texts[name]}\n{value}" if name in self.texts else value
        elif name == "threshold":
            self._threshold(value, column)
        else:
            self._value(name, value, column)

    def _value(self, name: str, value: str, column: int) -> None:
        match name:
            case "weight":
                self.weight = read_weight(value, column)
            case "level":
                self.level = read_level(value, column)
            case "areas":
                self.areas = read_areas(value, column)
            case "first-lines":
                self.first_lines = read_number(value, 1, _SCORE, column, "number of lines")
            case "severity":
                self.severity = _one_of(value, SEVERITIES, column)
            case "mode":
                self.mode = _one_of(value, MODES, column)
            case "guard":
                self.guard = value
            case "reply":
                self.reply = _reply(value, column)

    def _threshold(self, value: str, column: int) -> None:
        found = _THRESHOLD.fullmatch(value)
        if not found:
            raise Flaw(column, f"`{value}` is no threshold", "write a name and a score: @threshold suspicious 10")
        name, score = found.group(1), read_number(found.group(2), 1, _SCORE, column + found.start(2), "score")
        if any(name == known or score == of_known for known, of_known in self.thresholds):
            raise Flaw(column, "another threshold has this name or this score", "give each its own")
        self.thresholds.append((name, score))


def _switch(value: str, column: int) -> bool:
    return not value or _one_of(value, ("yes", "no"), column) == "yes"


def _one_of(value: str, choices: tuple[str, ...], column: int) -> str:
    if value not in choices:
        raise Flaw(column, f"`{value}` is not known here", f"write one of: {', '.join(choices)}")
    return value


def _reply(value: str, column: int) -> str:
    if not value.isascii() or not value.isprintable():
        raise Flaw(column, "a reply must be printable ASCII", "other characters do not travel in SMTP replies (RFC 5321 §4.2)")
    if len(value) > _REPLY:
        raise Flaw(column, f"a reply of more than {_REPLY} characters", "shorten it; put the rest on a web page")
    return value


def check_name(name: str) -> None:
    """Raises `Flaw` if there is no such directive."""
    if name not in NAMES:
        raise Flaw(1, f"`@{name}` is no directive", f"write one of: {', '.join(NAMES)}; or `\\@` for the sign itself")


def read_values(value: str, column: int) -> Values:
    """`FILE [column=N or NAME] [{options}]`. Raises `Flaw`."""
    found = _VALUES.match(value)
    if not found:
        raise Flaw(column, "no file is named", "write @values FILE column=2 {20}")
    options, end = NO_OPTIONS, found.end()
    if value[end : end + 1] == "{":
        options, end = read_options(value, end)
    if value[end:].strip():
        raise Flaw(column + end, f"`{value[end:].split()[0]}` behind the file", "write @values FILE column=2 {20}")
    return Values(found.group(1) or found.group(2), found.group(3) or found.group(4) or "", options)
