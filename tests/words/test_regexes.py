"""What an expression needs to be there, what it may cost, and how it is kept from costing more."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from filterd.words.pattern import Expression
from filterd.words.patterns import compile_expression
from filterd.words.regex_cost import cost
from filterd.words.regexes import Allowance, TooSlow, may_match, prefilter, search
from filterd.words.required import hints


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\bproj-\d{4}", "proj"),
        ("top secret", "secret"),
        ("colou?r", "colo"),
        ("ab+cd", "ab"),
        ("abc|def", "abc def"),
        ("(abc|def)ghij", "ghij"),
        ("(?:abc)def", "abcdef"),
        (r"\b(?:confidential|top\s+secret)\b", "confidential secret"),
        ("(?:abc|d)ef", "ef"),
        ("abc|", ""),
        ("(?:abc)?def", "def"),
        ("(?:abc)+def", "abc"),
        ("[abc]def[^ghi]jk", "def"),
        (r"x\x41yz", "yz"),
        (r"\101bcd", "bcd"),
        (r"(ab)\1234cd", "ab"),
        (r"\pLabc", "abc"),
        ("abc{2}de", "abc"),
        ("abc{0,2}de", "ab"),
        ("abcd(?#xyzxyz)", "abcd"),
        ("abc(?#[)|x(])def", "abc def"),
        ("(?i)abc", "abc"),
        ("(?x) a b c", ""),
        ("(?:abcdef){e<=1}", ""),
        (r"\p{Lu}bird", "bird"),
        (r"\d+", ""),
        ("a.b", ""),
        (r"(?<!x)bird(?=s[)])", "bird"),
        (r"(?>abc)d", "abcd"),
        ("abc(?R)?", ""),
        ("(?<n>abc)(?(n)d|e)", ""),
    ],
)
def test_hints(source: str, expected: str) -> None:
    """The longest run of letters and digits, two at least; of alternatives one of each."""
    assert hints(Expression(source, ""), folds=True) == tuple(expected.split())


def test_a_turkish_i_is_an_i_in_any_case() -> None:
    """The regex module says so, case folding does not; the canonical form, where it is searched, has only one."""
    assert regex.search("INVOICE", "ınvoıce", regex.I)
    assert hints(Expression("invoice no", "i"), folds=False) == ("nvo",)
    assert hints(Expression("invoice no", "i"), folds=True) == ("invoice",)


_ATOMS = ("a", "b", "ab", "c", r"\d", ".", "[ab]", "[^a]", "(?:ab|c)", "(a)", r"\b", r"\-", " ", "|", "^", "(?=a)")
_atoms = st.sampled_from((*_ATOMS, "$", "(?<!b)", r"(?:\bab|a$)", "(?:a|ab(?!c))", "(?>a|ab)", "(?:ab)?+"))
_sources = st.lists(st.tuples(_atoms, st.sampled_from(["", "", "?", "*", "+", "{2}", "{0,1}", "+?"])), min_size=1, max_size=8)
_TEXTS = st.text("ab c1-\n", max_size=12)


def compiled(parts: list[tuple[str, str]]) -> regex.Pattern[str] | None:
    try:
        return regex.compile("".join(atom + quantifier for atom, quantifier in parts))
    except regex.error:
        return None


@given(_sources, _TEXTS)
def test_every_match_has_a_hint(parts: list[tuple[str, str]], text: str) -> None:
    """Or a word would be missed."""
    pattern = compiled(parts)
    for found in pattern.finditer(text) if pattern else ():
        runs = hints(Expression(pattern.pattern, ""), folds=True) if pattern else ()
        assert not runs or not found.group() or any(run in found.group() for run in runs)


@given(_sources, _TEXTS, _TEXTS, _TEXTS)
def test_what_stands_beside_a_text_hides_nothing(parts: list[tuple[str, str]], before: str, text: str, after: str) -> None:
    """Texts are looked at together first: an expression that matches in one of them must be suspected there, `^`, `\b` or not."""
    pattern = compiled(parts)
    if pattern and any(found.group() for found in pattern.finditer(text)):
        assert may_match(prefilter(Expression(pattern.pattern, "")), before + text + after)


def test_a_search_takes_what_the_message_has_left() -> None:
    """Slow searches are paid for by the message; when nothing is left, the expression is given up."""
    slow = regex.compile("(a|aa)+c")
    allowance = Allowance(seconds=0.2)
    with pytest.raises(TooSlow):
        search(slow, "a" * 5000 + "-c", allowance)
    assert allowance.left < 0.2
    assert search(regex.compile("a+"), "aa b a", allowance) == [(0, 2), (5, 6)]


def test_a_flood_of_matches_is_not_slow() -> None:
    """What is done with one match is no time of the next."""
    assert len(search(regex.compile(r"\d"), "1" * 60_000, Allowance())) == 60_000


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        ("(a+)+bc", "regex-slow"),
        ("(?:ax|a|x)*bc", "regex-slow"),
        (r"\s*\s*foo", "regex-slow"),
        (r"\w+\w+:bc", "regex-slow"),
        (r"(\w+\s?)+:end", "regex-slow"),
        (r"(?<n>\w*)\g<n>end", "regex-slow"),
        (r"(?:[a-z]+\.)+com", "regex-long"),
        (r"\d+$", "regex-everywhere regex-long"),
        (r"\d{3}-\d{2}-\d{4}", "regex-everywhere"),
        ("ab|c?", "regex-everywhere regex-empty"),
        (".*bird", "regex-edges"),
        ("bird.+", "regex-edges"),
        (r"proj-\d{4}", ""),
        (r"invoice\s+no\.?\s*\d{6}", ""),
        (r"\bfoo\b.{0,100}\bbar\b", ""),
        (r"(?:\d{1,3}\.){3}\d{1,3} host", ""),
        ("key=[A-Za-z0-9+/=]{40,}", ""),
        (r"(?:foo|bar)\s{1,5}baz", ""),
    ],
)
def test_cost(source: str, codes: str) -> None:
    """Slow is what a text shows to be slow, not what looks like it."""
    assert " ".join(doubt.code for doubt in cost(Expression(source, ""))) == codes


@settings(deadline=None, max_examples=20)
@given(_sources)
def test_cost_of_anything(parts: list[tuple[str, str]]) -> None:
    """It has an answer for whatever compiles."""
    if pattern := compiled(parts):
        assert all(doubt.what and doubt.cure for doubt in cost(Expression(pattern.pattern, "")))
        assert compile_expression(Expression(pattern.pattern, "")).pattern == pattern.pattern
