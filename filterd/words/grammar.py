"""The grammar of one line of a wordlist.

    # comment                                  @directive value
    word or phrase {options}  # comment        + what is allowed
    blue*  *bird  pro*ject  gr[ae]y  b?rd      /regex/flags       [:card:]
    <merger> near 5 words <price> and not <press release>

`\\` takes the meaning off the sign behind it. `words.patterns` and `words.combinations` read the pattern itself.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from filterd.words.combinations import read_combination
from filterd.words.flaw import Flaw
from filterd.words.options import NO_OPTIONS, Options, read_options
from filterd.words.pattern import Compound, Pattern
from filterd.words.patterns import ends_here, read_expression, read_simple, skip_blanks

# Not ZWNJ and ZWJ (U+200C, U+200D): Persian and Indic words are spelt with them.
_UNSEEN = "\x00-\x08\x0a-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
_HAS_UNSEEN = re.compile(f"[{_UNSEEN}]")
_ORDINARY = re.compile(r"[^\W_](?:[\w '.,:&!$-]*[^\W_])?")  # nothing in it means anything
_DIRECTIVE = re.compile(r"@([a-z][a-z-]*)(?:[ \t]+|$)")


@dataclass(frozen=True, slots=True)
class Line:
    """What one line says: nothing, a directive, or an entry (`pattern` is set). `shown` is the pattern as it is written.

    `comment` is the place of the comment's `#`, -1 if there is none.
    """

    pattern: Pattern | None = None
    shown: str = ""
    allow: bool = False
    options: Options = NO_OPTIONS
    directive: str = ""
    value: str = ""
    column: int = 1  # of the pattern, or of the directive's value
    comment: int = -1


_NOTHING = Line()


def read_line(line: str, limit: int) -> Line:
    """One line without its end; an entry is at most `limit` octets of UTF-8. Raises `Flaw`."""
    start = skip_blanks(line, 0)
    if start == len(line):
        return _NOTHING
    if line[start] == "#":
        return Line(comment=start)
    if line[start] == "@":
        return _directive(line, start)
    if len(line) - start > 16 * limit:  # no escapes, options and comment make an entry out of this
        raise _too_long(start, limit)
    allow = line[start] == "+" and line[start + 1 : start + 2] in (" ", "\t")
    if allow:
        start = skip_blanks(line, start + 1)
    elif line[start] == "+":
        raise Flaw(start + 1, "`+` without a blank behind it", "write `+ ` before what is allowed, or `\\+` for the sign itself")
    return _entry(line, start, allow, limit)


def _entry(line: str, start: int, allow: bool, limit: int) -> Line:
    if line[start : start + 1] == "{":
        raise Flaw(start + 1, "options without an entry", "write the entry before them, or `\\{` for the sign itself")
    pattern, end = _pattern(line, start)
    shown = line[start:end].rstrip(" \t")
    if (len(shown) - len(shown.rstrip("\\"))) % 2:  # its last blank is meant
        shown += line[start + len(shown)]
    if len(shown.encode("utf-8", "replace")) > limit:
        raise _too_long(start, limit)
    if allow and isinstance(pattern, Compound):
        raise Flaw(start + 1, "a combination cannot be allowed", "allow one of its terms")
    options, at = NO_OPTIONS, skip_blanks(line, end)
    if line[at : at + 1] == "{":
        options, end = read_options(line, at)
        at = skip_blanks(line, end)
    comment = at if line[at : at + 1] == "#" and line[at - 1] in " \t" else -1
    if at < len(line) and comment < 0:
        raise Flaw(at + 1, "text behind the options", "put options at the end of the line")
    _check_seen(line[: comment if comment >= 0 else None])
    return Line(pattern, shown, allow, options, column=start + 1, comment=comment)


def _pattern(line: str, start: int) -> tuple[Pattern, int]:
    """The pattern that begins at `start`, and where it ends."""
    if line[start : start + 1] == "/":
        return read_expression(line, start)
    if "<" in line and (found := read_combination(line, start)):
        return found
    return read_simple(line, start)


def is_ordinary(line: str) -> bool:
    """Is the line nothing but words, without any sign that could mean something?"""
    return _ORDINARY.fullmatch(line) is not None


def _directive(line: str, start: int) -> Line:
    found = _DIRECTIVE.match(line, start)
    if not found:
        cure = "write a directive (@title, @weight …), or `\\@` for the sign itself"
        raise Flaw(start + 1, "`@` begins a directive, and this is none", cure)
    _check_seen(line)
    return Line(directive=found.group(1), value=line[found.end() :].strip(" \t"), column=found.end() + 1)


def _check_seen(text: str) -> None:
    if found := _HAS_UNSEEN.search(text):
        kind = "control" if unicodedata.category(found.group()) == "Cc" else "invisible"
        raise Flaw(found.start() + 1, f"{kind} character U+{ord(found.group()):04X}", "take it out")


def _too_long(start: int, limit: int) -> Flaw:
    return Flaw(start + 1, f"the entry is longer than {limit} octets", "shorten it; a few words are enough to find a text")


__all__ = ["Line", "ends_here", "is_ordinary", "read_line"]
