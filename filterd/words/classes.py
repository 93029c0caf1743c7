"""Classes of characters, written as the inside of a regular expression's class.

Ranges, not single characters: what lies above U+FFFF is tried range by range.
"""

from __future__ import annotations

import re
import unicodedata


def ranges(codes: list[int]) -> str:
    """The class of these code points (in order)."""
    text, start = "", 0
    for index, code in enumerate(codes):
        if index + 1 == len(codes) or codes[index + 1] != code + 1:
            text += f"{re.escape(chr(codes[start]))}-{re.escape(chr(code))}"
            start = index + 1
    return text


# Planes 0 and 1 and the variation selectors of plane 14 hold every mark; the walk costs some 15 ms once.
MARK_CODES = [code for code in (*range(0x20000), *range(0xE0100, 0xE01F0)) if unicodedata.category(chr(code))[0] == "M"]
MARKS = ranges(MARK_CODES)
_LOW_MARKS = ranges([code for code in MARK_CODES if code < 0x10000])

# What nobody sees: Unicode's Default_Ignorable_Code_Point, the empty Braille pattern, annotation marks.
UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Of these, what is neither a letter nor a mark: inside a word it is no edge of a word.
UNSEEN_SIGNS = (
    "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
# What may melt into the character before: marks, what nobody sees, parts of Hangul syllables, halfwidth sound marks.
FOLLOWERS = MARKS + UNSEEN + "\u1100-\u11ff\uff9e-\uffdc"
# Is there any of these? (Of what lies above U+FFFF more is let through: a class with many such ranges is slow.)
HAS_FOLLOWERS = re.compile(f"[{_LOW_MARKS}\u00ad\u061c\u1100-\u11ff\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
                           "\ufeff\uff9e-\uffdc\ufff0-\ufffb\U00010000-\U0001efff\U000e0000-\U000e0fff]")
