"""The MIME structure of a message (RFC 2045, RFC 2046): header sections and leaves, found in one pass over its lines.

Every line that begins with `--` is looked up among the boundaries that are open, so nesting costs nothing; a delimiter
of an outer multipart closes the inner ones. No octet is left out: what belongs to no part is a leaf of the role RAW.

Where parsers differ (a doubled Content-Type, two boundaries, one a prefix of the other …) a condition tells, and what the
others would see is read in passes of its own (`mail.doubts`), which come after the first, add up and share a budget.
Never raises; over a limit the rest is one raw leaf.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from filterd.mail.decode import IDENTITY
from filterd.mail.delimiters import OpenParts
from filterd.mail.doubts import Doubts
from filterd.mail.entity import Entity, read_entity
from filterd.mail.fields import Section, after_line_end, read_section
from filterd.mail.limits import ReadLimits
from filterd.mail.slices import AMBIGUOUS, SURE
from filterd.mail.source import Source
from filterd.mail.structure import ATTACHMENT, BODY, RAW, STRICT, Header, Leaf, Multipart, Structure, Task

__all__ = ["ATTACHMENT", "BODY", "RAW", "Header", "Leaf", "Structure", "read_structure"]

_DASHES = re.compile(rb"--([^\r\n]+)")
_STRICT_DASHES = re.compile(rb"(?<=\n)--([^\n]+)")
_REPORT_BLOCKS = 50  # groups of fields in a delivery report
_PLAIN = Entity()
_LIMITS = frozenset({"header-too-long", "too-many-header-fields", "too-many-parameters", "too-deep", "too-many-parts"})


def read_structure(source: Source, limits: ReadLimits) -> Structure:
    """The structure of a whole message, messages inside it included."""
    structure = Structure()
    size = len(source.octets)
    doubts = Doubts(structure, limits, size)
    waiting = [Task(source, 0, size, "", 0)]
    while task := (waiting.pop() if waiting else doubts.next()):
        walk = _Walk(structure, limits, task, doubts)
        walk.run()
        inner = [doubts.decode(leaf, encoding, depth) for leaf, encoding, depth in reversed(walk.encoded)]
        waiting += [task for task in inner if task]
    return structure


@dataclass(frozen=True, slots=True)
class _Passing:
    """The text that is being passed over."""

    part: str
    role: str
    entity: Entity
    section: Section | None = None
    alternative: str = ""


class _Walk:
    """One pass over one region."""

    def __init__(self, structure: Structure, limits: ReadLimits, task: Task, doubts: Doubts) -> None:
        self._structure = structure
        self._limits = limits
        self._task = task
        self._source = task.source
        self._doubts = doubts
        self._open = OpenParts(task.mode, self._note)
        self._messages = 0  # message/rfc822 levels among the open ones
        self._passing = _Passing("", RAW, _PLAIN)
        self._text = 0  # where it begins
        self.encoded: list[tuple[Leaf, str, int]] = []

    def run(self) -> None:
        """Read the entity and everything in it."""
        task = self._task
        own = task.own or f"{task.path}.1".lstrip(".")
        if task.entity is None:
            self._begin(task.start, own, task.path, task.alternative, is_message=True)
        else:
            self._passing = _Passing(own, self._role(task.entity), task.entity, None, task.alternative)
            self._text = task.start
            if task.entity.is_multipart:
                self._open_multipart(task.entity, task.path)
        if self._open:
            self._pass_lines()
        self._finish(task.end)
        if any(not multipart.is_closed for multipart in self._open.above(0)):
            self._note("unterminated-multipart")
        self._close(0, task.end)

    def _pass_lines(self) -> None:
        octets = self._source.octets
        is_strict = self._task.mode == STRICT
        for found in (_STRICT_DASHES if is_strict else _DASHES).finditer(octets, self._text, self._task.end):
            at = found.start()
            if at < self._text or (at and octets[at - 1] not in (0x0A, 0x0D)):
                continue
            delimiter = self._open.find(found[1])
            if delimiter:
                if at and octets[at - 1] == 0x0D and not is_strict:
                    self._open[delimiter[0]].has_bare_cr = True
                self._at_delimiter(at, found.end(), *delimiter)

    def _at_delimiter(self, start: int, end: int, level: int, closes: bool) -> None:
        before = self._before_line_end(start)
        self._finish(before)
        multipart = self._open[level]
        for inner in self._open.above(level + 1):
            if not inner.is_closed:
                inner.is_cut = True
                self._note("unterminated-multipart")
        if len(self._open) > level + 1:
            self._close(level + 1, before)
        if closes:
            multipart.is_closed = True
            self._passing, self._text = _Passing(multipart.own, RAW, _PLAIN, None, multipart.alternative), end
            return
        multipart.children += 1
        path = f"{multipart.path}.{multipart.children}".lstrip(".")
        self._begin(after_line_end(self._source.octets, end), path, path, multipart.label(), is_message=False)

    def _begin(self, start: int, own: str, prefix: str, alternative: str, *, is_message: bool) -> None:
        """Read the header section at `start` and what it makes of the text that follows."""
        end = self._task.end
        while True:
            if not self._structure.count(self._task.reading, self._limits.mime_parts):
                self._note("too-many-parts")
                return self._stop(own, start)
            section = read_section(self._source.octets, start, end, self._limits, self._open.find)
            section, entity = self._describe(section, start)
            if not is_message and self._open and self._open[-1].is_digest and not section.values("content-type"):
                entity = replace(entity, types=("message/rfc822",))  # RFC 2046 §5.1.5
            reading = self._reading()
            self._take(Header(prefix or "0", self._source, section, is_message, reading, alternative), entity)
            self._passing = _Passing(own, self._role(entity), entity, section, alternative)
            self._text = section.body
            if entity.filenames and (entity.is_multipart or entity.is_message):
                names = Entity(filenames=entity.filenames)  # what has parts is no leaf, but its name is read
                at, chain = section.body, self._source.chain
                self._structure.add(Leaf(own, ATTACHMENT, self._source, at, at, names, reading, alternative, chain))
            for stray in section.stray:
                self._structure.add(Leaf(own, RAW, self._source, *stray, _PLAIN, reading, alternative, self._source.chain))
            if entity.is_multipart:
                return self._open_multipart(entity, prefix)
            if not entity.is_message or entity.encodings[0] != IDENTITY:
                return None
            if self._depth() >= self._limits.mime_depth:
                self._note("too-deep")
                return None
            self._messages += 1
            start, own, prefix, is_message = section.body, f"{own}.1", own, True

    def _describe(self, section: Section, start: int) -> tuple[Section, Entity]:
        """The section and what it says; the fields before it count if this pass goes on with an interrupted header."""
        extra = self._task.extra
        if extra is None or start != self._task.start:
            entity = read_entity(section, self._limits)
        else:
            joined = replace(section, fields=[*extra.fields, *section.fields], conditions=("header-in-body",))
            entity = read_entity(joined, self._limits)
        if entity.is_multipart and section.stray:
            self._end_at_delimiter(section, entity)
        return section, entity

    def _end_at_delimiter(self, section: Section, entity: Entity) -> None:
        """Without a blank line the first delimiter of the multipart itself ends its header."""
        octets = self._source.octets
        for start, end in section.stray:
            for found in _DASHES.finditer(octets, start, end):
                if found[1].rstrip(b" \t\0") in entity.boundaries:
                    section.body = found.start()
                    section.stray = [stray for stray in section.stray if stray[1] <= found.start()]
                    return

    def _open_multipart(self, entity: Entity, prefix: str) -> None:
        passing = self._passing
        boundaries = entity.boundaries or self._guess()
        self._passing = replace(passing, role=RAW, entity=Entity(encodings=entity.encodings))
        if self._depth() >= self._limits.mime_depth:
            self._note("too-deep")
            return
        is_sure = entity.is_boundary_sure and self._reading() == SURE
        multipart = Multipart(
            boundaries, prefix, passing.part, self._text, entity, passing.section, passing.alternative,
            is_digest="multipart/digest" in entity.types, is_sure=is_sure,
        )  # fmt: skip
        self._open.push(multipart)

    def _guess(self) -> tuple[bytes, ...]:
        """The boundary that a multipart did not name: the first line that looks like a delimiter."""
        self._note("missing-boundary")
        return self._doubts.guess(self._source.octets, self._text, self._task.end)

    def _reading(self) -> str:
        """How sure it is that a reader sees what is being passed over."""
        return AMBIGUOUS if self._open and not self._open[-1].is_sure else self._task.reading

    def _depth(self) -> int:
        return self._task.depth + self._messages + len(self._open)

    def _stop(self, own: str, start: int) -> None:
        """Everything from here on is one raw leaf."""
        self._passing, self._text = _Passing(own, RAW, _PLAIN), start
        self._open.forget()

    def _close(self, level: int, end: int) -> None:
        """The multiparts from this level on end here."""
        for multipart in reversed(self._open.above(level)):
            if not multipart.children and multipart.boundaries:
                self._note("no-delimiter")
            self._doubts.about_multipart(multipart, self._task, end, self._task.depth + level)
        self._open.cut(level)

    def _finish(self, end: int) -> None:
        """The text being passed over ends here."""
        passing = self._passing
        start, end = self._text, max(end, self._text)
        leaf = Leaf(
            passing.part, passing.role, self._source, start, end, passing.entity, self._reading(), passing.alternative,
            self._source.chain,
        )
        entity = passing.entity
        if passing.role != RAW and entity.is_message and entity.encodings[0] != IDENTITY:
            encoding = entity.encodings[0]
            self.encoded.append((leaf, encoding, self._depth() + 1))
        elif end > start or entity.filenames:
            self._structure.add(leaf)
        if passing.role != RAW and passing.section is not None:
            if entity.is_report and not entity.is_message:
                self._read_report(leaf)
            self._doubts.about_leaf(leaf, passing.section, self._task, self._depth())
        elif end > start and passing.part:
            self._doubts.about_raw(leaf, self._task, self._depth())
        self._passing = _Passing("", RAW, _PLAIN)

    def _read_report(self, leaf: Leaf) -> None:
        """A part that consists of fields, in groups: what they say is text like that of header sections."""
        at, blocks = leaf.start, 0
        while at < leaf.end and blocks < _REPORT_BLOCKS:
            section = read_section(self._source.octets, at, leaf.end, self._limits)
            if section.fields:
                header = Header(leaf.part, self._source, section, True, leaf.reading, leaf.alternative)
                self._structure.headers.append(header)
            if section.body <= at:
                return
            at, blocks = section.body, blocks + 1

    def _take(self, header: Header, entity: Entity) -> None:
        self._structure.add_header(header)
        for condition in (*header.section.conditions, *entity.conditions):
            self._note(condition)

    def _role(self, entity: Entity) -> str:
        return BODY if entity.is_shown else ATTACHMENT

    def _note(self, condition: str) -> None:
        if self._task.reading == SURE or condition in _LIMITS:
            self._structure.conditions[condition] = None

    def _before_line_end(self, at: int) -> int:
        """The line end before a delimiter belongs to it (RFC 2046 §5.1.1)."""
        octets = self._source.octets
        at -= at > 0 and octets[at - 1] in (0x0A, 0x0D)
        return at - (at > 0 and octets[at - 1] == 0x0D and octets[at : at + 1] == b"\n")
