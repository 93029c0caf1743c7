"""The options of one entry, in braces at the end of its line: `{level=disguise areas=subject,header:x-note}`.

A level may stand alone: `{disguise}`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from filterd.words.entry import LEVELS
from filterd.words.flaw import Flaw

AREAS = ("subject", "header", "address", "body", "hidden", "attribute", "filename", "attachment", "url", "raw")
_ITEM = re.compile(r"[^ \t}]+")
_FIELD_NAME = re.compile(r"[!-9;-~]+")


@dataclass(frozen=True, slots=True)
class Options:
    """What an entry says for itself; empty where the list decides."""

    level: str = ""
    areas: tuple[str, ...] = ()


NO_OPTIONS = Options()


def is_area(name: str) -> bool:
    """Is it the name of an area, or `header:` and a field's name?"""
    return name in AREAS or (name.startswith("header:") and bool(_FIELD_NAME.fullmatch(name[7:])))


def read_options(line: str, start: int) -> Options:
    """The options that begin with the brace at `start`. Raises `Flaw`."""
    end = line.find("}", start)
    if end < 0:
        raise Flaw(start + 1, "options that do not end", "close them with `}`, or write `\\{` for the character itself")
    rest = line[end + 1 :].lstrip(" \t")
    if rest and not (rest[0] == "#" and line[end + 1] in " \t"):
        raise Flaw(end + 2, "text behind the options", "put options at the end of the line")
    given: dict[str, Options] = {}
    for item in _ITEM.finditer(line, start + 1, end):
        name, option = _option(item.group(), item.start() + 1)
        if name in given:
            raise Flaw(item.start() + 1, f"`{name}` is given twice", "leave one of them out")
        given[name] = option
    if not given:
        raise Flaw(start + 1, "options without any", "write some, or take the braces out")
    return Options(given.get("level", NO_OPTIONS).level, given.get("areas", NO_OPTIONS).areas)


def _option(item: str, column: int) -> tuple[str, Options]:
    name, equals, value = item.partition("=")
    if not equals and name in LEVELS:
        return "level", Options(level=name)
    if name == "level":
        if value not in LEVELS:
            raise Flaw(column, f"`{value}` is no level", f"write one of: {', '.join(LEVELS)}")
        return "level", Options(level=value)
    if name == "areas":
        areas = tuple(area.lower() for area in value.split(","))
        for area in areas:
            if not is_area(area):
                raise Flaw(column, f"`{area}` is no area", f"write some of: {', '.join(AREAS)}, header:Name")
        return "areas", Options(areas=areas)
    raise Flaw(column, f"`{item}` is no option", f"write level=… or areas=…, or a level: {', '.join(LEVELS)}")
