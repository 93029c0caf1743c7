"""The grammar of one line of a wordlist: blanks around, `#` comments, `\\` escapes, `*` at the edges, `+`, options.

    word          found as a whole word           *word, word*, *word*   that edge may be inside a longer word
    + phrase      cancels what its list finds inside it
    word {disguise areas=subject,header:x-note}   options of this entry

`* ? [ / + < {` anywhere else and `@` in front will get a meaning (wildcards, rules, weights). Until then they are mistakes
when unescaped, so that no list written today changes its meaning tomorrow.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from filterd.words.flaw import Flaw
from filterd.words.options import NO_OPTIONS, Options, read_options

RESERVED = "*?[/+<{"
# Not ZWNJ and ZWJ (U+200C, U+200D): Persian and Indic words are spelt with them.
_UNSEEN = "\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
_PLAIN = re.compile(rf"[^\\#*?\[/+<{{{_UNSEEN}]+")


@dataclass(slots=True)
class Line:
    """What one line says; `text` is empty for a blank line or a comment."""

    text: str = ""
    allow: bool = False
    open_start: bool = False
    open_end: bool = False
    options: Options = NO_OPTIONS


def read_line(line: str, limit: int) -> Line:
    """One line, escapes undone. Raises `Flaw`."""
    start = _skip(line, 0)
    if start == len(line) or line[start] == "#":
        return Line()
    if line[start] == "@":
        raise _reserved("@", start)
    if len(line) - start > 16 * limit:  # no escapes, options and comment make an entry out of this
        raise _too_long(start, limit)
    result = Line()
    if line[start] == "+" and line[start + 1 : start + 2] in (" ", "\t"):
        result.allow, start = True, _skip(line, start + 1)
    if line[start : start + 1] == "*":
        result.open_start, start = True, start + 1
        if not line[start : start + 1].isalnum() and line[start : start + 1] != "\\":
            raise _no_edge(start - 1)
    _read_text(result, line, start)
    _check(result, start, limit)
    return result


def _skip(line: str, at: int) -> int:
    return len(line) - len(line[at:].lstrip(" \t"))


def _read_text(result: Line, line: str, start: int) -> None:
    """From `start` to the end, to options, or to a comment, that is a `#` after a blank."""
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
        if character == "{" and line[at - 1] in " \t" and at > start:
            result.options = read_options(line, at)
            break
        if character == "*" and at > start and _ends(line, at + 1):
            if not line[at - 1].isalnum():
                raise _no_edge(at)
            result.open_end, at = True, at + 1
            continue
        _check_character(character, at)
        parts.append(character)
        at += 1
    text = "".join(parts)
    result.text = text if len(text) < kept else text[: max(kept - 1, 0)] + text[max(kept - 1, 0) :].rstrip(" \t")


def _ends(line: str, at: int) -> bool:
    """Does the entry's text end here: nothing follows but blanks, options, or a comment?"""
    rest = _skip(line, at)
    return rest == len(line) or (rest > at and line[rest] in "#{")


def _escaped(line: str, at: int) -> str:
    follower = line[at + 1 : at + 2]
    if not follower:
        raise Flaw(at + 1, "a `\\` at the end of the line", "write `\\\\` for the character itself")
    if follower.isalnum() or unicodedata.category(follower)[0] in "CM":
        raise Flaw(at + 1, f"`\\{_shown(follower)}` means nothing yet", "write `\\\\` for a `\\`, or leave it out")
    return follower


def _check_character(character: str, at: int) -> None:
    if character == "*":
        cure = "put it at the beginning or the end of the entry, or write `\\*` for the character itself"
        raise Flaw(at + 1, "`*` inside an entry will mean something later", cure)
    if character in RESERVED:
        raise _reserved(character, at)
    if character not in "\t#":
        kind = "control" if unicodedata.category(character) == "Cc" else "invisible"
        raise Flaw(at + 1, f"{kind} character U+{ord(character):04X}", "take it out")


def _check(result: Line, start: int, limit: int) -> None:
    if len(result.text.encode("utf-8")) > limit:
        raise _too_long(start, limit)
    if not any(character.isalnum() for character in result.text):
        raise Flaw(start + 1, "the entry has no letter and no digit", "add one; signs alone cannot be found")


def _too_long(start: int, limit: int) -> Flaw:
    cure = "shorten it; a few words are enough to find a text"
    return Flaw(start + 1, f"the entry is longer than {limit} octets", cure)


def _no_edge(at: int) -> Flaw:
    cure = "put it directly before or after a letter, or write `\\*` for the character itself"
    return Flaw(at + 1, "`*` with no word beside it", cure)


def _reserved(character: str, at: int) -> Flaw:
    return Flaw(
        at + 1, f"`{character}` will mean something later", f"write `\\{character}` for the character itself"
    )


def _shown(character: str) -> str:
    return character if character.isprintable() else f"U+{ord(character):04X}"
