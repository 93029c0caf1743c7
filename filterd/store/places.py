"""Where messages lie: paths, as they were given, to a `Place` for each message, lazily and in a steady order.

Every regular file is a message, or an mbox if it begins as one. In a directory names are taken in order, and of a Maildir
(a directory with `cur` and `new`) only what lies in those two and in its folders. Links to directories are not followed
below a directory that was given, so that no circle can form.
"""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from filterd.store.mbox import message_spans

STDIN = "-"
_MAILDIR = {"cur", "new"}
_COPY_OCTETS = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """One message: octets `start` to `end` of the file (`end` -1: to the file's end).

    `number` counts from 1 where a file holds several. What came through a pipe is read from the file it was `copied` to.
    """

    file: str
    start: int = 0
    end: int = -1
    number: int = 0
    is_mbox: bool = False
    copied: str = ""

    @property
    def opened(self) -> str:
        """The file to read."""
        return self.copied or self.file

    @property
    def path(self) -> str:
        """What people and programs are told: `FILE`, or `FILE#N` in an mbox of several messages."""
        return f"{self.file}#{self.number}" if self.number else self.file


@dataclass(frozen=True, slots=True)
class Trouble:
    """A path that could not be read."""

    path: str
    what: str
    cure: str


def places(paths: Iterable[str]) -> Iterator[Place | Trouble]:
    """Every message at these paths; what cannot be read is a `Trouble` in its place."""
    for file in files(paths):
        if isinstance(file, Trouble):
            yield file
            continue
        try:
            yield from _in_stream(file) if _is_stream(file) else _in_file(file)
        except OSError as error:
            yield trouble(file, error)


def files(paths: Iterable[str]) -> Iterator[str | Trouble]:
    """Every file at these paths, unopened; `-` stands for itself."""
    for path in paths:
        try:
            mode = os.stat(path).st_mode if path != STDIN else stat.S_IFIFO
            if stat.S_ISDIR(mode):
                yield from _in_directory(path)
            elif stat.S_ISREG(mode) or stat.S_ISFIFO(mode):
                yield path
            else:
                yield Trouble(path, "is neither a file nor a directory", "give a message, an mbox, a Maildir, a directory")
        except OSError as error:
            yield trouble(path, error)
        except ValueError:  # a NUL in the name
            yield Trouble(path, "cannot be the name of a file", "correct the path")


def total_octets(paths: Iterable[str]) -> int:
    """All that is to be read there, as far as it can be known beforehand."""
    return sum(os.stat(file).st_size for file in files(paths) if isinstance(file, str) and os.path.isfile(file))


def _is_stream(path: str) -> bool:
    return path == STDIN or (os.path.exists(path) and stat.S_ISFIFO(os.stat(path).st_mode))


def trouble(path: str, error: OSError) -> Trouble:
    """What the system said, and what helps."""
    cures = {
        FileNotFoundError: "correct the path; `-` is standard input",
        PermissionError: "run filterd as a user who may read it",
    }
    cure = next((cure for kind, cure in cures.items() if isinstance(error, kind)), "see to the disk or the path")
    return Trouble(path, f"cannot be read ({error.strerror or error})", cure)


def _in_directory(path: str) -> Iterator[str | Trouble]:
    waiting = [path]
    while waiting:
        folder = waiting.pop()
        try:
            entries = _listed(folder)
            folders = {entry.name: entry.path for entry in entries if entry.is_dir(follow_symlinks=False)}
            if is_maildir := folders.keys() >= _MAILDIR:
                entries = _in_maildir(folder)  # what lies beside cur and new are notes of programs
        except OSError as error:
            yield trouble(folder, error)
            continue
        left_out = {"cur", "new", "tmp"} if is_maildir else set()
        waiting += [path for name, path in reversed(folders.items()) if name not in left_out]
        yield from (found for entry in entries for found in _entry(entry))


def _listed(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        return sorted(found, key=lambda entry: entry.name)


def _in_maildir(folder: str) -> list[os.DirEntry[str]]:
    """Every message, `new` before `cur`: one that moves meanwhile is seen in both rather than in neither, and taken once."""
    messages: dict[str, os.DirEntry[str]] = {}
    for entry in (*_listed(os.path.join(folder, "new")), *_listed(os.path.join(folder, "cur"))):
        messages[entry.name.partition(":")[0]] = entry
    return list(messages.values())


def _entry(entry: os.DirEntry[str]) -> Iterator[str | Trouble]:
    """What a directory holds besides directories; sockets, pipes and devices are no mail."""
    try:
        if entry.is_file():
            yield entry.path
        elif entry.is_symlink() and not os.path.exists(entry.path):
            yield Trouble(entry.path, "is a link that leads nowhere", "mend it or take it away")
    except OSError as error:
        yield trouble(entry.path, error)


def open_file(path: str) -> int:
    """A descriptor to read mail. In a Maildir that is in use a message is renamed when it is looked at: it is followed."""
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        return os.open(path, flags)
    except FileNotFoundError:
        if renamed := _renamed(path):
            return os.open(renamed, flags)
        raise


def _renamed(path: str) -> str:
    """Where the message went: from `new` to `cur`, or to other flags behind the `:` of its name."""
    folder, name = os.path.split(path)
    maildir, kind = os.path.split(folder)
    unique = name.partition(":")[0]
    cur = os.path.join(maildir, "cur")
    if kind not in ("cur", "new") or not os.path.isdir(cur):
        return ""
    with os.scandir(cur) as found:
        return next((entry.path for entry in found if entry.name.partition(":")[0] == unique), "")


def _in_file(path: str) -> Iterator[Place | Trouble]:
    descriptor = open_file(path)
    try:
        if os.pread(descriptor, 5, 0) != b"From ":
            yield Place(path)
            return
        yield from _in_mbox(Place(path), descriptor)
    finally:
        os.close(descriptor)


def _in_mbox(whole: Place, descriptor: int) -> Iterator[Place]:
    """The messages of a file that begins like an mbox. One that has only one message is not numbered."""
    number, before = 0, None
    for span in message_spans(lambda offset, size: os.pread(descriptor, size, offset)):
        if before:
            number += 1
            yield Place(whole.file, *before, number, True, whole.copied)
        before = span
    if before is None:
        yield whole
    else:
        yield Place(whole.file, *before, number + 1 if number else 0, True, whole.copied)


def _in_stream(name: str) -> Iterator[Place]:
    """What comes through a pipe may be larger than memory: it is copied to a file that has no name."""
    stream = sys.stdin.fileno() if name == STDIN else os.open(name, os.O_RDONLY | os.O_CLOEXEC)
    with tempfile.TemporaryFile(buffering=0) as copy:
        while block := os.read(stream, _COPY_OCTETS):
            copy.write(block)
        descriptor = os.dup(copy.fileno())  # stays open: the messages are read later
    whole = Place(name, copied=f"/proc/{os.getpid()}/fd/{descriptor}")  # by processes that may be there already
    if os.pread(descriptor, 5, 0) == b"From ":
        yield from _in_mbox(whole, descriptor)
    else:
        yield whole
