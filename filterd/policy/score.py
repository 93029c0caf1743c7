"""What the hits of a message weigh together: a sum for each list, entry × hits = points, and the threshold it reaches.

Hits are counted by place, however many readings led to it. Branches of one multipart/alternative say the same: of them the one
with the larger sum counts, decided from the innermost alternative outwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from filterd.words.entry import Entry
from filterd.words.wordlist import Wordlist


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One hit as it counts: what stood there, and in which branches of alternatives, as `mail.slices` has it."""

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
    chosen = _without_losers(counting)
    shares = tuple(_share(entry, chosen.get(entry, ())) for entry in counting)
    score = sum(share.points for share in shares)
    names = wordlist.thresholds
    if "block" in roles:
        return Sum(wordlist, shares, score, names[-1][0], "block")
    for role in ("pass", "excluded"):
        if role in roles:
            return Sum(wordlist, shares, score, "", role)
    if any(entry not in counting for entry in required if watched or not entry.options.watch):
        return Sum(wordlist, shares, score, "", "required")
    reached = [name for name, least in names if score >= least]
    return Sum(wordlist, shares, score, reached[-1] if reached else "")


def _without_losers(found: Found) -> Found:
    """The hits without those of branches that another branch outweighs."""
    deepest = max((hit.alternative.count("/") for hits in found.values() for hit in hits), default=0)
    for depth in range(deepest, 0, -1):
        branches: dict[str, dict[str, dict[Entry, list[Occurrence]]]] = {}
        for entry, hits in found.items():
            for hit in hits:
                if hit.alternative.count("/") >= depth:
                    branch = _branch(hit, depth)
                    of_path = branches.setdefault(branch.rpartition("/")[0], {})
                    of_path.setdefault(branch, {}).setdefault(entry, []).append(hit)
        losers = {branch for of_path in branches.values() for branch in _losers(of_path)}
        if losers:
            found = {
                entry: [hit for hit in hits if _branch(hit, depth) not in losers]
                for entry, hits in found.items()
            }
    return found


def _branch(hit: Occurrence, depth: int) -> str:
    """The branches of the outermost alternatives, so many of them."""
    return " ".join(hit.alternative.split(" ")[:depth])


def _losers(branches: dict[str, dict[Entry, list[Occurrence]]]) -> list[str]:
    """All but the branch with the largest sum; what stands in one only cannot lessen what another does not say."""
    sums = {branch: sum(_share(entry, hits).points for entry, hits in found.items()) for branch, found in branches.items()}
    best = max(sums, key=sums.__getitem__)
    return [branch for branch in sums if branch != best or (len(sums) == 1 and sums[best] < 0)]


def _share(entry: Entry, hits: Sequence[Occurrence]) -> Share:
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
