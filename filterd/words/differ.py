"""What distinguishes two lists: entries added, removed, and changed, whatever their order, comments and spacing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from filterd.words.entry import Entry, Words
from filterd.words.wordlist import Wordlist

ADDED, REMOVED, CHANGED = KINDS = ("added", "removed", "changed")


@dataclass(frozen=True, slots=True)
class Difference:
    """`before` is None for what was added, `after` for what was removed."""

    kind: str
    before: Entry | None
    after: Entry | None


def differences(before: Wordlist, after: Wordlist) -> Iterator[Difference]:
    """In the order of the new list, then what is gone in the order of the old one."""
    old = {_key(entry): entry for entry in before.entries}
    new = {_key(entry): entry for entry in after.entries}
    for key, entry in new.items():
        known = old.get(key)
        if known is None:
            yield Difference(ADDED, None, entry)
        elif _said(known) != _said(entry):
            yield Difference(CHANGED, known, entry)
    for key, entry in old.items():
        if key not in new:
            yield Difference(REMOVED, entry, None)


def _key(entry: Entry) -> object:
    """What it looks for, whatever it says of itself."""
    if isinstance(entry, Words):
        return "words", entry.keys, entry.plain.gaps, entry.open_start, entry.open_end, entry.allow
    return type(entry).__name__, entry.what, entry.allow


def _said(entry: Entry) -> object:
    return entry.shown, entry.level, entry.areas, entry.options
