"""Listening sockets: opened once by the supervisor, or handed over by systemd, and inherited by every worker."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from filterd.config import ConfigError, Mistake
from filterd.config.addresses import Endpoint, parse_listener

FIRST_PASSED = 3  # SD_LISTEN_FDS_START
BACKLOG = 256


@dataclass(frozen=True, slots=True, eq=False)
class Listener:
    """A socket that listens; `text` is how the configuration calls it, `endpoint` what it really is."""

    text: str
    socket: socket.socket
    endpoint: Endpoint

    @property
    def is_loopback(self) -> bool:
        """Can only this machine connect?"""
        return self.endpoint.is_loopback


def open_listeners(texts: Iterable[str], present: Sequence[Listener] = ()) -> list[Listener]:
    """A listener for each address; those already open are kept. All that fail are told at once, and none is opened."""
    known = {listener.text: listener for listener in present}
    listeners: list[Listener] = []
    mistakes: list[Mistake] = []
    for text in texts:
        try:
            listeners.append(known.get(text) or _open(text))
        except OSError as trouble:
            mistakes.append(Mistake("", 0, "proxy.listen", f'"{text}": {trouble.strerror}', _cure(trouble)))
    if mistakes:
        close_listeners(listener for listener in listeners if listener not in present)
        raise ConfigError(mistakes)
    return listeners


def close_listeners(listeners: Iterable[Listener]) -> None:
    """Close our own descriptors; a socket stops listening when the last process has closed it."""
    for listener in listeners:
        listener.socket.close()


def passed_listeners() -> list[Listener]:
    """Sockets from systemd (sd_listen_fds(3)); the variables are removed, so that no child takes them for its own."""
    pid, count = os.environ.pop("LISTEN_PID", ""), os.environ.pop("LISTEN_FDS", "")
    os.environ.pop("LISTEN_FDNAMES", None)
    if pid != str(os.getpid()) or not count.isdigit():
        return []
    return [_passed(descriptor) for descriptor in range(FIRST_PASSED, FIRST_PASSED + int(count))]


def _passed(descriptor: int) -> Listener:
    os.set_inheritable(descriptor, False)
    passed = socket.socket(fileno=descriptor)
    if passed.family not in (socket.AF_INET, socket.AF_INET6) or passed.type != socket.SOCK_STREAM:
        what = f"descriptor {descriptor} passed by systemd is no TCP socket"
        raise ConfigError([Mistake("", 0, "proxy.listen", what, "use ListenStream=host:port in the socket unit")])
    passed.setblocking(False)
    return Listener(f"fd:{descriptor}", passed, _endpoint(passed))


def _open(text: str) -> Listener:
    endpoint = parse_listener(text)
    opened = socket.socket(endpoint.family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if endpoint.family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        opened.bind((endpoint.host, endpoint.port))
        opened.listen(BACKLOG)
        opened.setblocking(False)
    except OSError:
        opened.close()
        raise
    return Listener(text, opened, _endpoint(opened))


def _endpoint(opened: socket.socket) -> Endpoint:
    host, port = opened.getsockname()[:2]
    return Endpoint(host, port, socket.AddressFamily(opened.family))


def _cure(trouble: OSError) -> str:
    if isinstance(trouble, PermissionError):
        return "ports below 1024 need root, CAP_NET_BIND_SERVICE, or a socket unit of systemd"
    return "stop what listens there already, or choose an address and port of this machine that are free"
