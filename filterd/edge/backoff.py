"""Replacing what crashes: at once, unless it goes on crashing."""

from __future__ import annotations

from collections import deque

AT_ONCE = 3  # crashes within WINDOW that are replaced without delay
WINDOW = 60.0
LONGEST = 10.0


class Backoff:
    """Times are monotonic seconds, given by the caller."""

    def __init__(self) -> None:
        self._crashes: deque[float] = deque(maxlen=32)

    def crashed(self, now: float) -> None:
        """One more."""
        self._crashes.append(now)

    @property
    def count(self) -> int:
        """All there were, as far as remembered."""
        return len(self._crashes)

    def allows(self, now: float) -> bool:
        """May the next one start now?"""
        return not self._crashes or now >= self._crashes[-1] + self.delay(now)

    def delay(self, now: float) -> float:
        """Seconds between the last crash and the next start."""
        recent = sum(1 for crash in self._crashes if crash > now - WINDOW)
        return 0.0 if recent <= AT_ONCE else min(LONGEST, 0.25 * 2.0 ** (recent - AT_ONCE))
