"""Cells that do not count, each with its reason. Patterns are those of `fnmatch`, over disguise, carrier and script."""

from __future__ import annotations

from fnmatch import fnmatchcase

CANNOT_ENCODE = "the carrier cannot encode it"

SHORT = "octets that only look encoded are searched for words of five letters and more: shorter ones stand in any noise"
BIG5 = "the variants of Big5 disagree about where Cyrillic stands in it"

# (disguise, carrier, script, reason)
EXCLUDED: tuple[tuple[str, str, str, str], ...] = (
    ("*", "* called 7bit", "Chinese", SHORT),
    ("*", "* called 7bit", "Korean", SHORT),
    ("*", "big5", "Cyrillic", BIG5),
    ("one Cyrillic look-alike", "big5", "*", BIG5),
)


def reason_to_exclude(disguise: str, carrier: str, script: str) -> str:
    """Why a cell is excluded, or nothing."""
    for *patterns, reason in EXCLUDED:
        if all(fnmatchcase(name, pattern) for name, pattern in zip((disguise, carrier, script), patterns, strict=True)):
            return reason
    return ""
