"""Where a TOML document says what: key path → line number.

tomllib does not keep positions, so this second look finds them. It is only ever given a document that tomllib has
accepted, so it knows just enough of TOML to follow keys, brackets and strings, and never judges.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

from filterd.config.mistakes import KeyPath

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{1,2})?'  # a multi-line text may end with one or two quotes of its own
    r"|'''.*?'''(?:'{1,2})?"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[\]{}=,.\n]"
    r"|[^\s\[\]{}=,.\"'#]+",
    re.DOTALL,
)


def find_lines(document: str) -> dict[KeyPath, int]:
    """Line (from 1) of every key, table, array element and inline-table key of a valid TOML document."""
    return _Finder(document).find()


def line_of(path: KeyPath, lines: dict[KeyPath, int]) -> int:
    """The line of `path`, else of the nearest table around it, else 1."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


class _Finder:
    def __init__(self, document: str) -> None:
        self._tokens = list(_tokens(document))
        self._next = 0
        self._lines: dict[KeyPath, int] = {}
        self._counts: dict[KeyPath, int] = {}  # elements so far of each array of tables

    def find(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        while self._next < len(self._tokens):
            token, line = self._tokens[self._next]
            if token == "\n":
                self._next += 1
            elif token == "[":
                table = self._header()
                self._lines.setdefault(table, line)
            else:
                self._pair(table)
        return self._lines

    def _peek(self) -> str:
        return self._tokens[self._next][0] if self._next < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        self._next += 1
        return token

    def _header(self) -> KeyPath:
        self._take()
        is_array = self._peek() == "["
        if is_array:
            self._take()
        path = self._resolve(self._key("]"))
        if is_array:
            self._take()
            index = self._counts.get(path, 0)
            self._counts[path] = index + 1
            path = (*path, index)
        return path

    def _resolve(self, key: list[str]) -> KeyPath:
        """Names on the way that are arrays of tables mean their last element."""
        path: KeyPath = ()
        for i, name in enumerate(key):
            path = (*path, name)
            if i < len(key) - 1 and path in self._counts:
                path = (*path, self._counts[path] - 1)
        return path

    def _key(self, end: str) -> list[str]:
        names = []
        while (token := self._take()) not in (end, ""):
            if token != ".":
                names.append(_unquoted(token))
        return names

    def _pair(self, table: KeyPath) -> None:
        line = self._tokens[self._next][1]
        path = table
        for name in self._key("="):
            path = (*path, name)
            self._lines.setdefault(path, line)
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        if self._peek() == "[":
            self._array(path)
        elif self._peek() == "{":
            self._inline_table(path)
        else:
            while self._peek() not in ("\n", ",", "]", "}", ""):
                self._take()

    def _array(self, path: KeyPath) -> None:
        self._take()
        index = 0
        while self._peek() not in ("]", ""):
            if self._peek() in ("\n", ","):
                index += self._take() == ","
                continue
            self._lines[(*path, index)] = self._tokens[self._next][1]
            self._value((*path, index))
        self._take()

    def _inline_table(self, path: KeyPath) -> None:
        self._take()
        while self._peek() not in ("}", ""):
            if self._peek() in ("\n", ","):
                self._take()
            else:
                self._pair(path)
        self._take()


def _tokens(document: str) -> Iterator[tuple[str, int]]:
    line, position = 1, 0
    for match in _TOKEN.finditer(document):
        line += document.count("\n", position, match.start())
        position = match.start()
        if not match.group().startswith("#"):
            yield match.group(), line


def _unquoted(token: str) -> str:
    if token[0] not in "\"'":
        return token
    return next(iter(tomllib.loads(f"{token} = 0")))
