"""Content rules: hits and conditions to a `Verdict`.

The strictest action that a list asks for decides. What could not be read is refused for now (451) unless told
otherwise: silence would be a way around every list. A reply names the list and the reference, never what was found.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from filterd.mail.fields import Field
from filterd.mail.reply import Reply
from filterd.policy import alarms
from filterd.policy.plan import STRICTNESS
from filterd.policy.score import Sum
from filterd.policy.verdict import Action, Edit, EntryScore, Hit, ListScore, Verdict
from filterd.words.wordlist import Wordlist

FIELD_NAME = "x-filterd"
MASK = "▒▒▒"
SHARES = 100  # entries of one list whose part in the sum is told


@dataclass(frozen=True, slots=True)
class ContentSettings:
    """`header` adds X-Filterd to every message; `hits` bounds the hits that are kept; `generation` is named in X-Filterd."""

    unscannable: Literal["defer", "reject", "accept"] = "defer"
    header: bool = False
    received_fields: int = 50
    hits: int = 1000
    reveal: bool = False  # show what confidential lists have and find
    generation: str = ""


def loop_verdict(reference: str) -> Verdict:
    """Too many Received fields (RFC 5321 §6.3)."""
    reply = Reply.make(554, "5.4.6", f"Too many hops, this looks like a mail loop (ref {reference})")
    return Verdict(Action.REJECT, alarms.MAIL_LOOP, reply, conditions=("mail-loop",))


def unscannable_verdict(
    settings: ContentSettings,
    reference: str,
    alarm: int = alarms.UNSCANNABLE,
    conditions: tuple[str, ...] = (),
    hits: tuple[Hit, ...] = (),
    edits: tuple[Edit, ...] = (),
) -> Verdict:
    """What the administrator wants done with a message that could not be looked at as a whole."""
    if settings.unscannable == "accept":
        return Verdict(Action.ACCEPT, alarm, edits=edits, hits=hits, conditions=conditions)
    text = f"Message could not be scanned (ref {reference})"
    if settings.unscannable == "reject":
        return Verdict(Action.REJECT, alarm, Reply.make(554, "5.3.0", text), hits=hits, conditions=conditions)
    return Verdict(Action.DEFER, alarm, Reply.make(451, "4.3.0", text), hits=hits, conditions=conditions)


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was found in a message. `watched` are the sums as they would be if what is only watched counted."""

    hits: tuple[Hit, ...]
    sums: tuple[Sum, ...]
    watched: tuple[Sum, ...]
    conditions: tuple[str, ...]
    incomplete: bool
    fields: list[Field]


def content_verdict(settings: ContentSettings, found: Findings, reference: str) -> Verdict:
    """The verdict: what the strictest list asks for, with every list's sum."""
    actions = {total.wordlist.name: action for total in found.sums if (action := _action(total))}
    found = replace(found, hits=mask(found.hits, settings, (total.wordlist for total in found.watched)))
    verdict = _decide(settings, actions, found, reference)
    would = max(filter(None, map(_action, found.watched)), key=STRICTNESS.__getitem__, default="")
    done = "reject" if verdict.action is Action.REJECT else max(actions.values(), key=STRICTNESS.__getitem__, default="")
    if STRICTNESS.get(would, 0) <= STRICTNESS.get(done, 0):
        would = ""
    lists = tuple(_list_score(settings, *both) for both in zip(found.watched, found.sums, strict=True))
    alarm = verdict.alarm or (alarms.OBSERVED if would else 0)
    return replace(verdict, score=sum(one.score for one in lists), lists=lists, would=would, alarm=alarm)


def mask(hits: tuple[Hit, ...], settings: ContentSettings, lists: Iterable[Wordlist]) -> tuple[Hit, ...]:
    """The hits, those of confidential lists without what they found: file and line tell their keepers enough."""
    secret = set() if settings.reveal else {wordlist.name for wordlist in lists if wordlist.head.confidential}
    return tuple(replace(hit, entry=MASK, text=MASK, masked=True) if hit.list in secret else hit for hit in hits)


def _action(total: Sum) -> str:
    return total.wordlist.action_at(total.threshold)


def _list_score(settings: ContentSettings, total: Sum, enforced: Sum) -> ListScore:
    watched = _action(total) != _action(enforced)
    if not watched and enforced.shares:  # watched entries make no difference, and are left out of the sum
        total = enforced
    secret = total.wordlist.head.confidential and not settings.reveal
    entries = tuple(
        EntryScore(
            MASK if secret else share.entry.shown,
            share.entry.file or total.wordlist.file,
            share.entry.line,
            share.entry.weight,
            share.hits,
            share.counted,
            share.points,
        )
        for share in total.shares[:SHARES]
    )
    head = total.wordlist.head
    return ListScore(
        total.wordlist.name, total.score, total.threshold, _action(total), total.why, head.severity, watched, entries
    )


def _decide(settings: ContentSettings, actions: dict[str, str], found: Findings, reference: str) -> Verdict:
    hits, conditions = found.hits, found.conditions
    strictest = max(actions.values(), key=STRICTNESS.__getitem__, default="")
    if strictest == "reject":
        refusing = next(total.wordlist for total in found.sums if _action(total) == "reject")
        text = f"{refusing.head.reply or 'Message refused by content policy'} (list {refusing.name}, ref {reference})"
        return Verdict(Action.REJECT, alarms.FORBIDDEN_WORD, Reply.make(550, "5.7.1", text), (), hits, conditions)
    edits = header_edits(settings, actions, found.incomplete, found.fields, reference)
    if found.incomplete:
        return unscannable_verdict(settings, reference, alarms.UNSCANNABLE, conditions, hits, edits)
    alarm = {"tag": alarms.TAGGED, "observe": alarms.OBSERVED}.get(strictest, 0)
    return Verdict(Action.ACCEPT, alarm, None, edits, hits, conditions)


def header_edits(
    settings: ContentSettings, actions: dict[str, str], incomplete: bool, fields: list[Field], reference: str
) -> tuple[Edit, ...]:
    """The X-Filterd field, and the deletion of those the message came with: nobody else may speak in our name."""
    tagging = sorted(name for name, action in actions.items() if action == "tag")
    if not tagging and not settings.header:
        return ()
    result = "tagged" if tagging else "unscannable" if incomplete else "clean"
    lists = f"; lists={','.join(map(_token, tagging))}" if tagging else ""
    generation = f"; gen={_token(settings.generation)}" if settings.generation else ""
    line = f"X-Filterd: {result}{lists}; ref={_token(reference)}{generation}\r\n".encode("ascii")
    incoming = [Edit((field.start, field.end), b"") for field in fields if field.name == FIELD_NAME]
    if incoming and incoming[0].span[0] == 0:
        return (Edit(incoming[0].span, line), *incoming[1:])
    return (Edit((0, 0), line), *incoming)


def _token(text: str) -> str:
    """Printable ASCII without what could end a field or its parts."""
    return "".join(letter if letter.isascii() and letter.isprintable() and letter not in ";, " else "_" for letter in text)[:60]
