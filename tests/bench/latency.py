"""What one message costs in time when nothing else happens: one client, one message after the other."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bench.client import Client
from tests.bench.programs import Subject


@dataclass
class Latency:
    """Times of one subject, in seconds."""

    subject: str
    sessions: list[float] = field(default_factory=list)  # connect to QUIT's reply, one message
    messages: list[float] = field(default_factory=list)  # MAIL to the final reply, session open


def measure(subjects: Sequence[Subject], wire: bytes, count: int) -> list[Latency]:
    """All subjects in turns, message by message."""
    found = {subject.name: Latency(subject.name) for subject in subjects}
    opened = {subject.name: Client(subject.port) for subject in subjects}
    for _ in range(count):
        for subject in subjects:
            times = found[subject.name]
            begun = time.perf_counter()
            opened[subject.name].message(wire)
            times.messages.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            with Client(subject.port) as client:
                client.message(wire)
                client.quit()
            times.sessions.append(time.perf_counter() - begun)
    for client in opened.values():
        client.quit()
    return list(found.values())


def percentile(values: list[float], part: float) -> float:
    """The value that `part` of all do not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]
