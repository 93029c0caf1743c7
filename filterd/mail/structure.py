"""What a message consists of, and what is still to be looked at: the values that the MIME walk works with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from filterd.mail.decode import IDENTITY
from filterd.mail.entity import Entity
from filterd.mail.fields import Section
from filterd.mail.slices import SURE
from filterd.mail.source import Source

BODY, ATTACHMENT, RAW = "body", "attachment", "raw"
# How a pass takes delimiters: whole lines; also those with something behind the boundary; only those behind an LF.
USUAL, LENIENT, STRICT = "usual", "lenient", "strict"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part that has no parts. `start` and `end` are in `source`; `entity` says how to read it.

    `chain` is what was undone already to see it.
    """

    part: str
    role: str
    source: Source
    start: int
    end: int
    entity: Entity
    reading: str = SURE
    alternative: str = ""
    chain: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Header:
    """A header section; `is_message` for that of a message, which people see, not only of a part."""

    part: str
    source: Source
    section: Section
    is_message: bool
    reading: str = SURE
    alternative: str = ""


@dataclass(slots=True)
class Structure:
    """What a message consists of; `leaves` of sure reading, then `doubtful` ones."""

    headers: list[Header] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)
    doubtful: list[Leaf] = field(default_factory=list)
    conditions: dict[str, None] = field(default_factory=dict)  # in order, without repetition
    _counts: dict[str, int] = field(default_factory=dict)
    _seen: set[tuple[object, ...]] = field(default_factory=set)

    def count(self, reading: str, limit: int) -> bool:
        """One more header section is read; is that within the limit?"""
        self._counts[reading] = self._counts.get(reading, 0) + 1
        return self._counts[reading] <= limit

    def add(self, leaf: Leaf) -> None:
        """A leaf, unless the same was read the same way."""
        entity = leaf.entity
        key = (id(leaf.source), leaf.start, leaf.end, entity.types, entity.encodings, entity.codecs, leaf.role)
        if key in self._seen:
            return
        self._seen.add(key)
        (self.leaves if leaf.reading == SURE else self.doubtful).append(leaf)

    def empty(self, leaf: Leaf) -> None:
        """Of the leaf that was added last only its names are to be read: its octets are read as something else."""
        leaves = self.leaves if leaf.reading == SURE else self.doubtful
        if leaves and leaves[-1] is leaf:
            leaves[-1] = replace(leaf, end=leaf.start)

    def add_header(self, header: Header) -> None:
        """A header section; of one that was read already only what it gives in addition."""
        fields = header.section.fields
        key = (id(header.source), fields[0].start if fields else -1, len(fields), header.is_message)
        if header.reading != SURE and (not fields or key in self._seen):
            return
        self._seen.add(key)
        self.headers.append(header)


@dataclass(slots=True)
class Multipart:
    """An open multipart: its names, its place, and what was met in it."""

    boundaries: tuple[bytes, ...]
    path: str
    own: str
    start: int
    entity: Entity
    section: Section | None
    alternative: str = ""
    is_digest: bool = False
    is_sure: bool = True  # does every parser see these parts?
    children: int = 0
    is_closed: bool = False
    has_prefix: bool = False
    has_bare_cr: bool = False
    is_cut: bool = False  # ended by a delimiter of an outer one
    seen: list[bytes] = field(default_factory=list)  # boundaries that occurred

    def is_ordinary(self) -> bool:
        """Is there only one way to read it?"""
        is_plain = self.is_sure and not self.is_cut and not self.has_prefix and not self.has_bare_cr and len(self.seen) == 1
        is_whole = self.section is None or not self.section.breaks
        return is_plain and is_whole and self.children > 0 and self.entity.encodings == (IDENTITY,)

    def label(self) -> str:
        """Of the child being read: which branch of which alternatives it is in, outermost first."""
        own = f"{self.path or '0'}/{self.children}" if self.entity.is_alternative else ""
        return f"{self.alternative} {own}".strip()


@dataclass(slots=True)
class Task:
    """A region to be walked. With an `entity` that is read already, `start` is where its body begins.

    With `extra` the region begins with the rest of that header section, after so many `interruptions`.
    """

    source: Source
    start: int
    end: int
    path: str
    depth: int
    own: str = ""
    entity: Entity | None = None
    extra: Section | None = None
    interruptions: int = 0
    mode: str = USUAL
    reading: str = SURE
    alternative: str = ""
