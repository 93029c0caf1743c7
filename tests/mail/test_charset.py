"""Charsets: labels as clients read them, and what happens when they are wrong."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.mail import charset
from filterd.mail.charset_labels import LABELS
from filterd.mail.offsets import Offsets

CODECS = sorted({*LABELS.values()})
EXACT = [codec for codec in CODECS if codec not in ("utf-7", "hz", "iso-2022-cn")]  # each prefix decodes alone


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("UTF-8", "utf-8"),
        (' "utf8" ', "utf-8"),
        ("iso-8859-1", "cp1252"),
        ("US-ASCII", "cp1252"),
        ("gb2312", "gb18030"),
        ("ks_c_5601-1987", "cp949"),
        ("x-sjis", "cp932"),
        ("iso-8859-8-i", "iso8859_8"),
        ("punycode", ""),
        ("idna", ""),
        ("unicode_escape", ""),
        ("rot13", ""),
        ("utf-8\0", "utf-8"),
        ("x" * 10_000, ""),
    ],
)
def test_labels(label: str, codec: str) -> None:
    """Labels are looked up in a table of our own; what is not there is unknown, whatever Python would make of it."""
    assert charset.codec_of(label) == codec


@pytest.mark.parametrize(
    ("octets", "declared", "expected"),
    [
        (b"plain", "", ["plain"]),
        ("größe".encode(), "", ["größe"]),
        ("größe".encode("cp1252"), "", ["größe"]),
        ("größe".encode("cp1252"), "utf-8", ["gr\ufffd\ufffde", "größe"]),
        ("größe".encode(), "cp1252", ["größe", "grÃ¶ÃŸe"]),
        ("слово".encode("koi8_r"), "koi8_r", ["слово"]),
        ("\ufeffa".encode(), "cp1252", ["\ufeffa"]),
        (codecs.BOM_UTF16_LE + "слово".encode("utf-16-le"), "utf-8", ["\ufeffслово"]),
        ("Latin text".encode("utf-16-le"), "", ["Latin text"]),
        ("Latin text".encode("utf-16-be"), "cp1252", ["Latin text"]),
        ("言葉".encode("iso2022_jp"), "cp1252", ["言葉"]),
        (b"for+AGI-idden", "utf-7", ["forbidden", "for+AGI-idden"]),
    ],
)
def test_choice(octets: bytes, declared: str, expected: list[str]) -> None:
    """Byte order mark, label, UTF-8, windows-1252; and both readings where a client may show either."""
    assert [charset.decode(octets, codec) for codec in charset.choose(octets, declared)] == expected


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-7"])
@pytest.mark.parametrize(
    "text",
    [
        "这是\u202e密机\u202c，以后再看",
        "이것은 극비 \u200b문서",
        "с\u0336л\u0336о\u0336в\u0336о\u0336 это",
        "这\U000e0101是\U000e0101机\U000e0101密，以后再看",
        "เ\u0336ร\u0336ื\u0336่\u0336อ\u0336ง\u0336",
        "αυτό είναι \U0001d6c2\U0001d6c3\U0001d6c4 που",
    ],
)
def test_signs_of_no_script_hide_no_charset(text: str, codec: str) -> None:
    """Overridden directions, zero-width signs, marks, selectors, letters for formulas: the letters between them tell."""
    assert text in [charset.decode(text.encode(codec), chosen) for chosen in charset.choose(text.encode(codec))]


@pytest.mark.parametrize(
    ("text", "codec"),
    [("will see later secret is see which top", "cp1252"), ("für große Größe", "cp1252"), ("слово за слово", "koi8_r")],
)
def test_octets_with_few_signs_are_not_wide(text: str, codec: str) -> None:
    """In pairs, " f" and others are signs of no script by chance."""
    assert not {"utf-16-le", "utf-16-be"} & set(charset.choose(text.encode(codec)))


@given(st.binary(max_size=200), st.sampled_from(CODECS))
def test_never_raises(octets: bytes, codec: str) -> None:
    """Any octets are some text."""
    assert isinstance(charset.decode(octets, codec), str)
    assert all(isinstance(charset.decode(octets, chosen), str) for chosen in charset.choose(octets, codec))


@given(st.text(max_size=60), st.sampled_from(EXACT), st.data())
def test_offsets(text: str, codec: str, data: st.DataObject) -> None:
    """The octets before a character's offset decode to the characters before it."""
    octets = text.encode(codec, "ignore")
    decoded = charset.decode(octets, codec)
    count = data.draw(st.integers(0, len(decoded)))
    assert charset.decode(octets[: Offsets(octets, codec).offset(count)], codec) == decoded[:count]


@given(st.binary(max_size=600), st.sampled_from(CODECS), st.integers(0, 600))
def test_offsets_of_anything(octets: bytes, codec: str, character: int) -> None:
    """Any character of any noise has a place, and places do not go back."""
    offsets = Offsets(octets, codec)
    assert 0 <= offsets.offset(character) <= offsets.offset(character + 1) <= len(octets)


@given(st.text(min_size=1, max_size=300), st.sampled_from(["utf-8", "utf-16-le", "cp1252"]), st.integers(8, 200))
def test_safe_cuts(text: str, codec: str, size: int) -> None:
    """Both sides of a cut decode alone."""
    octets = text.encode(codec, "ignore")
    cut = charset.safe_cut(octets[:size], codec)
    assert charset.decode(octets[:cut], codec) + charset.decode(octets[cut:], codec) == charset.decode(octets, codec)


@pytest.mark.parametrize(
    ("octets", "offsets"),
    [(b"\xc3A", [0, 1, 2]), (b"\xe2\x82A", [0, 2, 3]), (b"a\xf0\x9fbc", [0, 1, 3, 4, 5]), (b"\xe2\x82\xacA", [0, 3, 4])],
)
def test_what_follows_a_broken_character_has_its_own_place(octets: bytes, offsets: list[int]) -> None:
    """A decoder gives both at once."""
    assert [Offsets(octets, "utf-8").offset(at) for at in range(len(offsets))] == offsets
