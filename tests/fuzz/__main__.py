"""`make fuzz`: mutated mails, seeded, with everything that must hold for any message checked on each (tests/fuzz/checks.py).

DATA=DIR adds real mail to begin with. A message that fails is kept in build/fuzz/NUMBER.eml; `--number N` makes it again,
`--file FILE` checks one. What was mended goes to tests/crashers/, which the tests replay. Exit code 1 if one fails.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from rich.console import Console
from rich.progress import track

from tests.fuzz.checks import Checker
from tests.fuzz.minimise import minimised
from tests.fuzz.mutate import Mutator
from tests.fuzz.seeds import own_seeds, real_seeds

KEPT = Path(__file__).resolve().parents[2] / "build" / "fuzz"
BATCH = 200

Result = tuple[int, float, int, tuple[float, int, int], list[tuple[int, list[str]]]]

_pool: list[bytes] = []
_checker: list[Checker] = []


def prepare(data: Path | None) -> None:
    """Once in every process."""
    _pool[:] = own_seeds() + (real_seeds(data) if data else [])
    _checker[:] = [Checker()]


def run(seed: int, first: int) -> Result:
    """A batch: messages, CPU seconds, hits, the dearest, what failed."""
    checker = _checker[0]
    checker.worst, checker.hits = (0.0, 0, -1), 0
    failed, begun = [], time.process_time()
    for number in range(first, first + BATCH):
        message = Mutator(_pool, f"{seed}-{number}").message()
        if faults := checker.faults(message, number):
            (KEPT / f"{number}.eml").write_bytes(message)
            failed.append((number, faults))
    return BATCH, time.process_time() - begun, checker.hits, checker.worst, failed


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder with mail/ or mime/ in it")
    parser.add_argument("--seed", type=int, default=1, help="another one makes other messages")
    parser.add_argument("--count", type=int, default=0, help="how many messages")
    parser.add_argument("--seconds", type=float, default=600, help="CPU seconds of all processes (default 600)")
    parser.add_argument("--first", type=int, default=0, help="the number to begin with")
    parser.add_argument("--number", type=int, help="only this one")
    parser.add_argument("--file", type=Path, help="only this message")
    parser.add_argument("--minimise", action="store_true", help="with --number or --file: make it smaller while it fails")
    parser.add_argument("--jobs", type=int, default=0, help="processes")
    return parser.parse_args()


def single(options: argparse.Namespace, console: Console) -> int:
    """One message, closely."""
    prepare(options.data)
    message = options.file.read_bytes() if options.file else Mutator(_pool, f"{options.seed}-{options.number}").message()
    faults = _checker[0].faults(message)
    if faults and options.minimise:
        message = minimised(message, lambda smaller: bool(_checker[0].faults(smaller)))
        faults = _checker[0].faults(message)
        (KEPT / "minimised.eml").write_bytes(message)
    console.print(f"{message[:3000]!r}", markup=False, highlight=False)
    console.print("\n".join(faults) or "sound", markup=False, highlight=False)
    return int(bool(faults))


def main() -> int:
    """Run, tell."""
    options = arguments()
    console = Console()
    KEPT.mkdir(parents=True, exist_ok=True)
    if options.file or options.number is not None:
        return single(options, console)
    total, spent, hits, worst, failures = 0, 0.0, 0, (0.0, 0, -1), 0
    jobs = options.jobs or None
    with ProcessPoolExecutor(jobs, initializer=prepare, initargs=(options.data,)) as pool:
        first = options.first
        while spent < options.seconds and (not options.count or total < options.count):
            waiting = [pool.submit(run, options.seed, first + BATCH * n) for n in range(20)]
            first += BATCH * len(waiting)
            for job in track(waiting, f"{total} messages, {failures} failed", console=Console(stderr=True), transient=True):
                count, seconds, found, dearest, failed = job.result()
                total, spent, hits, worst = total + count, spent + seconds, hits + found, max(worst, dearest)
                failures += len(failed)
                for number, faults in failed:
                    console.print(f"{number}: {'; '.join(faults)[:600]}", markup=False, highlight=False, soft_wrap=True)
    per_octet, octets, number = worst
    console.print(f"dearest: number {number}, {per_octet * 1e6:.2f} s a MB ({octets} octets)", highlight=False)
    console.print(f"{total} messages, {spent:.0f} CPU s, {hits} hits: {failures} failed", highlight=False)
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
