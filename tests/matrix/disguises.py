"""Disguises of letters: a word to the same word as a reader sees it, written with other characters.

A disguise answers None for a word it does nothing to: there is no small capital of 国. `level` is the mildest level of a list
that has to see through it; `lines` marks those that need several lines, which only bodies have.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Change = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Disguise:
    """One way to write a word otherwise."""

    name: str
    change: Change
    level: str = "fold"
    lines: bool = False
    phrase: bool = False  # applied to the phrase of a script instead of its word


def _graphemes(word: str) -> list[str]:
    """Letters with what stands on them; an Indic virama or a sign after it belongs to the letter before."""
    found: list[str] = []
    for letter in word:
        if found and unicodedata.category(letter)[0] == "M":
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _table(pairs: dict[str, str], *, least: int = 1) -> Change:
    """Letters replaced by others; None if fewer than `least` of them are known."""

    def change(word: str) -> str | None:
        hits = sum(letter in pairs for letter in word)
        return "".join(pairs.get(letter, letter) for letter in word) if hits >= least else None

    return change


def _alphabet(first: int, last_exceptions: str = "", *, letters: str = "abcdefghijklmnopqrstuvwxyz") -> Change:
    """a to z as a run of characters; some of the mathematical ones stand elsewhere."""
    pairs = {letter: chr(first + index) for index, letter in enumerate(letters)}
    for exception in last_exceptions.split():
        pairs[exception[0]] = exception[1]
    return _table(pairs, least=3)


def _between(inserted: str) -> Change:
    """Something between all letters."""
    return lambda word: inserted.join(_graphemes(word))


def _once(inserted: str) -> Change:
    """Something in the middle of the word only."""

    def change(word: str) -> str:
        letters = _graphemes(word)
        half = len(letters) // 2
        return "".join(letters[:half]) + inserted + "".join(letters[half:])

    return change


def _behind(marks: Iterable[str]) -> Change:
    """Marks on every letter that is alphabetic."""
    text = "".join(marks)
    return lambda word: "".join(letter + text if letter.isalpha() else letter for letter in word)


def _changed(function: Callable[[str], str]) -> Change:
    """A function of the whole word, if it changes anything."""

    def change(word: str) -> str | None:
        new = function(word)
        return new if new != word else None

    return change


def _mixed(word: str) -> str:
    return "".join(letter.upper() if index % 2 else letter for index, letter in enumerate(word))


def _repeated(times: int) -> Change:
    """Every second letter several times; signs that stand on letters stay single, and so do scripts without case."""

    def change(word: str) -> str | None:
        if word.lower() == word.upper():
            return None
        return "".join(letter * (times if index % 2 == 0 else 1) for index, letter in enumerate(_graphemes(word)))

    return change


def _spelt(separator: str) -> Change:
    """Letters apart: only where letters stand for themselves and words are written apart."""

    def change(word: str) -> str | None:
        letters = _graphemes(unicodedata.normalize("NFC", word))
        if any(_is_continuous(letter[0]) or _is_indic(letter[0]) for letter in letters):
            return None
        return separator.join(letters)

    return change


def _spread(separator: str) -> Change:
    """The same for scripts without blanks, whose readers are used to spread titles."""
    return lambda word: separator.join(_graphemes(word)) if _is_ideographic(word[0]) else None


def _is_continuous(letter: str) -> bool:
    return unicodedata.name(letter).startswith(("CJK", "THAI", "HIRAGANA", "KATAKANA"))


def _is_indic(letter: str) -> bool:
    return unicodedata.name(letter).startswith("DEVANAGARI")


def _is_ideographic(letter: str) -> bool:
    return unicodedata.name(letter).startswith(("CJK", "HIRAGANA", "KATAKANA"))


def _only(script: str, change: Change) -> Change:
    """For words of this script (a prefix of its characters' names)."""
    return lambda word: change(word) if unicodedata.name(word[0]).startswith(script) else None


def _reversed(word: str) -> str | None:
    """Written backwards between overrides; the reader sees it forwards (UAX #9)."""
    if unicodedata.bidirectional(word[0]) in ("R", "AL"):
        return "\u202d" + "".join(reversed(_graphemes(word))) + "\u202c"
    return "\u202e" + "".join(reversed(_graphemes(word))) + "\u202c"


def _chain(*changes: Change) -> Change:
    """One after the other; None as soon as one does nothing."""

    def change(word: str) -> str | None:
        text: str | None = word
        for step in changes:
            text = step(text) if text is not None else None
        return text

    return change


def _wrapped(separator: str) -> Change:
    """The blank of a phrase, or a place inside a phrase without blanks, becomes `separator`."""

    def change(phrase: str) -> str:
        if " " in phrase:
            return phrase.replace(" ", separator)
        return _once(separator.strip(" "))(phrase) or ""

    return change


def _blank(replacement: str) -> Change:
    """The blank of a phrase becomes other blanks."""
    return lambda phrase: phrase.replace(" ", replacement) if " " in phrase else None


CYRILLIC = dict(zip("aceiopxysjhbdfgkmntuvw", "асеіорхуѕјһЬԁғɡкмптцѵԝ", strict=True))
_CYRILLIC = {letter: look for letter, look in CYRILLIC.items() if letter in "aceiopxysjhd"}
_GREEK = dict(zip("aoivuyxpnk", "αοινυγχρηκ", strict=True))
_LATIN_IN_CYRILLIC = dict(zip("асеіорхуѕј", "aceiopxysj", strict=True))
_LATIN_IN_GREEK = dict(zip("ονρυχ", "ovpux", strict=True))
_OTHERS = dict(zip("fobidnes", "ꬵօᑲıժո℮ꜱ", strict=True))
_SMALL_CAPITALS = dict(zip("abcdefghijklmnopqrstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", strict=True))
_SUPERSCRIPT = dict(zip("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))
_LEET = {"o": "0", "i": "1", "e": "3", "a": "4", "s": "5", "t": "7"}
_LEET_SIGNS = {"a": "@", "i": "!", "s": "$", "o": "0"}
_ACCENTS = {"a": "á", "e": "ë", "i": "ï", "o": "ö", "u": "ü", "n": "ñ", "f": "ḟ", "r": "ŕ", "d": "ď", "b": "ḃ"}
_HALF = {"ガ": "ｶﾞ", "ン": "ﾝ", "ダ": "ﾀﾞ", "ム": "ﾑ"}
_ZALGO = ("\u0300", "\u0316", "\u033d", "\u0353", "\u0489", "\u0334")
_REGIONAL = {chr(97 + index): chr(0x1F1E6 + index) for index in range(26)}
_FULL = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}


def _capitals(first: int) -> Change:
    return _table({chr(97 + index): chr(first + index) for index in range(26)}, least=3)


LETTERS = (
    Disguise("as it is", lambda word: word, "exact"),
    Disguise("upper case", _changed(str.upper), "case"),
    Disguise("mixed case", _changed(_mixed), "case"),
    Disguise("decomposed", _changed(lambda word: unicodedata.normalize("NFD", word)), "exact"),
    Disguise("fullwidth", _table(_FULL, least=3)),
    Disguise("halfwidth kana", _table(_HALF)),
    Disguise("mathematical bold", _alphabet(0x1D41A)),
    Disguise("mathematical bold capitals", _capitals(0x1D400)),
    Disguise("mathematical italic", _alphabet(0x1D44E, "hℎ")),
    Disguise("mathematical script", _alphabet(0x1D4B6, "eℯ gℊ oℴ")),
    Disguise("mathematical fraktur", _alphabet(0x1D51E)),
    Disguise("mathematical double-struck", _alphabet(0x1D552)),
    Disguise("mathematical sans-serif", _alphabet(0x1D5BA)),
    Disguise("mathematical monospace", _alphabet(0x1D68A)),
    Disguise("mathematical bold Greek", _only("GREEK", _alphabet(0x1D6C2, letters="αβγδεζηθικλμνξοπρςστυφχψω"))),
    Disguise("circled", _alphabet(0x24D0)),
    Disguise("negative circled", _capitals(0x1F150), "disguise"),
    Disguise("squared", _capitals(0x1F130)),
    Disguise("negative squared", _capitals(0x1F170), "disguise"),
    Disguise("parenthesized", _alphabet(0x249C), "disguise"),
    Disguise("regional indicators", _table(_REGIONAL, least=3), "disguise"),
    Disguise("superscript", _table(_SUPERSCRIPT, least=3)),
    Disguise("small capitals", _table(_SMALL_CAPITALS, least=3), "disguise"),
    Disguise("zero-width space inside", _once("\u200b")),
    Disguise("zero-width space everywhere", _between("\u200b")),
    Disguise("zero-width joiner everywhere", _between("\u200d")),
    Disguise("zero-width non-joiner everywhere", _between("\u200c")),
    Disguise("soft hyphen inside", _once("\u00ad")),
    Disguise("soft hyphen everywhere", _between("\u00ad")),
    Disguise("word joiner everywhere", _between("\u2060")),
    Disguise("byte order mark inside", _once("\ufeff")),
    Disguise("writing direction marks inside", _between("\u200e")),
    Disguise("grapheme joiner inside", _once("\u034f")),
    Disguise("Hangul filler inside", _once("\u3164")),
    Disguise("Mongolian vowel separator inside", _once("\u180e")),
    Disguise("variation selectors", _between("\ufe0f")),
    Disguise("variation selectors of plane 14", _between("\U000e0101")),
    Disguise("tag characters inside", _once("\U000e0066\U000e006f")),
    Disguise("braille blank inside", _once("\u2800"), "disguise"),
    Disguise("struck through", _behind("\u0336")),
    Disguise("dots below", _behind("\u0323")),
    Disguise("Zalgo", _behind(_ZALGO)),
    Disguise("accents", _table(_ACCENTS, least=3)),
    Disguise("Cyrillic look-alikes", _only("LATIN", _table(_CYRILLIC, least=2)), "disguise"),
    Disguise("one Cyrillic look-alike", _only("LATIN", lambda word: word.replace("e", "е").replace("ä", "ӓ")), "disguise"),
    Disguise("Greek look-alikes", _only("LATIN", _table(_GREEK, least=2)), "disguise"),
    Disguise("Latin look-alikes", _only("CYRILLIC", _table(_LATIN_IN_CYRILLIC, least=2)), "disguise"),
    Disguise("Latin look-alikes in Greek", _only("GREEK", _table(_LATIN_IN_GREEK, least=2)), "disguise"),
    Disguise("look-alikes of five scripts", _only("LATIN", _table(_OTHERS, least=2)), "disguise"),
    Disguise("leet digits", _only("LATIN", _table(_LEET, least=2)), "disguise"),
    Disguise("leet signs", _only("LATIN", _table(_LEET_SIGNS)), "disguise"),
    Disguise("spaced", _spelt(" "), "disguise"),
    Disguise("widely spaced", _spelt("  "), "disguise"),
    Disguise("spaced by no-break spaces", _spelt("\u00a0"), "disguise"),
    Disguise("spaced by thin spaces", _spelt("\u2009"), "disguise"),
    Disguise("dotted", _spelt("."), "disguise"),
    Disguise("dashed", _spelt("-"), "disguise"),
    Disguise("underscored", _spelt("_"), "disguise"),
    Disguise("starred", _spelt("*"), "disguise"),
    Disguise("middle dots", _spelt("·"), "disguise"),
    Disguise("one dash inside", _only("LATIN", _once("-")), "disguise"),
    Disguise("one full stop inside", _only("LATIN", _once(".")), "disguise"),
    Disguise("spread ideographs", _spread(" "), "disguise"),
    Disguise("spread by ideographic spaces", _spread("\u3000"), "disguise"),
    Disguise("repeated twice", _repeated(2), "disguise"),
    Disguise("repeated five times", _repeated(5), "disguise"),
    Disguise("overridden direction", _reversed, "disguise"),
    Disguise("Arabic tatweel", _only("ARABIC", _between("ـ"))),
    Disguise("Arabic harakat", _only("ARABIC", _behind("\u064e"))),
    Disguise("Hebrew niqqud", _only("HEBREW", _behind("\u05b8"))),
    Disguise("zero-width and upper case", _chain(_changed(str.upper), _between("\u200b"))),
    Disguise("mathematical and soft hyphens", _chain(_alphabet(0x1D41A), _between("\u00ad"))),
    Disguise("look-alikes and zero-width", _chain(_only("LATIN", _table(_CYRILLIC, least=2)), _between("\u200b")), "disguise"),
    Disguise("look-alikes and struck through", _chain(_only("LATIN", _table(_CYRILLIC, least=2)), _behind("\u0336")), "disguise"),
    Disguise("leet and spaced", _chain(_only("LATIN", _table(_LEET, least=2)), _spelt(" ")), "disguise"),
    Disguise("capitals spaced", _chain(_only("LATIN", _changed(str.upper)), _spelt(" ")), "disguise"),
    Disguise("fullwidth and spaced", _chain(_table(_FULL, least=3), _spelt(" ")), "disguise"),
    Disguise("phrase as it is", lambda phrase: phrase, "exact", phrase=True),
    Disguise("phrase with a no-break space", _blank("\u00a0"), "exact", phrase=True),
    Disguise("phrase with many blanks", _blank(" \t  "), "exact", phrase=True),
    Disguise("phrase with an ideographic space", _blank("\u3000"), "exact", phrase=True),
    Disguise("phrase with a zero-width space", _blank(" \u200b"), phrase=True),
)

LINES = (
    Disguise("hard wrap", _wrapped("\r\n"), "exact", lines=True, phrase=True),
    Disguise("hard wrap, indented", _wrapped("\r\n    "), "exact", lines=True, phrase=True),
    Disguise("hard wrap, quoted", _wrapped("\r\n> "), "exact", lines=True, phrase=True),
    Disguise("hard wrap, quoted twice", _wrapped("\r\n> > "), "exact", lines=True, phrase=True),
    Disguise("hard wrap, quoted without blanks", _wrapped("\r\n>>"), "exact", lines=True, phrase=True),
    Disguise("hyphenated line break", _only("LATIN", _once("-\r\n")), lines=True),
    Disguise("line break at a soft hyphen", _only("LATIN", _once("\u00ad\r\n")), lines=True),
    Disguise("hyphenated, quoted", _only("LATIN", _once("-\r\n> ")), lines=True),
)
