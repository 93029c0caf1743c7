"""The innocent words that come with filterd: what is in them, what must not be, and that they are those that were made."""

from __future__ import annotations

import hashlib
import lzma
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.edge.innocent import Shelf, innocent_words, words_of
from filterd.words.canonical import canonical
from filterd.words.inflection import lies_by_accident
from scripts.innocent_words import DATA, EXTRA, LISTS, NAMES, Taboo, packed, tokens

ELSEWHERE = {  # what is vulgar in one language and means something else in another
    "asses": {"de", "fr", "nl", "pt"},  # aces
    "arse": {"it"},  # burnt
    "fart": {"fr"},  # wax for skis
    "hure": {"fr"},  # boar's head
    "hoer": {"de"},  # hear!
    "hoeren": {"de"},
    "muschi": {"it"},  # mosses
    "nutte": {"nl"},  # use
    "pute": {"de"},  # turkey
    "verga": {"it", "nl", "pt"},  # rod; pass away
    "troia": {"en", "pt"},  # Troy
    "porra": {"es"},  # truncheon
}
EVERY = {"en": 1, NAMES: 1}  # every n-th word is looked at; every tenth of the others


@pytest.mark.parametrize(
    ("core", "word"),
    [
        *(("cunt", "scunthorpe"), ("ass", "assassin"), ("ass", "classic"), ("rapist", "therapist"), ("cock", "cockpit")),
        *(("sex", "essex"), ("sex", "middlesex"), ("penis", "penistone"), ("cum", "document"), ("anal", "analysis")),
        *(("shit", "shiitake"), ("shit", "matsushita"), ("wank", "swanky"), ("cialis", "specialist"), ("arse", "arsenal")),
        *(("tit", "titbit"), ("dick", "dickens"), ("cock", "hancock"), ("clit", "clitheroe"), ("twat", "lightwater")),
        *(("arsch", "marschieren"), ("hure", "schuren"), ("con", "conduire"), ("cul", "calculer"), ("puta", "computador")),
        *(("culo", "articulo"), ("cazzo", "ragazzo"), ("lul", "cellulair"), ("pis", "episode"), ("ass", "fassen")),
    ],
)
def test_accidents(core: str, word: str) -> None:
    """What a filter must not take for a forbidden word."""
    assert core[-2:] in word
    assert lies_by_accident(core, word, innocent_words())


@pytest.mark.parametrize(
    "words",
    [
        "fuck fucks fucked fucker fuckers fucking motherfucker shit shits shitty shithead bullshit cunt cunts asshole",
        "asses jackass",
        "bitch bitches bitchy whore whores slut sluts slutty nigger niggers nigga faggot faggots fags wank wanker wanking",
        "twat twats",
        "cocks cocksucker dickhead dicks tits titty pussies pricks cumming cumshot blowjob porn porno pornographic piss",
        "pissed pisser",
        "bastard bastards bollocks bugger buggered arse arsehole crap crappy fart farted turd sex sexy sexual homosexual",
        "sexist penis",
        "vagina vaginal anus masturbate masturbating orgasm dildo raped rapist whorehouse spunk semen sperm testicle",
        "clitoris",
        "arschloch scheisse beschissen ficken gefickt fotze hure hurensohn nutte wichser titten schlampe pisser kacke",
        "muschi pimmel",
        "merde emmerder putain pute connard connasse encule enculer salope couilles branler branleur foutre niquer chier",
        "pisser",
        "mierda puta putas cabron cojones gilipollas joder follar maricon culo verga pendejo chingar hijoputa",
        "cazzo merda stronzo stronza puttana troia coglione vaffanculo minchia fottere scopare pompino incazzato",
        "kut kutwijf lul klootzak hoer hoeren neuken schijt stront kankerhoer slet godverdomme geneukt",
        "caralho foda foder merda puta putaria cagar boceta cacete porra paneleiro punheta chupar viado",
    ],
    ids=lambda words: words.split()[0],
)
def test_no_vulgar_words(words: str) -> None:
    """A guard that spared these would be a hole; some of them are ordinary words of another language."""
    found = {word: set(innocent_words().found_in(word)) - ELSEWHERE.get(word, set()) for word in words.split()}
    assert not {word: languages for word, languages in found.items() if languages}


@pytest.mark.parametrize("name", [*LISTS, NAMES])
def test_the_files_are_sorted_folded_and_without_taboo(name: str) -> None:
    """Every word is a folded token; none is what scripts/taboo describes, but for those written into the extra words by hand."""
    words = list(innocent_words()[name])
    assert words == sorted(set(words))
    extra = {word for line in EXTRA.read_text(encoding="utf-8").splitlines() for word in tokens(line)}
    taboo = Taboo("everywhere", name) if name != NAMES else Taboo("everywhere", *LISTS, NAMES)
    for word in words[:: EVERY.get(name, 10)]:
        assert word == canonical(word).casefold()
        assert 3 <= len(word) <= 25
        assert word not in taboo or word in extra, word


def test_the_files_are_those_that_were_made() -> None:
    """The sums say so; a generation's name is made of them."""
    lines = (DATA / "SHA256SUMS").read_text().splitlines()
    assert {line.split()[1] for line in lines} == {path.name for path in DATA.glob("*.xz")}
    for line in lines:
        digest, name = line.split()
        assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == digest
    assert sum(path.stat().st_size for path in DATA.glob("*.xz")) < 3_000_000


@given(st.sets(st.text("abc", min_size=1, max_size=25), max_size=300), st.text("abcé0", max_size=30))
def test_any_words_are_found_again(words: set[str], other: str) -> None:
    """What is packed is what is asked, wherever in a line it stands; nothing else is in it."""
    shelf = Shelf(lzma.decompress(packed(sorted(words))))
    assert list(shelf) == sorted(words)
    assert all(word in shelf for word in words)
    assert (other in shelf) == (other in words)


def test_the_format_is_the_documented_one() -> None:
    """As the module says it."""
    assert list(words_of("abbotFessFs")) == ["abbot", "abbotess", "abbots"]


def test_nothing_is_read_before_it_is_asked() -> None:
    """Lists without entries that need it must not pay for it."""
    program = "from filterd.edge.innocent import innocent_words as i; w = i(); w.digest; print([*w._shelves.values()])"
    asked = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )
    assert set(asked.stdout.strip("[]\n").split(", ")) == {"None"}
