"""Read one column of a file of values: comma-, semicolon- or tab-separated, or one value a line."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from filterd.words.flaw import Flaw

_FIELD = 64 * 1024  # characters; the csv module's own limit is global
_SEPARATORS = ",;\t"


def read_column(octets: bytes, column: str, at: int) -> Iterator[tuple[int, str]]:
    """The line and the text of each value; empty ones are left out. `column` is a number from 1, or a name in the first line.

    Raises `Flaw` at column `at` of the directive.
    """
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        raise Flaw(at, f"line {line} of the file is not UTF-8", "save it as UTF-8") from None
    first = text[:_FIELD].split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count) if any(sign in first for sign in _SEPARATORS) else "\0"
    if separator == "\0" and column in ("", "1"):
        yield from ((number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip())
        return
    yield from _of_table(text, separator, column, at)


def _of_table(text: str, separator: str, column: str, at: int) -> Iterator[tuple[int, str]]:
    rows = csv.reader((f"{line}\n" for line in text.split("\n")), delimiter="," if separator == "\0" else separator)
    index = int(column or 1) - 1 if (column or "1").isdigit() else -1
    try:
        for row in rows:
            if index < 0 and not (column or "1").isdigit():
                if column not in row:
                    raise Flaw(at, f"the file has no column `{column}`", f"its first line has: {', '.join(row)[:200]}")
                index = row.index(column)
                continue
            if index < 0:
                raise Flaw(at, "columns count from 1", "write column=1 for the first")
            value = row[index].strip() if index < len(row) else ""
            if value:
                yield rows.line_num, value
    except csv.Error as error:
        raise Flaw(at, f"line {rows.line_num} of the file is no table ({error})", "mend it") from None
