"""Which children stand still: an inline scan that does not end, a loop that does not turn, a doomed scan process.

Time is counted in steps of at most `STEP` between two looks, so that a machine that was suspended, or a supervisor that
was busy, is not taken for children that hang.
"""

from __future__ import annotations

from filterd.edge.board import Board

STEP = 0.5
INLINE_SECONDS = 5.0
LOOP_SECONDS = 60.0


class Stillness:
    """How long a value has been the same, as far as we saw."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, int], tuple[int, float]] = {}

    def seconds(self, key: tuple[str, int], value: int, clock: float) -> float:
        """Since when this value stands here."""
        seen, since = self._seen.get(key, (None, clock))
        if seen != value:
            self._seen[key] = (value, clock)
            return 0.0
        return clock - since


class Watchman:
    """Asked for each living worker, about four times a second."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._stillness = Stillness()
        self._looked = 0.0
        self._clock = 0.0

    def look(self, now: float) -> None:
        """The round begins."""
        self._clock += min(now - self._looked, STEP)
        self._looked = now

    def trouble(self, area: int, scan_seconds: float) -> str:
        """Why this worker has to go; empty when it is well."""
        started = self._board.inline[area].since
        scanning = self._stillness.seconds(("scan", area), started, self._clock)
        if started and scanning > min(scan_seconds, INLINE_SECONDS):
            return "a scan did not end"
        beat = self._board.words["beat"][area]
        if self._stillness.seconds(("beat", area), beat, self._clock) > LOOP_SECONDS:
            return "its loop stood still"
        return ""
