"""Text from strangers' mail, made fit for a terminal and for one line: nothing in it can move a cursor or turn a line around."""

from __future__ import annotations

import re

_UNPRINTABLE = re.compile(r"[^ -~\n]")
_BLANKS = re.compile(r"\s+")


def harmless(text: str) -> str:
    """Controls as pictures (␛), whatever else has no shape of its own as escapes (\\u202e); line feeds stay."""
    return text if text.isascii() and text.isprintable() else _UNPRINTABLE.sub(_shown, text)


def one_line(text: str) -> str:
    """The same, every run of blanks and line ends one blank."""
    return harmless(_BLANKS.sub(" ", text))


def _shown(found: re.Match[str]) -> str:
    character = found[0]
    code = ord(character)
    if character.isprintable():
        return character
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if character.isspace() and code not in (0x85, 0x2028, 0x2029):
        return " "  # the wide and narrow ones
    if 0xDC80 <= code <= 0xDCFF:  # an octet of a file name that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
