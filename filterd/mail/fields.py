"""Header sections (RFC 5322 §2.2), read as they come: any line end, no blank line, lines that are no fields.

Linear, never raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from filterd.mail.decode import Buffer
from filterd.mail.limits import ReadLimits

# A line ends with LF, CRLF, CRCRLF, or a CR alone; the bounds keep the search linear.
_EOL = rb"(?:\r{0,2}\n|\r(?!\r?\n))"
_STOP = re.compile(rb"(" + _EOL + rb")(?:(--[^\r\n]+)|" + _EOL + rb")")
_DELIMITER = re.compile(rb"--([^\r\n]+)")
_EMPTY = re.compile(_EOL)
_LINE = re.compile(rb"(?:([^:\r\n]+):)?([^\r\n]*(?:" + _EOL + rb"[ \t][^\r\n]*)*)(?:" + _EOL + rb"|\Z)")


_PLAIN_FIELD = re.compile(rb"\r\n(?![ \t])")


class Field(NamedTuple):
    """One field: `name` lower case, `value` as it stands (folded), spans in the buffer that was read."""

    name: str
    value: bytes
    start: int
    value_start: int
    end: int


@dataclass(slots=True)
class Section:
    """A header section and where the body begins. `stray` are spans of lines that are no fields."""

    fields: list[Field]
    body: int
    stray: list[tuple[int, int]]
    conditions: tuple[str, ...] = ()

    def values(self, name: str) -> list[bytes]:
        """The values of every field of this (lower case) name."""
        return [field.value for field in self.fields if field.name == name]


def read_section(
    buffer: Buffer, start: int, end: int, limits: ReadLimits, is_delimiter: Callable[[bytes], object] | None = None
) -> Section:
    """The header section that begins at `start` of an entity that ends at `end`, or sooner at a delimiter line."""
    conditions: list[str] = []
    stop, body, is_whole = _extent(buffer, start, min(end, start + limits.header_octets), is_delimiter)
    if not is_whole and stop < end:
        conditions.append("header-too-long")
    fields: list[Field] = []
    stray: list[tuple[int, int]] = []
    for field in _lines(buffer[start:stop], start, len(buffer)):
        if not field.name:
            if not _is_mbox_line(field.value, field.start == start):
                _extend(stray, field.start, field.end)
        elif len(fields) < limits.header_fields:
            fields.append(field)
        else:
            conditions.append("too-many-header-fields")
            body = field.start
            break
    if stray:
        conditions.append("stray-header-line")
    return Section(fields, body, stray, tuple(conditions))


def after_line_end(buffer: Buffer, at: int) -> int:
    """Behind the line end at `at`, if one is there."""
    found = _EMPTY.match(buffer, at)
    return found.end() if found else at


def _extend(spans: list[tuple[int, int]], start: int, end: int) -> None:
    """Add a span; one that goes on where the last one ended makes that longer."""
    if spans and spans[-1][1] == start:
        start = spans.pop()[0]
    spans.append((start, end))


def _extent(
    buffer: Buffer, start: int, limit: int, is_delimiter: Callable[[bytes], object] | None
) -> tuple[int, int, bool]:
    """Where the fields end, where the body begins, and whether that was found before the limit."""
    blank = buffer.find(b"\r\n\r\n", start, limit)
    if blank > start and _is_plain(buffer[start:blank]):
        return blank, blank + 4, True
    empty = _EMPTY.match(buffer, start, limit)
    if empty:
        return start, empty.end(), True
    first = _DELIMITER.match(buffer, start, limit)
    if first and is_delimiter and is_delimiter(first[1]):
        return start, start, True
    for found in _STOP.finditer(buffer, start, limit):
        if found[2] is None:
            return found.end(1), found.end(), True
        if is_delimiter and is_delimiter(found[2][2:]):
            return found.end(1), found.end(1), True
    return limit, limit, False


def _is_plain(block: bytes) -> bool:
    """Does every line of it end with CRLF, and could none be a delimiter? Nearly all mail is so, and can be read faster."""
    lines = block.count(b"\r\n")
    return block.count(b"\n") == lines == block.count(b"\r") and b"\n--" not in block and block[0] not in b"\r\n-"


def _lines(block: bytes, offset: int, limit: int) -> Iterator[Field]:
    """Fields, and with an empty name what is none."""
    return _plain_lines(block, offset, limit) if block and _is_plain(block) else _odd_lines(block, offset)


def _plain_lines(block: bytes, offset: int, limit: int) -> Iterator[Field]:
    for line in _PLAIN_FIELD.split(block):
        name, colon, value = line.partition(b":")
        end = min(offset + len(line) + 2, limit)
        if not line:
            return
        if not colon or line[0] in b" \t" or b"\n" in name:
            yield Field("", line, offset, offset, end)
        else:
            yield Field(name.strip(b" \t\0").decode("latin-1").lower(), value, offset, offset + len(name) + 1, end)
        offset = end


def _odd_lines(block: bytes, offset: int) -> Iterator[Field]:
    size = len(block)
    for found in _LINE.finditer(block):
        if found.start() == size:
            return
        name = found[1]
        begins_blank = block[found.start()] in b" \t"
        if name is None or begins_blank:
            yield Field("", found.group(), offset + found.start(), offset + found.start(), offset + found.end())
        else:
            yield Field(
                name.strip(b" \t\0").decode("latin-1").lower(),
                found[2],
                offset + found.start(),
                offset + found.start(2),
                offset + found.end(),
            )


def _is_mbox_line(line: bytes, first: bool) -> bool:
    """`From ` lines of mailbox files, which some MTAs leave in front."""
    return first and (line.startswith((b"From ", b">From ")))
