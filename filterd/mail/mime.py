"""The MIME structure of a message (RFC 2045, RFC 2046): header sections and leaves, found in one pass over its lines.

Every line that begins with `--` is looked up among the boundaries that are open, so nesting costs nothing; a delimiter
of an outer multipart closes the inner ones. Where two readings are plausible (a doubled Content-Type, two boundaries,
two transfer encodings) both are taken into the one structure and a condition tells. No octet is left out: what belongs
to no part is a leaf of the role RAW. Never raises; over a limit the rest is one raw leaf.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from filterd.mail.decode import BASE64, IDENTITY, looks_base64
from filterd.mail.entity import Entity, read_entity
from filterd.mail.fields import Section, after_line_end, read_section
from filterd.mail.limits import ReadLimits
from filterd.mail.source import Source, decoded

BODY, ATTACHMENT, RAW = "body", "attachment", "raw"

_DASHES = re.compile(rb"--([^\r\n]+)")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part that has no parts. `start` and `end` are in `source`; `entity` says how to read it."""

    part: str
    role: str
    source: Source
    start: int
    end: int
    entity: Entity


@dataclass(frozen=True, slots=True)
class Header:
    """A header section; `is_message` for that of a message, which people see, not only of a part."""

    part: str
    source: Source
    section: Section
    is_message: bool


@dataclass(slots=True)
class Structure:
    """What a message consists of."""

    headers: list[Header] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)
    conditions: dict[str, None] = field(default_factory=dict)  # in order, without repetition


@dataclass(slots=True)
class _Multipart:
    boundaries: tuple[bytes, ...]
    path: str
    is_digest: bool = False
    children: int = 0
    is_closed: bool = False


@dataclass(slots=True)
class _Nested:
    """A message to be walked when everything before it was."""

    source: Source
    start: int
    end: int
    path: str
    depth: int


_PLAIN = Entity()


def read_structure(source: Source, limits: ReadLimits) -> Structure:
    """The structure of a whole message, messages inside it included."""
    structure = Structure()
    waiting = [_Nested(source, 0, len(source.octets), "", 0)]
    budget = len(source.octets)
    while waiting:
        walk = _Walk(structure, limits, waiting.pop())
        walk.run()
        for leaf, encoding, depth in reversed(walk.encoded_messages):
            inner = decoded(leaf.source, leaf.start, leaf.end, encoding)
            budget -= len(inner.octets)
            if encoding == BASE64 and not looks_base64(leaf.source.octets[leaf.start : leaf.start + 4096]):
                structure.leaves.append(Leaf(leaf.part, RAW, leaf.source, leaf.start, leaf.end, _PLAIN))
            if budget < 0 or depth > limits.mime_depth:
                structure.conditions["too-deep" if budget >= 0 else "over-budget"] = None
                structure.leaves.append(leaf)
            else:
                waiting.append(_Nested(inner, 0, len(inner.octets), leaf.part, depth))
    return structure


class _Walk:
    """One pass over one source."""

    def __init__(self, structure: Structure, limits: ReadLimits, task: _Nested) -> None:
        self._structure = structure
        self._limits = limits
        self._task = task
        self._source = task.source
        self._open: list[_Multipart] = []
        self._active: dict[bytes, int] = {}  # boundary → index in _open
        self._messages = 0  # message/rfc822 levels among the open ones
        self._leaf: tuple[str, str, Entity] = ("", RAW, _PLAIN)  # the text being passed over
        self._text = 0  # where it begins
        self.encoded_messages: list[tuple[Leaf, str, int]] = []

    def run(self) -> None:
        """Read the message and everything in it."""
        task = self._task
        self._begin(task.start, f"{task.path}.1".lstrip("."), task.path, is_message=True)
        if self._open:
            self._pass_lines()
        self._finish(task.end)
        if any(not multipart.is_closed for multipart in self._open):
            self._note("unterminated-multipart")

    def _pass_lines(self) -> None:
        octets = self._source.octets
        for found in _DASHES.finditer(octets, self._text, self._task.end):
            at = found.start()
            if at < self._text or (at and octets[at - 1] not in (0x0A, 0x0D)):
                continue
            delimiter = self._delimiter(found[1])
            if delimiter:
                self._at_delimiter(at, found.end(), *delimiter)

    def _delimiter(self, line: bytes) -> tuple[int, bool] | None:
        """Whose boundary the line has (as an index), and whether it closes (RFC 2046 §5.1.1: blanks may follow)."""
        line = line.rstrip(b" \t\0")
        level = self._active.get(line)
        if level is not None:
            return level, False
        level = self._active.get(line[:-2].rstrip(b" \t")) if line.endswith(b"--") else None
        return None if level is None else (level, True)

    def _at_delimiter(self, start: int, end: int, level: int, closes: bool) -> None:
        self._finish(self._before_line_end(start))
        multipart = self._open[level]
        if any(not inner.is_closed for inner in self._open[level + 1 :]):
            self._note("unterminated-multipart")
        if len(self._open) > level + 1:
            del self._open[level + 1 :]
            self._activate()
        if closes:
            multipart.is_closed = True
            self._leaf, self._text = (multipart.path or "1", RAW, _PLAIN), end
            return
        multipart.children += 1
        path = f"{multipart.path}.{multipart.children}".lstrip(".")
        self._begin(after_line_end(self._source.octets, end), path, path, is_message=False)

    def _begin(self, start: int, own: str, prefix: str, *, is_message: bool) -> None:
        """Read the header section at `start` and what it makes of the text that follows."""
        end = self._task.end
        while True:
            if len(self._structure.headers) >= self._limits.mime_parts:
                self._note("too-many-parts")
                return self._stop(own, start)
            section = read_section(self._source.octets, start, end, self._limits, self._delimiter)
            entity = read_entity(section, self._limits)
            if not is_message and self._open and self._open[-1].is_digest and not section.values("content-type"):
                entity = replace(entity, types=("message/rfc822",))  # RFC 2046 §5.1.5
            self._take(Header(prefix or "0", self._source, section, is_message), entity)
            self._leaf, self._text = (own, self._role(entity), entity), section.body
            for stray in section.stray:
                self._leave(own, RAW, _PLAIN, *stray)
            if entity.is_multipart:
                return self._open_multipart(entity, prefix)
            if not entity.is_message or entity.encodings != (IDENTITY,):
                return None
            if self._depth() >= self._limits.mime_depth:
                self._note("too-deep")
                return None
            self._messages += 1
            start, own, prefix, is_message = section.body, f"{own}.1", own, True

    def _open_multipart(self, entity: Entity, prefix: str) -> None:
        boundaries = entity.boundaries or self._guess()
        path, _, _ = self._leaf
        self._leaf = (path, RAW, Entity(encodings=entity.encodings))
        if self._depth() >= self._limits.mime_depth:
            self._note("too-deep")
        elif boundaries:
            self._open.append(_Multipart(boundaries, prefix, "multipart/digest" in entity.types))
            self._activate()

    def _guess(self) -> tuple[bytes, ...]:
        """The boundary that a multipart did not name: the first line that looks like a delimiter."""
        self._note("missing-boundary")
        octets = self._source.octets
        found = _DASHES.search(octets, self._text, min(self._text + 4096, self._task.end))
        if found and (found.start() == 0 or octets[found.start() - 1] in (0x0A, 0x0D)):
            return (found[1].rstrip(b" \t"),)
        return ()

    def _activate(self) -> None:
        self._active = {name: level for level, part in enumerate(self._open) for name in part.boundaries}

    def _depth(self) -> int:
        return self._task.depth + self._messages + len(self._open)

    def _stop(self, own: str, start: int) -> None:
        """Everything from here on is one raw leaf."""
        self._leaf, self._text = (own, RAW, _PLAIN), start
        self._active = {}

    def _finish(self, end: int) -> None:
        """The text being passed over ends here."""
        part, role, entity = self._leaf
        self._leave(part, role, entity, self._text, max(end, self._text))

    def _leave(self, part: str, role: str, entity: Entity, start: int, end: int) -> None:
        leaf = Leaf(part, role, self._source, start, end, entity)
        if entity.is_message and role != RAW and entity.encodings != (IDENTITY,):
            encoding = next(name for name in (*entity.encodings, BASE64) if name != IDENTITY)
            self.encoded_messages.append((leaf, encoding, self._depth() + 1))
        elif end > start or entity.filenames:
            self._structure.leaves.append(leaf)

    def _take(self, header: Header, entity: Entity) -> None:
        self._structure.headers.append(header)
        for condition in (*header.section.conditions, *entity.conditions):
            self._note(condition)

    def _role(self, entity: Entity) -> str:
        return BODY if entity.is_shown else ATTACHMENT

    def _note(self, condition: str) -> None:
        self._structure.conditions[condition] = None

    def _before_line_end(self, at: int) -> int:
        """The line end before a delimiter belongs to it (RFC 2046 §5.1.1)."""
        octets = self._source.octets
        at -= at > 0 and octets[at - 1] in (0x0A, 0x0D)
        return at - (at > 0 and octets[at - 1] == 0x0D and octets[at : at + 1] == b"\n")
