"""Telling systemd how we are: sd_notify(3), one datagram."""

from __future__ import annotations

import os
import socket


def notify(*states: str) -> None:
    """READY=1, RELOADING=1, STOPPING=1, STATUS=…; silently nothing where no systemd listens."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK) as sender:
            sender.sendto("\n".join(states).encode(), address.replace("@", "\0", 1))
    except OSError:
        pass  # nobody to tell is no reason to stop
