"""`make matrix`: judge every cell of the matrix and tell the recall, cell by cell.

The message of every cell that fails is kept under build/matrix/. Exit code 1 if one fails, or if more than a tenth of the
cells is excluded.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import time
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from tests.matrix.carriers import CARRIERS
from tests.matrix.cells import Cell, Judge, cells_of

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "matrix"
EXCLUDED_SHARE = 0.10


@dataclass
class Row:
    """What became of the cells of one carrier."""

    carrier: str
    found: Counter[str] = field(default_factory=Counter)  # by disguise
    cells: Counter[str] = field(default_factory=Counter)  # by disguise, excluded ones left out
    scripts: Counter[str] = field(default_factory=Counter)
    found_scripts: Counter[str] = field(default_factory=Counter)
    excluded: Counter[str] = field(default_factory=Counter)  # by reason
    failed: list[tuple[str, str, str]] = field(default_factory=list)  # disguise, script, file
    elsewhere: list[str] = field(default_factory=list)
    floor: int = 0


def judge_row(index: int, level: str, disguises: str, scripts: str) -> Row:
    """One carrier with everything that it can hold."""
    carrier = CARRIERS[index]
    row, judge = Row(carrier.name), Judge()
    for cell in cells_of(carrier):
        if not (fnmatchcase(cell.disguise.name, disguises) and fnmatchcase(cell.script.name, scripts)):
            continue
        if reason := cell.excluded():
            row.excluded[reason] += 1
            continue
        row.cells[cell.disguise.name] += 1
        row.scripts[cell.script.name] += 1
        hits = judge.hits(cell, level)
        if not hits:
            row.failed.append((cell.disguise.name, cell.script.name, keep(cell)))
            continue
        row.found[cell.disguise.name] += 1
        row.found_scripts[cell.script.name] += 1
        row.floor += all(hit.reading == "floor" for hit in hits)
        if not any(hit.area in carrier.areas for hit in hits):
            row.elsewhere.append(f"{cell}: {', '.join(sorted({hit.area for hit in hits}))}")
    return row


def keep(cell: Cell) -> str:
    """Write the message down for looking at it."""
    name = re.sub(r"\W+", "-", str(cell)) + ".eml"
    (KEPT / name).write_bytes(cell.message())
    return name


def share(found: int, cells: int) -> str:
    """Found of all, coloured."""
    if not cells:
        return ""
    colour = "green" if found == cells else "red" if found < cells * 0.9 else "yellow"
    return f"[{colour}]{found}/{cells}[/]"


def tables(rows: list[Row]) -> list[Table]:
    """Recall by carrier, by disguise and by script."""
    by_carrier = Table("carrier", "found", "by the floor only", "in another area", "excluded", title="By carrier")
    disguises: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    scripts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        counts = [row.floor, len(row.elsewhere), sum(row.excluded.values())]
        by_carrier.add_row(row.carrier, share(row.found.total(), row.cells.total()), *(str(n or "") for n in counts))
        for name, cells in row.cells.items():
            disguises[name][0] += row.found[name]
            disguises[name][1] += cells
        for name, cells in row.scripts.items():
            scripts[name][0] += row.found_scripts[name]
            scripts[name][1] += cells
    by_disguise = Table("disguise", "found", title="By disguise")
    by_script = Table("script", "found", title="By script")
    for table, counted in ((by_disguise, disguises), (by_script, scripts)):
        for name, (found, cells) in counted.items():
            table.add_row(name, share(found, cells))
    return [by_carrier, by_disguise, by_script]


def cell_table(rows: list[Row]) -> Table:
    """The pairs of carrier and disguise in which something is missing."""
    table = Table("carrier", "disguise", "found", "missing in", title="Cells that fail")
    for row in rows:
        missing: defaultdict[str, list[str]] = defaultdict(list)
        for disguise, script, _ in row.failed:
            missing[disguise].append(script)
        for disguise, names in missing.items():
            table.add_row(row.carrier, disguise, share(row.found[disguise], row.cells[disguise]), ", ".join(names))
    return table


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description=__doc__)
    parser.add_argument("--carrier", default="*", help="only carriers that match this pattern")
    parser.add_argument("--disguise", default="*", help="only disguises that match this pattern")
    parser.add_argument("--script", default="*", help="only scripts that match this pattern")
    parser.add_argument("--level", default="", help="one level for all, instead of the mildest of each disguise")
    parser.add_argument("--brief", action="store_true", help="no list of the cells that fail")
    parser.add_argument("--jobs", type=int, default=0, help="processes")
    return parser.parse_args()


def main() -> int:
    """Judge, tell."""
    options = arguments()
    console = Console(width=None if sys.stdout.isatty() else 150)
    shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir(parents=True)
    chosen = [n for n, carrier in enumerate(CARRIERS) if fnmatchcase(carrier.name, options.carrier)]
    begun = time.monotonic()
    with ProcessPoolExecutor(options.jobs or None) as pool:
        waiting = [pool.submit(judge_row, n, options.level, options.disguise, options.script) for n in chosen]
        rows = [job.result() for job in track(waiting, "judging", console=Console(stderr=True))]
    for table in tables(rows):
        console.print(table)
    if not options.brief:
        console.print(cell_table(rows))
    for line in (line for row in rows for line in row.elsewhere[:3]):
        console.print(f"in another area: {line}", markup=False, highlight=False)
    return tell(rows, time.monotonic() - begun, console)


def tell(rows: list[Row], seconds: float, console: Console) -> int:
    """The last lines, and the exit code."""
    cells, found = sum(row.cells.total() for row in rows), sum(row.found.total() for row in rows)
    excluded: Counter[str] = sum((row.excluded for row in rows), Counter())
    for reason, count in excluded.most_common():
        console.print(f"excluded: {count} cells ({count / (cells + excluded.total()):.1%}): {reason}", highlight=False)
    console.print(f"{found} of {cells} cells found ({found / max(cells, 1):.2%}) in {seconds:.0f} s", highlight=False)
    if found < cells:
        console.print(f"the messages of the others are in {KEPT}", highlight=False)
    too_many = excluded.total() > EXCLUDED_SHARE * (cells + excluded.total())
    return int(found < cells or too_many)


if __name__ == "__main__":
    sys.exit(main())
