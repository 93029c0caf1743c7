"""The engine: mail × words × policy → verdict with its evidence.

Immutable, safe from any thread; never raises for what a message holds.

The octets it reads are those that upstream will get. All work is bounded by the size of the message: decoded octets by
`ReadLimits.decoded_ratio`, proposals of the automaton by `_PROPOSALS_PER_OCTET`.
"""

from __future__ import annotations

import hashlib
import mmap
from collections.abc import Iterable
from datetime import date

from filterd.mail import charset
from filterd.mail.envelope import Envelope
from filterd.mail.glance import encoded_texts, plain_head, seen_text
from filterd.mail.limits import ReadLimits
from filterd.mail.message import INCOMPLETE, Message
from filterd.policy import alarms
from filterd.policy.collect import Collector
from filterd.policy.content import ContentSettings, Findings, content_verdict, loop_verdict, unscannable_verdict
from filterd.policy.plan import plans
from filterd.policy.sieve import APART, sieve
from filterd.policy.verdict import CLEAN, Verdict
from filterd.words.guard import Guard
from filterd.words.matcher import Matcher
from filterd.words.scan import TooManyProposals, Work
from filterd.words.wordlist import Wordlist

_SMALL = 1024 * 1024  # a mapped message up to this size is copied: slicing bytes is faster
_GLANCE = 64 * 1024  # a larger message would need too much memory at once
_PROPOSALS = 100_000  # and one an octet


class Engine:
    """Judges messages by these lists and settings, as they stand `today` (None: whatever dates they have).

    Without a `guard` every hit counts that lies in an innocent word.
    """

    def __init__(
        self,
        wordlists: Iterable[Wordlist],
        settings: ContentSettings | None = None,
        limits: ReadLimits | None = None,
        today: date | None = None,
        guard: Guard | None = None,
    ) -> None:
        self.wordlists = tuple(wordlists)
        self.settings = settings or ContentSettings()
        self.limits = limits or ReadLimits()
        self.entries = sum(len(wordlist.entries) for wordlist in self.wordlists)
        self.digest = _digest(self.wordlists, self.settings, self.limits)
        self._matcher = Matcher(self.wordlists, today=today, guard=guard)
        self._plans = plans(self.wordlists, today)
        charset.load_all()

    def judge(self, content: bytes | mmap.mmap, envelope: Envelope, reference: str) -> Verdict:
        """The verdict about one message."""
        if len(content) <= _SMALL:
            content = content[:]
        if isinstance(content, bytes) and len(content) <= _GLANCE and self._is_plainly_clean(content):
            return CLEAN
        message = Message(content, self.limits)
        fields = message.fields
        if sum(field.name == "received" for field in fields) > self.settings.received_fields:
            return loop_verdict(reference)
        work = Work(_PROPOSALS + len(content))
        collector = Collector(self._matcher, self.settings.hits, work, self._plans)
        extra: tuple[str, ...] = ()
        try:
            for piece in sieve(message.slices(), self._matcher):
                collector.search(piece)
                if collector.is_decided:
                    break
        except TooManyProposals:
            extra = ("over-budget",)
        if work.too_slow:
            extra += ("regex-timeout",)
        collector.conclude()
        conditions = tuple(dict.fromkeys((*message.conditions, *collector.conditions, *extra)))
        incomplete = work.too_slow or not INCOMPLETE.isdisjoint(conditions)
        sums, watched = tuple(collector.sums), tuple(collector.watched)
        return content_verdict(
            self.settings, Findings(collector.hits, sums, watched, conditions, incomplete, fields), reference
        )

    def _is_plainly_clean(self, content: bytes) -> bool:
        """Most mail: nothing in it needs decoding, and no entry stands in its octets. Half the time of the long way."""
        head = b"" if self.settings.header else plain_head(content, self.limits, self.settings.received_fields)
        if not head or not self._matcher.is_clean_ascii(content):
            return False
        if self._matcher.disguises and not self._matcher.is_free_of_disguises(seen_text(content, head)):
            return False
        texts = list(encoded_texts(head, content))
        return not texts or self._matcher.is_clean(APART.join(texts))

    def unscannable(self, condition: str, reference: str, alarm: int = alarms.UNSCANNABLE) -> Verdict:
        """The verdict when there is none: no time, no memory, a crash."""
        return unscannable_verdict(self.settings, reference, alarm, (condition,))


def _digest(wordlists: tuple[Wordlist, ...], settings: ContentSettings, limits: ReadLimits) -> str:
    """The same for the same lists and settings, whatever process made it."""
    digest = hashlib.sha256(repr((settings, limits)).encode())
    for wordlist in wordlists:
        about = wordlist.action, wordlist.actions, wordlist.watches, wordlist.first_lines, wordlist.thresholds
        digest.update(repr((wordlist.name, wordlist.file, about, len(wordlist.entries))).encode())
        digest.update(repr((wordlist.head.guard, sorted(wordlist.innocent))).encode())
        options: dict[int, str] = {}  # nearly all entries share one
        for entry in wordlist.entries:
            said = options.get(id(entry.options)) or options.setdefault(id(entry.options), repr(entry.options))
            digest.update(repr((entry.line, entry.shown, entry.level, entry.areas, entry.allow, said)).encode())
    return digest.hexdigest()
