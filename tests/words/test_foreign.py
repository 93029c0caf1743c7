"""Lists of other systems, line by line; and that what was exported comes back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.words.differ import differences
from filterd.words.foreign import COLUMNS, READERS, Lost, lost_in_table, rows
from filterd.words.formatter import tidy
from filterd.words.wordlist import WordlistError, parse_wordlist


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("plain", "bird\n# no\n  what? \n+x", ["bird", "what\\?", "\\+x"]),
        ("plain", "!!!", [(1, "no letter")]),
        ("csv", "word,weight,note\nbird,5,a \"b\"\nc*d,,\n", ['bird {weight=5 note="a \\"b\\""}', "c\\*d"]),
        ("csv", "entry,weight\nb*rd x,-3\n<a>,x\n", ["b*rd x {weight=-3}", (3, "`x` is no weight")]),
        ("spamassassin", "body FOO /fo+\\/bar/i\nscore FOO 2.5\ndescribe FOO has foo\n",
         ['/fo+\\/bar/i {25 count=first note="FOO: has foo"}']),
        ("spamassassin", "header BAR Subject =~ /bar/\nbody ALL eval:check()\nmeta M (FOO && BAR)\n",
         ['/bar/ {10 count=first areas=subject note="BAR"}', (2, "cannot be carried"), (3, "cannot be carried")]),
        ("spamassassin", "uri U m{x/y}\nrequire_version 3\n", [(1, "cannot be carried"), (2, "no rule")]),
        ("spamassassin", "uri U m!exam/ple!\n", ['/exam\\/ple/ {10 count=first areas=url note="U"}']),
        ("dansguardian", "<bad><20>\n< bad ><20>\n<breast>,< medical ><-30>\n.Include</x>\n< sex >",
         ["*bad* {20 count=first}", "bad {20 count=first}", "<*breast*> and <medical> {-30 count=first}",
          (4, "imported by"), "sex"]),
        ("textcensor", "10\t\"top secret\"\n-5\tdraft\n20\tmerger NEAR=5 price\n5\t(a OR b) AND NOT c*\nx INSTANCES=3",
         ["top secret {10}", "draft {-5}", "<merger> near 5 <price> {20}", "( <a> or <b> ) and not <c*> {5}", (5, "min=N")]),
    ],
)  # fmt: skip
def test_lines(kind: str, text: str, expected: list) -> None:
    """What each becomes, or why it was lost."""
    made = list(READERS[kind](text))
    assert len(made) == len(expected), made
    for one, wanted in zip(made, expected, strict=True):
        if isinstance(one, Lost):
            assert isinstance(wanted, tuple)
            assert one.line == wanted[0]
            assert wanted[1] in one.why
        else:
            assert one == wanted


@given(st.sampled_from(sorted(READERS)), st.text(max_size=60))
def test_any_text(kind: str, text: str) -> None:
    """Whatever stands there, every line that is given is an entry."""
    lines = [one for one in READERS[kind](text) if isinstance(one, str)]
    if lines:
        parse_wordlist("\n".join([*lines, "filler"]).encode(), name="n", file="f")


LIST = (
    "@owner x\nbird {5 areas=subject,body}\n+ bird song\n*owl* {disguise off}\n<a b> near 3 <c*>  {watch note=\"x, y\"}\n"
    "/x,y/i   { expires=2027-01-01   7 }   # why\n\n\n[:card:] {block owner=anna added=2026-01-01}\npr?ject {-4}\n"
)  # fmt: skip


def test_exported_and_imported_again() -> None:
    """No difference, in the semantic sense."""
    wordlist = parse_wordlist(LIST.encode(), name="n", file="f")
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(rows(wordlist.entries))
    again = "\n".join(str(one) for one in READERS["csv"](out.getvalue()))
    assert list(differences(wordlist, parse_wordlist(again.encode(), name="n", file="f"))) == []
    assert [lost_in_table(entry) for entry in wordlist.entries] == [""] * len(wordlist.entries)


def test_tidied() -> None:
    """The same list, in one spelling; tidied again it stays."""
    tidied = tidy(LIST)
    assert '<a b> near 3 <c*> {watch note="x, y"}\n/x,y/i {7 expires=2027-01-01}  # why\n\n\n[:card:]' in tidied
    assert tidy(tidied) == tidied
    before, after = (parse_wordlist(text.encode(), name="n", file="f") for text in (LIST, tidied))
    assert list(differences(before, after)) == []


@given(st.text(alphabet='ab *?[]<>()/+{}=#\\,:@\t"\n5', max_size=40))
def test_tidying_changes_no_meaning(text: str) -> None:
    """Parse, tidy, parse: the same entries, or the same refusal."""

    def meaning(of: str) -> object:
        try:
            entries = parse_wordlist(of.encode(), name="n", file="f").entries
            return [(entry.shown, entry.options, entry.allow) for entry in entries]
        except WordlistError as error:
            return {one.what for one in error.mistakes}

    assert meaning(tidy(text)) == meaning(text)
    assert tidy(tidy(text)) == tidy(text)
