"""The figures as tables for people and as one JSON document for machines, each target beside what was reached."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.latency import Latency, percentile
from tests.bench.memory import Idle, Large
from tests.bench.throughput import Rate, ratios
from tests.support.processes import ROOT

PER_CONNECTION, REUSED = 0.35, 0.33
LARGE_OCTETS, LARGE_WAIT, IDLE_OCTETS = 100e6, 0.100, 60e6
COUNTED = ("smtp-source", "plain")


@dataclass(frozen=True)
class Target:
    """Something promised, and what it came to."""

    name: str
    promised: str
    reached: str
    met: bool


def machine() -> dict[str, str]:
    """Where and with what this was measured."""
    versions = {}
    for package in ("filterd", "uvloop", "pyahocorasick", "regex"):
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = "not installed"
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False)
    postfix = subprocess.run(["postconf", "-d", "-h", "mail_version"], capture_output=True, text=True, check=False)
    model = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "cores": str(len(os.sched_getaffinity(0))),
        "processor": model[0].partition(":")[2].strip() if model else platform.machine(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "loop": "asyncio" if os.environ.get("FILTERD_LOOP") == "asyncio" else "uvloop if installed",
        "postfix": postfix.stdout.strip(),
        "commit": commit.stdout.strip(),
        "load before": f"{os.getloadavg()[0]:.1f}",
        **versions,
    }


def throughput_table(rates: Sequence[Rate]) -> Table:
    """One row a load and subject."""
    table = Table("load", "message", "subject", "messages/s", "of direct", "spread", "cpu µs", title="Throughput")
    direct = {rate.load: rate for rate in rates if rate.subject == "direct"}
    for rate in rates:
        found = ratios(rate, direct[rate.load])
        row = [rate.load.mode, rate.load.sample, rate.subject, f"{rate.median:,.0f}"]
        if rate.subject == "direct":
            row += ["", f"{min(rate.rates):,.0f}–{max(rate.rates):,.0f}/s", ""]
        else:
            row += [f"{statistics.median(found):.3f}", f"{min(found):.3f}–{max(found):.3f}"]
            row += [f"{statistics.median(rate.microseconds):.0f}"]
        table.add_row(*row, end_section=rate is rates[-1])
    return table


def latency_table(latencies: Sequence[Latency]) -> Table:
    """Percentiles in milliseconds, and what each subject adds to the direct way."""
    table = Table("what", "subject", "p50 ms", "p99 ms", "added p50", "added p99", title="Latency at low load")
    direct = latencies[0]
    for what, attribute in (("message on an open session", "messages"), ("session of one message", "sessions")):
        base = getattr(direct, attribute)
        for latency in latencies:
            times = getattr(latency, attribute)
            figures = [percentile(times, part) * 1e3 for part in (0.5, 0.99)]
            added = [figure - percentile(base, part) * 1e3 for figure, part in zip(figures, (0.5, 0.99), strict=True)]
            table.add_row(what, latency.subject, *(f"{figure:.2f}" for figure in figures + added))
    return table


def memory_table(larges: Sequence[Large], idles: Sequence[Idle]) -> Table:
    """Megabytes (10^6) above idle, and the longest wait of other sessions."""
    table = Table("what", "subject", "MB above idle", "by process", "took s", "others waited ms", title="Memory")
    for large in larges:
        table.add_row(
            f"{large.octets / 1e6:.0f} MB {large.sample}",
            large.subject,
            f"{large.total / 1e6:.1f}",
            " ".join(f"{octets / 1e6:.1f}" for octets in large.processes),
            f"{large.seconds:.2f}",
            f"{large.wait * 1e3:.0f} (alone {large.wait_alone * 1e3:.0f})",
        )
    for idle in idles:
        each = idle.octets / idle.sessions / 1000
        table.add_row(f"{idle.sessions:,} idle sessions", idle.subject, f"{idle.octets / 1e6:.1f}", f"{each:.1f} kB each")
    return table


def targets(rates: Sequence[Rate], larges: Sequence[Large], idles: Sequence[Idle], subject: str) -> list[Target]:
    """What was promised of `subject`, and whether it holds here."""
    direct = {rate.load: rate for rate in rates if rate.subject == "direct"}
    found = []
    for mode, promised in (("per connection", PER_CONNECTION), ("reused", REUSED)):
        medians = [
            statistics.median(ratios(rate, direct[rate.load]))
            for rate in rates
            if rate.subject == subject and rate.load.mode == mode and rate.load.sample in COUNTED
        ]
        if medians:
            low = min(medians)
            found.append(Target(f"throughput, {mode}", f"≥ {promised:.2f}", f"{low:.3f}", low >= promised))
    for large in (large for large in larges if large.subject == subject):
        size = f"{large.octets / 1e6:.0f} MB {large.sample}"
        met = large.total < LARGE_OCTETS
        found.append(Target(f"{size}: memory", "< 100 MB above idle", f"{large.total / 1e6:.1f} MB", met))
        met = large.wait < LARGE_WAIT
        found.append(Target(f"{size}: others wait", "< 100 ms", f"{large.wait * 1e3:.0f} ms", met))
    for idle in (idle for idle in idles if idle.subject == subject):
        met = idle.octets < IDLE_OCTETS
        found.append(Target(f"{idle.sessions:,} idle sessions", "< 60 MB", f"{idle.octets / 1e6:.1f} MB", met))
    return found


def show(console: Console, where: dict[str, str], tables: Sequence[Table], found: Sequence[Target]) -> None:
    """Everything, the targets last."""
    console.print("  ".join(f"{name} {value}" for name, value in where.items()))
    for table in tables:
        console.print(table)
    show_targets(console, found)


def show_targets(console: Console, found: Sequence[Target]) -> None:
    """Each promise beside what was reached."""
    table = Table("target", "promised", "reached", "", title="Targets")
    for target in found:
        table.add_row(target.name, target.promised, target.reached, "[green]met[/]" if target.met else "[red]NOT MET[/]")
    console.print(table)


def document(
    where: dict[str, str],
    rates: Sequence[Rate],
    latencies: Sequence[Latency],
    larges: Sequence[Large],
    idles: Sequence[Idle],
    found: Sequence[Target],
) -> dict[str, object]:
    """The same, for --json."""
    return {
        "machine": where,
        "throughput": [asdict(rate) for rate in rates],
        "latency_ms": [
            {
                "subject": latency.subject,
                **{
                    f"{what}_p{int(part * 100)}": percentile(getattr(latency, what), part) * 1e3
                    for what in ("messages", "sessions")
                    for part in (0.5, 0.99)
                },
            }
            for latency in latencies
        ],
        "large": [asdict(large) for large in larges],
        "idle": [asdict(idle) for idle in idles],
        "targets": [asdict(target) for target in found],
    }
