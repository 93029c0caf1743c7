"""Octets to text, by charset label and by what the octets show.

Labels are looked up in a table of our own, never in Python's codec registry: `punycode`, `idna` and `unicode_escape` count as
text codecs there and take quadratic time. Where a reader could see the octets in two ways, both are read.
"""

from __future__ import annotations

import codecs

from filterd.mail.charset_guess import guess_eight_bit, guess_escapes, guess_wide
from filterd.mail.charset_labels import ASCII, EBCDIC, LABELS

_WIDE = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}
_STATEFUL = frozenset({"utf-7", "hz", "iso2022_kr", "iso2022_jp_ext", "iso-2022-cn"})
NOT_ASCII = frozenset({*_WIDE, *_STATEFUL, *EBCDIC})
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\0\0", "utf-32-le"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SHIFT = bytes(octet | 0x80 if 0x21 <= octet < 0x7F else octet for octet in range(256))
_TRIM = " \t\r\n\0\"'()<>[]{};,"


def codec_of(label: str) -> str:
    """The codec for a label, or "" if the label is missing or not in the table."""
    return LABELS.get(label) or LABELS.get(label.strip(_TRIM).lower(), "")


def load_all() -> None:
    """Load every codec of the table now: a process that judges mail reads no file for it."""
    for codec in {*LABELS.values()} - {"iso-2022-cn"}:
        codecs.lookup(codec)


def is_ascii_label(label: str) -> bool:
    """Does the label promise ASCII, and so say nothing about other octets?"""
    return label.strip(_TRIM).lower() in ASCII


def is_ascii_text(octets: bytes, codec: str) -> bool:
    """Is this ASCII whatever its charset? True for nearly all mail, which then needs no decoding."""
    return codec not in NOT_ASCII and octets.isascii() and b"\x1b" not in octets


def choose(sample: bytes, declared: str = "", *others: str) -> tuple[str, ...]:
    """The codecs to read these octets with, the likeliest first; more than one where a reader could see either.

    `declared` (and `others`, where the declarations differ) are codecs of the table or "". The order is that of clients: byte
    order mark, label, UTF-8, windows-1252.
    """
    for mark, codec in _BOMS:
        if sample.startswith(mark):
            return (codec,)
    if sample.isascii():
        chosen = _for_ascii(sample, declared)
    elif declared in NOT_ASCII:
        chosen = (*_orders(sample, declared), "utf-8" if _decodes(sample, "utf-8") else "cp1252")
    else:
        chosen = _for_high(sample, declared)
    if others:
        chosen = tuple(dict.fromkeys((*chosen, *(other for other in others if other))))
    return chosen


def _orders(sample: bytes, declared: str) -> tuple[str, ...]:
    """UTF-16 and UTF-32 without a mark: big-endian says RFC 2781, little-endian do most clients. Both, unless the octets tell."""
    if declared in ("utf-16-le", "utf-32-le") and guess_wide(sample) != (declared,):
        return declared, declared.replace("-le", "-be")
    return (declared,)


def _for_ascii(sample: bytes, declared: str) -> tuple[str, ...]:
    """Octets of ASCII: what is declared, and what escapes in them say."""
    wide = guess_wide(sample) if b"\0" in sample or b"\4" in sample or b"\x0e" in sample else ()  # U+04xx, U+0Exx
    if declared in _WIDE:
        return tuple(dict.fromkeys((*_orders(sample, declared), *wide, *(() if b"\0" in sample else ("utf-8",)))))
    if declared in EBCDIC:
        return (declared, "utf-8")
    escapes = guess_escapes(sample)
    if declared in _STATEFUL:
        return tuple(dict.fromkeys((declared, *escapes, "utf-8")))
    if wide:
        return wide
    if escapes and escapes[0].startswith("iso"):
        return escapes
    return (declared or "utf-8", *escapes)


def _for_high(sample: bytes, declared: str) -> tuple[str, ...]:
    """Octets with the high bit: what is declared, what they are valid in, what clients fall back to."""
    if _decodes(sample, "utf-8"):
        wide = guess_wide(sample) if b"\0" in sample else ()
        return ("utf-8", *wide) if declared in ("utf-8", "") else ("utf-8", declared)
    wide = guess_wide(sample)
    if declared and declared != "utf-8":
        if wide and wide[0] == declared:
            return wide
        more = () if _decodes(sample, declared) or declared == "cp1252" else ("cp1252",)
        return (*wide, declared, *more)
    if wide:
        return (*wide, "cp1252")
    guessed = guess_eight_bit(sample)
    return ("utf-8", "cp1252", *guessed) if declared else ("cp1252", *guessed)


def _decodes(octets: bytes, codec: str) -> bool:
    """Is it valid, but for a character cut off at the end?"""
    try:
        octets.decode(codec)
        return True
    except UnicodeError:
        pass  # cut off, perhaps
    try:
        codecs.getincrementaldecoder(codec)("strict").decode(octets)
    except UnicodeError:
        return False
    return True


def decode(octets: bytes, codec: str) -> str:
    """The text; what cannot be decoded becomes U+FFFD. `codec` is one of the table."""
    if codec == "iso-2022-cn":
        octets, codec = shifted(octets), "gb18030"
    try:
        return octets.decode(codec, "replace")
    except UnicodeError:  # UTF-7 and stateful codecs raise some errors in spite of "replace"
        return octets.decode("cp1252", "replace")


def shifted(octets: bytes) -> bytes:
    """ISO-2022-CN (RFC 1922) as GB 2312 in octets with the high bit, as many as before; its escapes become NUL."""
    first, *others = octets.split(b"\x0e")
    joined = b"".join([first, *(b"\0" + _shifted(piece) for piece in others)])
    for escape in (b"\x1b$)A", b"\x1b$)G", b"\x1b$*H", b"\x1b$)E"):
        joined = joined.replace(escape, b"\0\0\0\0")
    return joined


def _shifted(piece: bytes) -> bytes:
    inside, back, rest = piece.partition(b"\x0f")
    return inside.translate(_SHIFT) + (b"\0" if back else b"") + rest


def safe_cut(octets: bytes, codec: str) -> int:
    """Where to cut octets that go on, so that both sides decode alone: behind a line end, else between characters."""
    width = _WIDE.get(codec, 0)
    if width:
        end = len(octets) // width * width
        high = octets[end - 1 : end] if codec == "utf-16-le" else octets[end - 2 : end - 1]
        return end - 2 if width == 2 and b"\xd8" <= high < b"\xdc" and end > 2 else end  # half of a surrogate pair
    newline = octets.rfind(b"\n", max(len(octets) - 4096, 0))
    if newline >= 0:
        return newline + 1
    end = len(octets)
    if codec == "utf-8":
        while end > len(octets) - 4 and end > 0 and octets[end - 1] & 0xC0 == 0x80:
            end -= 1
        return end - 1 if end > 0 and octets[end - 1] >= 0xC0 else end
    return end
