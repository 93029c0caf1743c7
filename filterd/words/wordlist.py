"""Read a wordlist: octets to a frozen `Wordlist`, or every mistake in it at once. `docs/wordlist-format.md` has the format.

No file is opened here: `file` is what messages and hits call the list, and `load` gives the octets of files it names.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from filterd.words.directives import FOUND, PLACED, Head, check_name, read_values
from filterd.words.entry import Combination, Entry, Regex, Wild, Words, make_entry
from filterd.words.flaw import Flaw
from filterd.words.grammar import Line, is_ordinary, read_line
from filterd.words.innocent_file import read_innocent
from filterd.words.options import CASE, DISGUISE, FOLD, NO_OPTIONS, Options
from filterd.words.values import read_column

ENTRY_OCTETS = 1024
INCLUDES = 32  # in each other
_WILDEST = {DISGUISE: FOLD}  # no disguise of a pattern is known

Load = Callable[[str], bytes]


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
    reader = _Reader(load, action)
    page = reader.page(octets, file, _Defaults(level, areas))
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


@dataclass(frozen=True, slots=True)
class _Defaults:
    """What an entry is given where neither it nor its file says anything."""

    level: str
    areas: tuple[str, ...]
    weight: int | None = None
    category: str = ""

    def under(self, head: Head) -> _Defaults:
        """Those of a file that says this of itself."""
        weight = self.weight if head.weight is None else head.weight
        return _Defaults(head.level or self.level, head.areas or self.areas, weight, head.text("category") or self.category)

    def fill(self, options: Options) -> Options:
        """The options with the list's weight and category."""
        if self.weight is None and not self.category:
            return options
        weight = self.weight if options.weight is None else options.weight
        return replace(options, weight=weight, category=options.category or self.category)


@dataclass(slots=True)
class _Page:
    """One file: its own entries, and those that it includes."""

    file: str
    head: Head = field(default_factory=Head)
    innocent: frozenset[str] = frozenset()
    entries: list[Entry] = field(default_factory=list)
    included: list[Entry] = field(default_factory=list)
    without: list[tuple[Entry, int]] = field(default_factory=list)  # and the line that says so


@dataclass(slots=True)
class _Reader:
    """Reads a file and those it includes; every mistake is kept."""

    load: Load | None
    action: str
    mistakes: list[WordlistMistake] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)  # the files that include each other, outermost first

    def page(self, octets: bytes, file: str, defaults: _Defaults) -> _Page:
        page = _Page(file)
        self._open.append(file)
        self.files.append(file)
        own, plain = defaults, defaults.fill(NO_OPTIONS)
        for number, octets_of_line in enumerate(_lines(octets), 1):
            try:
                text = _decoded(octets_of_line)
                if is_ordinary(text) and len(text) <= ENTRY_OCTETS // 4:
                    page.entries.append(Words(text, number, file, own.level, own.areas, False, plain, text))
                    continue
                line = read_line(text, ENTRY_OCTETS)
                if line.directive:
                    self._directive(page, line, number, own)
                    own = defaults.under(page.head)
                    plain = own.fill(NO_OPTIONS)
                elif line.pattern:
                    page.entries.append(_entry(line, number, file, own))
            except Flaw as flaw:
                self._mistake(file, number, flaw)
        self._leave_out(page)
        self._open.pop()
        return page

    def _mistake(self, file: str, line: int, flaw: Flaw) -> None:
        self.mistakes.append(WordlistMistake(file, line, flaw.column, flaw.what, flaw.cure))

    def _directive(self, page: _Page, line: Line, number: int, defaults: _Defaults) -> None:
        check_name(line.directive)
        if line.directive in PLACED:
            if not line.value:
                raise Flaw(line.column, f"`@{line.directive}` says nothing", "write its value behind it")
            getattr(self, f"_{line.directive}")(page, line, number, defaults)
            return
        if page.entries:
            raise Flaw(1, f"`@{line.directive}` behind an entry", "put directives before the first entry")
        page.head.read(line.directive, line.value, line.column)
        if line.directive == "guard" and page.head.guard not in ("on", "off"):
            self._guard(page, line)

    def _guard(self, page: _Page, line: Line) -> None:
        """The list's own innocent words."""
        file = _beside(page.file, line.value)
        octets = self._octets(file, line)
        self.files.append(file)
        page.innocent = read_innocent(octets, line.column)

    def _include(self, page: _Page, line: Line, number: int, defaults: _Defaults) -> None:
        file = _beside(page.file, line.value)
        if file in self._open:
            chain = " → ".join([*self._open[self._open.index(file) :], file])
            raise Flaw(line.column, f"the list includes itself ({chain})", "take one of these includes out")
        if len(self._open) > INCLUDES:
            raise Flaw(line.column, f"more than {INCLUDES} includes in each other", "include the innermost directly")
        inner = self.page(self._octets(file, line), file, defaults)
        page.included += [*inner.entries, *inner.included]

    def _without(self, page: _Page, line: Line, number: int, defaults: _Defaults) -> None:
        try:
            unwanted = read_line(line.value, ENTRY_OCTETS)
        except Flaw as flaw:
            raise Flaw(line.column + flaw.column - 1, flaw.what, flaw.cure) from None
        if not unwanted.pattern:
            raise Flaw(line.column, "`@without` names no entry", "write it as the included list does")
        page.without.append((_entry(unwanted, number, page.file, defaults), number))

    def _values(self, page: _Page, line: Line, number: int, defaults: _Defaults) -> None:
        values = read_values(line.value, line.column)
        file = _beside(page.file, values.file)
        octets = self._octets(file, line)
        self.files.append(file)
        options = defaults.fill(values.options)
        for at, value in read_column(octets, values.column, line.column):
            if len(value.encode("utf-8", "replace")) > ENTRY_OCTETS or not any(map(str.isalnum, value)):
                cure = "take it out, or name another column"
                self.mistakes.append(WordlistMistake(file, at, 1, f"the value {value[:40]!r} is no word", cure))
                continue
            level, areas = options.level or CASE, options.areas or defaults.areas
            page.entries.append(Words(value, at, file, level, areas, False, options, value))

    def _octets(self, file: str, line: Line) -> bytes:
        if self.load is None:
            raise Flaw(line.column, "files that a list names are not read here", "name the list by its file")
        try:
            return self.load(file)
        except OSError as trouble:
            what = f"{file} cannot be read ({trouble.strerror or trouble})"
            raise Flaw(line.column, what, "give filterd a complete file that it may read") from None

    def _leave_out(self, page: _Page) -> None:
        """Take out of the included entries what this file does not want."""
        for unwanted, number in page.without:
            kept = [entry for entry in page.included if (type(entry), _what(entry)) != (type(unwanted), _what(unwanted))]
            if len(kept) == len(page.included):
                what = f"no included list has the entry `{unwanted.shown}`"
                flaw = Flaw(1, what, "write it as it stands there, or take the line out")
                self._mistake(page.file, number, flaw)
            page.included = kept


def _what(entry: Entry) -> object:
    """What it looks for, whatever the letters' case."""
    if isinstance(entry, Words):
        return entry.keys, entry.plain.gaps, entry.open_start, entry.open_end, entry.allow
    return entry.what, entry.allow


def _entry(line: Line, number: int, file: str, defaults: _Defaults) -> Entry:
    options = defaults.fill(line.options)
    level = options.level or defaults.level
    entry = make_entry(line, number, file, level, options.areas or defaults.areas, options)
    if options.role and line.allow:
        raise Flaw(line.column, f"`{options.role}` of a `+` entry", "a `+` entry only cancels; take one of them out")
    if isinstance(entry, (Wild, Regex)) and line.options.level == DISGUISE:
        raise Flaw(line.column, "no disguise of such a pattern is known", "write words, or level=fold")
    for part in entry.terms if isinstance(entry, Combination) else (entry,):
        if not isinstance(part, Words):
            part.level = _WILDEST.get(part.level, part.level)
    return entry


def _beside(file: str, named: str) -> str:
    """The path of a file that is named in another."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), named))


def _lines(octets: bytes) -> list[bytes]:
    """Lines end with LF or CRLF; a byte order mark at the start is dropped."""
    return octets.removeprefix(b"\xef\xbb\xbf").split(b"\n")


def _decoded(line: bytes) -> str:
    try:
        return line.removesuffix(b"\r").decode("utf-8")
    except UnicodeDecodeError as error:
        column = len(line[: error.start].decode("utf-8")) + 1
        raise Flaw(column, f"octet 0x{line[error.start]:02x} is not UTF-8", "save the list as UTF-8") from None
