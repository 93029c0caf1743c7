"""What a whole scan came to: counts, the lists and entries that hit most, the exit code."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

from filterd.cli.harmless import one_line
from filterd.edge.offline import Report
from filterd.policy.alarms import ALARMS
from filterd.store.places import Trouble

TOP = 10


class Summary:
    """`add` every result."""

    def __init__(self) -> None:
        self.messages = self.octets = self.hits = self.hit_messages = self.troubles = self.errors = 0
        self.actions: Counter[str] = Counter()
        self.lists: Counter[str] = Counter()
        self.entries: Counter[tuple[str, int, str]] = Counter()
        self.conditions: Counter[str] = Counter()
        self._alarms = 0
        self._started = time.monotonic()

    def add(self, result: Report | Trouble) -> None:
        """Count it."""
        if isinstance(result, Trouble):
            self.troubles += 1
            return
        self.messages += 1
        self.octets += result.octets
        self.hits += len(result.hits)
        self.hit_messages += bool(result.hits)
        self.errors += bool(result.error)
        self._alarms += result.alarm != 0
        self.actions[result.action] += 1
        self.conditions.update(result.conditions)
        for hit in result.hits:
            self.lists[hit.list] += 1
            self.entries[hit.file, hit.line, hit.entry] += 1

    @property
    def exit_code(self) -> int:
        """As `filterd scan --help` has it."""
        return 2 if self.troubles or self.errors else 1 if self._alarms else 0

    def lines(self) -> Iterator[str]:
        """For people; nothing to say about a single message, which was told already."""
        if self.messages < 2:
            return
        seconds = max(time.monotonic() - self._started, 0.001)
        rate = f"{self.messages / seconds:,.0f} messages/s, {self.octets / seconds / 1e6:.1f} MB/s"
        yield f"{count(self.messages, 'message')}, {self.octets / 1e6:,.1f} MB in {seconds:.1f} s: {rate}"
        yield f"{count(self.hits, 'hit')} in {count(self.hit_messages, 'message')}"
        yield from self._table("actions", self.actions)
        yield from self._table("lists", self.lists)
        yield from self._table("conditions", self.conditions)
        if self.entries:
            yield "entries:"
            for (file, line, entry), number in self.entries.most_common(TOP):
                yield f"  {number:>7,}  {one_line(entry)}  ({one_line(file)}:{line})"
            if len(self.entries) > TOP:
                yield f"           and {count(len(self.entries) - TOP, 'other entry', 'other entries')}"
        if self.troubles:
            yield f"{count(self.troubles, 'path')} could not be read"

    def _table(self, name: str, counts: Counter[str]) -> Iterator[str]:
        if counts:
            yield f"{name}: " + ", ".join(f"{key} {number:,}" for key, number in counts.most_common(TOP))


def count(number: int, one: str, many: str = "") -> str:
    """`1 message`, `2 messages`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def alarm_name(number: int) -> str:
    """`511 unscannable`."""
    return f"{number} {ALARMS[number].name}" if number in ALARMS else str(number)
