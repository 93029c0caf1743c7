"""Read a wordlist: octets to a frozen `Wordlist`, or every mistake in it at once. `docs/wordlist-format.md` has the format.

No file is opened here: `file` is what messages and hits call the list, and `load` gives the octets of files it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from filterd.words.directives import FOUND, Head
from filterd.words.entry import Entry
from filterd.words.flaw import WordlistMistake
from filterd.words.options import NO_OPTIONS
from filterd.words.pages import ENTRY_OCTETS, Defaults, Load, Reader

__all__ = ["ENTRY_OCTETS", "Load", "Wordlist", "WordlistError", "WordlistMistake", "parse_wordlist"]


class WordlistError(Exception):
    """The list cannot be used; `mistakes` holds every one that was found, in the order of the file."""

    def __init__(self, mistakes: Iterable[WordlistMistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))


@dataclass(frozen=True, slots=True, eq=False)
class Wordlist:
    """A list that can be used. `action` is what it asks for when its lowest threshold is reached: reject, tag or observe.

    `level`, `areas` and `first_lines` are what its entries were given where they said nothing; ask the entries. `thresholds` are
    names and scores, lowest first. `files` are those it was read from, itself first.
    """

    name: str
    file: str
    action: str
    entries: tuple[Entry, ...]
    level: str = "fold"
    areas: tuple[str, ...] = ()
    first_lines: int = 0
    head: Head = field(default_factory=Head)
    thresholds: tuple[tuple[str, int], ...] = ((FOUND, 1),)
    files: tuple[str, ...] = ()
    actions: tuple[tuple[str, str], ...] = ()  # thresholds with an action of their own
    watches: bool = False  # is it only looked at?
    innocent: frozenset[str] = frozenset()  # its own innocent words, folded

    def action_at(self, threshold: str) -> str:
        """What it asks for at this threshold; empty if none is reached."""
        return dict(self.actions).get(threshold, self.action) if threshold else ""

    def active(self, today: date | None) -> Iterator[Entry]:
        """The entries that count on this day (None: whatever their dates say)."""
        return (entry for entry in self.entries if entry.is_active(today or date.min))

    def next_change(self, today: date) -> date | None:
        """The first day after this one on which other entries count."""
        ends = (entry.options.expires for entry in self.entries if entry.options is not NO_OPTIONS)
        return min((end + timedelta(1) for end in ends if end is not None and end >= today), default=None)


def parse_wordlist(
    octets: bytes,
    *,
    name: str,
    file: str,
    action: str = "reject",
    level: str = "fold",
    areas: tuple[str, ...] = (),
    first_lines: int = 0,
    load: Load | None = None,
    actions: Mapping[str, str] | None = None,
    mode: str = "enforce",
    keep_duplicates: bool = False,
) -> Wordlist:
    """The list, or `WordlistError`. Of entries that find the same, the first is kept; own ones before included ones.

    `level` (exact, case, fold, disguise) is what its entries see through unless they or the list say otherwise; `areas` are those
    in which they count ("header:x-name" for one field), none means all; `first_lines` are the lines of a body in which they
    count, 0 means all. `load` reads a file that the list names, by a path as it is written there or joined to that of its own
    file; it raises OSError. Without it, a list that names files is a mistake. `actions` are those of single thresholds, `mode` is
    enforce or watch, where the list does not say. `keep_duplicates` is for those who look for them.
    """
    reader = Reader(load)
    page = reader.page(octets, file, Defaults(level, areas))
    entries: dict[object, Entry] = {}
    for number, entry in enumerate((*page.entries, *page.included)):
        entries.setdefault(number if keep_duplicates else entry.identity, entry)
    mistakes = reader.mistakes
    if all(entry.allow for entry in entries.values()) and not mistakes:
        what = "the list has nothing but `+` entries" if entries else "the list has no entries"
        mistakes.append(WordlistMistake(file, 1, 1, what, "write one, or take the list out of the configuration"))
    if mistakes:
        raise WordlistError(mistakes)
    head = page.head
    for threshold in set(actions or ()) - {name for name, _ in head.thresholds or [(FOUND, 1)]}:
        cure = f"write one of: {', '.join(name for name, _ in head.thresholds) or FOUND}"
        what = f"the list has no threshold `{threshold}`, which `thresholds` of [[wordlist]] names"
        reader.mistakes.append(WordlistMistake(file, 1, 1, what, cure))
    if mistakes:
        raise WordlistError(mistakes)
    return Wordlist(
        name,
        file,
        action,
        tuple(entries.values()),
        head.level or level,
        head.areas or areas,
        first_lines if head.first_lines is None else head.first_lines,
        head,
        tuple(sorted(head.thresholds, key=lambda threshold: threshold[1])) or ((FOUND, 1),),
        tuple(dict.fromkeys(reader.files)),
        tuple((actions or {}).items()),
        (head.mode or mode) == "watch",
        page.innocent,
    )
