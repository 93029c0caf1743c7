"""One entry of one list, as a hit names it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from filterd.words.entry import Combination, Entry
from filterd.words.wordlist import Wordlist

E = TypeVar("E", bound=Entry, covariant=True)


@dataclass(frozen=True, slots=True, eq=False)
class Term(Generic[E]):
    """What is searched for: an entry, or a term of the combination that is its `owner`.

    Two terms are the same only if they are one.
    """

    wordlist: Wordlist
    entry: E
    owner: Combination | None = None
