"""The poison table: digests of messages whose scan killed a process, and how often.

The supervisor alone writes; workers and scan processes read. One death: the message is scanned only in the scan
process, where nobody else can be hurt. Two: it is not scanned a third time, whatever it is. Bounded; the oldest
entry goes first.
"""

from __future__ import annotations

DIGEST_OCTETS = 16
PLACES = 256
LETHAL = 2  # deaths after which a message is not scanned any more


class PoisonTable:
    """A view of the shared octets: a count of entries ever made, the deaths, the digests."""

    OCTETS = 8 + PLACES * (8 + DIGEST_OCTETS)

    def __init__(self, octets: memoryview) -> None:
        self._made = octets[:8].cast("q")
        self._deaths = octets[8 : 8 + PLACES * 8].cast("q")
        self._digests = octets[8 + PLACES * 8 : self.OCTETS]

    def deaths(self, digest: bytes) -> int:
        """How many processes died with this message in hand; nearly always the table is empty, and this is quick."""
        if not self._made[0]:
            return 0
        place = self._place(digest)
        return 0 if place is None else self._deaths[place]

    def is_lethal(self, digest: bytes) -> bool:
        """Must it not be scanned again?"""
        return self.deaths(digest) >= LETHAL

    def add(self, digest: bytes) -> int:
        """Supervisor only: one more death; answers how many there were. A new entry takes the oldest one's place."""
        place = self._place(digest)
        if place is None:
            place = self._made[0] % PLACES
            self._deaths[place] = 0  # nobody may read the old deaths with the new digest
            self._digests[place * DIGEST_OCTETS : (place + 1) * DIGEST_OCTETS] = digest
            self._made[0] += 1
        self._deaths[place] += 1
        return self._deaths[place]

    def _place(self, digest: bytes) -> int | None:
        table = bytes(self._digests[: min(self._made[0], PLACES) * DIGEST_OCTETS])
        at = table.find(digest)
        while at >= 0 and at % DIGEST_OCTETS:
            at = table.find(digest, at + 1)
        return at // DIGEST_OCTETS if at >= 0 else None
