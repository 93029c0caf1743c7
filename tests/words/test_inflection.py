"""What of an ordinary word is by accident what an entry forbids."""

from __future__ import annotations

import pytest

from filterd.words.inflection import lies_by_accident

ENGLISH = """
class assess asses cockpit cocky cocker scunthorpe bombs bombed bombing bomber bombast bomb kill killing killer skill spice spices
spiced hat hats hated hatted sum summing summer embargo embargoes embargoed heroine heroines terrorist therapist titter shell
hello smoke smoked smoker cult analysis canal
"""
WORDS = {
    "en": frozenset(ENGLISH.split()),
    "de": frozenset({"waffen", "barsch", "asse", "killer"}),
    "es": frozenset({"disputa", "putas"}),
    "names": frozenset({"penistone", "essex"}),
}


@pytest.mark.parametrize(
    ("core", "accidents"),
    [
        ("ass", "class assess"),
        ("cock", "cockpit cocky cocker"),
        ("cunt", "scunthorpe"),
        ("penis", "penistone"),
        ("rapist", "therapist"),
        ("heroin", "heroine"),
        ("tit", "titter"),
        ("kill", "skill"),
        ("bomb", "bombast"),
        ("spic", "spice spices spiced"),
        ("hat", "hated"),
        ("sum", "summer"),
        ("arsch", "barsch"),
        ("puta", "disputa"),
        ("cul", "cult"),
        ("anal", "analysis canal"),
    ],
)
def test_accidents(core: str, accidents: str) -> None:
    """These words are spared."""
    for word in accidents.split():
        assert lies_by_accident(core, word, WORDS), word


@pytest.mark.parametrize(
    ("core", "forms"),
    [
        ("ass", "asses asse"),
        ("bomb", "bomb bombs bombed bombing bomber"),
        ("kill", "killing killer"),
        ("hat", "hats hatted"),
        ("sum", "summing"),
        ("embargo", "embargoes embargoed"),
        ("terror", "terrorist"),
        ("smoke", "smoked smoker"),
        ("waffe", "waffen"),
        ("puta", "putas"),
    ],
)
def test_forms(core: str, forms: str) -> None:
    """These are what the entry is about."""
    for word in forms.split():
        assert not lies_by_accident(core, word, WORDS), word


def test_unknown_words_are_no_accidents() -> None:
    """Only what a list has is spared."""
    assert not lies_by_accident("cock", "cockwomble", WORDS)
