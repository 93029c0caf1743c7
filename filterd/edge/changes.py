"""Which files changed: those that a generation was made of are looked at about once a second, and told when they rest.

Looking (stat) beats being told (inotify) here: a handful of files, and nothing to get wrong with renames, symbolic links
that are swapped in a folder above (as Kubernetes does), files that are missing for a while, or network file systems.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable

LOOK_SECONDS = 1.0
QUIET_SECONDS = 1.0  # an editor or a copy writes more than once
TICK = 10_000_000  # nanoseconds; a file system's clock stands still for one tick of the kernel
Look = tuple[object, ...]
MISSING: Look = ("missing",)
UNSURE: Look = ("unsure",)  # written while it was read: never equal to what is seen later


def look(path: str) -> Look:
    """All that changes when a file is written, replaced, or found in another place; equal as long as nothing did."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return MISSING
    return os.path.realpath(path), status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


class Changes:
    """The files in use, as they were when they were read: `begin`, read them, `settle`."""

    def __init__(self) -> None:
        self._used: dict[str, Look] = {}
        self._seen: dict[str, Look] = {}
        self._before: dict[str, Look] = {}
        self._since = 0
        self._looked = self._moved = 0.0

    def begin(self, files: Iterable[str]) -> None:
        """Before anything is read."""
        self._before, self._since = {}, time.time_ns()
        self.add(files)

    def add(self, files: Iterable[str]) -> None:
        """These will be read, too."""
        self._before |= {file: look(file) for file in files if file not in self._before}

    def disturbed(self) -> list[str]:
        """Files that were written or exchanged since `begin`: some may have been read before, others after that."""
        return [file for file, before in self._before.items() if look(file) != before]

    def settle(self, others: Iterable[str] = ()) -> None:
        """All were read, and `others`, not known before, which are trusted only if nobody wrote them meanwhile."""
        self._used = {file: _unless_written(file, self._since) for file in others} | self._before
        self._seen = dict(self._used)

    def are_due(self, now: float) -> bool:
        """Is something other than it was read, and has it been at rest for a while? `now`: monotonic seconds."""
        if now - self._looked < LOOK_SECONDS and self._looked:
            return False
        self._looked = now
        seen = {file: look(file) for file in self._used}
        if seen != self._seen:
            self._seen, self._moved = seen, now
            return False
        return seen != self._used and now - self._moved >= QUIET_SECONDS


def _unless_written(file: str, since: int) -> Look:
    found = look(file)
    return UNSURE if found == MISSING or not isinstance(found[-1], int) or found[-1] >= since - TICK else found
