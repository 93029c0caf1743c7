"""What a word is, and that haystack and spans agree about it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.words.tokens import haystack, normal_gap, token_spans


def tokens(text: str) -> list[str]:
    return [text[start:end] for start, end in token_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("don't stop_now", ["don", "t", "stop", "now"]),
        ("cafe\u0301 x", ["cafe\u0301", "x"]),
        ("国家a1", ["国", "家", "a1"]),
        ("กิน", ["กิ", "น"]),
        ("한국어 좋아", ["한국어", "좋아"]),
        ("a\u00a0b\u2014c", ["a", "b", "c"]),
        ("cock\u00adpit \u200bas\u200b s\u00ad", ["cock\u00adpit", "as", "s"]),
        ("½ kg", ["½", "kg"]),
        ("🙂 …", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    """Letters, digits and marks make words; in scripts without blanks each character is one."""
    assert tokens(text) == expected


@given(st.text())
def test_haystack_and_spans_agree(text: str) -> None:
    """The n-th token of the haystack is the n-th span, case-folded: hits are placed by counting."""
    expected = [token.casefold().encode("utf-8", "surrogatepass").decode("latin-1") for token in tokens(text)]
    assert haystack(text)[1:-1] == " ".join(expected)


def test_every_character_is_read_the_same_way_twice() -> None:
    """No character is a word for one of the two readings and none for the other, alone or beside others."""
    for code in (*range(0xD800), *range(0xE000, 0x20000), *range(0xE0100, 0xE0200)):
        text = f"a{chr(code)}b国{chr(code)}ก{chr(code)}"
        folded = " ".join(token.casefold() for token in tokens(text))
        assert haystack(text)[1:-1] == folded.encode("utf-8").decode("latin-1"), hex(code)


@pytest.mark.parametrize(
    ("gap", "expected"),
    [("", ""), (" ", " "), ("\r\n\r\n", " "), ("\n> ", " "), ("\n>> > ", " "), (" -  ", " - "), (" > ", " > "), ("\u00a0", " ")],
)
def test_normal_gap(gap: str, expected: str) -> None:
    """Blanks, line breaks and quote prefixes are one blank; `>` within a line is a sign."""
    assert normal_gap(gap) == expected
