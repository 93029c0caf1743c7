"""Dealing with the lines of ASCII apart changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.words import canonical, tokens
from filterd.words.lines import runs

TEXTS = st.lists(
    st.sampled_from(
        ["a", "Wo9", " ", "\n", "\r\n", "é", "e\u0301", "\u0301", "\u200b", "ß", "国", "ไ", "-", "ﬁ", "İ", "\u2028", "Ж"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@given(TEXTS)
def test_runs_are_the_text(text: str) -> None:
    """Nothing is lost; each run is what it says, and ends with a line."""
    found = runs(text)
    assert "".join(piece for _, piece in found) == text
    assert all(piece.isascii() is is_ascii for is_ascii, piece in found if piece)
    assert all(piece.endswith("\n") for _, piece in found[:-1])


@given(TEXTS)
def test_the_same_by_lines_and_whole(text: str) -> None:
    """Haystack, canonical form, and where its characters came from."""
    whole = tokens.haystack(text), canonical.canonical(text), tokens.token_spans(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "_LONG", 0)
        patch.setattr(canonical, "_LONG", 0)
        assert (tokens.haystack(text), canonical.canonical(text), tokens.token_spans(text)) == whole
    origins = canonical.Origins(text)
    # (Where it ends may differ: a mark at the start of a line belongs to the line end, or to nothing.)
    starts = [start for start, _ in canonical.places(text)] if not text.isascii() else list(range(len(text)))
    assert [origins.span(at)[0] for at in range(len(whole[1]))] == starts
