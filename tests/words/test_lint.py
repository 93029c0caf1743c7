"""Planted mistakes, each found in its line, and clean lists of which nothing is said."""

from __future__ import annotations

from datetime import date

import pytest

from filterd.words.guard import Guard
from filterd.words.lint import Finding, Ordinary, lint

TODAY = date(2026, 11, 26)
HEAD = "@purpose a test\n@owner Anna\n"


INNOCENT = frozenset({"class", "bass", "document", "essex", "documents"})
ORDINARY = Ordinary(lambda: sorted(INNOCENT), Guard({"en": INNOCENT}))


def load(file: str) -> bytes:
    if file != "base.txt":
        raise FileNotFoundError(2, "No such file or directory")
    return b"raven\n"


def findings(lines: str, head: str = HEAD) -> list[Finding]:
    return lint((head + lines).encode(), "f.txt", today=TODAY, ordinary=ORDINARY, load=load)


@pytest.mark.parametrize(
    ("lines", "line", "code", "severity"),
    [
        ("bird\nb[", 4, "syntax", "error"),
        ("bird\n{5}", 4, "syntax", "error"),
        ("bird {sieve}", 3, "syntax", "error"),
        ("bird\n/(/", 4, "syntax", "error"),
        ("bird\n@weight 3", 4, "syntax", "error"),
        ("bird\n@include missing.txt", 4, "syntax", "error"),
        ("@include base.txt\n@without owl\nbird", 4, "syntax", "error"),
        ("bird\nBird", 4, "duplicate", "warning"),
        ("raven\n@include base.txt", 1, "duplicate", "warning"),
        ("*bird*\nbluebird", 4, "shadowed", "warning"),
        ("secret\nbird\ntop secret", 5, "shadowed", "warning"),
        ("bird\n+ bird", 3, "never", "warning"),
        ("vіagra", 3, "look-alike", "warning"),
        ("pаy*pal", 3, "look-alike", "warning"),
        ("ab", 3, "short", "warning"),
        ("国", 3, "short", "warning"),
        ("*ass*", 3, "too-wide", "warning"),
        ("*docu* {unguarded}", 3, "innocent", "warning"),
        ("*docu*", 3, "innocent", "note"),
        ("bird\n*cum*nt {unguarded}", 4, "innocent", "warning"),
        ("@guard off\n*esse*", 4, "innocent", "warning"),
        ("cd[ab]", 3, "too-wide", "warning"),
        ("ab*cd*ef*gh*ij", 3, "too-wide", "warning"),
        ("bird {expires=2026-11-25}", 3, "expired", "warning"),
        ("bird {expires=2026-12-01}", 3, "expires-soon", "note"),
        ("bird {off}", 3, "off", "note"),
        ("bird {0}", 3, "no-weight", "warning"),
        ("bird {9 max=5}", 3, "cap", "warning"),
        ("bird {min=3 count=2}", 3, "count", "note"),
        ("bird {pass}", 3, "password", "warning"),
        ("bird {added=2027-01-01}", 3, "added", "note"),
        ("bird {added=2026-11-20 expires=2026-11-10}", 3, "dates", "warning"),
        ("bird {areas=header,header:x-a}", 3, "areas", "note"),
        ("bird {disguise}\nowl {disguise}\nfox {disguise}", 4, "short-disguise", "note"),
        ("12345", 3, "number", "note"),
        ("bird\n+ owl song", 4, "allows-nothing", "warning"),
        (r"/\d+[.]\d/", 3, "regex-everywhere", "warning"),
        ("/(a+)+bcd/", 3, "regex-slow", "warning"),
        ("/.*bird/", 3, "regex-edges", "warning"),
    ],
)
def test_a_planted_mistake_is_found(lines: str, line: int, code: str, severity: str) -> None:
    """With its line, a severity, and a cure."""
    found = [one for one in findings(lines) if one.code == code]
    assert [(one.line, one.severity) for one in found][:1] == [(line, severity)], findings(lines)
    assert all(one.cure and one.what for one in found)


def test_what_a_list_should_say_of_itself() -> None:
    """Who keeps it, and what for."""
    assert [one.code for one in findings("bird", head="")] == ["no-purpose", "no-owner"]


def test_a_threshold_out_of_reach() -> None:
    """Only where every entry is bounded."""
    head = f"{HEAD}@threshold high 50\n"
    assert [one.code for one in findings("bird {5 count=2}\nraven {5 max=20}", head)] == ["threshold"]
    assert findings("bird {5}\nraven {5 max=20}", head) == []


@pytest.mark.parametrize(
    "lines",
    ["bird\nowls\ntop secret", "bird {5}\n+ bird song", "/bird[0-9]+/", "bl?ebird", "<merger> near 5 <price>", "[:card:] {20}"],
)
def test_of_a_good_list_nothing_is_said(lines: str) -> None:
    """A tool that always complains is not read."""
    assert findings(lines) == []
