"""Disguises by HTML: a word to markup in which a browser shows the word. What is put in between is never shown."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Callable

from tests.matrix.disguises import Disguise, _graphemes


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _inside(markup: str) -> Callable[[str], str]:
    """Markup in the middle of the word."""

    def change(word: str) -> str:
        letters = _graphemes(word)
        half = len(letters) // 2
        return _escaped("".join(letters[:half])) + markup + _escaped("".join(letters[half:]))

    return change


def _each(before: str, after: str) -> Callable[[str], str]:
    """Markup around every letter."""
    return lambda word: "".join(f"{before}{_escaped(letter)}{after}" for letter in _graphemes(word))


def _references(form: str) -> Callable[[str], str]:
    """Every character as a character reference."""
    return lambda word: "".join(form.format(ord(letter)) for letter in word)


def _bdo(word: str) -> str:
    letters = "".join(reversed(_graphemes(word)))
    return f'<bdo dir="rtl">{_escaped(letters)}</bdo>'


def _right_to_left(word: str) -> str | None:
    return None if unicodedata.bidirectional(word[0]) in ("R", "AL") else _bdo(word)


_HIDDEN = "<span style='{}'>xyz qq</span>"

MARKUP = (
    Disguise("bold inside", _inside("<b></b>"), "exact"),
    Disguise("a tag around each letter", _each("<font color=red>", "</font>"), "exact"),
    Disguise("a tag in capitals", _inside("<SPAN CLASS=x></SPAN>"), "exact"),
    Disguise("an unknown tag", _inside("<xyzzy>"), "exact"),
    Disguise("an Office tag", _inside("<o:p></o:p>"), "exact"),
    Disguise("a tag over two lines", _inside("<b\r\nid=a\r\n></b>"), "exact"),
    Disguise("a tag with > in quotes", _inside('<b title="a>b"></b>'), "exact"),
    Disguise("a comment", _inside("<!-- nothing -->"), "exact"),
    Disguise("an empty comment", _inside("<!-->"), "exact"),
    Disguise("a bogus comment", _inside("<!x>"), "exact"),
    Disguise("a processing instruction", _inside("<?php x?>"), "exact"),
    Disguise("an end tag of nothing", _inside("</xyz>"), "exact"),
    Disguise("wbr", _inside("<wbr>"), "exact"),
    Disguise("&shy;", _inside("&shy;")),
    Disguise("&shy without semicolon", _inside("&shy")),
    Disguise("&zwnj;", _inside("&zwnj;")),
    Disguise("&#8203;", _inside("&#8203;")),
    Disguise("decimal references", _references("&#{};"), "exact"),
    Disguise("decimal references with zeros", _references("&#0000{};"), "exact"),
    Disguise("decimal references without semicolon", _references("&#{}"), "exact"),
    Disguise("hexadecimal references", _references("&#x{:x};"), "exact"),
    Disguise("hexadecimal references in capitals", _references("&#X{:X};"), "exact"),
    Disguise("a script inside", _inside("<script>var x = 1;</script>"), "exact"),
    Disguise("a style inside", _inside("<style>p { color: red }</style>"), "exact"),
    Disguise("display:none inside", _inside(_HIDDEN.format("display:none")), "exact"),
    Disguise("DISPLAY : NONE inside", _inside(_HIDDEN.format("color:red; DISPLAY : NONE !important")), "exact"),
    Disguise("visibility:hidden inside", _inside(_HIDDEN.format("visibility:hidden")), "exact"),
    Disguise("zero font inside", _inside(_HIDDEN.format("font-size:0")), "exact"),
    Disguise("zero font in px inside", _inside(_HIDDEN.format("font-size: 0px")), "exact"),
    Disguise("opacity 0 inside", _inside(_HIDDEN.format("opacity:0")), "exact"),
    Disguise("nested hidden inside", _inside("<i style='display:none'>x<b>y</b>z</i>"), "exact"),
    Disguise("hidden attribute inside", _inside("<span hidden>xyz</span>"), "exact"),
    Disguise("hidden by a class", _inside("<span class=gone>xyz</span>"), "exact"),
    Disguise("bdo dir=rtl", _right_to_left, "exact"),
    Disguise("blanks as references", lambda phrase: phrase.replace(" ", "&nbsp;"), "exact", phrase=True),
    Disguise("phrase over br", lambda phrase: phrase.replace(" ", "<br>\r\n"), "exact", phrase=True),
    Disguise("phrase over lines", lambda phrase: phrase.replace(" ", "\r\n   "), "exact", phrase=True),
)
