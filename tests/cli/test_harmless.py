"""Whatever stands in a mail, a terminal only ever prints it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.cli.harmless import harmless, one_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain & ünïcödé 日本 😀", "plain & ünïcödé 日本 😀"),
        ("\x1b[2J\x07\0\x7f\r", "␛[2J␇␀␡␍"),
        ("a\nb", "a\nb"),
        ("\x9b2J", "\\x9b2J"),
        ("so\u00adft zero\u200bwidth", "so\\xadft zero\\u200bwidth"),
        ("\u202eleft\u2066", "\\u202eleft\\u2066"),
        ("line\u2028para\u2029next\x85", "line\\u2028para\\u2029next\\x85"),
        ("wide\u3000blank\u00a0", "wide blank "),
        ("tag\U000e0041 private\ue000", "tag\\U000e0041 private\\ue000"),
        ("\udce4.eml \ud800", "\\xe4.eml \\ud800"),
    ],
)
def test_harmless(text: str, shown: str) -> None:
    assert harmless(text) == shown


@given(st.text(st.characters(), max_size=50) | st.text("\r\n\t \x1b\x9b\u202e\u2028a"))
def test_nothing_else_gets_through(text: str) -> None:
    assert all(line.isprintable() for line in harmless(text).split("\n"))
    assert one_line(text).isprintable()
    assert harmless(harmless(text)) == harmless(text)
