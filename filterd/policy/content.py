"""Content rules: hits and conditions to a `Verdict`.

The strictest action of any list with a hit decides. What could not be read is refused for now (451) unless told
otherwise: silence would be a way around every list. A reply names the list and the reference, never what was found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from filterd.mail.fields import Field
from filterd.mail.reply import Reply
from filterd.policy import alarms
from filterd.policy.score import score
from filterd.policy.verdict import Action, Edit, Hit, Verdict

FIELD_NAME = "x-filterd"
STRICTNESS = {"observe": 1, "tag": 2, "reject": 3}  # of a list's action


@dataclass(frozen=True, slots=True)
class ContentSettings:
    """`header` adds X-Filterd to every message; `hits` bounds the hits that are kept."""

    unscannable: Literal["defer", "reject", "accept"] = "defer"
    header: bool = False
    received_fields: int = 50
    hits: int = 1000


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


def content_verdict(
    settings: ContentSettings,
    actions: dict[str, str],
    hits: tuple[Hit, ...],
    conditions: tuple[str, ...],
    incomplete: bool,
    fields: list[Field],
    reference: str,
) -> Verdict:
    """The verdict; `actions` has the action of each list that has a hit, by name."""
    verdict = _decide(settings, actions, hits, conditions, incomplete, fields, reference)
    return replace(verdict, score=score(hits))


def _decide(
    settings: ContentSettings,
    actions: dict[str, str],
    hits: tuple[Hit, ...],
    conditions: tuple[str, ...],
    incomplete: bool,
    fields: list[Field],
    reference: str,
) -> Verdict:
    strictest = max(actions.values(), key=STRICTNESS.__getitem__, default="")
    if strictest == "reject":
        name = next(name for name, action in actions.items() if action == "reject")
        text = f"Message refused by content policy (list {name}, ref {reference})"
        return Verdict(Action.REJECT, alarms.FORBIDDEN_WORD, Reply.make(550, "5.7.1", text), (), hits, conditions)
    edits = header_edits(settings, actions, incomplete, fields, reference)
    if incomplete:
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
    line = f"X-Filterd: {result}{lists}; ref={_token(reference)}\r\n".encode("ascii")
    incoming = [Edit((field.start, field.end), b"") for field in fields if field.name == FIELD_NAME]
    if incoming and incoming[0].span[0] == 0:
        return (Edit(incoming[0].span, line), *incoming[1:])
    return (Edit((0, 0), line), *incoming)


def _token(text: str) -> str:
    """Printable ASCII without what could end a field or its parts."""
    return "".join(letter if letter.isascii() and letter.isprintable() and letter not in ";, " else "_" for letter in text)[:60]
