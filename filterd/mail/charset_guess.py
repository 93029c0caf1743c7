"""Charsets that octets show although nobody declared them. Each guess is cheap to rule out for ordinary text."""

from __future__ import annotations

import re
from unicodedata import category

_ISO_2022_JP = re.compile(rb"\x1b(?:\$[@B]|\$\([@BDOPQ]|\([BIJ])")
_ISO_2022_KR = re.compile(rb"\x1b\$\)C")
_ISO_2022_CN = re.compile(rb"\x1b\$(?:\)[AGE]|\*H)")
_HZ = re.compile(rb"~\{(?:[!-w][!-~]){1,100}")
_UTF_7 = re.compile(rb"\+([A-Za-z0-9+/]{3,400})(-?)")
_SAMPLE = 16 * 1024
_CJK = re.compile("[\u00ad\u3000-\u9fff\uac00-\ud7a3\uff01-\uff9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\ufeff]")
# What stands between letters of any script and is of none: marks, blanks of any width, fillers, zero-width signs, directions,
# selectors and tags; and letters for formulas.
_OF_NO_SCRIPT = re.compile(
    "[\u00ad\u0300-\u036f\u0489\u115f\u1160\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff"
    "\U0001d400-\U0001d7ff\U000e0000-\U000e01ef]+"
)
_SIGNS_A_LETTER = 7  # of those, at most
_UTF_7_TRIED = 200
_VALUES = {letter: value for value, letter in enumerate(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")}
_DETECTED = ("cp1251", "koi8_r", "gb18030", "cp932", "cp949", "big5hkscs", "euc_jp")
_MULTIBYTE = frozenset({"gb18030", "cp932", "cp949", "big5hkscs", "euc_jp"})
_CONTROLS = bytes(octet for octet in range(32) if octet not in b"\t\n\r\x0c")
_HIGH = bytes(range(128, 256))


def guess_escapes(octets: bytes) -> tuple[str, ...]:
    """Charsets that ASCII octets switch to by themselves: ISO-2022, HZ, UTF-7."""
    if b"\x1b" in octets:
        if _ISO_2022_KR.search(octets):
            return ("iso2022_kr",)
        if _ISO_2022_CN.search(octets):
            return ("iso-2022-cn",)
        if _ISO_2022_JP.search(octets):
            return ("iso2022_jp_ext",)
    found: tuple[str, ...] = ()
    if b"~{" in octets and _HZ.search(octets):
        found = ("hz",)
    if b"+" in octets and _has_utf_7(octets):
        found = (*found, "utf-7")
    return found


def _has_utf_7(octets: bytes) -> bool:
    """Is there a shifted run (RFC 2152) that decodes to letters? A phone number is none."""
    tried = zip(_UTF_7.finditer(octets), range(_UTF_7_TRIED), strict=False)
    return any(_shifts_to_text(found[1], bool(found[2])) for found, _ in tried)


def _shifts_to_text(letters: bytes, is_closed: bool) -> bool:
    """Letters of base64 shift by chance to some letter of the BMP; so one that nothing closes must be of an alphabet."""
    bits = len(letters) * 6
    units, left = divmod(bits, 16)
    value = 0
    for letter in letters:
        value = value << 6 | _VALUES[letter]
    if left >= 6 or value & ((1 << left) - 1):
        return False
    value >>= left
    text = value.to_bytes(units * 2, "big").decode("utf-16-be", "replace")
    text = _OF_NO_SCRIPT.sub("", text) or text
    good = sum(_is_of_text(character) for character in text)
    if not is_closed and any(character >= "\u0600" for character in text) and not _is_cjk(text):
        return False
    scripts = {ord(character) >> 8 for character in text}
    return good == len(text) and (len(scripts) <= 2 or len(scripts) * 2 <= len(text) or _is_cjk(text))


def _is_of_text(character: str) -> bool:
    if character.isalpha() or character in " -<>\"'=\n\r.,@&;:/" or "\u3000" <= character <= "\u303f":
        return True
    return category(character) in ("Mn", "Mc", "Cf", "Zs") or "\uff01" <= character <= "\uff9f"


def _is_cjk(text: str) -> bool:
    return len(text) >= 4 and all(_CJK.match(character) for character in text)


def guess_wide(sample: bytes) -> tuple[str, ...]:
    """UTF-16 without a mark: Latin text has a zero in every other octet, other scripts nearly always the same few values."""
    if len(sample) < 4:
        return ()
    sample = sample[:_SAMPLE]
    half = len(sample) // 2
    odd, even = sample[1::2], sample[: half * 2 : 2]
    if b"\0" in sample:
        if odd.count(0) * 2 > half and even.count(0) * 10 < half:
            return ("utf-16-le",)
        if even.count(0) * 2 > half and odd.count(0) * 10 < half:
            return ("utf-16-be",)
        if sample[2::4].count(0) * 10 > half * 4 and sample[3::4].count(0) * 10 > half * 4 and half >= 4:
            return ("utf-32-le",)
    if half < 6:
        return ()
    for high, low, codec in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if _are_high_octets(high, low) or _are_high_between_signs(sample, codec):
            return (codec,)
    return ()


def _are_high_between_signs(sample: bytes, codec: str) -> bool:
    """The same without the signs that belong to no script. (In ASCII, " f" and others would be such signs.)"""
    if sample.isascii() and len(sample.translate(None, _CONTROLS)) == len(sample):
        return False
    text = sample.decode(codec, "replace")
    if not _OF_NO_SCRIPT.search(text):
        return False
    letters = _OF_NO_SCRIPT.sub("", text).encode(codec, "replace")
    if len(letters) < 12 or len(letters) * (1 + _SIGNS_A_LETTER) < len(sample):
        return False
    high, low = (letters[1::2], letters[::2]) if codec == "utf-16-le" else (letters[::2], letters[1::2])
    is_latin = high.count(0) * 2 > len(high) and low.count(0) * 10 < len(low)
    return is_latin or _are_high_octets(high, low)


def _are_high_octets(high: bytes, low: bytes) -> bool:
    """Could these be the high octets of text in UTF-16? Most of one block of 256, blanks and punctuation in block 0 or 0x30."""
    blocks = [high.count(block) for block in range(0x03, 0x20)]
    most = max(blocks)
    if (most + high.count(0) + high.count(0x20)) * 20 >= len(high) * 19 and most * 2 > len(high):
        return len(set(low)) > 3
    cjk = len(high) - len(high.translate(None, _CJK_BLOCKS))
    zeros = high.count(0)
    return (
        (zeros > 0 or high.count(0xFF) > 0 or high.count(0x30) * 8 > len(high))  # 0xFF: in no other charset of CJK
        and (cjk + zeros) * 50 >= len(high) * 49
        and cjk * 2 > len(high)
        and (len(set(low)) * 3 > min(len(low), 200))
    )


_CJK_BLOCKS = bytes((0x11, 0x30, *range(0x4E, 0xA0), *range(0xAC, 0xD8), 0xFF))


def guess_eight_bit(sample: bytes) -> tuple[str, ...]:
    """What octets of unknown charset may be, where many of them have the high bit: no text in Latin letters, most likely."""
    sample = sample[:_SAMPLE]
    high = len(sample) - len(sample.translate(None, _HIGH))
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if high < 6 or high * 3 < len(sample) or controls * 20 > len(sample):
        return ()
    return tuple(codec for codec in _DETECTED if _fits(sample, codec))


def _fits(sample: bytes, codec: str) -> bool:
    text = sample.decode(codec, "replace")
    if codec in _MULTIBYTE:
        return text.count("\ufffd") * 50 <= len(text)
    letters = sum(character.isalpha() for character in text if character >= "\x80")
    others = sum(character >= "\x80" for character in text)
    return letters * 10 >= others * 9
