"""Decoded octets that a message may still ask for: a deterministic bound on the work."""

from __future__ import annotations

from filterd.mail.slices import AMBIGUOUS, FLOOR, SURE

_FLOOR_OCTETS = 64 * 1024  # small messages may decode to more than their ratio
_QUARTERS = {SURE: 4, AMBIGUOUS: 3, FLOOR: 1}  # of everything


class OverBudget(Exception):
    """What the message says of itself decodes to more octets than its size allows."""


class Budget:
    """What is left of `ratio` times the message's size. Doubtful readings may take three quarters of it, the floor one."""

    def __init__(self, size: int, ratio: int) -> None:
        octets = size * ratio + _FLOOR_OCTETS
        self.is_over = False
        self._left = octets
        self._shares = {reading: octets * quarters // 4 for reading, quarters in _QUARTERS.items()}

    def take(self, octets: int, reading: str = SURE) -> bool:
        """Take from it; false if a doubtful reading asks for too much, `OverBudget` if a sure one does."""
        self._left -= octets
        self._shares[reading] -= octets
        if self._left >= 0 and self._shares[reading] >= 0:
            return True
        self.is_over = True
        if reading == SURE:
            raise OverBudget
        self._left += octets
        return False

    def is_spent(self, reading: str) -> bool:
        """Is there nothing left for this kind of reading?"""
        return self._left < 0 or self._shares[reading] < 0
