"""The multiparts that are open while a message is walked, and which of them a line delimits (RFC 2046 §5.1.1)."""

from __future__ import annotations

from collections.abc import Callable

from filterd.mail.structure import LENIENT, Multipart

_PREFIXES = 8  # lengths of open boundaries that a line is compared with

Delimiter = tuple[int, bool]


class OpenParts:
    """A stack; a line is looked up among all their boundaries at once, so nesting costs nothing."""

    def __init__(self, mode: str, note: Callable[[str], None]) -> None:
        self._parts: list[Multipart] = []
        self._levels: dict[bytes, int] = {}  # boundary → index
        self._lengths: tuple[int, ...] = ()  # of boundaries
        self._is_lenient = mode == LENIENT
        self.note = note

    def __len__(self) -> int:
        return len(self._parts)

    def __getitem__(self, level: int) -> Multipart:
        return self._parts[level]

    def above(self, level: int) -> list[Multipart]:
        """Those from this level on."""
        return self._parts[level:]

    def push(self, multipart: Multipart) -> None:
        """One more is open."""
        self._parts.append(multipart)
        self._look_up()

    def cut(self, level: int) -> None:
        """Those from this level on are closed."""
        del self._parts[level:]
        self._look_up()

    def forget(self) -> None:
        """No line is a delimiter from here on."""
        self._levels, self._lengths = {}, ()

    def find(self, line: bytes) -> Delimiter | None:
        """Whose boundary the line behind `--` has (as an index), and whether it closes; blanks may follow."""
        line = line.rstrip(b" \t\0\r")
        name, closes = line, False
        level = self._levels.get(line)
        if level is None and line.endswith(b"--"):
            name, closes = line[:-2].rstrip(b" \t"), True
            level = self._levels.get(name)
        if level is None:
            return self._prefix(line)
        multipart = self._parts[level]
        if name not in multipart.seen:
            multipart.seen.append(name)
            if name != multipart.boundaries[0]:
                self.note("odd-boundary")
                multipart.is_sure = False
        return level, closes

    def _prefix(self, line: bytes) -> Delimiter | None:
        """A boundary with something behind it: a delimiter to lenient clients."""
        for length in self._lengths:
            level = self._levels.get(line[:length])
            if level is not None:
                if self._is_lenient:
                    return level, line[length : length + 2] == b"--"
                self._parts[level].has_prefix = True
        return None

    def _look_up(self) -> None:
        self._levels = {name: level for level, part in enumerate(self._parts) for name in part.boundaries}
        lengths = dict.fromkeys(len(name) for part in reversed(self._parts) for name in part.boundaries)
        self._lengths = tuple(lengths)[:_PREFIXES]
