"""How much disguise may be believed. What a person writes without a thought must not look like a word it is not.

`believe` is told how a word was spelt (`words.align`) and gives the names of the foldings needed, or None. Its rules are
about innocent text: 142,460 is no word and 10am no "loam", he'll is no "hell", good is no stretched "god", тор is a word of
Russian beside Russian words, and "as sets" are two words.
"""

from __future__ import annotations

import re
from itertools import pairwise

from filterd.words.align import LIKE, NEARLY, SAME, SIGN, Walk, is_wordy
from filterd.words.neighbours import stands_among_its_own

_SIGNS_INSIDE = frozenset("(<|+£€¥¢©®")  # not the first letter of a word: there they are what they are
_RARELY_DOUBLED = frozenset("aiuvhjkqwxy")
_VOWELS = frozenset("aeiouyAEIOUY")
_APOSTROPHES = frozenset("'`")
_USUAL = frozenset(".-/_,:&=+;()\\#?%")  # between words and names as people write them
_NUMBER_FIRST, _NUMBER_LAST = re.compile(r"\d{2}"), re.compile(r"\d{2}\Z")
_CHUNK = 128  # characters of a token without blanks that are looked at
_HEX = re.compile(r"[0-9A-Fa-f]+(?:[^0-9A-Za-z]+[0-9A-Fa-f]+)*")
_CASES = re.compile(r"[a-z0-9][A-Z]")
# Short words, name endings and file endings that stand beside others with only a sign between.
_SHORT = frozenset(
    "a an and as at be but by can com cum de do eg en es et for fr get go he her his hit how i ie if in io is it its la le me "  # noqa: SIM905
    "men my net no not of off on one or org our out pen per pl put re ran run see set she sit so ten the tin tip to top "
    "two uk un up us use van via was we who why with yes you your all any are back been bin box cat css day did dot end "
    "fee few had has have hub job js key key lib log man map may new now old pass pay php pop py raw say sex src sub sum tar tax "
    "test they this time tmp url usr var way web xml zip her hers here hot co cl ex up ups".split()
)


def believe(text: str, at: int, walk: Walk, word: str, *, among: bool = False) -> list[str] | None:
    """The foldings that this spelling needs, least surprising first; None if it is more likely innocent.

    `among`: does it stand in a phrase whose other words speak for it?
    """
    views: list[str] = []
    for rule in (_look_alikes, _leet, _gaps_of_a_phrase if among else _gaps, _repeats):
        found = rule(text, at, walk, word)
        if found is None:
            return None
        views += found
    if _is_machine_made(text, at, walk, views):
        return None
    return views


def _look_alikes(text: str, at: int, walk: Walk, word: str) -> list[str] | None:
    """Letters of other scripts beside the word's own; or all of them, where no word of that script stands near."""
    if LIKE not in walk.kinds and NEARLY not in walk.kinds:
        return []
    if any(not _may_be_several(signs, word) for signs in walk.several):
        return None
    same = sum(kind == SAME and word[i].isalpha() for i, kind in enumerate(walk.kinds))
    ascii_only = all(text[walk.places[i]].isascii() for i, kind in enumerate(walk.kinds) if kind in (LIKE, NEARLY))
    for i, kind in enumerate(walk.kinds):
        if kind == NEARLY and text[walk.places[i]].isascii() and word.isascii() and not _may_be_nearly(text, i, walk):
            return None
    nearly = walk.kinds.count(NEARLY)
    if nearly and len(word) < 4 and ascii_only:  # TLC is no "tic"
        return None
    if len(word) < 2 or (nearly and not same and (len(word) < 5 or nearly * 3 > len(word))):
        return None
    if not same and not (ascii_only and word.isascii()) and stands_among_its_own(text, at, walk.end, len(word)):
        return None
    return ["lookalike"]


def _may_be_several(signs: str, word: str) -> bool:
    """`rn` stands in so many words that only long ones can be meant otherwise."""
    return len(word) >= (4 if signs != "rn" or word[0] == "m" else 7)


def _may_be_nearly(text: str, i: int, walk: Walk) -> bool:
    """I for l among small letters, l for I among capitals; l for i, and v for u, where no vowel stands beside."""
    at = walk.places[i]
    around = text[walk.places[0] : walk.end]
    if text[at] == "I":
        return i > 0 and sum(map(str.islower, around)) * 2 > len(around)
    if text[at] == "l" and sum(map(str.isupper, around)) * 2 > len(around):
        return True
    before = text[walk.places[i - 1]] if i else ""
    after = text[walk.places[i + 1]] if i + 1 < len(walk.places) else ""
    return bool(before and after) and not {before, after} & _VOWELS and before.isalpha() and after.isalpha()


def _leet(text: str, at: int, walk: Walk, word: str) -> list[str] | None:
    """Digits and signs in a word that has letters enough; and no numbers with their units, prices, brackets."""
    signs = [text[place] for place, kind in zip(walk.places, walk.kinds, strict=True) if kind == SIGN]
    if not signs:
        return []
    size, digits = len(word), sum(map(str.isdigit, signs))
    letters = size - len(signs)
    if size < 3 or (size <= 4 and digits > letters) or not letters or (letters < 2 and size > 4 and len(signs) - digits < 3):
        return None
    if size == 3 and walk.kinds[-1] == SIGN and text[walk.places[-1]].isdigit():  # MI5, MP3
        return None
    if walk.kinds[0] == SIGN and text[at].isdigit() and _is_amount(text, at, walk, size):
        return None
    if walk.kinds[0] == SIGN and (text[at] in _SIGNS_INSIDE or (text[at] == "!" and size < 5)):
        return None
    if size < 5 and letters * 2 < size and any(" " in gap for _, gap in walk.gaps):  # "c | 1 +" is a table
        return None
    last = text[walk.places[-1]]
    if walk.kinds[-1] == SIGN and (last in "|(<" or (last in "!+" and size < 5 and len(signs) < 2)):
        return None
    if not walk.gaps:
        spelt = text[at : walk.end]
        if (_NUMBER_FIRST.match(spelt) and size < 6) or (_NUMBER_LAST.search(spelt) and size < 5):
            return None
    return ["leet"]


def _is_amount(text: str, at: int, walk: Walk, size: int) -> bool:
    """Does the word begin with the digit of a fraction or a price: 5/pick, 3/4ss, €5ex?"""
    apart = bool(walk.gaps) and walk.gaps[0][0] == 1 and len(walk.gaps) < size - 1
    return apart or text[max(at - 1, 0) : at] in {"€", "£", "¥", "$", "#"} or (at > 1 and text[at - 2].isdigit())


def _gaps_of_a_phrase(text: str, at: int, walk: Walk, word: str) -> list[str] | None:
    """As `_gaps`; the run goes on with the next word."""
    return _gaps(text, at, walk, word, among=True)


def _gaps(text: str, at: int, walk: Walk, word: str, *, among: bool = False) -> list[str] | None:
    """Single letters with blanks between, or signs inside a word."""
    if not walk.gaps:
        return []
    ends = [0, *(count for count, _ in walk.gaps), len(word)]
    pieces = [word[start:end] for start, end in pairwise(ends)]
    single = all(len(piece) <= 1 for piece in pieces)
    between = "".join(gap for _, gap in walk.gaps)
    if any(gap.isspace() or " " in gap for _, gap in walk.gaps):
        enough = len(word) >= (4 if SIGN in walk.kinds else 3)
        return ["spelt"] if single and enough and (among or _is_whole_run(text, at, walk, word)) else None
    if len(word) < 4 and not (among and single):
        return None
    if single:  # A.N.A.L.Y.S.I.S
        return ["punctuated"] if among or _is_whole_run(text, at, walk, word) else None
    if "@" in between or (_APOSTROPHES & set(between) and min(map(len, pieces)) < 3):  # he'll, l'une, dell'anno
        return None
    if not _USUAL & set(between):
        return ["punctuated"]
    return None if all(piece in _SHORT for piece in pieces if piece) or len(word) < 4 else ["punctuated"]


def _is_whole_run(text: str, at: int, walk: Walk, word: str) -> bool:
    """Does a run of single letters begin and end with the word, or are the blanks wider there? Long words need not."""
    if len(word) >= 5:
        return True
    widest = max(len(gap) for _, gap in walk.gaps)
    return (
        _gap_to_single(text[max(at - 8, 0) : at][::-1]) > widest
        and _gap_to_single(text[walk.end : walk.end + 8]) > widest
    )


def _gap_to_single(text: str) -> int:
    """How far the next single letter is, 99 if what comes next is none, or stands in another line."""
    for i, character in enumerate(text):
        if is_wordy(character):
            return i if not is_wordy(text[i + 1 : i + 2] or " ") else 99
        if character in "\r\n":
            return 99
    return 99


def _repeats(text: str, at: int, walk: Walk, word: str) -> list[str] | None:
    """A letter three times, two letters more often than in the word, or one that hardly ever doubles."""
    if max(walk.runs) == 1:
        return []
    widened, threefold, rare = 0, False, False
    i = 0
    while i < len(word):
        end = i + 1
        while end < len(word) and word[end] == word[i]:
            end += 1
        count = sum(walk.runs[i:end])
        if count > end - i:
            widened += 1
            threefold |= count >= 3
            rare |= word[i] in _RARELY_DOUBLED
        i = end
    if len(word) < 3 or (len(word) == 3 and not threefold):
        return None
    return ["repeated"] if threefold or widened >= 2 or rare else None


def _is_machine_made(text: str, at: int, walk: Walk, views: list[str]) -> bool:
    """Is the chunk around an identifier, where letters and digits stand by chance?"""
    if not {"leet", "punctuated"} & set(views):
        return False
    before, after = text[max(at - _CHUNK, 0) : at], text[walk.end : walk.end + _CHUNK]
    first = "" if before[-1:].isspace() else before.split()[-1:]
    last = "" if after[:1].isspace() else after.split(None, 1)[:1]
    chunk = "".join((*first, text[at : walk.end], *last)).strip("<>()[]{}.,;:!?\"'")
    if len(chunk) < 12 or not any(map(str.isdigit, chunk)):
        return False
    if sum(map(str.isdigit, chunk)) >= 4 and _HEX.fullmatch(chunk):
        return True
    return len(chunk) >= 20 and len(_CASES.findall(chunk)) >= 3 and walk.end - at < len(chunk) // 2
