"""Flags: pairs of regional indicators. 🇺🇸 is a flag to a reader, and no word "us"; 🇼🇴🇷🇩 are letters."""

from __future__ import annotations

import re

# First letter → second letters: ISO 3166-1 alpha-2 as there are flags for it, with EU, UN, XK and exceptional reservations.
_REGIONS = {
    "A": "CDEFGILMOQRSTUWXZ", "B": "ABDEFGHIJLMNOQRSTVWYZ", "C": "ACDFGHIKLMNOPRUVWXYZ", "D": "EGJKMOZ", "E": "ACEGHRSTU",
    "F": "IJKMOR", "G": "ABDEFGHILMNPQRSTUWY", "H": "KMNRTU", "I": "CDELMNOQRST", "J": "EMOP", "K": "EGHIMNPRWYZ",
    "L": "ABCIKRSTUVY", "M": "ACDEFGHKLMNOPQRSTUVWXYZ", "N": "ACEFGILOPRUZ", "O": "M", "P": "AEFGHKLMNRSTWY", "Q": "A",
    "R": "EOSUW", "S": "ABCDEGHIJKLMNORSTVXYZ", "T": "ACDFGHJKLMNORTVWZ", "U": "AGMNSYZ", "V": "ACEGINU", "W": "FS", "X": "K",
    "Y": "ET", "Z": "AMW",
}  # fmt: skip
_INDICATORS = re.compile("[\U0001f1e6-\U0001f1ff]+")


def are_flags(text: str) -> bool:
    """Is the text nothing but flags?"""
    if not _INDICATORS.fullmatch(text) or len(text) % 2:
        return False
    letters = "".join([chr(ord(letter) - 0x1F1E6 + 0x41) for letter in text])
    return all(letters[at + 1] in _REGIONS.get(letters[at], "") for at in range(0, len(letters), 2))
