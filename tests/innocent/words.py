"""Words that innocent words contain: what a filter that does not know word edges would hit all day."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

WANTED = 1000
_SCUNTHORPE = """
ass arse anal anus butt cock cum cunt dick fag fuck hell homo jap kike nig nob paki pee penis piss poo pron
pussy rap rape scat semen sex shit slag slut snatch spic spunk tit tits turd twat wank wang hoe ho ham pam
spam con cial alis via gra lust rot tard ped pig rum gin wine pot weed meth coke crack speed bomb gun kill die
dead hit nazi ku
"""
_WORD = re.compile(r"[a-z]+")


def hidden_in(texts: Iterable[str], count: int) -> list[str]:
    """The pieces of three to five letters that stand inside the most different words, but seldom as words themselves."""
    words = Counter(word for text in texts for word in _WORD.findall(text.lower()))
    common = [word for word, times in words.items() if times >= 5 and len(word) > 5]
    pieces = Counter(word[at : at + size] for word in common for size in (3, 4, 5) for at in range(len(word) - size + 1))
    return [piece for piece, _ in pieces.most_common() if words[piece] < 30][:count]


def profanity(data: Path, root: Path) -> list[str]:
    """English lists: those of DATA/lists and our own starter lists. Single words and phrases of letters only."""
    found = (data / "lists" / "en").read_text().splitlines() if (data / "lists" / "en").exists() else []
    surge = data / "lists" / "surge-profanity-en.csv"
    if surge.exists():
        with surge.open(encoding="utf-8", newline="") as file:
            found += [row["text"] for row in csv.DictReader(file)]
    for path in sorted((root / "wordlists").glob("*.txt")):
        found += [line.partition(" #")[0] for line in path.read_text(encoding="utf-8").splitlines()]
    return list(dict.fromkeys(word for line in found if _is_plain(word := line.strip().lower())))


def _is_plain(word: str) -> bool:
    return len(word) > 1 and all(letter.isalpha() or letter in " -'" for letter in word)


def innocent_words(texts: Iterable[str], listed: Iterable[str]) -> list[str]:
    """A thousand words: the well-known ones, those of the lists, and pieces of the texts' own words."""
    known = list(dict.fromkeys((*_SCUNTHORPE.split(), *(word for word in listed if " " not in word and len(word) <= 6))))
    return list(dict.fromkeys((*known[: WANTED // 2], *hidden_in(texts, WANTED))))[:WANTED]
