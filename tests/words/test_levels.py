"""What each level sees through, and what a hit says was needed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filterd.words.matcher import Matcher
from filterd.words.scan import Scan, Work
from filterd.words.wordlist import parse_wordlist


def find(text: str, *lines: str, level: str = "fold") -> list[tuple[str, str, str]]:
    """(entry, text found, view) of everything found by a list of these lines."""
    wordlist = parse_wordlist("\n".join(lines).encode(), name="n", file="f", level=level)
    found = list(Scan(Matcher([wordlist]), Work(10**6)).feed(text, final=True))
    assert all(text[hit.start : hit.end] == hit.text for hit in found)
    return [(hit.term.entry.shown, hit.text, hit.view) for hit in found]


def views(text: str, entry: str, level: str) -> list[tuple[str, str]]:
    return [(where, view) for _, where, view in find(text, entry, level=level)]


@pytest.mark.parametrize(
    ("entry", "text", "exact", "case", "fold"),
    [
        ("Word", "Word", "exact", "exact", "exact"),
        ("Word", "WORD", "", "case", "case"),
        ("café", "cafe\u0301", "exact", "exact", "exact"),
        ("café", "cafe", "", "", ""),  # a short word may be another one without its accents
        ("göt", "got", "", "", ""),
        ("göt", "ｇöｔ", "", "", "canonical"),
        ("résumé", "RESUME", "", "", "canonical"),
        ("cafe", "CAFÉ", "", "", "canonical"),
        ("straße", "STRASSE", "", "case", "case"),
        ("top secret", "top\n> secret", "exact", "exact", "exact"),
        ("top secret", "Ｔｏｐ　ｓｅｃｒｅｔ", "", "", "canonical"),
        ("word", "w\u200bo\u00adr\u2060d", "", "", "canonical"),
        ("word", "w\u0336o\u0336r\u0336d\u0336", "", "", "canonical"),
        ("word", "𝔀𝓸𝓻𝓭", "", "", "canonical"),
        ("word", "ⓦⓞⓡⓓ", "", "", "canonical"),
        ("word", "🅆🄾🅁🄳", "", "", "canonical"),
        ("word", "🇼🇴🇷🇩", "", "", "canonical"),
        ("word", "ᴡᴏʀᴅ", "", "", "canonical"),
        ("word", "ʷᵒʳᵈ", "", "", "canonical"),
        ("word", "w\u2800o\u3164rd", "", "", "canonical"),
        ("word", "\u202edrow\u202c", "", "", "canonical"),
        ("lodz", "Łódź", "", "", "canonical"),
        ("ærø", "aero", "", "", "canonical"),
        ("istanbul", "İSTANBUL", "", "", "canonical"),
        ("ısparta", "ISPARTA", "", "", "canonical"),
        ("é-mail", "e\u2010mail", "", "", "canonical"),
        ("won't", "won\u2019t", "", "", "canonical"),
        ("room 12", "room ١٢", "", "", "canonical"),
        ("محمد", "مُحَمَّد", "", "", "canonical"),
        ("محمد", "محـــمد", "", "", "canonical"),
        ("احمد", "أحمد", "", "", "canonical"),
        ("שלום", "שָׁלוֹם", "", "", "canonical"),
        ("слово", "СЛОВО", "", "case", "case"),
        ("ёлка", "елка", "", "", "canonical"),
        ("カラオケ", "ｶﾗｵｹ", "", "", "canonical"),
        ("ｶﾞ", "が", "", "", ""),  # kana of two kinds stay apart
        ("λόγος", "ΛΟΓΟΣ", "", "", "canonical"),
    ],
)  # fmt: skip
def test_what_levels_see_through(entry: str, text: str, exact: str, case: str, fold: str) -> None:
    """Each level sees what those below it see, and the hit covers exactly what stands there."""
    word = text.strip("\u202e\u202c")
    for level, view in (("exact", exact), ("case", case), ("fold", fold)):
        for around in (text, f"a {text}, b", f"é {text}\u200b é"):
            assert views(around, entry, level) == ([(word, view)] if view else []), level


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("ass", "as\u00adsess ass\u00adess class cl\u200bass assé"),
        ("cock", "cock\u00adpit"),
        ("война", "воина"),  # й is no и
        ("и", "й"),
        ("कमल", "कमाल कमले"),
        ("กิน", "กน"),
        ("はん", "ばん ぱん"),
        ("us", "🇺🇸 🇺🇸🇬🇧"),  # flags
        ("as", "🇦🇸"),
        ("top secret", "top. secret top\u2014secret"),
    ],
)
def test_fold_does_not_find(entry: str, text: str) -> None:
    """What is another word to a reader is another word."""
    assert find(text, entry) == []


EDGES = [
    # script, word, before, after: each stands alone, with more before, with more after
    ("latin", "fôrêt", "dé", "és"),
    ("cyrillic", "рот", "по", "ик"),
    ("greek", "λόγο", "διά", "ς"),
    ("turkish", "ışık", "bır", "lı"),
    ("hebrew", "שלומ", "ל", "ים"),
    ("arabic", "كتاب", "ال", "هم"),
    ("devanagari", "कमल", "वि", "ता"),
    ("devanagari vowel", "हिन्द", "स", "ी"),
    ("korean", "한국", "대", "어"),
]


@pytest.mark.parametrize(("word", "before", "after"), [edge[1:] for edge in EDGES], ids=[edge[0] for edge in EDGES])
def test_edges_in_every_script(word: str, before: str, after: str) -> None:
    """Whole, prefix, suffix and substring; the whole word is what was found."""
    text = f"{word}, {before}{word} {word}{after} {before}{word}{after}."
    forms = [word, before + word, word + after, before + word + after]
    for entry, expected in ((word, [0]), (f"{word}*", [0, 2]), (f"*{word}", [0, 1]), (f"*{word}*", [0, 1, 2, 3])):
        for level in ("case", "fold"):
            assert [where for _, where, _ in find(text, entry, level=level)] == [forms[i] for i in expected], (entry, level)


@pytest.mark.parametrize(
    ("word", "text"), [("国家", "这国家是"), ("กิน", "ฉันกินข้าว"), ("さくら", "あさくらい"), ("ກິນ", "ຂ້ອຍກິນເຂົ້າ")]
)
def test_scripts_without_blanks_have_no_edges(word: str, text: str) -> None:
    """Found wherever it stands."""
    assert [where for _, where, _ in find(text, word)] == [word]


@pytest.mark.parametrize(
    ("lines", "text", "expected"),
    [
        (("sex", "+ sex education"), "sex, Sex  education, sexy", ["sex"]),
        (("*sex*", "+ middlesex", "+ essex"), "Middlesex Essex sextant", ["sextant"]),
        (("bluebird", "+ operation bluebird reunion"), "bluebird; Operation Bluebird\nreunion", ["bluebird"]),
        (("cafe", "+ le cafe"), "le café", []),
        (("top secret", "+ secret"), "top secret", ["top secret"]),  # only what lies wholly inside
        (("国", "+ 国家"), "国家 国", ["国"]),
    ],
)
def test_allow_entries(lines: tuple[str, ...], text: str, expected: list[str]) -> None:
    """They cancel hits at their own place and nowhere else."""
    assert [where for _, where, _ in find(text, *lines)] == expected


def test_allow_entries_are_their_own_list_s() -> None:
    """One list cannot silence another."""
    first = parse_wordlist(b"sex\n+ sex education", name="a", file="a")
    second = parse_wordlist(b"sex", name="b", file="b")
    found = Scan(Matcher([first, second]), Work(1000)).feed("sex education", final=True)
    assert [hit.term.wordlist.name for hit in found] == ["b"]


def test_an_entry_may_say_its_own_level() -> None:
    """The list's is the default."""
    assert find("café Café CAFE", "Café {exact}", "cafe {level=case}") == [
        ("cafe", "CAFE", "case"), ("Café", "Café", "exact"),
    ] or find("café Café CAFE", "Café {exact}", "cafe {level=case}") == [
        ("Café", "Café", "exact"), ("cafe", "CAFE", "case"),
    ]  # fmt: skip


LETTERS = st.text(alphabet="aAéÉе\u0301\u200b\u00adıiIΣς1١ﬁ ßжЖ-國한א\u05b8ا\u0640\u202e\u202c", max_size=24)


@settings(deadline=None, max_examples=300)
@given(text=LETTERS)
def test_spans_are_whole_and_levels_nest(text: str) -> None:
    """A hit covers what stands there; whatever a lower level finds, a higher one finds too."""
    entries = ("a", "é", "ﬁ", "ss", "1", "ж", "а", "i", "a a", "א", "한")
    places = []
    for level in ("exact", "case", "fold"):
        wordlist = parse_wordlist("\n".join(entries).encode(), name="n", file="f", level=level)
        found = list(Scan(Matcher([wordlist]), Work(10**6)).feed(text, final=True))
        assert all(0 <= hit.start < hit.end <= len(text) for hit in found)
        places.append({(hit.term.entry.text, hit.start) for hit in found})
    assert places[0] <= places[1] <= places[2]
