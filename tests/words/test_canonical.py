"""The canonical form and its map back."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from filterd.words.bidi import as_shown
from filterd.words.canonical import canonical, places


def test_every_character_has_a_form() -> None:
    """The form of a form is itself, case folding keeps its length, and the map is as long as the form."""
    for code in (*range(0xD800), *range(0xE000, 0x20000), *range(0x2F800, 0x2FA20), *range(0xE0000, 0xE0200)):
        text = f"a{chr(code)}b"
        form = canonical(text)
        assert canonical(form) == form, hex(code)
        assert len(form.casefold()) == len(form), hex(code)
        assert len(places(text)) == len(form), hex(code)


@given(st.text())
@example("カ\uff9e\u200b\uff9f한\u1100\u1161\u11a8")
@example("e" + "\u0301\u0323" * 40 + "x")
@example("и\u200b\u0306\u0336")
def test_places_agree_with_the_form(text: str) -> None:
    """One span for each character, in order, within the text; each yields what it stands for."""
    form, spans = canonical(text), places(text)
    assert len(spans) == len(form)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    assert all(character in canonical(text[start:end]) for character, (start, end) in zip(form, spans, strict=True))


@given(st.text(alphabet="ab\u202a\u202c\u202d\u202e\n"))
def test_nothing_is_lost_by_reordering(text: str) -> None:
    """Every character once."""
    shown, order = as_shown(text)
    assert sorted(order) == list(range(len(text)))
    assert [text[at] for at in order] == list(shown)


def test_overrides() -> None:
    """As a reader sees them: reversed up to the end of the override or of the line, an inner LRO forwards again."""
    assert canonical(as_shown("a \u202ecba\u202c d")[0]) == "a abc d"
    assert canonical(as_shown("\u202ecba\ncba")[0]) == "abc\ncba"
    assert canonical(as_shown("\u202efe\u202dcd\u202cba")[0]) == "abcdef"
    assert canonical(as_shown("a \u202dגבא\u202c b")[0]) == "a אבג b"
    assert as_shown("\u202ee\u0301a\u202c")[0].strip("\u202e\u202c") == "ae\u0301"
