"""What the collector has to know of each list, worked out once for all messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from filterd.policy.score import is_simple
from filterd.words.entry import Entry
from filterd.words.wordlist import Wordlist

STRICTNESS = {"observe": 1, "tag": 2, "reject": 3}  # of a list's action


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """`simple`: any hit decides. `strictness` is the most that the list asks for, 0 if it is only watched."""

    wordlist: Wordlist
    simple: bool
    strictness: int
    required: tuple[Entry, ...]


def plans(wordlists: Iterable[Wordlist], today: date | None = None) -> dict[int, Plan]:
    """The plan of each list, by the identity of the list."""
    return {id(wordlist): _plan(wordlist, today) for wordlist in wordlists}


def _plan(wordlist: Wordlist, today: date | None) -> Plan:
    actions = [wordlist.action_at(name) for name, _ in wordlist.thresholds]
    strictness = 0 if wordlist.watches else max(map(STRICTNESS.__getitem__, actions))
    required = tuple(entry for entry in wordlist.active(today) if entry.options.role == "required")
    return Plan(wordlist, is_simple(wordlist), strictness, required)
