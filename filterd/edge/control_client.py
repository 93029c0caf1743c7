"""Asking a running filterd by its control socket, and where that socket is."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from typing import Any

NONE = "none"
NAME = "control.sock"
ANSWER_OCTETS = 64 * 1024 * 1024


class NoAnswer(Exception):
    """Nobody serves the socket, or it did not answer in time; says why."""


def place_to_listen(configured: str) -> str:
    """The path to listen at; empty if there shall be none, or no runtime directory is there to hold it."""
    if configured:
        return "" if configured == NONE else configured
    for folder in _folders():
        with contextlib.suppress(OSError):
            os.makedirs(folder, mode=0o755, exist_ok=True)
        if os.access(folder, os.W_OK | os.X_OK):
            return os.path.join(folder, NAME)
    return ""


def place_to_ask(configured: str) -> str:
    """The path that a running filterd listens at. Raises `NoAnswer`."""
    if configured == NONE:
        raise NoAnswer('the configuration has no control socket (control.socket is "none")')
    paths = [configured] if configured else [os.path.join(folder, NAME) for folder in _folders()]
    for path in paths:
        if os.path.exists(path):
            return path
    raise NoAnswer(f"nothing at {' or '.join(paths)}: is filterd running? Else name its --socket or --config")


def _folders() -> Iterator[str]:
    """systemd's RuntimeDirectory=, the usual place of a service, the user's own."""
    if given := os.environ.get("RUNTIME_DIRECTORY", "").partition(":")[0]:
        yield given
    yield "/run/filterd"
    if own := os.environ.get("XDG_RUNTIME_DIR", ""):
        yield os.path.join(own, "filterd")


def ask(path: str, request: dict[str, Any], seconds: float) -> dict[str, Any]:
    """What the supervisor answers. Raises `NoAnswer`."""
    octets = b""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(seconds)
            connection.connect(path)
            connection.sendall(json.dumps(request).encode() + b"\n")
            while (more := connection.recv(65536)) and len(octets) < ANSWER_OCTETS:
                octets += more
    except TimeoutError:
        raise NoAnswer(f"{path}: no answer within {seconds:g} s") from None
    except OSError as trouble:
        raise NoAnswer(f"{path}: {trouble.strerror or trouble}") from None
    try:
        answer = json.loads(octets)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise NoAnswer(f"{path}: filterd ended before it answered")
    return answer
