"""Do an entry's letters lie in an ordinary word by accident: `ass` in class, but not in asses; `bomb` in bombast, not in bombing?

A dictionary holds the forms of a word as well, and who forbids a word means its forms. They are told by their endings, in the
languages that have innocent words; where it cannot be known (bomb in bombshell), the word counts as an accident.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

_STEM = 6  # letters: a word that begins with as many is made of them (suicid-al, terror-ist)
_SIBILANT = re.compile(r"(?:s|x|z|ch|sh|[^aeiou]o)\Z")
_DOUBLES = re.compile(r"[^aeiou]*[aeiou][^aeiouwxy]\Z")  # one syllable, one consonant: hat makes hatted, hated is of hate
_PLAIN = frozenset(("s", "ed", "ing", "ings", "in", "ly", "ish"))
_DOUBLED = frozenset(("ed", "ing", "ings", "in"))
_AGENT = frozenset(("er", "ers"))
_GERMANIC = frozenset("e en em er ern es n ns s st t te ten test tet end je jes".split())  # noqa: SIM905
_ROMANCE = frozenset("s es a as e o os i er ez ent ons ar ir are ere ire ado ada ados adas ata ate ati ato".split())  # noqa: SIM905
_ENDINGS = {"de": _GERMANIC, "nl": _GERMANIC, **dict.fromkeys(("es", "fr", "it", "pt"), _ROMANCE)}


def lies_by_accident(core: str, word: str, innocent: Mapping[str, Container[str]]) -> bool:
    """Is the word an ordinary one, of any language, and no form of the letters in it?

    Both are folded, as `canonical(…).casefold()` gives them. `innocent` has the words of each language by its code, and names.
    """
    if core == word or (len(core) >= _STEM and word.startswith(core) and word != f"{core}e"):
        return False
    return any(word in words and not is_form(word, core, language, words) for language, words in innocent.items())


def is_form(word: str, core: str, language: str, words: Container[str]) -> bool:
    """Is the word the core with an ending of that language, or of English, from which all have borrowed words?"""
    if not word.startswith(core):
        return False
    ending = word[len(core) :]
    if ending in _ENDINGS.get(language, ()):
        return True
    if ending in _AGENT:  # killer of kill; cocker is no form of cock, as far as this list knows
        return core in words and f"{core}ing" in words
    if _DOUBLES.match(core):
        return ending == "s" or (ending[:1] == core[-1] and ending[1:] in _DOUBLED)
    if core.endswith("e") and ending in ("d", "r", "rs"):
        return True
    return ending in _PLAIN or (ending == "es" and bool(_SIBILANT.search(core)))
