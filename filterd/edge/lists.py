"""From a configuration to an engine: reads the lists, and nothing else; no name is looked up, no socket opened.

What judges mail offline and what serves it are made here alike. Raises `ConfigError` with every mistake it found.
"""

from __future__ import annotations

import functools
import gc
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import ParamSpec, TypeVar

from filterd.config import Config, ConfigError, Mistake, schema
from filterd.edge.innocent import innocent_words
from filterd.engine import Engine
from filterd.mail.limits import ReadLimits
from filterd.policy.content import ContentSettings
from filterd.words.guard import Guard, needs_guard
from filterd.words.matcher import wordlist_terms
from filterd.words.wordlist import Wordlist, WordlistError, parse_wordlist

LIST_OCTETS = 64 * 1024 * 1024
P = ParamSpec("P")
R = TypeVar("R")


def without_collecting(function: Callable[P, R]) -> Callable[P, R]:
    """Millions of new objects, none of them garbage: looking for it again and again would take a third of the time."""

    @functools.wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        collects = gc.isenabled()
        gc.disable()
        try:
            return function(*args, **kwargs)
        finally:
            if collects:
                gc.enable()

    return called


@dataclass(frozen=True, slots=True)
class ListFile:
    """One list as it was read; `others` are the files it names, by path, once it was parsed."""

    settings: schema.Wordlist
    octets: bytes
    others: dict[str, bytes] = field(default_factory=dict)

    def load(self, path: str) -> bytes:
        """A file that the list names. Raises OSError."""
        self.others[path] = octets = read_regular_file(path)
        return octets


def read_lists(wordlists: list[schema.Wordlist]) -> list[ListFile]:
    """Every list file; all that cannot be read are told at once."""
    files: list[ListFile] = []
    mistakes: list[Mistake] = []
    for wordlist in wordlists:
        try:
            files.append(ListFile(wordlist, read_regular_file(wordlist.file)))
        except OSError as trouble:
            what = f"cannot be read ({trouble.strerror or trouble})"
            mistakes.append(Mistake(wordlist.file, 0, "", what, "give filterd a complete file that it may read"))
    if mistakes:
        raise ConfigError(mistakes)
    return files


@without_collecting
def parse_lists(config: Config, files: list[ListFile]) -> list[Wordlist]:
    """Every list; all mistakes in all of them are told at once."""
    wordlists: list[Wordlist] = []
    mistakes: list[Mistake] = []
    for file in files:
        try:
            wordlists.append(parse_list(config, file))
        except WordlistError as error:
            mistakes += [Mistake(found.file, found.line, "", found.what, found.cure) for found in error.mistakes]
    if mistakes:
        raise ConfigError(mistakes)
    return wordlists


def parse_list(config: Config, file: ListFile) -> Wordlist:
    """One list as it is configured. Raises `WordlistError`."""
    given = file.settings
    return parse_wordlist(
        file.octets,
        name=given.name,
        file=given.file,
        action=given.action or config.content.action,
        level=given.level or config.content.level,
        areas=tuple(area.lower() for area in given.areas),
        first_lines=given.first_lines,
        load=file.load,
        actions=given.thresholds,
        mode="watch" if config.content.mode == "watch" else given.mode or "enforce",
    )


def read_regular_file(path: str) -> bytes:
    """The whole file. Pipes and devices, which could keep us waiting, and files being written are refused."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise OSError(0, "not a regular file")
        if before.st_size > LIST_OCTETS:
            raise OSError(0, f"larger than {LIST_OCTETS} octets")
        octets = file.read(LIST_OCTETS + 1)
        if _look(os.fstat(descriptor)) != _look(before) or len(octets) != before.st_size:
            raise OSError(0, "changed while it was read")
    return octets


def _look(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns


@without_collecting
def make_engine(
    config: Config, wordlists: list[Wordlist], *, today: date | None = None, reveal: bool = False, generation: str = ""
) -> Engine:
    """The engine of this configuration, as lists stand `today`; `reveal` shows what confidential ones find.

    `generation` is what it calls itself in X-Filterd.
    """
    content, limits = config.content, config.limits
    return Engine(
        wordlists,
        ContentSettings(
            unscannable=content.unscannable,
            header=content.header,
            received_fields=limits.received_fields,
            hits=limits.hits,
            reveal=reveal,
            generation=generation,
        ),
        read_limits(config),
        today,
        guard_of(wordlists),
    )


def guard_of(wordlists: list[Wordlist]) -> Guard | None:
    """With all innocent words, read now, where an entry may need them."""
    terms = (term for wordlist in wordlists for term in wordlist_terms(wordlist))
    if not any(map(needs_guard, terms)):
        return None
    innocent = innocent_words()
    innocent.load()
    return Guard(innocent)


def read_limits(config: Config) -> ReadLimits:
    """How far a message is read."""
    limits = config.limits
    return ReadLimits(
        header_octets=limits.header_octets,
        header_fields=limits.header_fields,
        mime_depth=limits.mime_depth,
        mime_parts=limits.mime_parts,
    )
