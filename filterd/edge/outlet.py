"""Where log lines leave: stderr (a pipe, a file, the journal) or syslog. Writing never waits for a reader.

A line that cannot be written at once is dropped and counted; the next one that gets out tells how many. Mail must not
stand still because nobody reads the log.
"""

from __future__ import annotations

import os
import socket
import stat
import time
from collections.abc import Callable
from datetime import datetime

ERROR, WARNING, NOTICE, INFO = 3, 4, 5, 6  # syslog's severities
_LOG_MAIL = 2 << 3
_SYSLOG = "/dev/log"
_STDERR = 2


class Outlet:
    """Callable with level and line. `prefix(level)` is what stands before the line, `send(octets)` must not block."""

    def __init__(self, prefix: Callable[[int], str], send: Callable[[bytes], object], end: str = "\n") -> None:
        self._prefix = prefix
        self._send = send
        self._end = end
        self.dropped = 0

    def __call__(self, level: int, line: str) -> None:
        """Write, or count."""
        lost = f" dropped={self.dropped}" if self.dropped else ""
        octets = f"{self._prefix(level)}{line}{lost}{self._end}".encode("utf-8", "backslashreplace")
        try:
            self._send(octets)
            self.dropped = 0
        except OSError:
            self.dropped += 1


def open_outlet(to: str) -> Outlet:
    """`stderr` or `syslog`, as [log] to says; open one in each process, since it names the process."""
    if to == "syslog":
        return Outlet(_syslog_prefix(), _Syslog().send, end="")
    return Outlet(_journal_prefix if _is_journal() else _stamped(), _stderr_sender())


def _syslog_prefix() -> Callable[[int], str]:
    pid = os.getpid()
    return lambda level: f"<{_LOG_MAIL | level}>filterd[{pid}]: "


def _journal_prefix(level: int) -> str:
    return f"<{level}>"  # sd-daemon(3); the journal knows time and process itself


def _stamped() -> Callable[[int], str]:
    """RFC 3339 to the millisecond; what stays the same within a second is made once a second."""
    pid = os.getpid()
    seen, head, tail = -1, "", ""

    def stamp(level: int) -> str:
        nonlocal seen, head, tail
        now = time.time()
        second = int(now)
        if second != seen:
            seen, text = second, datetime.fromtimestamp(second).astimezone().isoformat()
            head, tail = text[:19], f"{text[19:]} filterd[{pid}]: "
        return f"{head}.{int((now - second) * 1000):03d}{tail}"

    return stamp


def _is_journal() -> bool:
    status = os.fstat(_STDERR)
    return os.environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"


def _stderr_sender() -> Callable[[bytes], object]:
    """O_NONBLOCK belongs to the open file, which we share with whoever started us; so it is never set on stderr."""
    mode = os.fstat(_STDERR).st_mode
    if stat.S_ISSOCK(mode):
        stream = socket.socket(fileno=os.dup(_STDERR))
        return lambda octets: stream.send(octets, socket.MSG_DONTWAIT)
    if stat.S_ISFIFO(mode):
        try:  # the same pipe, opened a second time: lines up to PIPE_BUF go whole or not at all
            pipe = os.open(f"/proc/self/fd/{_STDERR}", os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:  # somebody else's pipe
            pipe = _STDERR
        return lambda octets: os.write(pipe, octets)
    return lambda octets: os.write(_STDERR, octets)


class _Syslog:
    """Datagrams to the local syslog; opened again when syslogd was restarted."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None

    def send(self, octets: bytes) -> None:
        """Raises OSError when it cannot be sent now."""
        if self._socket is None:
            fresh = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            fresh.setblocking(False)
            fresh.connect(_SYSLOG)
            self._socket = fresh
        try:
            self._socket.send(octets)
        except BlockingIOError:
            raise
        except OSError:
            self._socket.close()
            self._socket = None
            raise


class Throttle:
    """So many lines a second of one kind; the rest is counted."""

    def __init__(self, a_second: int = 20) -> None:
        self._a_second = a_second
        self._windows: dict[int, tuple[int, int]] = {}
        self._suppressed: dict[int, int] = {}

    def grants(self, kind: int) -> bool:
        """May one more be written now?"""
        now = int(time.monotonic())
        second, written = self._windows.get(kind, (now, 0))
        written = written if second == now else 0
        self._windows[kind] = (now, written + 1)
        if written < self._a_second:
            return True
        self._suppressed[kind] = self._suppressed.get(kind, 0) + 1
        return False

    def suppressed(self, kind: int) -> int:
        """How many were not written since the last one that was."""
        return self._suppressed.pop(kind, 0)
