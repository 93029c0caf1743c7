"""What must hold for every message, whatever it holds: `Checker.faults` names what does not."""

from __future__ import annotations

import contextlib
import mmap
import re
import tempfile
import time
import traceback
from collections.abc import Iterator

import filterd.engine
import filterd.mail.decode
from filterd.engine import Engine
from filterd.mail.envelope import Envelope
from filterd.policy.content import ContentSettings
from filterd.policy.verdict import Action, Hit, Verdict
from filterd.words.wordlist import parse_wordlist
from tests.matrix.terms import SCRIPTS

COMMON = ("the", "free", "click here", "linux", "money", "http", "content", "this is", "mail")
DEAR = 10e-6  # CPU seconds an octet: no message may cost more, however it was made
BLOTTED = 5  # hits of a message that are looked at closely


def engine(level: str = "disguise") -> Engine:
    """Words that stand in real mail, and those of the matrix; `observe`, so that a message is read to its end."""
    words = [word for script in SCRIPTS for word in (script.word, script.phrase)]
    octets = "\n".join((*words, *COMMON)).encode()
    wordlist = parse_wordlist(octets, name="fuzz", file="fuzz.txt", action="observe", level=level)
    return Engine([wordlist], ContentSettings(hits=10_000))


@contextlib.contextmanager
def constant(module: object, name: str, value: object) -> Iterator[None]:
    """A module's constant, changed for a while."""
    old = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, old)


class Checker:
    """Judges messages in several ways. `worst` is the dearest so far: CPU seconds an octet, octets, number."""

    def __init__(self) -> None:
        self.engine = engine()
        self.worst = (0.0, 0, -1)
        self.hits = 0

    def faults(self, content: bytes, number: int = -1) -> list[str]:
        """Everything that is wrong with how this message is judged."""
        try:
            begun = time.process_time()
            verdict = self.judge(content)
            spent = time.process_time() - begun
            self.hits += len(verdict.hits)
            return [*self._sound(content, verdict), *self._same(content, verdict), *self._cost(content, spent, number)]
        except Exception:
            return [traceback.format_exc(limit=-3)]

    def judge(self, content: bytes | mmap.mmap) -> Verdict:
        """The verdict."""
        return self.engine.judge(content, Envelope(), "REF")

    def _cost(self, content: bytes, spent: float, number: int) -> list[str]:
        octets = len(content) + 4096  # what any message costs, however short
        if spent / octets > self.worst[0]:
            self.worst = spent / octets, len(content), number
        if spent / octets <= DEAR:
            return []
        begun = time.process_time()
        self.judge(content)
        again = (time.process_time() - begun) / octets
        return [f"costs {again * 1e6:.1f} s a MB"] if again > DEAR else []

    def _same(self, content: bytes, verdict: Verdict) -> list[str]:
        """The way it is fed makes no difference."""
        faults = []
        with constant(filterd.engine, "_SMALL", 0), mapped(content) as view:
            faults += _differs("mapped", verdict, self.judge(view))
        with constant(filterd.engine, "_GLANCE", -1):
            faults += _differs("the long way", verdict, self.judge(content))
        if len(content) > 16 * 1024:
            with constant(filterd.mail.decode, "STRETCH", 8 * 1024):
                if _names(self.judge(content)) != _names(verdict):
                    faults.append("other words are found when it is read in shorter stretches")
        return faults

    def _sound(self, content: bytes, verdict: Verdict) -> list[str]:
        """Reply and action agree; spans lie in the message and hold what was found."""
        faults = []
        if (verdict.reply is None) != (verdict.action is Action.ACCEPT):
            faults.append(f"{verdict.action} with reply {verdict.reply}")
        for hit in verdict.hits:
            if not 0 <= hit.span[0] < hit.span[1] <= len(content):
                faults.append(f"span {hit.span} of {hit.entry!r} is not in the {len(content)} octets")
                return faults
        for hit in verdict.hits[:BLOTTED]:
            faults += self._is_there(content, hit)
        return faults

    def _is_there(self, content: bytes, hit: Hit) -> list[str]:
        """Without the octets of its span, the hit is gone: the span holds it."""
        start, end = hit.span
        found = content[start:end]
        if hit.chain == ("utf-8",) and hit.area == "body" and hit.view in ("exact", "case"):
            shown = found.decode("utf-8", "replace")
            if re.sub(r"\s+", " ", shown) != re.sub(r"\s+", " ", hit.text):
                return [f"span {hit.span} holds {shown[:60]!r}, not {hit.text[:60]!r}"]
        if _is_structure(found):
            return []  # what is blotted out there is more than text
        blotted = content[:start] + re.sub(rb"[^\r\n]", b"Q", found) + content[end:]
        if not any(_is_same_place(other, hit) for other in self.judge(blotted).hits):
            return []
        return [f"{hit.entry!r} ({hit.area}, {hit.chain}, {hit.view}) is found without its span {hit.span}: {found[:60]!r}"]


def _is_structure(found: bytes) -> bool:
    """Does the span reach over a header section or a delimiter?"""
    return len(found) > 2048 or b"--" in found or b":" in found


def _is_same_place(other: Hit, hit: Hit) -> bool:
    return _place(other) == _place(hit)


def _place(hit: Hit) -> tuple[object, ...]:
    return hit.entry, hit.part, hit.area, hit.field, hit.chain, hit.span


def _names(verdict: Verdict) -> set[str]:
    return {hit.entry for hit in verdict.hits}


def _differs(way: str, verdict: Verdict, other: Verdict) -> list[str]:
    if (verdict.action, verdict.hits) == (other.action, other.hits):
        return []
    lost = {(hit.entry, hit.span, hit.area) for hit in verdict.hits} ^ {(hit.entry, hit.span, hit.area) for hit in other.hits}
    return [f"{way}: {other.action} instead of {verdict.action}, hits differ: {sorted(lost)[:3]}"]


@contextlib.contextmanager
def mapped(content: bytes) -> Iterator[bytes | mmap.mmap]:
    """The message as a mapped file; no file is so small that it cannot be mapped but the empty one."""
    if not content:
        yield content
        return
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
            yield view
