"""One entry of one list, as a hit names it."""

from __future__ import annotations

from dataclasses import dataclass

from filterd.words.entry import Entry
from filterd.words.wordlist import Wordlist


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """Two terms are the same only if they are one."""

    wordlist: Wordlist
    entry: Entry
