"""What each kind of line means, and how its mistakes are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.words.flaw import Flaw
from filterd.words.grammar import read_line
from filterd.words.pattern import (
    ANY,
    DIGIT,
    LETTER,
    ONE,
    All,
    Compound,
    Either,
    Expression,
    Glob,
    Literal,
    Named,
    Near,
    Not,
    Part,
    Pattern,
    Some,
    escape,
)


def pattern(line: str) -> Pattern | None:
    return read_line(line, 1024).pattern


def term(text: str) -> Part:
    return Part(Literal(text), text)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("bluebird", Literal("bluebird")),
        ("and/or", Literal("and/or")),
        ("c++", Literal("c++")),
        ("a > b", Literal("a > b")),
        ("f{x}", Literal("f{x}")),
        ("#tag", None),
        (r"\#tag", Literal("#tag")),
        ("c# # a comment", Literal("c#")),
        ("blue*", Literal("blue", open_end=True)),
        ("*bird", Literal("bird", open_start=True)),
        ("*top bird*", Literal("top bird", True, True)),
        ("pro*ject", Glob(("pro", ANY, "ject"))),
        ("pro**ject", Glob(("pro", ANY, "ject"))),
        ("b?rd", Glob(("b", ONE, "rd"))),
        ("bir??", Glob(("bir", ONE, ONE))),
        ("top *bird", Glob(("top ", ANY, "bird"))),
        ("*pro?ect*", Glob((ANY, "pro", ONE, "ect", ANY))),
        ("gr[ae]y", Glob(("gr", Some("[ae]"), "y"))),
        ("mark[0-9]", Glob(("mark", Some("[0-9]")))),
        ("mark[^0-9a]", Glob(("mark", Some(r"(?![0-9a])[^\W_]")))),
        ("[:letter:]bird[:digit:]", Glob((Some(LETTER), "bird", Some(DIGIT)))),
        ("国?家", Glob(("国", ONE, "家"))),
        (r"pro\*ject", Literal("pro*ject")),
        ("[:card:]", Named("card")),
        ("/ab+c/", Expression("ab+c", "")),
        (r"/a\/b #{1}/si", Expression("a/b #{1}", "is")),
    ],
)
def test_patterns(line: str, expected: Pattern | None) -> None:
    """Words unless something in them says otherwise."""
    assert pattern(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<a> and <b>", All((term("a"), term("b")))),
        ("<a> or <b> and not <c>", Either((term("a"), All((term("b"), Not(term("c"))))))),
        ("( <a> OR <b> ) AND <c>", All((Either((term("a"), term("b"))), term("c")))),
        ("not <a> and <top secret>", All((Not(term("a")), term("top secret")))),
        ("<a> near <b>", Near(term("a"), term("b"), 8, ordered=False)),
        ("<a> near 3 words <b>", Near(term("a"), term("b"), 3, ordered=False)),
        ("<a> followed by 1 word <b>", Near(term("a"), term("b"), 1, ordered=True)),
        ("<a> not followed by 2 <b>", Near(term("a"), term("b"), 2, ordered=True, negated=True)),
        ("<a> near 1 <b> near 2 <c>", Near(Near(term("a"), term("b"), 1, False), term("c"), 2, False)),
        ("(<a> or <b>) near 3 <c>", Near(Either((term("a"), term("b"))), term("c"), 3, False)),
        ("<c> followed by 3 (<a> or <b>)", Near(term("c"), Either((term("a"), term("b"))), 3, ordered=True)),
        ("<a>and<b>", All((term("a"), term("b")))),
        ("< a\\> >", Part(Literal("a>"), "a\\>")),
        ("<ab*> and </x y/i>", All((Part(Literal("ab", open_end=True), "ab*"), Part(Expression("x y", "i"), "/x y/i")))),
        ("<iban> followed by 5 <[:iban:]>", Near(term("iban"), Part(Named("iban"), "[:iban:]"), 5, ordered=True)),
    ],
)
def test_combinations(line: str, expected: object) -> None:
    """`near` and `followed by` bind closest, then `not`, then `and`, then `or`."""
    assert pattern(line) == Compound(expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "column", "what"),
    [
        ("{5}", 1, "options without an entry"),
        ("a [:nose:]", 3, "`[:nose:]` is no class"),
        ("[:nose:]", 1, "no class and no identifier"),
        ("ab[]", 3, "a class of nothing"),
        ("ab[$]", 3, "`$` in a class"),
        ("ab[z-a]", 3, "the range z-a runs backwards"),
        ("???", 1, "match nearly everything"),
        ("top * secret", 5, "`*` with no word beside it"),
        ("/abc", 1, "does not end"),
        ("/ab(c/", 6, "no regular expression: missing )"),
        ("/x*/", 1, "finds the empty text"),
        ("/abc/q", 6, "`q` is no flag"),
        ("/abc/ def", 7, "text behind"),
        ("<a> and", 8, "a term is missing"),
        ("<a> with <b>", 5, "`with` joins nothing"),
        ("<a> and <b", 9, "a term that does not end"),
        ("(<a> or <b>", 1, "a parenthesis that does not close"),
        ("<a> followed 5 <b>", 14, "`followed` without `by`"),
        ("(<a> and <b>) near 3 <c>", 22, "must be a term, or terms joined by `or`"),
        ("<a> near 500 <b>", 10, "too many"),
        ("not <a>", 1, "only asks for what is not there"),
        ("<a> or not <b>", 1, "only asks for what is not there"),
        ("(" * 20 + "<a>" + ")" * 20, 17, "more than 16 parentheses"),
        (" and ".join(["<a>"] * 33), 257, "more than 32 terms"),
        ("+ <a> and <b>", 3, "cannot be allowed"),
        ("a {1001}", 4, "`1001` is no weight"),
        ("a {count=many}", 4, "`many` is no count"),
        ("a {count=2 count=unique}", 12, "`count` is given twice"),
        ("a {5 weight=6}", 6, "`weight` is given twice"),
        ("a {block pass}", 10, "`role` is given twice"),
        ("a {expires=31.1.2027}", 4, "`31.1.2027` is no day"),
        ('a {note="x}', 4, "a quote that does not end"),
        ("@Title x", 1, "this is none"),
    ],
)
def test_mistakes(line: str, column: int, what: str) -> None:
    """A mistake says where it is and what it is."""
    with pytest.raises(Flaw) as caught:
        read_line(line, 1024)
    assert what in caught.value.what
    assert caught.value.column == column
    assert caught.value.cure


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), min_size=1, max_size=30))
def test_escaped_text_means_itself(text: str) -> None:
    """What `escape` writes is read as just these words."""
    text = text.strip()
    if any(map(str.isalnum, text)):
        assert pattern(escape(text)) == Literal(text)


@given(st.text(alphabet="ab *?[]<>()/+{}=#\\,:^-nordt0", max_size=30))
def test_any_line(line: str) -> None:
    """Whatever a line holds, it means something or is explained, and its pattern alone means the same."""
    try:
        said = read_line(line, 1024)
    except Flaw as flaw:
        assert 1 <= flaw.column <= len(line) + 2
        assert flaw.cure
        return
    if said.pattern:
        assert pattern(said.shown) == said.pattern
