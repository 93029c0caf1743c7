"""How a running filterd stands, for `filterd status`; and who waits to hear what becomes of a reload."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from filterd import __version__
from filterd.config import Mistake
from filterd.edge.control import Answer, Reply
from filterd.edge.crew import Crew
from filterd.edge.generation import Generation

MISTAKES_TOLD = 1000


@dataclass
class Standing:
    """What the supervisor knows of its reloads."""

    since: str = ""  # the generation serves
    last: dict[str, Any] | None = None
    _asked: list[Reply] = field(default_factory=list)  # for the next attempt
    _waiting: list[Reply] = field(default_factory=list)  # for the one in hand

    def ask(self, reply: Reply) -> None:
        """Somebody wants a reload, and to be told."""
        self._asked.append(reply)

    def begin(self) -> None:
        """An attempt begins."""
        self._waiting += self._asked
        self._asked = []

    def serves(self, generation: Generation, *, reloaded: bool) -> None:
        """All workers of this generation accept sessions."""
        self.since = _now()
        if reloaded:
            self._end({"ok": True, "generation": generation.id})

    def refused(self, mistakes: Sequence[Mistake]) -> None:
        """The attempt failed, and changed nothing."""
        told = [{**asdict(mistake), "text": str(mistake)} for mistake in mistakes[:MISTAKES_TOLD]]
        self._end({"ok": False, "mistakes": told})

    def give_up(self) -> None:
        """filterd ends: nobody waits for nothing."""
        for reply in (*self._waiting, *self._asked):
            reply({"ok": False, "error": "filterd is stopping"})
        self._waiting, self._asked = [], []

    def _end(self, outcome: Answer) -> None:
        self.last = {"at": _now(), **outcome}
        for reply in self._waiting:
            reply(outcome)
        self._waiting = []

    def status(self, generation: Generation, crew: Crew, workers: int, listeners: Sequence[str]) -> Answer:
        """All of it."""
        serving = crew.of(generation)
        return {
            "ok": True,
            "version": __version__,
            "generation": generation.id,
            "since": self.since,
            "listeners": list(listeners),
            "upstream": generation.config.upstream.address,
            "lists": [asdict(one) for one in generation.lists],
            "workers": {"wanted": workers, "serving": len(serving), "draining": len(crew.members) - len(serving)},
            "sessions": crew.board.total("sessions"),
            "last_reload": self.last,
        }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
