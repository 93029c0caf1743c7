"""What is wrong in one line of a wordlist."""

from __future__ import annotations


class Flaw(Exception):
    """What is wrong, at which column (from 1), and its cure."""

    def __init__(self, column: int, what: str, cure: str) -> None:
        super().__init__(what)
        self.column = column
        self.what = what
        self.cure = cure
