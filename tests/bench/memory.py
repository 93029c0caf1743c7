"""Memory of one large message and of many idle sessions, and how long others wait while a large message is there."""

from __future__ import annotations

import contextlib
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.client import Client
from tests.bench.processes import memory, memory_files, watched
from tests.bench.programs import HOST, Subject
from tests.support.processes import program, wait_for

PROBES = 4  # sessions beside the large message: some of them live in the worker that has it in hand


@dataclass
class Large:
    """What one large message did."""

    subject: str
    sample: str
    octets: int
    seconds: float = 0.0
    total: int = 0  # octets above idle, all processes together, memory files included
    processes: list[int] = field(default_factory=list)  # octets above idle, one number a process
    wait: float = 0.0  # longest time that any reply to another session took
    wait_alone: float = 0.0  # the same without the large message, just as long


@dataclass
class Idle:
    """What many idle sessions cost."""

    subject: str
    sessions: int
    octets: int  # above what it had before them


def large(subject: Subject, name: str, path: Path, small: bytes) -> Large:
    """Sent twice: once to see the memory, once to see the others wait (looking at memory takes time too)."""
    found = Large(subject.name, name, path.stat().st_size)
    _warm(subject, small)
    with watched(subject.pids) as peak:
        found.seconds = _send(subject, path)
    found.total, found.processes = peak.total, list(peak.above.values())
    with _probing(subject, small) as probes:
        _send(subject, path)
    found.wait = probes.longest
    with _probing(subject, small) as probes:
        time.sleep(max(found.seconds, 1))
    found.wait_alone = probes.longest
    return found


def _warm(subject: Subject, small: bytes) -> None:
    """Small messages on several sessions at once, so that every worker has done its first one."""
    with contextlib.ExitStack() as stack:
        for client in [stack.enter_context(Client(subject.port)) for _ in range(16)]:
            client.message(small)


def idle(subject: Subject, sessions: int, small: bytes) -> Idle:
    """Sessions that said EHLO and then nothing."""
    _warm(subject, small)
    pids = subject.pids

    def used() -> int:
        return sum(map(memory, pids)) + memory_files(pids)

    before = used()
    with contextlib.ExitStack() as stack:
        for _ in range(sessions):
            stack.enter_context(Client(subject.port))
        found = Idle(subject.name, sessions, used() - before)
    wait_for("the idle sessions to be gone", lambda: _established(subject.port) == 0, 30)
    return found


def _established(port: int) -> int:
    rows = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return sum(1 for row in rows if row.split()[1].endswith(f":{port:04X}") and row.split()[3] == "01")


def _send(subject: Subject, path: Path) -> float:
    addresses = ("-f", "a@example.net", "-t", "b@example.org")
    command = [program("smtp-source"), "-4", "-m", "1", "-F", str(path), *addresses, f"{HOST}:{subject.port}"]
    begun = time.perf_counter()
    subprocess.run(command, check=True, timeout=300)
    return time.perf_counter() - begun


class _probing:
    """Other sessions, each sending a small message every few milliseconds, for the time of a `with` block."""

    def __init__(self, subject: Subject, small: bytes) -> None:
        self._clients = [Client(subject.port) for _ in range(PROBES)]
        self._small = small
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(client,)) for client in self._clients]
        self.longest = 0.0

    def _run(self, client: Client) -> None:
        while not self._ended.is_set():
            client.message(self._small)
            time.sleep(0.005)

    def __enter__(self) -> _probing:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()
        self.longest = max(client.longest for client in self._clients)
        for client in self._clients:
            client.quit()
