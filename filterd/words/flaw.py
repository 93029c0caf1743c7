"""What is wrong in one line of a wordlist, and in one of its files."""

from __future__ import annotations

from dataclasses import dataclass


class Flaw(Exception):
    """What is wrong, at which column (from 1), and its cure."""

    def __init__(self, column: int, what: str, cure: str) -> None:
        super().__init__(what)
        self.column = column
        self.what = what
        self.cure = cure


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
