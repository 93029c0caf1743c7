"""Ports, waiting and child processes: what every fixture that starts a real program needs.

Nothing here sleeps a fixed time: `wait_for` polls until a deadline, and every process is ended with its whole group.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2]
# Below the kernel's ephemeral range, so that no outgoing connection takes a port between choosing and listening; each
# process of a parallel run has a stretch of its own, and another run beside it begins elsewhere in it.
_SHARE = 11000 // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
_MINE = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_PORTS = itertools.count(21000 + _MINE * _SHARE + os.getppid() * 37 % (_SHARE // 2))


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nobody listens on now and that this process will not hand out again."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in _PORTS:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((host, port))
                return port
    raise AssertionError("no free port")


def wait_for(what: str, probe: Callable[[], T], seconds: float = 10.0) -> T:
    """The first true value of `probe`; fails naming `what` when the deadline passes."""
    deadline = time.monotonic() + seconds
    pause = 0.005
    while not (value := probe()):
        if time.monotonic() > deadline:
            pytest.fail(f"waited {seconds:g} s for {what}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)
    return value


def listening(port: int, host: str = "127.0.0.1") -> bool:
    """Does anybody accept connections there? Asked without connecting, since a connection may be what is tested."""
    table = Path("/proc/net/tcp6" if ":" in host else "/proc/net/tcp").read_text()
    return f":{port:04X} " in "".join(line.split()[1] + " " for line in table.splitlines()[1:] if line.split()[3] == "0A")


def program(name: str) -> str:
    """The path of a program; the test is skipped, naming it, where it is not installed."""
    path = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def need_root(what: str) -> None:
    """Skip, saying why, when the tests run as a plain user."""
    if os.geteuid() != 0:
        pytest.skip(f"{what} can only be started by root")


class Process:
    """A child in a process group of its own, its output in a file, ended with everything it started."""

    def __init__(self, arguments: list[str], log: Path, **options: object) -> None:
        self.log = log
        with log.open("ab") as output:
            self.child = subprocess.Popen(  # type: ignore[call-overload]
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **options,
            )

    @property
    def output(self) -> str:
        """All that it has written so far."""
        return self.log.read_text(errors="replace")

    def wait_listening(self, *ports: int, seconds: float = 20.0) -> None:
        """Wait until all the ports are listened on; fail at once, with the output, if the child has gone."""

        def ready() -> bool:
            if self.child.poll() is not None:
                end = "\n".join(self.output.splitlines()[-15:])
                pytest.fail(f"{self.child.args} ended with {self.child.returncode}:\n{end}", pytrace=False)
            return all(listening(port) for port in ports)

        wait_for(f"{self.child.args} to listen on {ports}", ready, seconds)

    def signal(self, number: int = signal.SIGTERM) -> None:
        """Send a signal to the child alone."""
        with contextlib.suppress(ProcessLookupError):
            self.child.send_signal(number)

    def stop(self, seconds: float = 10.0) -> int:
        """SIGTERM, then SIGKILL for the whole group; returns the exit code."""
        self.signal()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.child.wait(seconds)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.child.pid, signal.SIGKILL)
        return self.child.wait(5)


@contextlib.contextmanager
def running(*arguments: str, log: Path, ports: tuple[int, ...] = (), **options: object) -> Iterator[Process]:
    """A program that listens on `ports`, for the time of a `with` block."""
    process = Process(list(arguments), log, **options)
    try:
        process.wait_listening(*ports)
        yield process
    finally:
        process.stop()


def connections(port: int) -> int:
    """How many connections to a port of this machine still stand (IPv4, counted at the end that listened)."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[3] in ("01", "02", "03", "08") for row in rows)


def wait_quiet(port: int, seconds: float = 10.0) -> None:
    """Wait until nobody is connected to a port any more: what was to reach it has reached it."""
    wait_for(f"the last connection to port {port} to end", lambda: connections(port) == 0, seconds)
