"""The configuration, written down from the schema itself: the sample file, the reference page, the effective values."""

from __future__ import annotations

import inspect
import json
import textwrap
from collections.abc import Iterator
from typing import Any

import msgspec

from filterd.config.fields import Field, fields, is_array, tables
from filterd.config.schema import Config, Content, Section

_SAMPLE_HEAD = """\
# filterd.toml: every key with its default. Only what differs from the default needs to be written.
# Sizes are octets, times are seconds. `filterd check --config FILE` finds mistakes.
"""
_PAGE_HEAD = """\
# Configuration

filterd reads one TOML file: `filterd proxy --config FILE`. Every key has a default, so a file of three lines works:

```toml
upstream.address = "127.0.0.1:25"
[[wordlist]]
file = "words.txt"
```

`filterd check --config FILE` names every mistake with file, line, key and cure; unknown keys are mistakes. `filterd config
--defaults` prints a whole file to start from, `filterd config --config FILE` what is in force. SIGHUP has a running filterd
read the file and its lists again; if there is a mistake, what was in force stays. Sizes are octets, times are seconds.

This page is generated: `filterd config --markdown`.
"""
A_DAY = 86400  # the range of every time limit, which goes without saying
_REQUIRED_EXAMPLES = {"file": "words.txt"}


def sample() -> str:
    """The commented sample file; as it stands it sets nothing but defaults."""
    return _SAMPLE_HEAD + "".join(_sample_table(name, section) for name, section in tables().items())


def page() -> str:
    """docs/configuration.md."""
    return _PAGE_HEAD + "".join(_page_table(name, section) for name, section in tables().items())


def effective(config: Config, *, changed: bool = False) -> str:
    """The values in force as TOML; with `changed` only those that are not the default."""
    blocks: list[str] = []
    for name, section in tables().items():
        value = getattr(config, name)
        for element in value if is_array(name) else [value]:
            lines = list(_settings(element, fields(section), changed))
            if lines or is_array(name):
                blocks.append("\n".join([_head(name), *lines]) + "\n")
    return "\n".join(blocks)


def _settings(value: Section, known: dict[str, Field], changed: bool) -> Iterator[str]:
    for name, setting in msgspec.structs.asdict(value).items():
        if setting is not None and not (changed and setting == known[name].default):
            yield f"{name} = {_toml(setting)}"


def _head(name: str) -> str:
    return f"[[{name}]]" if is_array(name) else f"[{name}]"


def _purpose(section: type[Section]) -> str:
    """The docstring, without the table's name that it begins with: what the table is for."""
    text = inspect.getdoc(section) or ""
    purpose = text.partition(": ")[2] or text
    return purpose[:1].upper() + purpose[1:]


def _sample_table(name: str, section: type[Section]) -> str:
    lines = ["", f"# {_purpose(section)}", f"#{_head(name)}" if is_array(name) else _head(name)]
    for field in fields(section).values():
        lines += textwrap.wrap(f"{field.description}{_allowed(field)}", 110, initial_indent="# ", subsequent_indent="# ")
        lines.append(f"#{field.name} = {_toml(_shown_default(field))}")
    return "\n".join(lines) + "\n"


def _page_table(name: str, section: type[Section]) -> str:
    rows = [f"\n## `{_head(name)}`\n", _purpose(section) + "\n", "| key | default | meaning |", "|---|---|---|"]
    for field in fields(section).values():
        default = "must be given" if field.is_required else f"`{_toml(field.default)}`" if field.default is not None else ""
        meaning = f"{field.description}{_allowed(field)}".replace("|", "\\|")
        rows.append(f"| `{field.name}` | {default} | {meaning} |")
    return "\n".join(rows) + "\n"


def _allowed(field: Field) -> str:
    """What may be written, where the default does not already show it."""
    if field.choices:
        return f" {field.expectation.capitalize()}."
    return f" {field.low} to {field.high}." if field.low is not None and field.high not in (None, A_DAY) else ""


def _shown_default(field: Field) -> Any:
    if field.is_required:
        return _REQUIRED_EXAMPLES[field.name]
    # a key without a default overrides the one of the same name in [content]
    return getattr(Content(), field.name) if field.default is None else field.default


def _toml(value: Any) -> str:
    """Texts, numbers, booleans and lists of texts are written alike in JSON and TOML."""
    return json.dumps(value, ensure_ascii=False)
