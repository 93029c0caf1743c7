"""HTML to text: what is seen, what is hidden, what stands in attributes, and where it all came from."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.mail import html as module
from filterd.mail.entities import unescape, unescape_pieces
from filterd.mail.html import ATTRIBUTE, HIDDEN, VISIBLE, HtmlText


def read(text: str, area: str = VISIBLE, sizes: tuple[int, ...] = ()) -> str:
    page, at, out = HtmlText(), 0, []
    for size in sizes:
        out.append(page.feed(text[at : at + size], final=False)[area].text)
        at += size
    return "".join([*out, page.feed(text[at:], final=True)[area].text])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("for<b>bid</b>den", "forbidden"),
        ("for<!-- x -->bidden", "forbidden"),
        ("for<!-->bid<!-- > -->den", "forbidden"),
        ("for<wbr>bid<span style='display:none'></span>den", "forbidden"),
        ("for<x-y z>bidden", "forbidden"),
        ('for<b title=">">bidden', "forbidden"),
        ("for<b title='a\">'>bidden", "forbidden"),
        ("for<b a\"b>bidden", "forbidden"),
        ("for<!doctype x>bid<?php ?>den</>", "forbidden"),
        ("a<br>b<p>c<td>d", "a\nb\nc\nd"),
        ("f&#111;r&#x62idden", "forbidden"),
        ("a &lt b &amp;amp c&notit; &unknown; &#0; &#x110000; &#128;", "a < b &amp c¬it; &unknown; \ufffd \ufffd €"),
        ("a < b <3 c", "a < b <3 c"),
        ("x<style>p{}</style>y<script>if(a<b){'</scr'}</script>z", "x\ny\nz"),
        ("x<style><!--</style>seen", "x\nseen"),
        ("seen<!-- open", "seen"),
        ("seen<a href=", "seen"),
        ("seen<", "seen<"),
    ],
)
def test_visible(source: str, expected: str) -> None:
    """Inline tags and comments vanish, block tags break, references are characters, scripts are not seen."""
    assert read(source) == expected


@pytest.mark.parametrize(
    ("source", "area", "expected"),
    [
        ("<!-- top secret -->", HIDDEN, "top secret"),
        ("<!--[if mso]><p>top <b>sec</b>ret</p><![endif]-->", HIDDEN, "top secret"),
        ("<script>var a='top secret'</script>", HIDDEN, "top secret"),
        ("<style>/* top secret", HIDDEN, "top secret"),
        ("<img alt='top secret'>", ATTRIBUTE, "top secret"),
        ("<a x href=http://example.net/top-secret>", ATTRIBUTE, "top-secret"),
        ('<a title="top &#115;ecret', ATTRIBUTE, "top secret"),
    ],
)
def test_unseen(source: str, area: str, expected: str) -> None:
    """What is not seen is still text that somebody put there."""
    assert expected in read(source, area)
    assert expected not in read(source)


def test_embedded_pictures_are_no_text() -> None:
    """Base64 in a `data:` address would contain short words by chance."""
    assert read('<img src="data:image/png;base64,AAAA/ass/AAAA">', ATTRIBUTE) == ""


TAGGY = st.text(alphabet="<>/!-ab \"'=&#;x1sty\n", max_size=80)


@given(TAGGY)
def test_any_text_is_read(source: str) -> None:
    """Nothing raises; spans stay inside the source and in order."""
    page = HtmlText()
    for extract in page.feed(source, final=True).values():
        assert all(0 <= start <= end <= len(source) for start, end in extract.spans)
        for at in range(len(extract.text)):
            start, end = extract.source_span(source, at, at + 1)
            assert 0 <= start <= end <= len(source)


@given(TAGGY, st.lists(st.integers(0, 20), max_size=5))
def test_slices_read_like_the_whole(source: str, sizes: list[int]) -> None:
    """However the text is cut, the same is seen."""
    assert read(source, sizes=tuple(sizes)) == read(source)


@pytest.mark.parametrize("start", ["<!-- ", "<script>", '<a title="', "<a title='", "<a "])
def test_very_long_tokens(start: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token longer than what is held back is followed to its end all the same."""
    monkeypatch.setattr(module, "HELD_CHARACTERS", 50)
    end = {"<!-- ": "-->", "<script>": "</script>", '<a title="': '">', "<a title='": "'>", "<a ": ">"}[start]
    source = f"before{start}{'hidden ' * 40}{end}after"
    assert read(source, sizes=(70, 33, 90)).replace("\n", "") == "beforeafter"


@given(st.text(alphabet="&#xX0123456789abltgnopsi;é ", max_size=40))
def test_references_are_read_as_the_standard_library_does(text: str) -> None:
    """`html.unescape` follows the same standard (but takes numbers of any length)."""
    assert sum(given for _, given in unescape_pieces(text)) == len(unescape(text))
    assert sum(taken for taken, _ in unescape_pieces(text)) == len(text)
    if not any(len(digits) > 6 for digits in text.split("#")):
        assert unescape(text).replace("\ufffd", "") == "".join(
            letter for letter in html.unescape(text).replace("\ufffd", "")
        )


def test_a_reference_of_many_digits_is_no_number() -> None:
    """int() of thousands of digits raises."""
    assert unescape("&#" + "9" * 5000 + ";") == "\ufffd"
