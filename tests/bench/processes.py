"""What /proc knows of a family of processes: who belongs to it, how much memory is theirs, how long they computed."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def tree(root: int) -> list[int]:
    """The process and all its descendants."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(path.parent.name))
    found = [root]
    for pid in found:
        found.extend(sorted(children.get(pid, ())))
    return found


def memory(pid: int) -> int:
    """Octets of memory that are this process's share (PSS), and of nameless files it keeps in memory; 0 if it is gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def memory_files(pids: list[int]) -> int:
    """Octets in memory files (memfd) that the processes hold open, each file once: no share of PSS unless mapped."""
    seen: dict[int, int] = {}
    for pid in pids:
        with contextlib.suppress(OSError):
            for entry in os.scandir(f"/proc/{pid}/fd"):
                with contextlib.suppress(OSError):
                    if os.readlink(entry.path).startswith("/memfd:"):
                        status = os.stat(entry.path)
                        seen[status.st_ino] = status.st_blocks * 512
    return sum(seen.values())


def computed(pids: list[int]) -> float:
    """Seconds of processor time, user and system, of the processes that are there."""
    ticks = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICK


class Peak:
    """The most memory each process had while it was watched."""

    def __init__(self, pids: list[int]) -> None:
        self.pids = pids
        self.idle = {pid: memory(pid) for pid in pids}
        self.most = dict(self.idle)
        self.total = 0
        self.samples = 0

    @property
    def above(self) -> dict[int, int]:
        """By process: octets above what it had at the beginning."""
        return {pid: most - self.idle[pid] for pid, most in self.most.items()}

    def look(self) -> None:
        """One sample of all."""
        now = {pid: memory(pid) for pid in self.pids}
        for pid, octets in now.items():
            self.most[pid] = max(self.most[pid], octets)
        files = memory_files(self.pids)
        self.total = max(self.total, sum(now.values()) - sum(self.idle.values()) + files)
        self.samples += 1


@contextlib.contextmanager
def watched(pids: list[int], pause: float = 0.005) -> Iterator[Peak]:
    """Sample the processes' memory all the time of a `with` block."""
    peak = Peak(pids)
    ended = threading.Event()

    def sample() -> None:
        while not ended.is_set():
            peak.look()
            time.sleep(pause)

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield peak
    finally:
        ended.set()
        thread.join()
