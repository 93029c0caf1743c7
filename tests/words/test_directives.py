"""What a list says of itself, and lists made of several files."""

from __future__ import annotations

import pytest

from filterd.words.options import Options
from filterd.words.wordlist import Wordlist, WordlistError, parse_wordlist

FILES = {
    "lists/base.txt": b"@weight 3\n@level case\nbird\ntop secret {20}\n+ bird song\n",
    "lists/loop.txt": b"@include ../main.txt\nx y\n",
    "lists/half.txt": b"fine\nb[\n",
    "lists/accounts.csv": b"name,account\nAnna,4711-1\nBea,\nCleo,4711-2\n",
    "lists/codes.txt": b"AB12\n\n CD34 \n",
}


def load(file: str) -> bytes:
    if file not in FILES:
        raise FileNotFoundError(2, "No such file or directory")
    return FILES[file]


def parse(text: str, **given: object) -> Wordlist:
    return parse_wordlist(text.encode(), name="n", file="main.txt", load=load, **given)  # type: ignore[arg-type]


def mistakes(text: str) -> list[tuple[str, int, str]]:
    with pytest.raises(WordlistError) as caught:
        parse(text)
    return [(mistake.file, mistake.line, mistake.what) for mistake in caught.value.mistakes]


def test_a_list_says_what_it_is() -> None:
    """Directives for people, defaults for entries, thresholds in order of their scores."""
    wordlist = parse(
        "@title Projects\n@purpose names nobody\n@purpose outside should hear\n@owner Anna Berg\n"
        "@weight 5\n@level disguise\n@areas subject, body\n@first-lines 20\n@severity high\n@mode watch\n@confidential\n"
        "@reply Ask the press office # 4711\n@threshold certain 50\n@threshold suspicious 10\n\nbluebird\n"
    )
    head = wordlist.head
    assert head.texts == {"title": "Projects", "purpose": "names nobody\noutside should hear", "owner": "Anna Berg"}
    assert (head.severity, head.mode, head.confidential, head.reply) == ("high", "watch", True, "Ask the press office # 4711")
    assert (wordlist.level, wordlist.areas, wordlist.first_lines) == ("disguise", ("subject", "body"), 20)
    assert wordlist.thresholds == (("suspicious", 10), ("certain", 50))
    (entry,) = wordlist.entries
    assert (entry.level, entry.areas, entry.weight) == ("disguise", ("subject", "body"), 5)


def test_the_list_knows_better_than_the_configuration() -> None:
    """What is configured is for lists that say nothing."""
    wordlist = parse("@level case\n@areas body\nbird\n", level="disguise", areas=("subject",), first_lines=3)
    assert (wordlist.level, wordlist.areas, wordlist.first_lines) == ("case", ("body",), 3)
    assert parse("bird\n").thresholds == (("found", 1),)


def test_included_entries_keep_their_place() -> None:
    """They have their own file, line and defaults; an own entry goes before an included one that finds the same."""
    wordlist = parse("@weight 7\n@include lists/base.txt\nTop Secret {1 case}\nowl\n")
    found = [(entry.file, entry.line, entry.shown, entry.weight, entry.level) for entry in wordlist.entries]
    assert found == [
        ("main.txt", 3, "Top Secret", 1, "case"),
        ("main.txt", 4, "owl", 7, "fold"),
        ("lists/base.txt", 3, "bird", 3, "case"),
        ("lists/base.txt", 5, "bird song", 3, "case"),
    ]
    assert wordlist.files == ("main.txt", "lists/base.txt")


def test_entries_of_included_lists_can_be_left_out() -> None:
    """Without a hand on the included file; an allow entry is another one than the word."""
    wordlist = parse("@without Top  secret\n@include lists/base.txt\n@without + bird song\nowl\n")
    assert [entry.shown for entry in wordlist.entries] == ["owl", "bird"]


def test_values_of_a_file() -> None:
    """Each is an entry of level case, with the options given, and its own place."""
    wordlist = parse('@values lists/accounts.csv column=account {20 note="pay roll"}\n@values lists/codes.txt {exact}\n')
    found = [(entry.file, entry.line, entry.shown, entry.level, entry.weight) for entry in wordlist.entries]
    assert found == [
        ("lists/accounts.csv", 2, "4711-1", "case", 20),
        ("lists/accounts.csv", 4, "4711-2", "case", 20),
        ("lists/codes.txt", 1, "AB12", "exact", 1),
        ("lists/codes.txt", 3, "CD34", "exact", 1),
    ]
    assert wordlist.entries[0].options == Options(weight=20, note="pay roll")
    assert [entry.shown for entry in parse("@values lists/accounts.csv column=1").entries] == ["name", "Anna", "Bea", "Cleo"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bird\n@weight 3\n", [("main.txt", 2, "`@weight` behind an entry")]),
        ("@weight 3\n@weight 4\nbird\n", [("main.txt", 2, "`@weight` is given twice")]),
        ("@weight many\nbird\n", [("main.txt", 1, "`many` is no weight")]),
        ("@title\nbird\n", [("main.txt", 1, "`@title` says nothing")]),
        ("@mode off\nbird\n", [("main.txt", 1, "`off` is not known here")]),
        ("@reply Bitte wählen\nbird\n", [("main.txt", 1, "a reply must be printable ASCII")]),
        ("@threshold a\nbird\n", [("main.txt", 1, "`a` is no threshold")]),
        ("@threshold a 1\n@threshold b 1\nbird\n", [("main.txt", 2, "another threshold has this name or this score")]),
        (
            "@include lists/nowhere.txt\nbird\n",
            [("main.txt", 1, "lists/nowhere.txt cannot be read (No such file or directory)")],
        ),
        ("@include lists/half.txt\nbird\n", [("lists/half.txt", 2, "a class that does not end")]),
        (
            "@include lists/loop.txt\nbird\n",
            [("lists/loop.txt", 1, "the list includes itself (main.txt → lists/loop.txt → main.txt)")],
        ),
        ("@include lists/base.txt\n@without owl\nx\n", [("main.txt", 2, "no included list has the entry `owl`")]),
        ("@without\nx\n", [("main.txt", 1, "`@without` says nothing")]),
        ("@values lists/accounts.csv column=nose\n", [("main.txt", 1, "the file has no column `nose`")]),
        ("@values lists/accounts.csv column=0\n", [("main.txt", 1, "columns count from 1")]),
        ("+ bird {block}\nx\n", [("main.txt", 1, "`block` of a `+` entry")]),
        ("/bird/ {disguise}\n", [("main.txt", 1, "no disguise of such a pattern is known")]),
    ],
)
def test_mistakes(text: str, expected: list[tuple[str, int, str]]) -> None:
    """Each names the file it is in."""
    assert mistakes(text)[: len(expected)] == expected


def test_no_files_without_a_loader() -> None:
    """A list that names others is not read as if it named none."""
    with pytest.raises(WordlistError, match="not read here"):
        parse_wordlist(b"@include other.txt\nbird\n", name="n", file="f")
