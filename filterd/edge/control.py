"""The control socket: one request of JSON a connection, one line each way; how `filterd reload` and `filterd status` ask.

It lives inside the supervisor's one loop, so nothing here ever waits. Whoever may connect (the owner, and the group that the
configuration names) may ask, and cannot do harm by asking badly: connections, octets and time of each are bounded.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import select
import shutil
import socket
import stat
import time
from collections.abc import Callable
from typing import Any

CONNECTIONS = 32
REQUEST_OCTETS = 4096
REQUEST_SECONDS = 5.0  # to ask, and to take the answer; how long the answer takes is ours
Answer = dict[str, Any]
Reply = Callable[[Answer], None]
Handler = Callable[[dict[str, Any], Reply], None]


class Control:
    """Listens at `path`; `handle(request, reply)` may reply at once or at any time later. Raises OSError."""

    def __init__(self, path: str, group: str, handle: Handler) -> None:
        self._handle = handle
        self._path = path
        self._peers: list[_Peer] = []
        self._socket = _listening(path, group)
        self._inode = os.stat(path).st_ino

    def descriptors(self) -> dict[int, int]:
        """What to poll for."""
        return {self._socket.fileno(): select.POLLIN} | {peer.socket.fileno(): peer.events for peer in self._peers}

    def serve(self, ready: set[int]) -> None:
        """Once a round, with the descriptors of which something came."""
        for peer in [*self._peers]:
            if peer.socket.fileno() in ready:
                peer.go_on(self._handle)
        if self._socket.fileno() in ready:
            self._accept()
        now = time.monotonic()
        for peer in [*self._peers]:
            if peer.done or now > peer.deadline:
                peer.close()
                self._peers.remove(peer)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                peer = _Peer(self._socket.accept()[0])
                self._peers.append(peer)
                if len(self._peers) > CONNECTIONS:
                    self._peers.pop(0).close()

    def forget(self) -> None:
        """Close what is ours, and leave the socket to the supervisor: for children."""
        self._socket.close()
        for peer in self._peers:
            peer.close()

    def close(self) -> None:
        """The end; the path goes, unless another has taken it."""
        self.forget()
        with contextlib.suppress(OSError):
            if os.stat(self._path).st_ino == self._inode:
                os.unlink(self._path)


class _Peer:
    """One connection: asks, waits, is told, and is gone."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        self.socket = connection
        self.deadline = time.monotonic() + REQUEST_SECONDS
        self.done = False
        self._request = b""
        self._answer = b""
        self._asked = False

    @property
    def events(self) -> int:
        """Reading goes on after the request, so that we see it leave."""
        return select.POLLIN | (select.POLLOUT if self._answer else 0)

    def go_on(self, handle: Handler) -> None:
        """Something came, or there is room to write."""
        try:
            self._write() if self._answer else self._read(handle)
        except BlockingIOError:
            pass
        except OSError:
            self.done = True

    def _read(self, handle: Handler) -> None:
        octets = self.socket.recv(REQUEST_OCTETS)
        if not octets or self._asked:  # gone, or chattering while it waits
            self.done = True
            return
        self._request += octets
        if b"\n" in self._request:
            self._ask(handle)
        elif len(self._request) > REQUEST_OCTETS:
            self.reply({"ok": False, "error": "the request is too long"})

    def _ask(self, handle: Handler) -> None:
        self._asked, self.deadline = True, float("inf")
        try:
            request = json.loads(self._request.partition(b"\n")[0])
        except (ValueError, RecursionError):
            request = None
        if isinstance(request, dict):
            handle(request, self.reply)
        else:
            self.reply({"ok": False, "error": "the request is no line of JSON"})

    def reply(self, answer: Answer) -> None:
        """Once; what cannot be written now is written later."""
        if self.done or self._answer:
            return
        self._answer = json.dumps(answer).encode() + b"\n"
        self._asked, self.deadline = True, time.monotonic() + REQUEST_SECONDS
        self.go_on(lambda *_: None)

    def _write(self) -> None:
        self._answer = self._answer[self.socket.send(self._answer) :]
        self.done = not self._answer

    def close(self) -> None:
        """Whatever it still wanted."""
        self.done = True
        self.socket.close()


def _listening(path: str, group: str) -> socket.socket:
    _remove_stale(path)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK)
    before = os.umask(0o177)  # nobody else, not even for a moment
    try:
        listening.bind(path)
        if group:
            shutil.chown(path, group=group)
            os.chmod(path, 0o660)
        listening.listen(CONNECTIONS)
    except LookupError:
        listening.close()
        raise OSError(errno.EINVAL, f"there is no group {group}") from None
    except OSError:
        listening.close()
        raise
    finally:
        os.umask(before)
    return listening


def _remove_stale(path: str) -> None:
    """What a supervisor left that was killed; never one that somebody serves, or what is no socket."""
    try:
        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            raise OSError(errno.EEXIST, "there is something else")
    except FileNotFoundError:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as trial:
        trial.setblocking(False)
        try:
            trial.connect(path)
        except ConnectionRefusedError:
            os.unlink(path)
            return
    raise OSError(errno.EADDRINUSE, "another filterd serves it")
