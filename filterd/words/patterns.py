"""Read one pattern that is no combination: words, a wild pattern, a regular expression, or an identifier.

`closer` is the sign that ends it inside a combination (`>`); elsewhere it ends with the line, at options, or at a comment.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

import regex

from filterd.words.flaw import Flaw
from filterd.words.identifiers import REGISTRY
from filterd.words.pattern import ANY, NAMED_CHARACTERS, ONE, Expression, Glob, Literal, Named, Simple, Some
from filterd.words.tokens import is_continuous

IDENTIFIERS = tuple(REGISTRY)
FLAGS = "imsxaw"
_PLAIN = re.compile(r"[^\\#*?\[<>{]+")
_NAMED = re.compile(r"\[:([a-z-]*):\]")
_CLASS = re.compile(r"\[\^?((?:\\.|[^\]\\])*)\]")
_RUN = 2  # literal characters next to each other that a wild pattern needs


def skip_blanks(line: str, at: int) -> int:
    """Where the blanks from `at` on end."""
    return len(line) - len(line[at:].lstrip(" \t"))


def ends_here(line: str, at: int, closer: str = "") -> bool:
    """Does the pattern end at `at`: nothing follows but blanks, options, or a comment?"""
    rest = skip_blanks(line, at)
    if closer:
        return line[rest : rest + 1] == closer
    return rest == len(line) or (line[rest] in "#{" and rest > 0 and line[rest - 1] in " \t")


def read_expression(line: str, start: int) -> tuple[Expression, int]:
    """The regular expression between the slash at `start` and the next that stands alone. Raises `Flaw`."""
    at = start + 1
    while line[at : at + 1] not in ("/", ""):
        at += 2 if line[at] == "\\" else 1
    if at >= len(line):
        raise Flaw(start + 1, "a regular expression that does not end", "close it with `/`, or write `\\/` for the sign itself")
    source = line[start + 1 : at].replace("\\/", "/")
    end = at + 1
    while line[end : end + 1].isalnum():
        end += 1
    flags = line[at + 1 : end]
    for flag in flags:
        if flag not in FLAGS:
            raise Flaw(at + 2, f"`{flag}` is no flag", f"write some of: {' '.join(FLAGS)}")
    return _checked(source, flags, start), end


def _checked(source: str, flags: str, start: int) -> Expression:
    expression = Expression(source, "".join(sorted(set(flags))))
    try:
        compiled = compile_expression(expression)
    except (regex.error, RecursionError, OverflowError, ValueError) as error:
        at = getattr(error, "pos", None) or 0
        raise Flaw(start + 2 + at, f"no regular expression: {getattr(error, 'msg', error)}", "mend it") from None
    if compiled.search("") is not None and compiled.fullmatch(""):
        raise Flaw(start + 1, "the regular expression finds the empty text", "make it need at least one character")
    return expression


def compile_expression(expression: Expression) -> regex.Pattern[str]:
    """The expression, compiled. Raises `regex.error`."""
    flags = 0
    for letter in expression.flags:
        flags |= regex.RegexFlag[letter.upper()]
    return regex.compile(expression.source, flags | regex.VERSION0)


@dataclass(slots=True)
class _Reading:
    """The pieces read so far: literal text, and what stands for other characters."""

    pieces: list[str | Some] = field(default_factory=list)
    kept: int = 0  # characters of the last literal piece that no stripping may take: an escaped blank

    def literal(self, text: str) -> None:
        if self.pieces and isinstance(self.pieces[-1], str):
            self.pieces[-1] += text
        else:
            self.pieces.append(text)
            self.kept = 0

    def escaped(self, character: str) -> None:
        self.literal(character)
        self.kept = len(self.pieces[-1]) if isinstance(self.pieces[-1], str) else 0

    def strip(self) -> None:
        """Take blanks off the end."""
        if self.pieces and isinstance(self.pieces[-1], str):
            last = self.pieces[-1]
            last = last[: self.kept] + last[self.kept :].rstrip(" \t")
            self.pieces[-1:] = [last] if last else []


def read_simple(line: str, start: int, closer: str = "") -> tuple[Simple, int]:
    """The pattern that begins at `start`, and where it ends. Raises `Flaw`."""
    named = _NAMED.match(line, start)
    if named and named.group(1) not in NAMED_CHARACTERS and ends_here(line, named.end(), closer):
        return _identifier(named), named.end()
    if line[start : start + 1] == "/" and closer:
        expression, end = read_expression(line, start)
        if not ends_here(line, end, closer):
            raise Flaw(end + 1, "text behind the regular expression", f"close the term with `{closer}`")
        return expression, end
    reading = _Reading()
    at = _read_pieces(reading, line, start, closer)
    reading.strip()
    return _finished(reading.pieces, start), at


def _identifier(named: re.Match[str]) -> Named:
    name = named.group(1)
    if name not in IDENTIFIERS:
        cure = f"write one of: {', '.join((*NAMED_CHARACTERS, *IDENTIFIERS))}"
        raise Flaw(named.start() + 1, f"`{named.group()}` is no class and no identifier", cure)
    return Named(name)


def _read_pieces(reading: _Reading, line: str, start: int, closer: str) -> int:
    at = start
    while at < len(line):
        if plain := _PLAIN.match(line, at):
            reading.literal(plain.group())
            at = plain.end()
            continue
        character = line[at]
        if character == closer or (not closer and at > start and line[at - 1] in " \t" and character in "#{"):
            break
        at = _read_sign(reading, line, at, start, closer)
    if closer and at >= len(line):
        raise Flaw(start, "a term that does not end", f"close it with `{closer}`, or write `\\<` for the sign itself")
    return at


def _read_sign(reading: _Reading, line: str, at: int, start: int, closer: str) -> int:
    character = line[at]
    if character == "\\":
        reading.escaped(_escaped(line, at))
        return at + 2
    if character == "[":
        return _read_class(reading, line, at)
    if character in "*?":
        if not _is_in_a_word(line, at, start, closer):
            cure = "put it directly before or after a letter, or write `\\%s` for the character itself"
            raise Flaw(at + 1, f"`{character}` with no word beside it", cure % character)
        if not (character == "*" and reading.pieces and reading.pieces[-1] == ANY):
            reading.pieces.append(ANY if character == "*" else ONE)
        return at + 1
    if character == "<":
        raise Flaw(at + 1, "`<` begins a term of a combination", "write `\\<` for the sign itself")
    reading.literal(character)  # `#`, `{` and `>` inside
    return at + 1


def _is_in_a_word(line: str, at: int, start: int, closer: str) -> bool:
    """Does a letter, a digit, a mark or another such sign stand directly before or behind?"""
    before = line[at - 1] if at > start else " "
    behind = line[at + 1 : at + 2] or " "
    if at > start + 1 and line[at - 2] == "\\":  # c\+*: what is beside it is a sign, and signs need no edge
        before = " "
    return any(_is_wordy(character) for character in (before, behind)) or before in "?*]" or behind in "?*["


def _is_wordy(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M" or character == "\\"


def _escaped(line: str, at: int) -> str:
    follower = line[at + 1 : at + 2]
    if not follower:
        raise Flaw(at + 1, "a `\\` at the end of the line", "write `\\\\` for the character itself")
    if follower.isalnum() or unicodedata.category(follower)[0] in "CM":
        shown = follower if follower.isprintable() else f"U+{ord(follower):04X}"
        raise Flaw(at + 1, f"`\\{shown}` means nothing", "write `\\\\` for a `\\`, or leave it out")
    return follower


def _read_class(reading: _Reading, line: str, at: int) -> int:
    """`[abc]`, `[^a-f]`, `[:digit:]`."""
    if named := _NAMED.match(line, at):
        if named.group(1) not in NAMED_CHARACTERS:
            cure = f"write one of: {', '.join(NAMED_CHARACTERS)}; an identifier ({', '.join(IDENTIFIERS)}) stands alone"
            raise Flaw(at + 1, f"`{named.group()}` is no class", cure)
        reading.pieces.append(Some(NAMED_CHARACTERS[named.group(1)]))
        return named.end()
    found = _CLASS.match(line, at)
    if not found or not found.group(1):
        raise Flaw(
            at + 1,
            "a class that does not end" if not found else "a class of nothing",
            "write `[abc]`, or `\\[` for the sign itself",
        )
    reading.pieces.append(Some(_set(found, at)))
    return found.end()


def _set(found: re.Match[str], at: int) -> str:
    """The class as `re` takes it: letters and digits, and ranges of them."""
    inside = found.group(1)
    characters = re.sub(r"\\(.)", r"\1", inside)
    wrong = next((character for character in characters if not (character.isalnum() or character == "-")), "")
    if wrong:
        raise Flaw(at + 1, f"`{wrong}` in a class", "a class has letters, digits, and ranges of them")
    parts = re.findall(r".-.|.", characters)
    for part in parts:
        if len(part) == 3 and part[0] > part[2]:
            raise Flaw(at + 1, f"the range {part} runs backwards", f"write {part[2]}-{part[0]}")
    listed = "".join(part if len(part) == 3 else re.escape(part) for part in parts)
    negated = found.group().startswith("[^")
    return rf"(?![{listed}])[^\W_]" if negated else f"[{listed}]"


def _finished(pieces: list[str | Some], start: int) -> Literal | Glob:
    """Words if nothing but the edges is open, otherwise a wild pattern."""
    inner = pieces[1 if pieces[:1] == [ANY] else 0 :]
    inner = inner[: -1 if inner[-1:] == [ANY] else None]
    if len(inner) <= 1 and (not inner or isinstance(inner[0], str)):
        text = inner[0] if inner and isinstance(inner[0], str) else ""
        if not any(character.isalnum() for character in text):
            raise Flaw(start + 1, "the entry has no letter and no digit", "add one; signs alone cannot be found")
        return Literal(text, pieces[0] == ANY, len(pieces) > 1 and pieces[-1] == ANY)
    if not any(has_run(piece) for piece in pieces if isinstance(piece, str)):
        raise Flaw(start + 1, "the entry would match nearly everything", f"write {_RUN} letters next to each other in it")
    return Glob(tuple(pieces))


def has_run(text: str) -> bool:
    """Are there characters enough next to each other to look for?"""
    run = 0
    for character in text:
        run = run + 1 if character.isalnum() else 0
        if run >= _RUN or (run and is_continuous(character)):
            return True
    return False
