"""Ordinary words in which a forbidden one may lie by accident: Scunthorpe, Essex, assassin. They come with filterd.

`innocent_words()` reads only their sums; a file is read when it is first asked. Words are tokens in their folded form, as the
level `fold` writes them. `data/innocent/README.md` says where they are from, and under which licences.

The files are sorted and stand in memory as they are in the file, which takes a third of what the plain words would take, and a
fifteenth of a set. A line holds some words: the first as it is, each next as a capital (A: 0, B: 1, …), which says how many
letters it shares with the word before, and the rest. `abbotFessFs` is abbot, abbotess, abbots.
"""

from __future__ import annotations

import hashlib
import lzma
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

_FOLDER = resources.files("filterd") / "data" / "innocent"
_SUMS = "SHA256SUMS"
_NEXT = re.compile(r"([A-Z]?)([a-z]*)")


class Shelf:
    """The words of one file."""

    __slots__ = ("_octets",)

    def __init__(self, octets: bytes) -> None:
        self._octets = octets

    def __contains__(self, word: object) -> bool:
        if not isinstance(word, str):
            return False
        key = word.encode("utf-8", "replace") + b"a"  # greater than any line that begins with the word, or before it
        octets, low, high = self._octets, 0, len(self._octets)
        while low < high:
            start = octets.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = octets.find(b"\n", start) + 1 or len(octets)
            if octets[start:end] < key:
                low, line = end, octets[start:end]
            else:
                high = start
        return bool(low) and word in words_of(line.decode("ascii"))

    def __iter__(self) -> Iterator[str]:
        for line in self._octets.decode("ascii").splitlines():
            yield from words_of(line)


class Innocent(Mapping[str, Shelf]):
    """Each language's words, by its code (`en`, `de` …), and `names`. Nothing is read before the first question."""

    __slots__ = ("_shelves", "digest")

    def __init__(self) -> None:
        sums = (_FOLDER / _SUMS).read_bytes()
        names = (line.split()[1].removesuffix(".xz") for line in sums.decode("ascii").splitlines())
        self._shelves: dict[str, Shelf | None] = dict.fromkeys(names)
        self.digest = hashlib.sha256(sums).hexdigest()  # changes with any of the files

    def __getitem__(self, name: str) -> Shelf:
        shelf = self._shelves[name]
        if shelf is None:
            shelf = self._shelves[name] = Shelf(lzma.decompress((_FOLDER / f"{name}.xz").read_bytes()))
        return shelf

    def __iter__(self) -> Iterator[str]:
        return iter(self._shelves)

    def __len__(self) -> int:
        return len(self._shelves)

    def load(self) -> None:
        """Read everything now, so that processes forked later share it."""
        for name in self:
            self[name]

    def found_in(self, word: str) -> tuple[str, ...]:
        """The languages that have the word."""
        return tuple(name for name, shelf in self.items() if word in shelf)

    def containing(self, letters: str) -> list[str]:
        """Every word with these letters in it, sorted. Takes half a second."""
        return sorted({word for shelf in self.values() for word in shelf if letters in word})


@cache
def innocent_words() -> Innocent:
    """The one of this process."""
    return Innocent()


def words_of(line: str) -> Iterator[str]:
    """The words of a line."""
    word = ""
    for shared, rest in _NEXT.findall(line):
        if shared or rest:
            word = word[: ord(shared or "A") - 65] + rest
            yield word
