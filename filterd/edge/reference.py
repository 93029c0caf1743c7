"""Names for sessions: short, easy to read out, and never used twice in practice."""

from __future__ import annotations

import itertools
import random

_ALPHABET = "0123456789BCDFGHJKLMNPQRSTVWXYZ"  # no vowels: a reference never spells a word
_TRIPLES = ["".join(triple) for triple in itertools.product(_ALPHABET, repeat=3)]
_RANDOM = random.SystemRandom()


def session_id() -> str:
    """Nine characters: more names than there will ever be sessions."""
    bits = _RANDOM.getrandbits(60)
    count = len(_TRIPLES)
    return _TRIPLES[bits % count] + _TRIPLES[(bits >> 20) % count] + _TRIPLES[(bits >> 40) % count]
