"""Innocent mail in small: words that contain other words, and octets that are no text. `make innocent` takes real mail."""

from __future__ import annotations

import random

import pytest

from filterd.engine import Engine
from filterd.mail.envelope import Envelope
from tests.innocent import noise
from tests.innocent.__main__ import ROOT, engine
from tests.innocent.naive import Naive
from tests.innocent.words import _SCUNTHORPE, hidden_in, profanity

INNOCENT = """
The people of Scunthorpe, Penistone, Lightwater and Clitheroe passed a class on bass analysis in Essex and Middlesex.
Assess the assets; embarrass no assassin. The cockpit, the peacock and the cocktail of Dickens. Titles, constitution,
competition, petite. Shiitake with canal water. Document, cucumber, circumstances, accumulate. Therapist, grape, drapes,
scrape. Saturday, Arsenal, parse, arsenic. Button, butter, rebuttal. Spice, auspicious, despicable. Raccoon, tycoon.
Hello, shell, Michelle, hellebore. Swank, twang, homonym, homogeneous. Analogue, banal, canals. Pistachio. Japan.
Niggle, snigger, denigrate. Hancock and Wanklyn of Cumbria, Ms Dickson, Mr Cockburn, Lake Titicaca, Uranus, Sussex.
As she said, but tonight it was a pass out, push it up, not so hot, if an alysis. I a m n o t h e r e, e.g. U.S.A.
Call 142,460 or 5318008; part 4N41-06 of 455-7175, room B00-85. http://a.example/as/s?x=titles&le=1 sha1 da39a3ee5e6b4b0d.
a.b.c.d, f(x,u+1), x[s][h], p-values, d i v i d e d. A-s-k me. T I T L E. S-U-M-M-A-R-Y.
"""


@pytest.fixture(scope="module")
def judge() -> Engine:
    """The well-known words and our own lists, at every level."""
    return engine([*_SCUNTHORPE.split(), *profanity(ROOT / "nowhere", ROOT)])


@pytest.mark.parametrize("type_", ["text/plain", "text/html"])
def test_words_inside_words_are_not_found(judge: Engine, type_: str) -> None:
    """The family of Scunthorpe, at the levels case, fold and disguise."""
    content = f"Subject: a\r\nContent-Type: {type_}\r\n\r\n{INNOCENT}".encode()
    assert not [(hit.entry, hit.list, hit.view, hit.text) for hit in judge.judge(content, Envelope(), "REF").hits]


@pytest.mark.parametrize("kind", noise.KINDS)
@pytest.mark.parametrize("encoding", noise.ENCODINGS)
def test_noise_has_no_words(judge: Engine, kind: str, encoding: str) -> None:
    """Random octets, JPEG-like and zip files."""
    octets = noise.octets_of(kind, 300_000, random.Random(f"{kind} {encoding}"))
    verdict = judge.judge(noise.message(kind, encoding, octets), Envelope(), "REF")
    assert not [(hit.entry, hit.list, hit.view, hit.text) for hit in verdict.hits]


def test_the_same_noise_every_time() -> None:
    """A hit in it can be looked at again."""
    first = [message for _, message in noise.messages(2_000_000)]
    assert first == [message for _, message in noise.messages(2_000_000)]
    assert sum(map(len, first)) > 2_000_000


def test_the_independent_check_knows_words() -> None:
    """It finds what stands there as a word, in any dress, and nothing else."""
    naive = Naive(b"Subject: =?utf-8?q?caf=C3=A9?=\n\nclass TOP\n> secret <b>a</b>ss")
    assert [word for word in ("cafe", "class", "top secret", "ass", "lass", "ecret") if naive.has(word)] == [
        "cafe", "class", "top secret", "ass",
    ]  # fmt: skip


def test_pieces_of_words_are_found() -> None:
    """Those that stand in the most words come first; words of their own do not count."""
    found = hidden_in(["classes glasses classic classify " * 5 + "ass " * 40], 100)
    assert "lass" in found
    assert "ass" not in found
