"""Cells that do not count, each with its reason. Patterns are those of `fnmatch`, over disguise, carrier and script."""

from __future__ import annotations

from fnmatch import fnmatchcase

CANNOT_ENCODE = "the carrier cannot encode it"

SHORT = "octets that only look encoded are searched for words of five letters and more: shorter ones stand in any noise"
UNMARKED = "neither mark nor name tells UTF-16, and no client reads it so (WHATWG Encoding §6); it is guessed where octets tell"
UTF_7 = "no client reads UTF-7 that is called otherwise; it is guessed where the letters tell"
BIG5 = "the variants of Big5 disagree about where Cyrillic stands in it"

_FOREIGN = (  # signs of other blocks between the letters
    "grapheme joiner inside", "Hangul filler inside", "Mongolian vowel separator inside", "variation selectors*",
    "tag characters inside", "decomposed", "spaced by thin spaces", "braille blank inside", "struck through", "dots below",
    "Zalgo", "mathematical bold Greek", "zero-width * everywhere", "word joiner everywhere", "byte order mark inside",
    "writing direction marks inside", "zero-width space inside",
)  # fmt: skip

# (disguise, carrier, script, reason)
EXCLUDED: tuple[tuple[str, str, str, str], ...] = (
    ("*", "* called 7bit", "Chinese", SHORT),
    ("*", "* called 7bit", "Korean", SHORT),
    ("*", "big5", "Cyrillic", BIG5),
    ("one Cyrillic look-alike", "big5", "*", BIG5),
    *((disguise, "utf-16?e without mark, no charset named", "*", UNMARKED) for disguise in _FOREIGN),
    *((disguise, "utf-7 called us-ascii", "*", UTF_7) for disguise in _FOREIGN),
)


def reason_to_exclude(disguise: str, carrier: str, script: str) -> str:
    """Why a cell is excluded, or nothing."""
    for *patterns, reason in EXCLUDED:
        if all(fnmatchcase(name, pattern) for name, pattern in zip((disguise, carrier, script), patterns, strict=True)):
            return reason
    return ""
