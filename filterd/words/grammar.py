"""The grammar of one line of a wordlist: blanks around, `#` comments, `\\` escapes, characters kept for later.

`* ? [ / + < {` anywhere and `@` in front will get a meaning (wildcards, rules, allow lines, weights, options). Until
then they are mistakes when unescaped, so that no list written today changes its meaning tomorrow.
"""

from __future__ import annotations

import re
import unicodedata

RESERVED = "*?[/+<{"
# Not ZWNJ and ZWJ (U+200C, U+200D): Persian and Indic words are spelt with them.
_UNSEEN = "\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
_PLAIN = re.compile(rf"[^\\#*?\[/+<{{{_UNSEEN}]+")


class Flaw(Exception):
    """What is wrong in a line, at which column (from 1), and its cure."""

    def __init__(self, column: int, what: str, cure: str) -> None:
        super().__init__(what)
        self.column = column
        self.what = what
        self.cure = cure


def read_entry(line: str, limit: int) -> str:
    """The entry with escapes undone, or "" for a blank line or a comment. Raises `Flaw`."""
    start = len(line) - len(line.lstrip(" \t"))
    if start == len(line) or line[start] == "#":
        return ""
    if line[start] == "@":
        raise _reserved("@", start)
    if len(line) - start > 16 * limit:  # no escapes and comment make an entry out of this
        raise _too_long(start, limit)
    text = _unescape(line, start)
    _check(text, start, limit)
    return text


def _unescape(line: str, start: int) -> str:
    """From `start` to the end or to a comment, that is a `#` after a blank."""
    parts: list[str] = []
    at, kept = start, 0  # an escaped blank at the end is not stripped
    while at < len(line):
        plain = _PLAIN.match(line, at)
        if plain:
            parts.append(plain.group())
            at = plain.end()
            continue
        character = line[at]
        if character == "#" and line[at - 1] in " \t":
            break
        if character == "\\":
            parts.append(_escaped(line, at))
            at, kept = at + 2, len("".join(parts)) + 1
            continue
        _check_character(character, at)
        parts.append(character)
        at += 1
    text = "".join(parts)
    return text if len(text) < kept else text[: max(kept - 1, 0)] + text[max(kept - 1, 0) :].rstrip(" \t")


def _escaped(line: str, at: int) -> str:
    follower = line[at + 1 : at + 2]
    if not follower:
        raise Flaw(at + 1, "a `\\` at the end of the line", "write `\\\\` for the character itself")
    if follower.isalnum() or unicodedata.category(follower)[0] in "CM":
        raise Flaw(at + 1, f"`\\{_shown(follower)}` means nothing yet", "write `\\\\` for a `\\`, or leave it out")
    return follower


def _check_character(character: str, at: int) -> None:
    if character in RESERVED:
        raise _reserved(character, at)
    if character not in "\t#":
        kind = "control" if unicodedata.category(character) == "Cc" else "invisible"
        raise Flaw(at + 1, f"{kind} character U+{ord(character):04X}", "take it out")


def _check(text: str, start: int, limit: int) -> None:
    if len(text.encode("utf-8")) > limit:
        raise _too_long(start, limit)
    if not any(character.isalnum() for character in text):
        raise Flaw(start + 1, "the entry has no letter and no digit", "add one; signs alone cannot be found")


def _too_long(start: int, limit: int) -> Flaw:
    cure = "shorten it; a few words are enough to find a text"
    return Flaw(start + 1, f"the entry is longer than {limit} octets", cure)


def _reserved(character: str, at: int) -> Flaw:
    return Flaw(
        at + 1, f"`{character}` will mean something later", f"write `\\{character}` for the character itself"
    )


def _shown(character: str) -> str:
    return character if character.isprintable() else f"U+{ord(character):04X}"
