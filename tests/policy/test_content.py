"""Hits and conditions to verdicts, and the X-Filterd field."""

from __future__ import annotations

import pytest

from filterd.engine import Engine
from filterd.mail.envelope import Envelope
from filterd.policy import alarms
from filterd.policy.content import ContentSettings
from filterd.policy.verdict import Action, Verdict
from filterd.words.wordlist import parse_wordlist

LISTS = [
    parse_wordlist(b"refused\n", name="hard", file="hard.txt", action="reject"),
    parse_wordlist(b"marked\n", name="soft list", file="soft.txt", action="tag"),
    parse_wordlist(b"watched\n", name="quiet", file="quiet.txt", action="observe"),
]
TOO_DEEP = b"Content-Type: message/rfc822\r\n\r\n" * 40


def judge(content: bytes, settings: ContentSettings | None = None) -> Verdict:
    return Engine(LISTS, settings).judge(content, Envelope(), "REF1")


def edited(content: bytes, verdict: Verdict) -> bytes:
    for edit in reversed(verdict.edits):
        content = content[: edit.span[0]] + edit.octets + content[edit.span[1] :]
    return content


@pytest.mark.parametrize(
    ("body", "action", "alarm", "reply"),
    [
        (b"nothing", Action.ACCEPT, 0, b""),
        (b"watched", Action.ACCEPT, alarms.OBSERVED, b""),
        (b"watched marked", Action.ACCEPT, alarms.TAGGED, b""),
        (
            b"marked watched refused",
            Action.REJECT,
            alarms.FORBIDDEN_WORD,
            b"550 5.7.1 Message refused by content policy (list hard, ref REF1)\r\n",
        ),
    ],
)
def test_the_strictest_list_decides(body: bytes, action: Action, alarm: int, reply: bytes) -> None:
    """Reject over tag over observe; the reply names the list, never the word."""
    verdict = judge(b"Subject: s\r\n\r\n" + body)
    assert (verdict.action, verdict.alarm) == (action, alarm)
    assert (verdict.reply.octets if verdict.reply else b"") == reply


@pytest.mark.parametrize(
    ("unscannable", "action", "reply"),
    [
        ("defer", Action.DEFER, b"451 4.3.0 Message could not be scanned (ref REF1)\r\n"),
        ("reject", Action.REJECT, b"554 5.3.0 Message could not be scanned (ref REF1)\r\n"),
        ("accept", Action.ACCEPT, b""),
    ],
)
def test_what_could_not_be_read(unscannable: str, action: Action, reply: bytes) -> None:
    """The administrator decides; the default loses no mail and lets nothing by."""
    settings = ContentSettings(unscannable=unscannable)  # type: ignore[arg-type]
    verdict = judge(TOO_DEEP, settings)
    assert (verdict.action, verdict.alarm, "too-deep" in verdict.conditions) == (action, alarms.UNSCANNABLE, True)
    assert (verdict.reply.octets if verdict.reply else b"") == reply
    told = Engine(LISTS, settings).unscannable("timeout", "REF1", alarms.SCAN_TIMEOUT)
    assert (told.action, told.alarm, told.conditions) == (action, alarms.SCAN_TIMEOUT, ("timeout",))


def test_a_hit_weighs_more_than_what_could_not_be_read() -> None:
    """A forbidden word that was found is not deferred."""
    assert judge(b"Subject: refused\r\n" + TOO_DEEP).alarm == alarms.FORBIDDEN_WORD


@pytest.mark.parametrize("body", [b"nothing", b"watched", b"refused"])
def test_mail_is_not_touched_without_need(body: bytes) -> None:
    """Untouched means identical, a forged field included: it is nobody's business when filterd marks nothing."""
    assert judge(b"X-Filterd: clean\r\n\r\n" + body).edits == ()


@pytest.mark.parametrize("eol", [b"\r\n", b"\n"])
def test_tagging(eol: bytes) -> None:
    """One field in front; every incoming one goes, folded lines and all, but not those of a message inside."""
    content = eol.join([
        b"Subject: s", b"x-filterd: clean;", b" ref=1", b"To: a@b.example", b"X-FILTERD : clean",
        b"Content-Type: message/rfc822", b"", b"X-Filterd: theirs", b"", b"marked", b"",
    ])  # fmt: skip
    assert edited(content, judge(content)) == b"X-Filterd: tagged; lists=soft_list; ref=REF1\r\n" + eol.join([
        b"Subject: s", b"To: a@b.example", b"Content-Type: message/rfc822", b"", b"X-Filterd: theirs", b"", b"marked", b"",
    ])  # fmt: skip


def test_a_forged_field_in_front_is_replaced() -> None:
    """Edits do not overlap, whatever stands at the start."""
    content = b"X-Filterd: clean\r\nX-Filterd: clean\r\n\r\nmarked"
    verdict = judge(content)
    assert [edit.span for edit in verdict.edits] == [(0, 18), (18, 36)]
    assert edited(content, verdict) == b"X-Filterd: tagged; lists=soft_list; ref=REF1\r\n\r\nmarked"


@pytest.mark.parametrize(
    ("content", "result"),
    [(b"\r\nnothing", b"clean"), (b"\r\nwatched", b"clean"), (b"", b"clean"), (TOO_DEEP, b"unscannable")],
)
def test_a_field_for_every_message(content: bytes, result: bytes) -> None:
    """With `header` those behind can tell a clean message from one that was never looked at."""
    verdict = judge(content, ContentSettings(header=True, unscannable="accept"))
    assert edited(content, verdict) == b"X-Filterd: " + result + b"; ref=REF1\r\n" + content


def test_mail_loops() -> None:
    """RFC 5321 §6.3: more Received fields than any way needs."""
    content = b"Received: x\r\n" * 51 + b"\r\nrefused"
    assert judge(content[13:]).alarm == alarms.FORBIDDEN_WORD
    verdict = judge(content)
    assert (verdict.action, verdict.alarm) == (Action.REJECT, alarms.MAIL_LOOP)
    assert verdict.reply is not None
    assert verdict.reply.octets.startswith(b"554 5.4.6 ")
