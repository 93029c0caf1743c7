#!/usr/bin/env python3
"""`make bench`: how much of the machine is left when filterd stands between, told as ratios within one run.

Everything is measured in turns with the direct way, so that a busy machine slows all alike; the bare relays say what
Python can do at all here. Exit code 0 also when a target is not met: a figure is a finding, not a failure.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import resource
import signal
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rich.console import Console

from tests.bench import latency, memory, programs, report, samples, throughput
from tests.bench.client import wire

LARGE = 25_000_000


def arguments() -> argparse.Namespace:
    """What the caller asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="short runs: for a first look, not for quoting")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there as well")
    parser.add_argument("--seconds", type=float, help="length of one throughput run (default 5, quick 1)")
    parser.add_argument("--rounds", type=int, help="rounds of each throughput run (default 3, quick 2)")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", choices=("throughput", "latency", "memory"), action="append")
    parser.add_argument("--load", default="", metavar="TEXT", help="only loads with this in their name: plain, reused, ...")
    parser.add_argument("--no-filterd", action="store_true", help="only the bare relays: the limit of this machine")
    parser.add_argument("--no-reference", action="store_true", help="without the bare relays")
    parser.add_argument("--html", action="store_true", help="an HTML mail as well; it does not count for the targets")
    return parser.parse_args()


def main() -> None:
    """Start everything once, measure, tell."""
    options = arguments()
    parts = options.only or ("throughput", "latency", "memory")
    console = Console(width=None if sys.stdout.isatty() else 120)
    _raise_limits()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything started is ended too
    where = report.machine()
    with tempfile.TemporaryDirectory(prefix="filterd-bench-") as name, contextlib.ExitStack() as stack:
        directory = Path(name)
        directory.chmod(0o755)
        files = samples.write(directory)
        sink = stack.enter_context(programs.sink(directory))
        setting = programs.Setting(directory, files.pop("words"), options.workers)
        if not options.html:
            files.pop("html")
        small = wire(samples.plain_mail())
        rates, latencies, larges, idles = [], [], [], []
        with contextlib.ExitStack() as started:
            subjects = [sink, *(started.enter_context(start) for start in _starts(setting, sink, options))]
            if "throughput" in parts:
                rates = _throughput(console, files, subjects, options)
            if "latency" in parts:
                latencies = latency.measure(subjects, small, 200 if options.quick else 1000)
        if "memory" in parts:
            larges, idles = _memory(console, setting, sink, small, options)
    found = report.targets(rates, larges, idles, subjects[1].name)
    tables = [report.throughput_table(rates)] if rates else []
    tables += [report.latency_table(latencies)] if latencies else []
    tables += [report.memory_table(larges, idles)] if larges else []
    report.show(console, where, tables, found)
    if options.json:
        made = report.document(where, rates, latencies, larges, idles, found)
        options.json.write_text(json.dumps(made, indent=1) + "\n")


def _starts(setting: programs.Setting, sink: programs.Subject, options: argparse.Namespace) -> list[programs.Start]:
    starts = [] if options.no_filterd else [programs.filterd(setting, sink)]
    if not options.no_reference:
        starts += [programs.reference(setting, sink, scanning) for scanning in (True, False)]
    return starts


def _throughput(
    console: Console, files: dict[str, Path], subjects: list[programs.Subject], options: argparse.Namespace
) -> list[throughput.Rate]:
    seconds = options.seconds or (1.0 if options.quick else 5.0)
    rounds = options.rounds or (2 if options.quick else 3)
    rates = []
    for load in throughput.loads(files):
        if options.load not in f"{load.mode} {load.sample}":
            continue
        with console.status(f"{load.mode}, {load.sample}"):
            rates += throughput.measure(load, subjects, seconds, rounds)
    return rates


def _memory(
    console: Console, setting: programs.Setting, sink: programs.Subject, small: bytes, options: argparse.Namespace
) -> tuple[list[memory.Large], list[memory.Idle]]:
    """Each figure of a process that has done nothing else before: freed memory that is kept would hide what is used."""
    larges, idles = [], []
    for name, make in (("text", samples.large_text), ("attachment", samples.large_attachment)):
        path = setting.directory / f"large-{name}.txt"
        path.write_text(make(LARGE))
        with programs.forking_sink(setting.directory) as patient:
            for start in [contextlib.nullcontext(patient), *_starts(setting, patient, options)]:
                with start as subject, console.status(f"{LARGE // 1_000_000} MB {name}, {subject.name}"):
                    larges.append(memory.large(subject, name, path, small))
        path.unlink()
    for start in _starts(setting, sink, options):
        with start as subject, console.status(f"1,000 idle sessions, {subject.name}"):
            idles.append(memory.idle(subject, 1000, small))
    return larges, idles


def _raise_limits() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    main()
