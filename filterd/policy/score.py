"""What the hits of a message weigh together."""

from __future__ import annotations

from collections.abc import Iterable

from filterd.policy.verdict import Hit


def score(hits: Iterable[Hit]) -> int:
    """The sum of the weights. Branches of one multipart/alternative say the same: of them the heaviest counts."""
    total = 0
    branches: dict[str, dict[str, int]] = {}
    for hit in hits:
        path, slash, branch = hit.alternative.rpartition("/")
        if slash:
            of_path = branches.setdefault(path, {})
            of_path[branch] = of_path.get(branch, 0) + hit.weight
        else:
            total += hit.weight
    return total + sum(max(weights.values()) for weights in branches.values())
