"""The options of one entry, in braces at the end of its line: `{disguise 20 max=60 areas=subject,body note="on request"}`.

A level, a weight and the switches stand alone; whatever else is `name=value`, a value with blanks in double quotes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from filterd.words.flaw import Flaw

EXACT, CASE, FOLD, DISGUISE = LEVELS = ("exact", "case", "fold", "disguise")
AREAS = ("subject", "header", "address", "body", "hidden", "attribute", "filename", "attachment", "url", "raw")
ROLES = ("required", "excluded", "block", "pass")
WEIGHT = 1000  # the largest, and the smallest below nought
_COUNT = 1000  # hits of one entry that are counted at most
_ITEM = re.compile(r'[^ \t}"=]+(?:="((?:[^"\\]|\\["\\])*)"|=[^ \t}"]*)?(?=[ \t}]|$)')
_NUMBER = re.compile(r"[+-]?\d{1,6}")
_FIELD_NAME = re.compile(r"[!-9;-~]+")
_ESCAPED = re.compile(r'\\(["\\])')


@dataclass(frozen=True, slots=True)
class Options:
    """What an entry says of itself.

    `level`, `areas`, `weight` and `category` are empty (None) where the list decides. `cap` bounds the entry's points (0:
    nothing does), `count` the hits that count (0: every one), `least` is how many there must be, `unique` counts each different
    text once. `expires` is the last day on which the entry counts.
    `expires` is the last day on which the entry counts.
    """

    level: str = ""
    areas: tuple[str, ...] = ()
    weight: int | None = None
    cap: int = 0
    count: int = 0
    unique: bool = False
    least: int = 1
    role: str = ""
    off: bool = False
    watch: bool = False
    guarded: bool = True
    note: str = ""
    owner: str = ""
    category: str = ""
    added: date | None = None
    expires: date | None = None


NO_OPTIONS = Options()
_SWITCHES: dict[str, tuple[str, object]] = {
    **{level: ("level", level) for level in LEVELS},
    **{role: ("role", role) for role in ROLES},
    "off": ("off", True),
    "watch": ("watch", True),
    "unguarded": ("guarded", False),
}
NAMES = ("level", "areas", "weight", "max", "count", "min", "note", "owner", "category", "added", "expires")


@dataclass(slots=True)
class _Given:
    """The options read so far, by the name of their field."""

    values: dict[str, Any] = field(default_factory=dict)

    def put(self, name: str, value: object, column: int) -> None:
        if name in self.values:
            shown = {"cap": "max", "least": "min", "guarded": "unguarded"}.get(name, name)
            raise Flaw(column, f"`{shown}` is given twice", "leave one of them out")
        self.values[name] = value


def is_area(name: str) -> bool:
    """Is it the name of an area, or `header:` and a field's name?"""
    return name in AREAS or (name.startswith("header:") and bool(_FIELD_NAME.fullmatch(name[7:])))


def read_options(line: str, start: int) -> tuple[Options, int]:
    """The options that begin with the brace at `start`, and where they end. Raises `Flaw`."""
    given = _Given()
    at = _blanks(line, start + 1)
    while line[at : at + 1] != "}":
        item = _ITEM.match(line, at)
        if not item:
            raise _unreadable(line, at, start)
        _read_item(given, item.group(), item.group(1), at + 1)
        at = _blanks(line, item.end())
    if not given.values:
        raise Flaw(start + 1, "options without any", "write some, or take the braces out")
    return replace(NO_OPTIONS, **given.values), at + 1


def _blanks(line: str, at: int) -> int:
    return len(line) - len(line[at:].lstrip(" \t"))


def _unreadable(line: str, at: int, start: int) -> Flaw:
    if at == len(line):
        return Flaw(start + 1, "options that do not end", "close them with `}`, or write `\\{` for the character itself")
    if line.find('"', at) >= 0:
        return Flaw(at + 1, "a quote that does not end", 'close it with `"`; inside write `\\"` for a quote')
    return Flaw(at + 1, f"`{line[at]}` begins no option", f"write one of: {', '.join((*_SWITCHES, *NAMES))}")


def _read_item(given: _Given, item: str, quoted: str | None, column: int) -> None:
    name, equals, value = item.partition("=")
    if quoted is not None:
        value = _ESCAPED.sub(r"\1", quoted)
    if not equals:
        if name in _SWITCHES:
            given.put(*_SWITCHES[name], column)
        elif _NUMBER.fullmatch(name):
            given.put("weight", read_weight(name, column), column)
        else:
            raise Flaw(column, f"`{item}` is no option", f"write one of: {', '.join((*_SWITCHES, *NAMES))}")
    else:
        given.put(*_named(given, name, value, column), column)


def _named(given: _Given, name: str, value: str, column: int) -> tuple[str, object]:
    match name:
        case "level":
            return "level", read_level(value, column)
        case "areas":
            return "areas", read_areas(value, column)
        case "weight":
            return "weight", read_weight(value, column)
        case "max":
            return "cap", read_number(value, 1, 1_000_000, column, "max")
        case "min":
            return "least", read_number(value, 1, _COUNT, column, "min")
        case "count":
            if value == "unique" or given.values.get("unique"):
                given.put("count", 0, column)
                return "unique", True
            return "count", {"every": 0, "first": 1}.get(value) or _count(value, column)
        case "note" | "owner" | "category":
            return name, value
        case "added" | "expires":
            return name, read_day(value, column)
    raise Flaw(column, f"`{name}` is no option", f"write one of: {', '.join((*_SWITCHES, *NAMES))}")


def _count(value: str, column: int) -> int:
    return 0 if value == "every" else read_number(value, 1, _COUNT, column, "count", "every, first, unique, or ")


def read_level(value: str, column: int) -> str:
    """The name of a level. Raises `Flaw`."""
    if value not in LEVELS:
        raise Flaw(column, f"`{value}` is no level", f"write one of: {', '.join(LEVELS)}")
    return value


def read_areas(value: str, column: int) -> tuple[str, ...]:
    """Names of areas, separated by commas. Raises `Flaw`."""
    areas = tuple(area.strip(" \t").lower() for area in value.split(","))
    for area in areas:
        if not is_area(area):
            raise Flaw(column, f"`{area}` is no area", f"write some of: {', '.join(AREAS)}, header:Name")
    return areas


def read_weight(value: str, column: int) -> int:
    """A weight. Raises `Flaw`."""
    return read_number(value, -WEIGHT, WEIGHT, column, "weight")


def read_number(value: str, least: int, most: int, column: int, name: str, others: str = "") -> int:
    """A whole number within bounds. Raises `Flaw`."""
    if not _NUMBER.fullmatch(value) or not least <= int(value) <= most:
        raise Flaw(column, f"`{value}` is no {name}", f"write {others}a number from {least} to {most}")
    return int(value)


def read_day(value: str, column: int) -> date:
    """A day as ISO 8601 has it. Raises `Flaw`."""
    try:
        if len(value) != 10:
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise Flaw(column, f"`{value}` is no day", "write year, month and day: 2027-01-31") from None


def write_options(options: Options) -> str:
    """The options in braces, in one order; empty if there are none."""
    items = [
        options.level,
        "" if options.weight is None else str(options.weight),
        f"max={options.cap}" if options.cap else "",
        _written_count(options),
        f"min={options.least}" if options.least > 1 else "",
        options.role,
        f"areas={','.join(options.areas)}" if options.areas else "",
        "off" if options.off else "",
        "watch" if options.watch else "",
        "" if options.guarded else "unguarded",
        *(f"{name}={_quoted(value)}" for name in ("category", "owner", "note") if (value := getattr(options, name))),
        *(f"{name}={day.isoformat()}" for name in ("added", "expires") if (day := getattr(options, name))),
    ]
    said = " ".join(filter(None, items))
    return f"{{{said}}}" if said else ""


def _written_count(options: Options) -> str:
    if options.unique:
        return "count=unique"
    return "" if not options.count else "count=first" if options.count == 1 else f"count={options.count}"


def _quoted(value: str) -> str:
    if re.fullmatch(r'[^ \t}"=]+', value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
