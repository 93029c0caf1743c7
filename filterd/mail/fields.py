"""Header sections (RFC 5322 §2.2), read as they come: any line end, no blank line, lines that are no fields.

Where parsers differ, the section says so by name and keeps what the others would see: fields at odd places (`others`) and
places where the body could begin already (`breaks`). Linear, never raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from filterd.mail.decode import Buffer
from filterd.mail.limits import ReadLimits

# A line ends with LF, CRLF, CRCRLF, LFCR, or a CR alone; the bounds keep the search linear.
_EOL = rb"(?:\r{0,2}\n(?:\r(?!\r?\n)|(?!\r(?!\r?\n)))|\r(?!\r?\n))"
_STOP = re.compile(rb"(" + _EOL + rb")(?:(--[^\r\n]+)|" + _EOL + rb")")
_DELIMITER = re.compile(rb"--([^\r\n]+)")
_EMPTY = re.compile(_EOL)
_VALUE = rb"[^\r\n]*(?:" + _EOL + rb"[ \t][^\r\n]*)*"
_LINE = re.compile(rb"(?:([^:\r\n]+):)?(" + _VALUE + rb")(?:" + _EOL + rb"|\Z)")
_PLAIN_FIELD = {b"\r\n": re.compile(rb"\r\n(?![ \t])"), b"\n": re.compile(rb"\n(?![ \t])")}

# Fields that describe the body, wherever a lenient parser could find one: behind junk, blanks, NULs or an odd line end.
# The value must look like one, since signatures name such fields too (`h=From:Content-Type:…`).
_STRUCTURAL = re.compile(
    rb"(content-type)[\0-\x20]*:(?=[\0-\x20]*[\"(]?[\w.+-]+/)"
    rb"|(content-transfer-encoding)[\0-\x20]*:(?=[\0-\x20]*[\"(=]?(?:base64|quoted|[78]bit|binary|x-|uu|=\?))"
    rb"|(content-disposition)[\0-\x20]*:(?=[\0-\x20]*(?:attach|inline))",
    re.IGNORECASE,
)
_REST = re.compile(_VALUE)
_BARE_CR = re.compile(rb"\r(?!\r?\n)")
_LFCR = re.compile(rb"\n\r(?!\r?\n)")
_BLANK_FOLD = re.compile(rb"(?:\n|\r)[ \t]+(?=\r|\n)")
_PLAIN_BLANK_FOLD = re.compile(rb"\n[ \t]+\r?\n")
_BLANK_BEFORE_COLON = re.compile(rb"[ \t]:")
_CONTROLS = dict.fromkeys((*range(32), 127))
_OTHERS = 8  # such fields that are looked at


class Field(NamedTuple):
    """One field: `name` lower case, `value` as it stands (folded), spans in the buffer that was read."""

    name: str
    value: bytes
    start: int
    value_start: int
    end: int


@dataclass(slots=True)
class Section:
    """A header section and where the body begins. `stray` are spans of lines that are no fields.

    `others` are fields that only some parsers see; at `breaks` some parsers begin the body. `octets` is the section itself.
    """

    fields: list[Field]
    body: int
    stray: list[tuple[int, int]]
    conditions: tuple[str, ...] = ()
    others: list[Field] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    octets: bytes = b""

    def values(self, name: str) -> list[bytes]:
        """The values of every field of this (lower case) name."""
        return [field.value for field in self.fields if field.name == name]


def read_section(
    buffer: Buffer, start: int, end: int, limits: ReadLimits, is_delimiter: Callable[[bytes], object] | None = None
) -> Section:
    """The header section that begins at `start` of an entity that ends at `end`, or sooner at a delimiter line."""
    conditions: dict[str, None] = {}
    stop, body, is_whole, eol = _extent(buffer, start, min(end, start + limits.header_octets), is_delimiter)
    if not is_whole and stop < end:
        conditions["header-too-long"] = None
    octets = buffer[start:stop]
    section = Section([], body, [], octets=octets)
    lines = _plain_lines(octets, start, len(buffer), eol) if eol else _odd_lines(octets, start)
    most = limits.header_fields
    for line in lines:
        if not line.name:
            if not _is_mbox_line(line.value, line.start == start):
                _extend(section.stray, line.start, line.end)
        elif len(section.fields) < most:
            section.fields.append(line)
        else:
            conditions["too-many-header-fields"] = None
            section.body = line.start
            break
    _remark(section, start, conditions, is_plain=bool(eol))
    section.conditions = tuple(conditions)
    return section


def after_line_end(buffer: Buffer, at: int) -> int:
    """Behind the line end at `at`, if one is there."""
    found = _EMPTY.match(buffer, at)
    return found.end() if found else at


def _remark(section: Section, start: int, conditions: dict[str, None], *, is_plain: bool) -> None:
    """What is odd about the section, and what other parsers make of it."""
    octets = section.octets
    if not is_plain and octets:
        _remark_line_ends(octets, conditions)
        swapped = _LFCR.search(octets)
        if swapped:  # a blank line to some
            section.breaks.append(start + swapped.end())
    if b"\0" in octets:
        conditions["nul"] = None
    if b" :" in octets or b"\t:" in octets:
        names = [octets[field.start - start : field.value_start - start] for field in section.fields]
        if any(_BLANK_BEFORE_COLON.search(name) for name in names):
            conditions["blank-before-colon"] = None
    if section.stray:
        conditions["stray-header-line"] = None
        section.breaks.append(section.stray[0][0])
        if octets[:1] in (b" ", b"\t") or b" :" in octets or b"\t:" in octets:
            conditions["bad-folding"] = None
    blank = _BLANK_FOLD.search(octets)
    if blank:
        conditions["bad-folding"] = None
        section.breaks.append(after_line_end(octets, blank.end()) + start)
    told = octets.lower().count(b"content-")
    if conditions or (told and told > sum(field.name.startswith("content-") for field in section.fields)):
        section.others = list(_others(section, start))


def hides_fields(octets: bytes) -> bool:
    """Could some parser see more in this plain section than the fields that begin its lines? Too often a yes at worst."""
    if _PLAIN_BLANK_FOLD.search(octets):
        return True
    lower = octets.lower()
    if lower.count(b"content-") == lower.count(b"\ncontent-"):
        return False
    return any(found.start() and octets[found.start() - 1] in b" \t" for found in _STRUCTURAL.finditer(octets))


def _remark_line_ends(octets: bytes, conditions: dict[str, None]) -> None:
    """Line ends of several kinds."""
    alone = len(_BARE_CR.findall(octets))
    if alone and (alone != octets.count(b"\r") or b"\n" in octets):
        conditions["bare-cr"] = None
    if 0 < octets.count(b"\r\r\n") < octets.count(b"\n"):
        conditions["bare-cr"] = None
    if 0 < octets.count(b"\r\n") < octets.count(b"\n"):
        conditions["bare-lf"] = None


def _others(section: Section, start: int) -> Iterator[Field]:
    """Fields about the body that do not stand where fields stand."""
    known = {field.start - start for field in section.fields}
    found = 0
    for match in _STRUCTURAL.finditer(section.octets):
        at = match.start()
        if at in known or (at and section.octets[at - 1] > 0x20):
            continue
        value = _REST.match(section.octets, match.end())
        if value:
            name = match[match.lastindex or 0].decode("latin-1").lower()
            yield Field(name, value.group(), start + at, start + value.start(), start + value.end())
        found += 1
        if found == _OTHERS:
            return


def _extend(spans: list[tuple[int, int]], start: int, end: int) -> None:
    """Add a span; one that goes on where the last one ended makes that longer."""
    if spans and spans[-1][1] == start:
        start = spans.pop()[0]
    spans.append((start, end))


def _extent(
    buffer: Buffer, start: int, limit: int, is_delimiter: Callable[[bytes], object] | None
) -> tuple[int, int, bool, bytes]:
    """Where the fields end, where the body begins, whether that was found before the limit; the line end if it is plain."""
    newline = buffer.find(b"\n", start, limit)
    if newline > start:
        eol = b"\r\n" if buffer[newline - 1] == 0x0D else b"\n"
        blank = buffer.find(eol + eol, start, limit)
        if blank > start and _is_plain(buffer[start:blank], eol):
            return blank, blank + 2 * len(eol), True, eol
    empty = _EMPTY.match(buffer, start, limit)
    if empty:
        return start, empty.end(), True, b""
    first = _DELIMITER.match(buffer, start, limit)
    if first and is_delimiter and is_delimiter(first[1]):
        return start, start, True, b""
    for found in _STOP.finditer(buffer, start, limit):
        if found[2] is None:
            return found.end(1), found.end(), True, _plain_end(buffer[start : found.start()])
        if is_delimiter and is_delimiter(found[2][2:]):
            return found.end(1), found.end(1), True, _plain_end(buffer[start : found.start()])
    return limit, limit, False, _plain_end(buffer[start:limit])


def _plain_end(block: bytes) -> bytes:
    return next((eol for eol in (b"\r\n", b"\n") if block and _is_plain(block.removesuffix(eol), eol)), b"")


def _is_plain(block: bytes, eol: bytes) -> bool:
    """Does every line of it end so, and could none be a delimiter? Nearly all mail is so, and can be read faster."""
    if not block or block[0] in b"\r\n-" or b"\n--" in block:
        return False
    if eol == b"\n":
        return b"\r" not in block
    lines = block.count(b"\r\n")
    return block.count(b"\n") == lines == block.count(b"\r")


def _plain_lines(block: bytes, offset: int, limit: int, eol: bytes) -> Iterator[Field]:
    for line in _PLAIN_FIELD[eol].split(block):
        name, colon, value = line.partition(b":")
        end = min(offset + len(line) + len(eol), limit)
        if not line:
            return
        if not colon or line[0] in b" \t" or b"\n" in name:
            yield Field("", line, offset, offset, end)
        else:
            yield Field(_name(name), value, offset, offset + len(name) + 1, end)
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
            yield Field(_name(name), found[2], offset + found.start(), offset + found.start(2), offset + found.end())


@lru_cache(maxsize=2048)
def _name(octets: bytes) -> str:
    name = octets.strip(b" \t").decode("latin-1").lower()
    return name if name.isprintable() else name.translate(_CONTROLS).strip()


def _is_mbox_line(line: bytes, first: bool) -> bool:
    """`From ` lines of mailbox files, which some MTAs leave in front."""
    return first and (line.startswith((b"From ", b">From ")))
