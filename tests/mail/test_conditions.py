"""Every condition has a name that the documentation explains, and a mail that has it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from filterd.mail import delimiters, doubts, encodings, entity, fields, message, mime, parameters
from filterd.mail.limits import ReadLimits
from filterd.mail.message import INCOMPLETE, Message

ROOT = Path(__file__).parents[2]
TABLE = dict(re.findall(r"^\| `([a-z-]+)` \| (●?) ?\|", (ROOT / "docs/reading.md").read_text("utf-8"), re.MULTILINE))
MIXED = b"Content-Type: multipart/mixed; boundary=a"
TYPE = b"Content-Type: text/plain"
CASES = {
    "bad-folding": b"A: b\r\n  \r\nC: d\r\n\r\n",
    "bare-cr": b"A: b\rC: d\r\n\r\n",
    "bare-lf": b"A: b\nC: d\r\nE: f\r\n\r\n",
    "blank-before-colon": b"A : b\r\n\r\n",
    "boundary-comment": MIXED + b"(x)\r\n\r\n--a\r\n\r\n--a--",
    "boundary-conflict": MIXED + b"; boundary=b\r\n\r\n--a\r\n\r\n--a--",
    "boundary-on-leaf": TYPE + b"; boundary=b\r\n\r\ntext",
    "boundary-prefix": MIXED + b"\r\n\r\n--ab\r\n\r\n--a--",
    "charset-conflict": TYPE + b"; charset=utf-8; charset=koi8-r\r\n\r\n",
    "comment-in-structure": TYPE + b" (x)\r\n\r\n",
    "duplicate-content-type": TYPE + b"\r\n" + TYPE + b"\r\n\r\n",
    "duplicate-transfer-encoding": b"Content-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: 8bit\r\n\r\n",
    "encoded-multipart": MIXED + b"\r\nContent-Transfer-Encoding: base64\r\n\r\nLS1h\r\n",
    "encoded-word-in-structure": b"Content-Type: =?utf-8?q?text/plain?=\r\n\r\n",
    "header-in-body": b"A: b\r\n\r\n" + TYPE + b"\r\n\r\n",
    "header-too-long": b"A: " + b"b" * 300_000 + b"\r\n\r\n",
    "message-external-body": b"Content-Type: message/external-body\r\n\r\n",
    "message-partial": b"Content-Type: message/partial\r\n\r\n",
    "missing-boundary": b"Content-Type: multipart/mixed\r\n\r\n",
    "no-delimiter": MIXED + b"\r\n\r\ntext",
    "nul": b"A: \0b\r\n\r\n",
    "odd-boundary": MIXED + b" b\r\n\r\n--a b\r\n\r\n--a b--",
    "odd-transfer-encoding": b"Content-Transfer-Encoding: base64;\r\n\r\n",
    "over-budget": b"".join(
        MIXED.replace(b"=a", b"=%d" % number) + b"\r\n" + TYPE + b"\r\n\r\n--%d\r\n" % number for number in range(31)
    )
    + b"\r\n" + b"text\r\n" * 20_000,
    "stray-header-line": b"A: b\r\nno field\r\n\r\n",
    "text-on-multipart": TYPE + b"\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n",
    "too-deep": b"Content-Type: message/rfc822\r\n\r\n" * 40,
    "too-many-header-fields": b"A: b\r\n" * 1001 + b"\r\n",
    "too-many-parameters": TYPE + b"".join(b"; x%d=y" % number for number in range(101)) + b"\r\n\r\n",
    "too-many-parts": MIXED + b"\r\n\r\n" + b"--a\r\n\r\nx\r\n" * 1001,
    "unknown-charset": TYPE + b"; charset=x\r\n\r\n",
    "unknown-transfer-encoding": b"Content-Transfer-Encoding: x\r\n\r\n",
    "unterminated-multipart": MIXED + b"\r\n\r\n--a\r\n\r\n",
}  # fmt: skip
ORDINARY = [
    b"",
    b"From: a@b\r\nSubject: x\r\n\r\ntext\r\n",
    b"From: a@b\nSubject: x\n\ntext\n",
    b"From: a@b\rSubject: x\r\rtext\r",
    MIXED + b"\r\n\r\npreamble\r\n--a\r\n" + TYPE + b"\r\nContent-Transfer-Encoding: base64\r\n\r\nZm9v\r\n--a--\r\n",
    b'Content-Type: multipart/mixed; boundary="=_alternative 0045D9_="\r\n\r\n--=_alternative 0045D9_=\r\n\r\nx\r\n'
    b"--=_alternative 0045D9_=--\r\n",
    b"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ntext",
    b"DKIM-Signature: v=1; h=From:To:\r\n Content-Type:Content-Transfer-Encoding; b=abc\r\n" + TYPE + b"\r\n\r\ntext",
    b"Subject: about base64\r\n\r\n--\r\nA signature\r\n",
]


def conditions(octets: bytes) -> tuple[str, ...]:
    message = Message(octets, ReadLimits())
    list(message.slices())
    return message.conditions


@pytest.mark.parametrize("name", CASES)
def test_each_condition_occurs(name: str) -> None:
    """A mail that has it."""
    assert name in conditions(CASES[name])


@pytest.mark.parametrize("octets", ORDINARY)
def test_ordinary_mail_has_none(octets: bytes) -> None:
    """Nothing is remarkable about mail as it should be, whatever ends its lines."""
    assert conditions(octets) == ()


def test_the_table_is_whole() -> None:
    """Every name that the code can give is documented, tried here, and marked if something was not read."""
    named = set()
    for module in (delimiters, doubts, encodings, entity, fields, message, mime, parameters):
        text = Path(str(module.__file__)).read_text("utf-8")
        named.update(re.findall(r'conditions\["([a-z-]+)"\]|_?note\(\s*"([a-z-]+)"|oddities\["([a-z-]+)"\]', text))
    assert {"".join(groups) for groups in named} <= set(TABLE)
    assert set(TABLE) == set(CASES)
    assert {name for name, mark in TABLE.items() if mark} == INCOMPLETE
