"""`make hostile`: what messages cost that were made to be slow, at a size and at four times that size.

CPU time of one process, the best of several runs. A reader that is linear takes four times as long; more than six times fails.
Exit code 1 if a family does, or if judging one raises.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from fnmatch import fnmatchcase

from rich.console import Console
from rich.progress import track
from rich.table import Table

from filterd.engine import Engine
from filterd.mail.envelope import Envelope
from filterd.policy.verdict import Verdict
from filterd.words.wordlist import parse_wordlist
from tests.hostile.families import FAMILIES, Family

RATIO = 6.0
LEAST = 0.002  # seconds; below this the clock says nothing about growth
WORTH = 0.010  # the smaller message is made larger until it costs this much


@dataclass(frozen=True, slots=True)
class Cost:
    """What a family costs at two sizes, in CPU seconds."""

    family: str
    octets: tuple[int, int]
    seconds: tuple[float, float]
    conditions: tuple[str, ...]

    @property
    def ratio(self) -> float:
        """How much longer the longer one takes, both as long at least as the clock can tell; by the sizes they really have."""
        growth = self.octets[1] / self.octets[0] / 4
        return max(self.seconds[1], LEAST) / max(self.seconds[0], LEAST) / max(growth, 1)

    @property
    def is_linear(self) -> bool:
        """Does it keep the promise?"""
        return self.ratio < RATIO


def engine_for(family: Family, level: str = "disguise") -> Engine:
    """An engine with the words of the family; `observe`, so that nothing is decided before the end."""
    lines = "\n".join(family.entries).encode()
    return Engine([parse_wordlist(lines, name="hostile", file="hostile.txt", action="observe", level=level)])


def cost(engine: Engine, message: bytes, times: int) -> tuple[float, Verdict]:
    """The best of several runs."""
    best = float("inf")
    for _ in range(times):
        begun = time.process_time()
        verdict = engine.judge(message, Envelope(), "REF")
        best = min(best, time.process_time() - begun)
        if best > 1:
            break
    return best, verdict


def measure(family: Family, size: int, times: int, level: str) -> Cost:
    """Both sizes. A ratio that is near the limit is looked at again: other processes disturb."""
    engine = engine_for(family, level)
    size = min(size, family.largest // 4)
    while size * 8 <= family.largest and cost(engine, family.make(size), 1)[0] < WORTH:
        size *= 2
    small, large = family.make(size), family.make(size * 4)
    for attempt in range(3):
        (first, _), (second, verdict) = (cost(engine, message, times << attempt) for message in (small, large))
        found = Cost(family.name, (len(small), len(large)), (first, second), verdict.conditions)
        if found.is_linear:
            break
    return found


def show(costs: list[Cost], console: Console) -> None:
    """All of them, the worst last."""
    table = Table("family", "octets", "ms", "octets", "ms", "ratio", "ms/MB", "conditions", title="Hostile messages")
    for found in sorted(costs, key=lambda found: found.ratio):
        colour = "green" if found.is_linear else "red"
        table.add_row(
            found.family,
            *(text for n in (0, 1) for text in (f"{found.octets[n]:,}", f"{found.seconds[n] * 1e3:.1f}")),
            f"[{colour}]{found.ratio:.2f}[/]",
            f"{found.seconds[1] * 1e9 / found.octets[1]:.0f}",
            " ".join(found.conditions),
        )
    console.print(table)


def main() -> int:
    """Measure, tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--family", default="*", help="only families that match this pattern")
    parser.add_argument("--size", type=int, default=128, help="the smaller size in KiB (default 128)")
    parser.add_argument("--times", type=int, default=3, help="runs of which the best counts (default 3)")
    parser.add_argument("--level", default="disguise", help="the level of the list (default disguise)")
    options = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 150)
    chosen = [family for family in FAMILIES if fnmatchcase(family.name, options.family)]
    costs, raised = [], 0
    for family in track(chosen, "measuring", console=Console(stderr=True)):
        try:
            costs.append(measure(family, options.size * 1024, options.times, options.level))
        except Exception as error:  # a message that raises is what this looks for
            raised += 1
            console.print(f"{family.name}: {error!r}", style="red", markup=False)
    show(costs, console)
    wrong = [found.family for found in costs if not found.is_linear]
    worst = max(costs, key=lambda found: found.seconds[1] / found.octets[1])
    console.print(f"dearest: {worst.family}, {worst.seconds[1] / worst.octets[1] * 1e6:.2f} s a MB", highlight=False)
    console.print(
        f"{len(costs) - len(wrong)} of {len(costs)} families cost less than {RATIO:.0f} times as much at four times the size"
    )
    return int(bool(wrong or raised))


if __name__ == "__main__":
    sys.exit(main())
