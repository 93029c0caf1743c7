"""Read a wordlist: octets to a frozen `Wordlist`, or every mistake in it at once. `docs/wordlist-format.md` has the format.

No file is opened here; `file` is only what messages and hits call it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from filterd.words.entry import Entry
from filterd.words.flaw import Flaw
from filterd.words.grammar import Line, read_line

ENTRY_OCTETS = 1024


@dataclass(frozen=True, slots=True)
class WordlistMistake:
    """One mistake: where (line and column count from 1), what it is, and how to cure it."""

    file: str
    line: int
    column: int
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.what} → {self.cure}"


class WordlistError(Exception):
    """The list cannot be used; `mistakes` holds every one that was found, in the order of the file."""

    def __init__(self, mistakes: Iterable[WordlistMistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))


@dataclass(frozen=True, slots=True)
class Wordlist:
    """A list that can be used. `action` is what a hit asks for: reject, tag or observe.

    `level` and `areas` are what its entries were given where they said nothing; ask the entries.
    """

    name: str
    file: str
    action: str
    entries: tuple[Entry, ...]
    level: str = "fold"
    areas: tuple[str, ...] = ()
    first_lines: int = 0


def parse_wordlist(
    octets: bytes,
    *,
    name: str,
    file: str,
    action: str = "reject",
    level: str = "fold",
    areas: tuple[str, ...] = (),
    first_lines: int = 0,
) -> Wordlist:
    """The list, or `WordlistError`. Of entries that find the same, the first is kept.

    `level` (exact, case, fold, disguise) is what its entries see through unless they say otherwise; `areas` are those in
    which they count ("header:x-name" for one field), none means all; `first_lines` are the lines of a body in which they
    count, 0 means all.
    """
    entries: dict[object, Entry] = {}
    mistakes: list[WordlistMistake] = []
    for number, line in enumerate(_lines(octets), 1):
        try:
            said = _read(line)
            if said.text:
                entry = Entry(
                    said.text,
                    number,
                    said.options.level or level,
                    said.options.areas or areas,
                    said.allow,
                    said.open_start,
                    said.open_end,
                )
                entries.setdefault(entry.identity, entry)
        except Flaw as flaw:
            mistakes.append(WordlistMistake(file, number, flaw.column, flaw.what, flaw.cure))
    if all(entry.allow for entry in entries.values()) and not mistakes:
        what = "the list has nothing but `+` entries" if entries else "the list has no entries"
        mistakes.append(WordlistMistake(file, 1, 1, what, "write one, or take the list out of the configuration"))
    if mistakes:
        raise WordlistError(mistakes)
    return Wordlist(name, file, action, tuple(entries.values()), level, areas, first_lines)


def _lines(octets: bytes) -> list[bytes]:
    """Lines end with LF or CRLF; a byte order mark at the start is dropped."""
    return octets.removeprefix(b"\xef\xbb\xbf").split(b"\n")


def _read(line: bytes) -> Line:
    """What one line says."""
    try:
        text = line.removesuffix(b"\r").decode("utf-8")
    except UnicodeDecodeError as error:
        column = len(line[: error.start].decode("utf-8")) + 1
        raise Flaw(column, f"octet 0x{line[error.start]:02x} is not UTF-8", "save the list as UTF-8") from None
    return read_line(text, ENTRY_OCTETS)
