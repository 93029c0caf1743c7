"""Differences to other parsers that are no mistakes: file (`fnmatch`), what the missing text begins with, the reason."""

from __future__ import annotations

from fnmatch import fnmatchcase

EXPLAINED: tuple[tuple[str, str, str], ...] = ()


def explanation(file: str, text: str) -> str:
    """The reason, or nothing."""
    for pattern, beginning, reason in EXPLAINED:
        if fnmatchcase(file, pattern) and text.startswith(beginning):
            return reason
    return ""
