"""One command line as a value (RFC 5321 §4.1.1): verb, argument, and the line exactly as it came.

Reading is at least as tolerant as any upstream's (leading blanks, tabs between words), so that a line is never one
command to us and another one to upstream; what we do not recognise never leaves.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# C0 (but TAB) and DEL have no place in a command; a bare CR here is how commands get smuggled.
_CONTROL = bytes(octet for octet in (*range(32), 127) if octet != 9)
# Nearly every line: printable ASCII, a verb of four letters, one blank, an argument. No two neighbours match the same octet,
# but for blanks within the argument, of which the last octet is none.
_USUAL = re.compile(rb"([A-Za-z]{4})(?: ([!-~](?:[ -~]*[!-~])?))?")


class Command(NamedTuple):
    """`verb` is upper-case, `argument` has no blanks around it, `line` is verbatim and without its line end."""

    verb: bytes
    argument: bytes
    line: bytes


def usual_command(line: bytes) -> Command | None:
    """What `parse_command` would say of a line as most are, which holds no control octet; None for any other line."""
    found = _USUAL.fullmatch(line)
    if found is None:
        return None
    verb, argument = found.groups(b"")
    return Command(verb.upper(), argument, line)


def parse_command(line: bytes) -> Command:
    """Never fails: a line without words gives the empty verb."""
    words = line.split(None, 1)
    if not words:
        return Command(b"", b"", line)
    return Command(words[0].upper(), words[1].rstrip() if len(words) > 1 else b"", line)


def has_control(line: bytes) -> bool:
    """Does the line hold an octet that no command may hold?"""
    return len(line.translate(None, _CONTROL)) != len(line)
