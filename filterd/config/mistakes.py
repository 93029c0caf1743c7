"""What is wrong with a configuration, told so that a person can cure it: file, line, key, what, cure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

KeyPath = tuple[str | int, ...]  # ("wordlist", 1, "file")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake. `line` is 0 and `file` empty when it was made on the command line."""

    file: str
    line: int
    key: str
    what: str
    cure: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: " if self.file else ""
        key = f"{self.key}: " if self.key else ""
        return f"{place}{key}{self.what} → {self.cure}"


class ConfigError(Exception):
    """The configuration cannot be used; `mistakes` holds every one that was found, in the order of the file."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes, key=lambda mistake: mistake.line))
        super().__init__("\n".join(map(str, self.mistakes)))


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake that does not know yet where it was written; the loader adds file and line."""

    path: KeyPath
    what: str
    cure: str


def dotted(path: KeyPath) -> str:
    """The path as people write it: `wordlist[1].file`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
