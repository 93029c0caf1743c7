"""Addresses as readers of them see them: percent-encoding, international domain names and `data:` undone. Linear, never raises.

Python's own punycode and idna codecs take quadratic time, so the decoder is ours (RFC 3492), with a limit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote_to_bytes

from filterd.mail import charset
from filterd.mail.decode import decode_base64
from filterd.mail.extract import APART

LABEL_CHARACTERS = 63  # RFC 1035 §2.3.4
LABELS = 32  # of one address that are decoded
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_IDN = re.compile(r"(?<![a-z0-9-])xn--([a-z0-9-]{1,59})(?![a-z0-9-])", re.IGNORECASE)
_DATA = re.compile(r"[\x00-\x20]*data:", re.IGNORECASE)
_HEAD = 200
_CHARSET = re.compile(r";\s*charset=([^;,]*)", re.IGNORECASE)
_PAGES = ("text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/xml")
_LONG = re.compile(r"[A-Za-z0-9_+.~-]{20,}")
_MIXED = re.compile(r"[a-z](?=[A-Z0-9])|[A-Z0-9](?=[a-z])|[0-9](?=[A-Z])|[A-Z](?=[0-9])")
_MIXES = 6  # changes of case or to digits inside words; names like "iPhone12" have few
_SHORT = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{1,4}(?![A-Za-z0-9])")
_CODES = (re.compile("%[0-9A-Fa-f]{2}"), re.compile("xn--"))
_IN_TEXT = re.compile(r"(?<![a-z0-9+.-])(?:[a-z][a-z0-9+.-]{1,20}://|www\.|mailto:)[^\s<>\"\x00]+", re.IGNORECASE)


def readings(url: str, read_page: Callable[[str], str]) -> list[str]:
    """The texts in an address, each ending with what keeps it apart."""
    if _DATA.match(url):
        text = data_text(url)
        if text is None:
            return []
        return [read_page(text[1]) if text[0] in _PAGES else text[1] + APART]
    return [readable(one) + APART for one in (url, *decoded(url))]


def readable(url: str) -> str:
    """The address without the short "words" in identifiers and signatures, which stand there by chance and mean nothing."""
    return _LONG.sub(_without_chance, url)


def _without_chance(found: re.Match[str]) -> str:
    text = found.group()
    if len(_MIXED.findall(text)) < _MIXES:
        return text
    return _SHORT.sub(lambda word: " " * len(word.group()), text)


def decoded(url: str) -> list[str]:
    """What the address means where that is not what it says: decoded once, and once more if that is encoded again."""
    given: list[str] = []
    if "%" in url:
        for _ in range(2):
            if not _PERCENT.search(url):
                break
            url = unquote(url)
            given.append(url)
    if "+" in url and "?" in url:  # a form's blanks
        url = url.replace("+", " ")
        given[-1:] = [url]
    if "xn--" in url.lower():
        host = idn(url)
        if host != url:
            given.append(host)
    return given


def in_text(text: str) -> list[tuple[int, int, str]]:
    """Addresses in plain text that mean something else than they say: (start, end, meaning)."""
    return [
        (*found.span(), meaning)
        for start, end in _lines_of_codes(text)
        for found in _IN_TEXT.finditer(text, start, end)
        if "%" in found.group() or "xn--" in found.group()
        for meaning in decoded(found.group())
    ]


def _lines_of_codes(text: str) -> Iterator[tuple[int, int]]:
    """The lines in which an address may mean something else; a search through all of a text for addresses is slow."""
    end = 0
    for at in sorted(found.start() for code in _CODES for found in code.finditer(text)):
        if at >= end:
            start = text.rfind("\n", end, at) + 1 or end
            end = text.find("\n", at)
            end = end if end >= 0 else len(text)
            yield start, end


def unquote(text: str) -> str:
    """Percent-encoding undone once; UTF-8, or else windows-1252."""
    octets = unquote_to_bytes(text.encode("utf-8", "replace"))
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("cp1252", "replace")


def data_text(url: str) -> tuple[str, str] | None:
    """Media type and text of a `data:` address (RFC 2397), or None if it is no text."""
    head, comma, data = url.partition(",")
    if not comma or len(head) > _HEAD:
        return None
    head = head.strip().lower()
    media = head[5:].partition(";")[0].strip() or "text/plain"
    if not (media.startswith("text/") or media in _PAGES):
        return None
    octets = unquote_to_bytes(data.encode("utf-8", "replace"))
    if head.rpartition(";")[2].strip() == "base64":
        octets = decode_base64(octets.translate(_URL_SAFE))
    label = _CHARSET.search(head)
    codec = (charset.codec_of(label[1]) if label else "") or charset.choose(octets, "")[0]
    return media, charset.decode(octets, codec)


_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def idn(text: str) -> str:
    """The text with its `xn--` labels as they are shown."""
    left = LABELS

    def label(found: re.Match[str]) -> str:
        nonlocal left
        left -= 1
        return (punycode(found[1]) if left >= 0 else "") or found.group()

    return _IDN.sub(label, text)


def punycode(label: str) -> str:
    """RFC 3492 §6.2; "" if it is none, or longer than a label can be."""
    if len(label) > LABEL_CHARACTERS:
        return ""
    basic, _, extended = label.rpartition("-")
    out = list(basic)
    code, at, bias = 128, 0, 72
    position = 0
    while position < len(extended):
        before, weight, k = at, 1, 36
        while True:
            if position >= len(extended):
                return ""
            digit = _DIGITS.get(extended[position], -1)
            position += 1
            if digit < 0:
                return ""
            at += digit * weight
            threshold = 1 if k <= bias else 26 if k >= bias + 26 else k - bias
            if digit < threshold:
                break
            weight *= 36 - threshold
            k += 36
        size = len(out) + 1
        bias = _adapted(at - before, size, before == 0)
        code += at // size
        at %= size
        if code > 0x10FFFF or 0xD800 <= code < 0xE000:
            return ""
        out.insert(at, chr(code))
        at += 1
    return "".join(out)


def _adapted(delta: int, size: int, is_first: bool) -> int:
    delta = delta // 700 if is_first else delta // 2
    delta += delta // size
    k = 0
    while delta > 455:
        delta //= 35
        k += 36
    return k + 36 * delta // (delta + 38)


_DIGITS = {letter: value for value, letter in enumerate("abcdefghijklmnopqrstuvwxyz0123456789")}
_DIGITS |= {letter.upper(): value for letter, value in _DIGITS.items()}
