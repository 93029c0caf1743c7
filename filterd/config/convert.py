"""From what tomllib read to a `Config`, with every mistake of form found, not only the first.

msgspec does the typing, one key at a time; this module only walks the tables and words the mistakes.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from typing import Any

import msgspec

from filterd.config.fields import Field, fields, is_array, tables
from filterd.config.mistakes import Finding, KeyPath
from filterd.config.schema import Config, Section


def convert(document: dict[str, Any]) -> tuple[Config | None, list[Finding]]:
    """The configuration, or None and what is wrong with the form of the document."""
    found: list[Finding] = []
    known = tables()
    values: dict[str, Any] = {}
    for name, value in document.items():
        if name not in known:
            found.append(_unknown((name,), known, "table"))
        elif is_array(name):
            values[name] = _array(name, known[name], value, found)
        else:
            values[name] = _table((name,), known[name], value, found)
    return (None if found else Config(**values)), found


def _array(name: str, section: type[Section], value: Any, found: list[Finding]) -> list[Section | None]:
    if not isinstance(value, list):
        found.append(Finding((name,), "is given once only", f"write [[{name}]] with two brackets, once for each"))
        return []
    return [_table((name, i), section, element, found) for i, element in enumerate(value)]


def _table(path: KeyPath, section: type[Section], value: Any, found: list[Finding]) -> Section | None:
    if not isinstance(value, dict):
        found.append(Finding(path, f"{_show(value)} is no table", f"write [{path[0]}] and its keys on lines below"))
        return None
    known = fields(section)
    before = len(found)
    found.extend(_unknown((*path, name), known, "key") for name in value if name not in known)
    given = {name: _value((*path, name), known[name], value[name], found) for name in value if name in known}
    found.extend(_missing(path, field) for field in known.values() if field.is_required and field.name not in value)
    return section(**given) if len(found) == before else None


def _value(path: KeyPath, field: Field, value: Any, found: list[Finding]) -> Any:
    try:
        return msgspec.convert(value, field.type)
    except msgspec.ValidationError:
        found.extend(_misfit(path, field, value))
        return None


def _misfit(path: KeyPath, field: Field, value: Any) -> Iterable[Finding]:
    if isinstance(value, list) and field.plain == list[str]:
        for i, element in enumerate(value):
            if not isinstance(element, str):
                yield Finding((*path, i), f"{_show(element)} is no text", 'write every element in quotes, "…"')
        return
    guess = _nearest(value, field.choices) if isinstance(value, str) else ""
    cure = f"{guess} It is {field.expectation}" if guess else f"write {field.expectation}"
    yield Finding(path, f"{_show(value)} does not fit", cure)


def _missing(path: KeyPath, field: Field) -> Finding:
    return Finding((*path, field.name), "is missing", f"add {field.name} = …, {field.expectation}")


def _unknown(path: KeyPath, known: Iterable[str], kind: str) -> Finding:
    name = str(path[-1])
    place = f" of [{path[0]}]" if len(path) > 1 else ""
    cure = _nearest(name, known) or _elsewhere(name) or f"the {kind}s{place} are: {', '.join(known)}"
    return Finding(path, f"unknown {kind}", cure)


def _nearest(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return f'did you mean "{close[0]}"?' if close else ""


def _elsewhere(name: str) -> str:
    """A right key in the wrong table."""
    homes = [table for table, section in tables().items() if name in fields(section)]
    return f"it belongs into [{homes[0]}]" if homes else ""


def _show(value: Any) -> str:
    """The value as the file has it, near enough, and not too long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "…"
