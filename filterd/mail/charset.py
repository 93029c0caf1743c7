"""Octets to text, by charset label.

Labels are looked up in a table of our own, never in Python's codec registry: `punycode`, `idna` and `unicode_escape` count as
text codecs there and take quadratic time. As the WHATWG Encoding Standard does, a label means the superset that clients
really decode with: ISO-8859-1 is windows-1252, GB2312 is GB18030.
"""

from __future__ import annotations

import codecs
import re

_LABELS: dict[str, str] = {}


def _name(codec: str, *labels: str) -> None:
    for label in labels:
        _LABELS[label] = codec


_name("utf-8", "utf-8", "utf8", "unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "x-unicode20utf8", "utf-8-sig")
_name(
    "cp1252", "us-ascii", "ascii", "ansi_x3.4-1968", "iso646-us", "iso-8859-1", "iso8859-1", "iso88591", "iso_8859-1",
    "iso_8859-1:1987", "iso-ir-100", "latin1", "latin-1", "l1", "windows-1252", "cp1252", "x-cp1252", "cp819", "ibm819",
    "csisolatin1", "ansi", "8bit", "iso-8859-1-windows-3.1-latin-1",
)  # fmt: skip
_name("iso8859_2", "iso-8859-2", "iso8859-2", "iso88592", "iso_8859-2", "latin2", "l2", "csisolatin2", "iso-ir-101")
_name("iso8859_3", "iso-8859-3", "iso8859-3", "iso88593", "iso_8859-3", "latin3", "l3", "csisolatin3")
_name("iso8859_4", "iso-8859-4", "iso8859-4", "iso88594", "iso_8859-4", "latin4", "l4", "csisolatin4")
_name("iso8859_5", "iso-8859-5", "iso8859-5", "iso88595", "iso_8859-5", "cyrillic", "csisolatincyrillic")
_name("iso8859_6", "iso-8859-6", "iso8859-6", "iso88596", "iso_8859-6", "arabic", "asmo-708", "iso-8859-6-i")
_name("iso8859_7", "iso-8859-7", "iso8859-7", "iso88597", "iso_8859-7", "greek", "greek8", "elot_928", "ecma-118")
_name(
    "iso8859_8", "iso-8859-8", "iso8859-8", "iso88598", "iso_8859-8", "hebrew", "visual", "iso-8859-8-i", "iso-8859-8-e",
    "logical",
)  # fmt: skip
_name("iso8859_10", "iso-8859-10", "iso8859-10", "latin6", "l6", "csisolatin6")
_name("iso8859_13", "iso-8859-13", "iso8859-13", "iso885913")
_name("iso8859_14", "iso-8859-14", "iso8859-14", "iso885914")
_name("iso8859_15", "iso-8859-15", "iso8859-15", "iso885915", "iso_8859-15", "latin9", "latin-9", "l9")
_name("iso8859_16", "iso-8859-16", "iso8859-16")
_name("cp1250", "windows-1250", "cp1250", "x-cp1250")
_name("cp1251", "windows-1251", "cp1251", "x-cp1251", "win-1251", "win1251")
_name("cp1253", "windows-1253", "cp1253", "x-cp1253")
_name("cp1254", "windows-1254", "cp1254", "x-cp1254", "iso-8859-9", "iso8859-9", "iso88599", "iso_8859-9", "latin5", "l5")
_name("cp1255", "windows-1255", "cp1255", "x-cp1255")
_name("cp1256", "windows-1256", "cp1256", "x-cp1256")
_name("cp1257", "windows-1257", "cp1257", "x-cp1257")
_name("cp1258", "windows-1258", "cp1258", "x-cp1258")
_name("cp874", "windows-874", "cp874", "tis-620", "iso-8859-11", "iso8859-11", "dos-874")
_name("koi8_r", "koi8-r", "koi8", "koi", "koi8_r", "cskoi8r")
_name("koi8_u", "koi8-u", "koi8-ru")
_name("cp437", "cp437", "ibm437")
_name("cp850", "cp850", "ibm850")
_name("cp852", "cp852", "ibm852")
_name("cp866", "cp866", "ibm866", "866", "csibm866")
_name("mac_roman", "macintosh", "mac", "x-mac-roman", "csmacintosh")
_name("mac_cyrillic", "x-mac-cyrillic", "x-mac-ukrainian")
_name(
    "gb18030", "gb18030", "gbk", "x-gbk", "gb2312", "gb_2312-80", "gb_2312", "chinese", "cp936", "ms936", "csgb2312",
    "iso-ir-58", "euc-cn",
)  # fmt: skip
_name("hz", "hz-gb-2312", "hz")
_name("big5hkscs", "big5", "big5-hkscs", "cn-big5", "x-x-big5", "csbig5", "cp950")
_name("cp932", "shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "ms932", "windows-31j", "cp932", "csshiftjis")
_name("euc_jp", "euc-jp", "x-euc-jp", "cseucpkdfmtjapanese")
_name("iso2022_jp_ext", "iso-2022-jp", "csiso2022jp", "iso-2022-jp-1", "iso-2022-jp-2", "iso-2022-jp-3", "cp50220")
_name(
    "cp949", "euc-kr", "ks_c_5601-1987", "ks_c_5601-1989", "ks_c_5601", "ksc5601", "ksc_5601", "korean", "windows-949",
    "x-windows-949", "cp949", "uhc", "cseuckr", "iso-ir-149",
)  # fmt: skip
_name("iso2022_kr", "iso-2022-kr", "csiso2022kr")
_name("utf-16-le", "utf-16le", "utf-16", "ucs-2", "iso-10646-ucs-2", "csunicode", "unicode")
_name("utf-16-be", "utf-16be", "unicodefffe")
_name("utf-32-le", "utf-32le", "utf-32", "ucs-4", "iso-10646-ucs-4")
_name("utf-32-be", "utf-32be")
_name("utf-7", "utf-7", "unicode-1-1-utf-7", "csunicode11utf7", "x-unicode-1-1-utf-7")

_WIDE = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}
_NOT_ASCII = frozenset({*_WIDE, "utf-7", "hz", "iso2022_kr", "iso2022_jp_ext"})
_ISO_2022_JP = re.compile(rb"\x1b(?:\$[@B]|\([BIJ])")
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\0\0", "utf-32-le"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def codec_of(label: str) -> str:
    """The codec for a label, or "" if the label is missing or not in the table."""
    return _LABELS.get(label.strip(" \t\r\n\"'").lower(), "")


def is_ascii_text(octets: bytes, codec: str) -> bool:
    """Is this ASCII whatever its charset? True for nearly all mail, which then needs no decoding."""
    return codec not in _NOT_ASCII and octets.isascii() and b"\x1b" not in octets


def choose(sample: bytes, declared: str) -> tuple[str, ...]:
    """The codecs to read these octets with, the likeliest first; more than one where a reader could see either.

    `declared` is a codec of the table or "". The order is that of clients: byte order mark, label, UTF-8, windows-1252.
    """
    for mark, codec in _BOMS:
        if sample.startswith(mark):
            return (codec,)
    if declared in _NOT_ASCII:
        return (declared,)
    if sample.isascii():
        if _ISO_2022_JP.search(sample):
            return ("iso2022_jp_ext",)
        return _guess_wide(sample) or (declared or "utf-8",)
    if _decodes(sample, "utf-8"):
        return ("utf-8",) if declared in ("utf-8", "") else ("utf-8", declared)
    if declared and (declared != "utf-8"):
        return _guess_wide(sample) or (declared,)
    return _guess_wide(sample) or (("utf-8", "cp1252") if declared else ("cp1252",))


def _guess_wide(sample: bytes) -> tuple[str, ...]:
    """UTF-16 without a mark: Latin text has a zero in every other octet."""
    if b"\0" not in sample or len(sample) < 4:
        return ()
    half = len(sample) // 2
    if sample[1::2].count(0) * 10 > half * 7 and sample[::2].count(0) * 10 < half:
        return ("utf-16-le",)
    if sample[::2].count(0) * 10 > half * 7 and sample[1::2].count(0) * 10 < half:
        return ("utf-16-be",)
    return ()


def _decodes(octets: bytes, codec: str) -> bool:
    """Is it valid, but for a character cut off at the end?"""
    try:
        codecs.getincrementaldecoder(codec)("strict").decode(octets)
    except UnicodeError:
        return False
    return True


def decode(octets: bytes, codec: str) -> str:
    """The text; what cannot be decoded becomes U+FFFD. `codec` is one of the table."""
    try:
        return octets.decode(codec, "replace")
    except UnicodeError:  # UTF-7 and stateful codecs raise some errors in spite of "replace"
        return octets.decode("cp1252", "replace")


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
