"""Judge mail at rest, one message at a time, as the proxy would: `Offline.report(place)` never raises for any message.

A message larger than `limits.message_octets`, one on which the engine fails, and one that takes longer than
`timeouts.scan` have the verdict that the proxy would give, and a condition that tells.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FrameType

from filterd.edge.context import Context, contexts
from filterd.engine import Engine
from filterd.mail.envelope import Envelope
from filterd.policy import alarms
from filterd.policy.plan import STRICTNESS
from filterd.policy.verdict import Action, Hit, ListScore, Verdict
from filterd.store.content import Content, TooLarge, read_content
from filterd.store.places import Place, Trouble, trouble

TIMEOUT, CRASHED, TOO_LARGE = "scan-timeout", "scan-crashed", "too-big"
_ALARMS = {TIMEOUT: alarms.SCAN_TIMEOUT, CRASHED: alarms.SCAN_CRASHED}
_ENVELOPE = Envelope()
_REFERENCE = "scan"


class ScanTimeout(Exception):
    """Judging took too long."""


@dataclass(frozen=True, slots=True)
class Report:
    """What is known about one message.

    `action` is the strictest thing that would happen to it: accept, observe, tag, reject, defer. Spans of `hits` are octets
    of the message as it is stored, from `place.start` on. `error` tells what went wrong with us, not with the message.
    """

    place: Place
    octets: int
    action: str = "accept"
    alarm: int = 0
    score: int = 0
    hits: tuple[Hit, ...] = ()
    conditions: tuple[str, ...] = ()
    contexts: tuple[Context, ...] = ()
    error: str = ""
    lists: tuple[ListScore, ...] = ()
    would: str = ""


@dataclass(frozen=True, slots=True)
class Offline:
    """Judges by this engine; of the first `shown` hits of a message the text around is told as well."""

    engine: Engine
    message_octets: int
    seconds: float
    shown: int = 0

    def report(self, place: Place) -> Report | Trouble:
        """The report about the message that lies there."""
        try:
            content = read_content(place, self.message_octets)
        except OSError as error:
            return trouble(place.path, error)
        except TooLarge:
            return Report(place, 0, str(Action.REJECT), alarms.TOO_BIG, conditions=(TOO_LARGE,))
        try:
            return self._judged(place, content)
        except ScanTimeout:
            raise
        except Exception as error:  # a mistake of ours must not end the scan of all the others
            return self.failed(place, CRASHED, f"{type(error).__name__}: {error}"[:300])

    def _judged(self, place: Place, content: Content) -> Report:
        verdict = self.engine.judge(content.octets, _ENVELOPE, _REFERENCE)
        size = len(content.stored)
        if not verdict.hits and not verdict.conditions and not verdict.alarm:
            return Report(place, size)
        around = contexts(content.octets, self.engine.limits, verdict.hits[: self.shown]) if self.shown else ()
        hits = tuple(replace(hit, span=content.stored_span(hit.span)) for hit in verdict.hits)
        action = self._action(verdict)
        shown = tuple(Context("", hit.text, "") if hit.masked else seen for hit, seen in zip(hits, around, strict=False))
        found = verdict.score, hits, verdict.conditions, shown
        return Report(place, size, action, verdict.alarm, *found, lists=verdict.lists, would=verdict.would)

    def failed(self, place: Place, condition: str, detail: str) -> Report:
        """The report when judging came to no end."""
        verdict = self.engine.unscannable(condition, _REFERENCE, _ALARMS[condition])
        return Report(place, 0, self._action(verdict), verdict.alarm, conditions=verdict.conditions, error=detail)

    def _action(self, verdict: Verdict) -> str:
        """An accepted message may still be tagged or observed."""
        if verdict.action is not Action.ACCEPT or not verdict.alarm:
            return str(verdict.action)
        asked = (one.action for one in verdict.lists if one.action and not one.watched)
        return max((action for action in asked if action != "reject"), key=STRICTNESS.__getitem__, default="accept")

    def report_here(self, place: Place) -> Report | Trouble:
        """The same in this process, within the time limit; only for the main thread."""
        try:
            with _time_limit(self.seconds):
                return self.report(place)
        except ScanTimeout:
            return self.failed(place, TIMEOUT, f"not done after {self.seconds:g} s")


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    def _ring(number: int, frame: FrameType | None) -> None:
        raise ScanTimeout

    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
