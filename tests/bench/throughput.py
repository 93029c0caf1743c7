"""Messages a second, smtp-source to smtp-sink: directly and through each subject, in turns, so that noise meets all alike."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.processes import computed
from tests.bench.programs import HOST, Subject
from tests.support.processes import program

SESSIONS = 20


@dataclass(frozen=True)
class Load:
    """One kind of load: connections used once or again, and what is sent."""

    mode: str  # "per connection" or "reused"
    sample: str
    arguments: tuple[str, ...]


@dataclass
class Rate:
    """What one subject reached under one load."""

    load: Load
    subject: str
    rates: list[float] = field(default_factory=list)
    microseconds: list[float] = field(default_factory=list)  # of processor time, a message

    @property
    def median(self) -> float:
        """Messages a second."""
        return statistics.median(self.rates)


def loads(samples: dict[str, Path]) -> list[Load]:
    """smtp-source's own message and every sample file, each in both modes."""
    kinds: dict[str, tuple[str, ...]] = {"smtp-source": ("-l", "5120")}
    kinds |= {name: ("-F", str(path)) for name, path in samples.items()}
    modes: dict[str, tuple[str, ...]] = {"per connection": (), "reused": ("-d",)}
    return [Load(mode, name, flag + what) for mode, flag in modes.items() for name, what in kinds.items()]


def send(load: Load, subject: Subject, messages: int) -> float:
    """Seconds that sending took; an error of smtp-source (a refusal, a lost connection) ends the benchmark."""
    addresses = ("-f", "a@example.net", "-t", "b@example.org")
    command = [program("smtp-source"), "-4", "-s", str(SESSIONS), "-m", str(messages), *load.arguments, *addresses]
    begun = time.perf_counter()
    ended = subprocess.run([*command, f"{HOST}:{subject.port}"], check=False, timeout=300, capture_output=True, text=True)
    if ended.returncode:
        raise SystemExit(f"{subject.name}: {ended.stderr.strip()}\n{subject.log_tail}")
    return time.perf_counter() - begun


def measure(load: Load, subjects: Sequence[Subject], seconds: float, rounds: int) -> list[Rate]:
    """The rates of all subjects under one load: a short run to learn how many messages fill the time, then the rounds."""
    counts = {}
    for subject in subjects:
        pilot = 400
        while (took := send(load, subject, pilot)) < min(0.5, seconds):
            pilot *= 3
        counts[subject.name] = max(SESSIONS, int(pilot / took * seconds))
    results = {subject.name: Rate(load, subject.name) for subject in subjects}
    for _ in range(rounds):
        for subject in subjects:
            count, pids = counts[subject.name], subject.pids
            before = computed(pids)
            rate = count / send(load, subject, count)
            results[subject.name].rates.append(rate)
            results[subject.name].microseconds.append((computed(pids) - before) / count * 1e6)
    return list(results.values())


def ratios(rate: Rate, direct: Rate) -> list[float]:
    """Round by round: what is left of the direct rate."""
    return [ours / theirs for ours, theirs in zip(rate.rates, direct.rates, strict=True)]
