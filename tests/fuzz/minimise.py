"""A smaller message that still fails: ever smaller pieces are left out."""

from __future__ import annotations

from collections.abc import Callable


def minimised(message: bytes, fails: Callable[[bytes], bool]) -> bytes:
    """The message without everything that is not needed to fail."""
    size = max(len(message) // 2, 1)
    while size:
        at = 0
        while at < len(message):
            shorter = message[:at] + message[at + size :]
            if fails(shorter):
                message = shorter
            else:
                at += size
        size //= 2
    return message
