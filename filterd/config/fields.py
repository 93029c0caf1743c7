"""What the schema knows about each key: its type, default and description, as one flat value.

Conversion and documentation both read the schema through here, so that they cannot tell different stories.
"""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Meta

from filterd.config.schema import Config, Section


@dataclass(frozen=True, slots=True)
class Field:
    """One key of one table. `type` is what msgspec converts to; `plain` the same without limits and None."""

    name: str
    type: Any
    plain: Any
    default: Any  # msgspec.NODEFAULT if it must be given
    description: str
    low: int | None
    high: int | None

    @property
    def is_required(self) -> bool:
        """Must it be given?"""
        return self.default is msgspec.NODEFAULT

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that are allowed, if it is one of a few."""
        return typing.get_args(self.plain) if typing.get_origin(self.plain) is typing.Literal else ()

    @property
    def expectation(self) -> str:
        """What may be written here, in words."""
        if self.choices:
            return "one of " + ", ".join(f'"{choice}"' for choice in self.choices)
        if self.plain is int:
            return f"a whole number{_range(self.low, self.high)}"
        if self.plain is bool:
            return "true or false"
        return 'a list of texts, ["…"]' if typing.get_origin(self.plain) is list else 'a text in quotes, "…"'


def tables() -> dict[str, type[Section]]:
    """Every table of the file by its name, in the order of the schema."""
    return {name: _section(hint) for name, hint in typing.get_type_hints(Config).items()}


def is_array(name: str) -> bool:
    """Is it written [[name]], once an element?"""
    return typing.get_origin(typing.get_type_hints(Config)[name]) is list


def fields(section: type[Section]) -> dict[str, Field]:
    """The keys of a table, in the order of the schema."""
    hints = typing.get_type_hints(section, include_extras=True)
    return {field.name: _field(field, hints[field.name]) for field in msgspec.structs.fields(section)}


def _section(hint: Any) -> type[Section]:
    section: type[Section] = typing.get_args(hint)[0] if typing.get_origin(hint) is list else hint
    return section


def _field(info: msgspec.structs.FieldInfo, hint: Any) -> Field:
    metas = [meta for meta in getattr(hint, "__metadata__", ()) if isinstance(meta, Meta)]
    default = info.default_factory() if info.default_factory is not msgspec.NODEFAULT else info.default
    return Field(
        name=info.name,
        type=hint,
        plain=_plain(hint),
        default=default,
        description=next((meta.description for meta in reversed(metas) if meta.description), ""),
        low=next((meta.ge for meta in metas if meta.ge is not None), None),  # type: ignore[arg-type]
        high=next((meta.le for meta in metas if meta.le is not None), None),  # type: ignore[arg-type]
    )


def _plain(hint: Any) -> Any:
    if typing.get_origin(hint) is typing.Annotated:
        hint = typing.get_args(hint)[0]
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return next(part for part in typing.get_args(hint) if part is not type(None))
    return hint


def _range(low: int | None, high: int | None) -> str:
    if low is not None and high is not None:
        return f" from {low} to {high}"
    return f" of at least {low}" if low is not None else f" of at most {high}" if high is not None else ""
