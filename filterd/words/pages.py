"""Read the files of a wordlist: their lines to entries, with what each file says of its own, and the files that they include.

Every mistake is kept, with its file and line; nothing is raised.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from filterd.words.directives import PLACED, Head, check_name, read_values
from filterd.words.entry import Combination, Entry, Regex, Wild, Words, make_entry
from filterd.words.flaw import Flaw, WordlistMistake
from filterd.words.grammar import Line, is_ordinary, read_line
from filterd.words.innocent_file import read_innocent
from filterd.words.options import CASE, DISGUISE, FOLD, NO_OPTIONS, Options
from filterd.words.values import read_column

ENTRY_OCTETS = 1024
INCLUDES = 32  # in each other
_WILDEST = {DISGUISE: FOLD}  # no disguise of a pattern is known

Load = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Defaults:
    """What an entry is given where neither it nor its file says anything."""

    level: str
    areas: tuple[str, ...]
    weight: int | None = None
    category: str = ""

    def under(self, head: Head) -> Defaults:
        """Those of a file that says this of itself."""
        weight = self.weight if head.weight is None else head.weight
        return Defaults(head.level or self.level, head.areas or self.areas, weight, head.text("category") or self.category)

    def fill(self, options: Options) -> Options:
        """The options with the list's weight and category."""
        if self.weight is None and not self.category:
            return options
        weight = self.weight if options.weight is None else options.weight
        return replace(options, weight=weight, category=options.category or self.category)


@dataclass(slots=True)
class Page:
    """One file: its own entries, and those that it includes."""

    file: str
    head: Head = field(default_factory=Head)
    innocent: frozenset[str] = frozenset()
    entries: list[Entry] = field(default_factory=list)
    included: list[Entry] = field(default_factory=list)
    without: list[tuple[Entry, int]] = field(default_factory=list)  # and the line that says so


@dataclass(slots=True)
class Reader:
    """Reads a file and those it includes; every mistake is kept."""

    load: Load | None
    mistakes: list[WordlistMistake] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)  # the files that include each other, outermost first

    def page(self, octets: bytes, file: str, defaults: Defaults) -> Page:
        page = Page(file)
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

    def _directive(self, page: Page, line: Line, number: int, defaults: Defaults) -> None:
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

    def _guard(self, page: Page, line: Line) -> None:
        """The list's own innocent words."""
        file = _beside(page.file, line.value)
        octets = self._octets(file, line)
        self.files.append(file)
        page.innocent = read_innocent(octets, line.column)

    def _include(self, page: Page, line: Line, number: int, defaults: Defaults) -> None:
        file = _beside(page.file, line.value)
        if file in self._open:
            chain = " → ".join([*self._open[self._open.index(file) :], file])
            raise Flaw(line.column, f"the list includes itself ({chain})", "take one of these includes out")
        if len(self._open) > INCLUDES:
            raise Flaw(line.column, f"more than {INCLUDES} includes in each other", "include the innermost directly")
        inner = self.page(self._octets(file, line), file, defaults)
        page.included += [*inner.entries, *inner.included]

    def _without(self, page: Page, line: Line, number: int, defaults: Defaults) -> None:
        try:
            unwanted = read_line(line.value, ENTRY_OCTETS)
        except Flaw as flaw:
            raise Flaw(line.column + flaw.column - 1, flaw.what, flaw.cure) from None
        if not unwanted.pattern:
            raise Flaw(line.column, "`@without` names no entry", "write it as the included list does")
        page.without.append((_entry(unwanted, number, page.file, defaults), number))

    def _values(self, page: Page, line: Line, number: int, defaults: Defaults) -> None:
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

    def _leave_out(self, page: Page) -> None:
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


def _entry(line: Line, number: int, file: str, defaults: Defaults) -> Entry:
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
