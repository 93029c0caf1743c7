"""What the hits of a message weigh together: a sum for each list, entry × hits = points, and the threshold it reaches.

Hits are counted by place, however many readings led to it. Branches of one multipart/alternative say the same: of them the one
with the larger sum counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from filterd.words.entry import Entry
from filterd.words.wordlist import Wordlist


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One hit as it counts: what stood there, and the branch of a multipart/alternative, as `mail.slices` has it."""

    text: str = ""
    alternative: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """What one entry adds: `hits` were found, `counted` of them count, for `points`."""

    entry: Entry
    hits: int
    counted: int
    points: int


@dataclass(frozen=True, slots=True)
class Sum:
    """The score of one list and how it was made. `threshold` is the highest that is reached, empty if none is.

    `why` names what overrode the sum: "block", "pass", "required", "excluded".
    """

    wordlist: Wordlist
    shares: tuple[Share, ...]
    score: int
    threshold: str
    why: str = ""


Found = Mapping[Entry, Sequence[Occurrence]]


def tally(wordlist: Wordlist, found: Found, *, required: Sequence[Entry] = (), watched: bool = False) -> Sum:
    """The sum of a list over what was found of its entries; `required` are those that it needs.

    `watched`: entries that are only watched count as well.
    """
    counting = {entry: hits for entry, hits in found.items() if hits and (watched or not entry.options.watch)}
    roles = {entry.options.role for entry in counting}
    chosen = _branches(counting)
    shares = tuple(_share(entry, [hit for hit in hits if _counts(hit, chosen)]) for entry, hits in counting.items())
    score = sum(share.points for share in shares)
    names = wordlist.thresholds
    if "block" in roles:
        return Sum(wordlist, shares, score, names[-1][0], "block")
    for role in ("pass", "excluded"):
        if role in roles:
            return Sum(wordlist, shares, score, "", role)
    if any(entry not in counting for entry in required):
        return Sum(wordlist, shares, score, "", "required")
    reached = [name for name, least in names if score >= least]
    return Sum(wordlist, shares, score, reached[-1] if reached else "")


def _branches(found: Found) -> dict[str, str]:
    """Of each multipart/alternative the branch with the larger sum."""
    sums: dict[str, dict[str, int]] = {}
    for entry, hits in found.items():
        for hit in hits:
            path, slash, branch = hit.alternative.rpartition("/")
            if slash:
                of_path = sums.setdefault(path, {})
                of_path[branch] = of_path.get(branch, 0) + entry.weight
    return {path: max(of_path, key=of_path.__getitem__) for path, of_path in sums.items()}


def _counts(hit: Occurrence, chosen: dict[str, str]) -> bool:
    path, slash, branch = hit.alternative.rpartition("/")
    return not slash or chosen[path] == branch


def _share(entry: Entry, hits: list[Occurrence]) -> Share:
    options = entry.options
    counted = len({hit.text.casefold() for hit in hits}) if options.unique else len(hits)
    if len(hits) < options.least:
        counted = 0
    if options.count:
        counted = min(counted, options.count)
    points = counted * entry.weight
    if options.cap:
        points = max(min(points, options.cap), -options.cap)
    return Share(entry, len(hits), counted, points)


def is_simple(wordlist: Wordlist) -> bool:
    """Does any hit of any of its entries reach its one threshold? Then nothing found later can change what it asks for."""
    if len(wordlist.thresholds) > 1 or wordlist.thresholds[0][1] > 1 or wordlist.watches:
        return False
    plain = {id(entry.options): entry for entry in wordlist.entries}
    return all(
        entry.weight >= 1 and entry.options.least == 1 and entry.options.role in ("", "block") and not entry.options.watch
        for entry in plain.values()
    )
