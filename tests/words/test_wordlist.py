"""What a wordlist file may hold, and how its mistakes are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.words.wordlist import WordlistError, WordlistMistake, parse_wordlist


def entries(octets: bytes) -> list[str]:
    return [entry.text for entry in parse_wordlist(octets, name="n", file="f.txt").entries]


def mistakes(octets: bytes) -> tuple[WordlistMistake, ...]:
    with pytest.raises(WordlistError) as caught:
        parse_wordlist(octets, name="n", file="f.txt")
    return caught.value.mistakes


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (b"one\ntwo\n", ["one", "two"]),
        (b"one", ["one"]),
        (b"\xef\xbb\xbfone\r\ntwo\r\n", ["one", "two"]),
        (b"  one  \n\t\n\ntop secret\t\n", ["one", "top secret"]),
        (b"# a comment\none # why\nc#\n", ["one", "c#"]),
        (b"one \\# two\n\\#tag\n", ["one # two", "#tag"]),
        (rb"c\++" + b"\n" + rb"who\?" + b"\n" + rb"a\\b" + b"\n", ["c++", "who?", r"a\b"]),
        (rb"\@home" + b"\nme@home\n", ["@home", "me@home"]),
        (b"end\\ \n", ["end "]),
        ("Straße\n国家\n".encode(), ["Straße", "国家"]),
    ],
)
def test_entries(octets: bytes, expected: list[str]) -> None:
    """One entry a line; blanks around, blank lines and comments are nothing; `\\` makes any sign literal."""
    assert entries(octets) == expected


@pytest.mark.parametrize(
    ("line", "shown", "allow", "level", "areas"),
    [
        (b"blue*", "blue*", False, "fold", ("body",)),
        (b"*bird  # why", "*bird", False, "fold", ("body",)),
        (b"*top bird* {exact}", "*top bird*", False, "exact", ("body",)),
        (rb"*c++", "*c++", False, "fold", ("body",)),
        (rb"\*star\*", r"\*star\*", False, "fold", ("body",)),
        (b"+ le  cafe", "le  cafe", True, "fold", ("body",)),
        (b"+\t*sex* # why", "*sex*", True, "fold", ("body",)),
        (b"a b {disguise}", "a b", False, "disguise", ("body",)),
        (b"a {level=case areas=subject,Header:X-Note} # c", "a", False, "case", ("subject", "header:x-note")),
        (b"a {areas=raw\texact}", "a", False, "exact", ("raw",)),
        (rb"a \{b}", r"a \{b}", False, "fold", ("body",)),
        (rb"end\  {case}", "end\\ ", False, "case", ("body",)),
    ],
)
def test_edges_allow_entries_and_options(line: bytes, shown: str, allow: bool, level: str, areas: tuple[str, ...]) -> None:
    """What an entry may say besides its words; what it does not say the list does."""
    entry = parse_wordlist(b"x\n" + line, name="n", file="f", areas=("body",)).entries[1]
    assert (entry.shown, entry.allow, entry.level, entry.areas) == (shown, allow, level, areas)


def test_duplicates_keep_the_first() -> None:
    """Entries that find the same are one; the hit names the line of the first."""
    kept = parse_wordlist(b"Top  Secret\ntop secret\nTOP SECRET\n", name="n", file="f").entries
    assert [(entry.text, entry.line) for entry in kept] == [("Top  Secret", 1)]


@pytest.mark.parametrize(
    ("line", "column", "what", "cure"),
    [
        (b"a?b", 1, "match nearly everything", "2 letters next to each other"),
        (b"a *b", 1, "match nearly everything", "2 letters next to each other"),
        (b"ab[d", 3, "a class that does not end", r"`\[`"),
        (b"ab<d", 3, "begins a term", r"`\<`"),
        (b"a *", 3, "no word beside it", r"`\*`"),
        (b"* a", 1, "no word beside it", r"`\*`"),
        (rb"c\+\+*", 6, "no word beside it", r"`\*`"),
        (b"+word", 1, "`+` without a blank", r"`\+`"),
        (b"+ ", 3, "no letter and no digit", "add one"),
        (b"a {disguise", 3, "do not end", "}"),
        (b"a {disguise} b", 14, "behind the options", "end of the line"),
        (b"a {}", 3, "options without any", "take the braces out"),
        (b"a {level=high}", 4, "`high` is no level", "exact, case, fold, disguise"),
        (b"a {exact level=case}", 10, "`level` is given twice", "leave one"),
        (b"a {areas=body,nose}", 4, "`nose` is no area", "subject, header"),
        (b"a {areas=header:}", 4, "`header:` is no area", "header:Name"),
        (b"a {size=3}", 4, "`size` is no option", "level"),
        (b"  @option", 1, "`@option` is no directive", r"`\@`"),
        (b"ab\\d", 3, "means nothing", "\\\\"),
        (b"ab\\", 3, "at the end of the line", "\\\\"),
        (b"caf\xc3\xa9 \xff", 6, "0xff is not UTF-8", "UTF-8"),
        (b"a\x01b", 2, "control character U+0001", "take it out"),
        ("a\x85b".encode(), 2, "control character U+0085", "take it out"),
        ("a\u200bb".encode(), 2, "invisible character U+200B", "take it out"),
        (b"$$$", 1, "no letter and no digit", "add one"),
        (b"x" * 1025, 1, "longer than 1024 octets", "shorten"),
        (b"\\$" * 9000, 1, "longer than 1024 octets", "shorten"),
    ],
)
def test_mistakes(line: bytes, column: int, what: str, cure: str) -> None:
    """A mistake says where it is, what it is and how to cure it."""
    (mistake,) = mistakes(b"good\n" + line + b"\ngood too\n")
    assert (mistake.file, mistake.line, mistake.column) == ("f.txt", 2, column)
    assert what in mistake.what
    assert cure in mistake.cure
    assert str(mistake).startswith(f"f.txt:2:{column}: ")


def test_every_mistake_at_once() -> None:
    """Nobody mends a file of a thousand lines one start at a time."""
    assert [mistake.line for mistake in mistakes(b"a*b\nfine\nb[\n\xff\n")] == [1, 3, 4]


@pytest.mark.parametrize("octets", [b"", b"\n\n", b"# only comments\n", b"\xef\xbb\xbf"])
def test_an_empty_list_is_a_mistake(octets: bytes) -> None:
    """A list that can find nothing was not meant."""
    assert mistakes(octets)[0].what == "the list has no entries"


def test_a_list_of_allow_entries_is_a_mistake() -> None:
    """There is nothing for them to cancel."""
    assert "nothing but `+` entries" in mistakes(b"+ cafe\n")[0].what


@given(st.binary(max_size=200) | st.text(alphabet="ab *+{}=#\\,exact", max_size=20).map(str.encode))
def test_any_octets(octets: bytes) -> None:
    """Whatever a file holds, there is a list or an explanation."""
    try:
        assert parse_wordlist(octets, name="n", file="f").entries
    except WordlistError as error:
        assert error.mistakes


@pytest.mark.parametrize("lines", ["bird\nBIRD", "top secret\ntop  Secret", "c++\nC++", "café\ncafe\u0301", "bird {5}\nbird {6}"])
def test_entries_that_find_the_same(lines: str) -> None:
    """Only the first is kept."""
    assert len(parse_wordlist(lines.encode(), name="n", file="f").entries) == 1


_PLAIN = ("bird\nbird\\ ", "top secret\ntop-secret", "top secret\ntopsecret", "bird\nbird*", "*bird\nbird*", "c++\nc+")
_OPTIONS = ("bird\nbird {case}", "bird {exact}\nBird {exact}", "bird\nbird {areas=body}", "bird\n+ bird", "国家\n国 家")


@pytest.mark.parametrize("lines", [*_PLAIN, *_OPTIONS])
def test_entries_that_do_not(lines: str) -> None:
    """Edges, blanks at the edge, signs, levels and areas make a difference."""
    assert len(parse_wordlist(lines.encode(), name="n", file="f").entries) == 2
