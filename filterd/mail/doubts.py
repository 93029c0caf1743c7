"""Second readings of a structure: what other parsers could make of the same octets.

Each is a leaf or a pass of its own, marked AMBIGUOUS. They add up, never multiply: none is made twice, and all together
may cover twice the message; then the condition `over-budget` tells.
"""

from __future__ import annotations

import re
from dataclasses import replace

from filterd.mail.cms import PIECES as _PIECES
from filterd.mail.cms import signed_source
from filterd.mail.decode import BASE64, IDENTITY, Buffer, looks_base64
from filterd.mail.entity import Entity
from filterd.mail.fields import Section
from filterd.mail.limits import ReadLimits
from filterd.mail.slices import AMBIGUOUS
from filterd.mail.source import Source, decoded
from filterd.mail.structure import BODY, LENIENT, RAW, STRICT, USUAL, Leaf, Multipart, Structure, Task

_FLOOR = 64 * 1024  # small messages may be read more often
_SHARE = 2
_GUESSED = 4096  # octets in which an undeclared boundary is looked for
_CONTINUED = 1024  # and the rest of an interrupted header
_DELIMITER = re.compile(rb"(?:\A|(?<=[\r\n]))--([^\r\n]+)")
# (What stands in front is looked at behind the dashes, so that the search begins with octets it can jump to.)
_PART = re.compile(rb"--(?<![^\r\n]--)([^\r\n]+)(?:\r{0,2}\n|\r)[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[A-Za-z]")
_CUTS = 2  # multiparts without end that are read on
_INTERRUPTIONS = 3  # of one header
_BLANK = re.compile(rb"[\0-\x20]*")
_FIRST_FIELD = re.compile(rb"[\0-\x20]*[!-9;-~]{1,60}[ \t]*:")
_FIELD_ABOUT_BODY = re.compile(rb"(?:\A|[\r\n])[\0-\x20]?content-t(?:ype|ransfer-encoding)[ \t\0]*:", re.IGNORECASE)
_MULTIPART = ("multipart/mixed",)
_MESSAGE = ("message/rfc822",)


def has_parts(octets: Buffer, start: int, end: int) -> bytes:
    """The boundary of a text that looks like a multipart: a delimiter with a field behind it."""
    at = octets.find(b"--", start, min(end, start + _GUESSED))
    if at < 0:
        return b""
    found = _PART.findall(octets[at : min(end, at + _GUESSED)])
    return next((name.rstrip(b" \t") for name in found if name.strip(b"- \t")), b"")


def continues_header(sample: bytes) -> bool:
    """Does a body begin with what looks like the rest of its header?"""
    return b"ontent-" in sample and bool(_FIRST_FIELD.match(sample)) and bool(_FIELD_ABOUT_BODY.search(sample))


class Doubts:
    """What is still to be read again."""

    def __init__(self, structure: Structure, limits: ReadLimits, size: int) -> None:
        self._structure = structure
        self._limits = limits
        self._left = _SHARE * size + _FLOOR
        self._decoded = _SHARE * size + _FLOOR  # what is base64 in base64 in … shrinks by a quarter each time
        self._tasks: list[Task] = []
        self._seen: set[tuple[object, ...]] = set()
        self._sources: dict[tuple[int, int, int, str], Source] = {}
        self._taken = 0
        self._cuts = 0

    def next(self) -> Task | None:
        """The next pass, in the order they were asked for."""
        if self._taken >= len(self._tasks):
            return None
        self._taken += 1
        return self._tasks[self._taken - 1]

    def guess(self, octets: Buffer, start: int, end: int) -> tuple[bytes, ...]:
        """The boundary that nobody declared: the first line that looks like a delimiter."""
        found = _DELIMITER.search(octets[start : min(start + _GUESSED, end)])
        return (found[1].rstrip(b" \t"),) if found else ()

    def decode(self, leaf: Leaf, encoding: str, depth: int) -> Task | None:
        """A pass over the message in an encoded leaf (RFC 2046 §5.2.1 forbids it, clients open it)."""
        if encoding == BASE64 and not looks_base64(leaf.source.octets[leaf.start : min(leaf.end, leaf.start + 4096)]):
            self._structure.add(replace(leaf, role=RAW, entity=Entity()))
        inner = self._decoded_source(leaf.source, leaf.start, leaf.end, encoding)
        if inner is None or depth > self._limits.mime_depth:
            self._structure.conditions["too-deep" if inner else "over-budget"] = None
            self._structure.add(leaf)
            return None
        path = leaf.part
        return Task(inner, 0, len(inner.octets), path, depth, reading=leaf.reading, alternative=leaf.alternative)

    def about_leaf(self, leaf: Leaf, section: Section, task: Task, depth: int) -> None:
        """What else this leaf could be."""
        entity, octets = leaf.entity, leaf.source.octets
        if section.breaks:
            self._breaks(section, leaf.end, replace(leaf, entity=_loose(entity)))
        sample = octets[leaf.start : min(leaf.end, leaf.start + _CONTINUED)]
        if continues_header(sample):
            self._continue(leaf, section, task, depth)
        if entity.is_multipart:
            return
        boundary = has_parts(octets, leaf.start, leaf.end) if entity.is_text or entity.is_vague else b""
        if boundary or entity.boundaries:
            self._note("text-on-multipart" if boundary else "boundary-on-leaf")
            boundaries = entity.boundaries or (boundary,)
            self._ask(self._again(leaf, task, depth, replace(entity, types=_MULTIPART, boundaries=boundaries)))
        if entity.is_perhaps_message and (not entity.is_message or entity.encodings != (IDENTITY,)):
            self._as_message(leaf, task, depth)
        if entity.is_signed:
            self._as_signed(leaf, task, depth)

    def about_raw(self, leaf: Leaf, task: Task, depth: int) -> None:
        """An entity in front of the first part or behind the last one."""
        if continues_header(leaf.source.octets[leaf.start : min(leaf.end, leaf.start + _CONTINUED)]):
            self._note("header-in-body")
            start = leaf.start + len(_BLANK.match(leaf.source.octets, leaf.start, leaf.end).group())  # type: ignore[union-attr]
            self._ask(replace(self._again(leaf, task, depth), start=start))

    def _continue(self, leaf: Leaf, section: Section, task: Task, depth: int) -> None:
        """A header that goes on behind a blank line."""
        self._note("header-in-body")
        if task.interruptions < _INTERRUPTIONS:
            if task.extra is not None:
                section = replace(section, fields=[*task.extra.fields, *section.fields])
            again = self._again(leaf, task, depth)
            self._ask(replace(again, extra=section, interruptions=task.interruptions + 1))

    def about_multipart(self, multipart: Multipart, task: Task, end: int, depth: int) -> None:
        """What else a multipart could be, now that it ended."""
        entity, start = multipart.entity, multipart.start
        if multipart.is_ordinary():
            return
        leaf = Leaf(
            multipart.own, BODY, task.source, start, end, _as_text(entity), AMBIGUOUS, multipart.alternative,
            task.source.chain,
        )  # fmt: skip
        if multipart.section is not None:
            self._breaks(multipart.section, end, leaf)
            sample = task.source.octets[start : min(end, start + _CONTINUED)]
            if not multipart.children and continues_header(sample):
                self._continue(leaf, multipart.section, task, depth)
        others = tuple(media for media in entity.types if not media.startswith("multipart/"))
        if others or not multipart.children:
            self._structure.add(replace(leaf, entity=replace(leaf.entity, types=others or leaf.entity.types)))
        again = replace(self._again(leaf, task, depth, entity), path=multipart.path)
        if not multipart.children:
            boundaries = self.guess(task.source.octets, start, end)
            if boundaries and boundaries[0] not in multipart.boundaries:
                self._ask(replace(again, entity=replace(entity, boundaries=boundaries)))
        self._modes(multipart, again, task.end)
        for encoding in entity.encodings:
            if encoding != IDENTITY:
                self._encoded_multipart(multipart, again, encoding)

    def _modes(self, multipart: Multipart, again: Task, task_end: int) -> None:
        """The same multipart as stricter or more lenient parsers delimit it."""
        if multipart.has_prefix and again.mode == USUAL:
            self._note("boundary-prefix")
            self._ask(replace(again, mode=LENIENT))
        if multipart.has_bare_cr and again.mode == USUAL:
            self._note("bare-cr")
            self._ask(replace(again, mode=STRICT))
        if multipart.is_cut and self._cuts < _CUTS:  # to some parsers only the innermost boundary counts
            self._cuts += 1
            self._ask(replace(again, end=task_end))
        if len(multipart.seen) > 1:
            for boundary in multipart.seen[:4]:
                self._ask(replace(again, entity=replace(multipart.entity, boundaries=(boundary,))))

    def _encoded_multipart(self, multipart: Multipart, again: Task, encoding: str) -> None:
        """RFC 2045 §6.4 forbids it; some clients decode it all the same."""
        self._note("encoded-multipart")
        if encoding == BASE64 and not looks_base64(again.source.octets[again.start : min(again.end, again.start + 256)]):
            return
        inner = self._decoded_source(again.source, again.start, again.end, encoding)
        if inner is None or again.depth >= self._limits.mime_depth:
            self._note("over-budget" if inner is None else "too-deep")
            return
        plain = replace(multipart.entity, encodings=(IDENTITY,))
        self._ask(replace(again, source=inner, start=0, end=len(inner.octets), entity=plain, depth=again.depth + 1))

    def _as_message(self, leaf: Leaf, task: Task, depth: int) -> None:
        """An attached file or an odd type that clients open as a message."""
        encodings = leaf.entity.encodings
        for encoding in encodings:
            if encoding == IDENTITY:
                self._ask(replace(self._again(leaf, task, depth + 1), path=leaf.part, own=""))
            elif not leaf.entity.is_message or encoding != encodings[0]:
                inner = self._decoded_source(leaf.source, leaf.start, leaf.end, encoding)
                if inner is None:
                    self._note("over-budget")
                elif depth < self._limits.mime_depth:
                    self._ask(replace(self._again(leaf, task, depth + 1), source=inner, start=0, end=len(inner.octets),
                                      path=leaf.part, own=""))  # fmt: skip

    def _as_signed(self, leaf: Leaf, task: Task, depth: int) -> None:
        """The message inside a signed one."""
        for encoding in leaf.entity.encodings:
            inner = self._decoded_source(leaf.source, leaf.start, leaf.end, encoding)
            signed = signed_source(inner) if inner else None
            if inner is None or (signed and len(signed.stretches) > _PIECES):
                self._note("over-budget")
            elif signed and depth < self._limits.mime_depth:
                self._ask(replace(self._again(leaf, task, depth + 1), source=signed, start=0, end=len(signed.octets),
                                  path=leaf.part, own=""))  # fmt: skip
                if leaf.entity.is_only_signed:
                    self._structure.empty(leaf)
            elif signed:
                self._note("too-deep")

    def _breaks(self, section: Section, end: int, leaf: Leaf) -> None:
        """Places in the header where the body could begin already."""
        for start in section.breaks:
            if start < leaf.start and start < end:
                self._structure.add(replace(leaf, start=start, end=end, reading=AMBIGUOUS))

    def _again(self, leaf: Leaf, task: Task, depth: int, entity: Entity | None = None) -> Task:
        path = leaf.part if task.path or "." in leaf.part or leaf.part != "1" else ""
        return Task(
            leaf.source, leaf.start, leaf.end, path, depth, leaf.part, entity, None, 0, task.mode, AMBIGUOUS, leaf.alternative
        )

    def _ask(self, task: Task) -> None:
        entity = task.entity
        key = (
            id(task.source), task.start, task.end, task.mode, task.extra is None,
            entity and (entity.types, entity.boundaries, entity.encodings),
        )  # fmt: skip
        if key in self._seen:
            return
        self._seen.add(key)
        self._left -= task.end - task.start
        if self._left < 0:
            self._note("over-budget")
        else:
            self._tasks.append(task)

    def _decoded_source(self, source: Source, start: int, end: int, encoding: str) -> Source | None:
        key = id(source), start, end, encoding
        if key not in self._sources:
            if self._decoded < 0:
                return None
            self._sources[key] = decoded(source, start, end, encoding)
            self._decoded -= len(self._sources[key].octets)
        return self._sources[key]

    def _note(self, condition: str) -> None:
        self._structure.conditions[condition] = None


def _loose(entity: Entity) -> Entity:
    """The same body with a header that was not read to its end."""
    encodings = tuple(dict.fromkeys((*entity.encodings, IDENTITY)))
    return replace(entity, encodings=encodings, is_encoding_sure=False, is_type_sure=False, filenames=())


def _as_text(entity: Entity) -> Entity:
    """A multipart taken for a text."""
    return replace(_loose(entity), types=("text/plain",), boundaries=())
