"""What an expression needs to be there."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from filterd.words.pattern import Expression
from filterd.words.regexes import hint


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\bproj-\d{4}", "proj"),
        ("top secret", "secret"),
        ("colou?r", "colo"),
        ("ab+cd", "ab"),
        ("abc|def", ""),
        ("(abc|def)ghi", "ghi"),
        ("(?:abc)def", "def"),
        ("[abc]def[^ghi]jk", "def"),
        (r"x\x41yz", "yz"),
        ("abc{2}de", "abc"),
        ("abc{0,2}de", "ab"),
        ("abcd(?#xyzxyz)", "abcd"),
        ("(?i)abc", "abc"),
        ("(?x) a b c", ""),
        ("(?:abcdef){e<=1}", ""),
        (r"\p{Lu}bird", "bird"),
        (r"\d+", ""),
        ("a.b", ""),
        (r"(?<!x)bird(?=s[)])", "bird"),
    ],
)
def test_hints(source: str, expected: str) -> None:
    """The longest run of letters and digits outside of groups; two characters at least."""
    assert hint(Expression(source, "")) == expected


_ATOMS = ("a", "b", "ab", "c", r"\d", ".", "[ab]", "[^a]", "(?:ab|c)", "(a)", r"\b", r"\-", " ", "|", "^", "(?=a)")
_atoms = st.sampled_from(_ATOMS)
_sources = st.lists(st.tuples(_atoms, st.sampled_from(["", "", "?", "*", "+", "{2}", "{0,1}", "+?"])), min_size=1, max_size=8)


@given(_sources, st.text("ab c1-", max_size=12))
def test_every_match_has_its_hint(parts: list[tuple[str, str]], text: str) -> None:
    """Or a word would be missed."""
    source = "".join(atom + quantifier for atom, quantifier in parts)
    try:
        compiled = regex.compile(source)
    except regex.error:
        return
    for found in compiled.finditer(text):
        assert hint(Expression(source, "")) in found.group() or not found.group()
