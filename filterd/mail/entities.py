"""Character references of HTML (`&amp;`, `&#65;`), with or without `;`, as browsers read them (HTML Standard
§13.2.5.72 ff.)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5

_REFERENCE = re.compile(r"&(?:#([0-9]+);?|#[xX]([0-9a-fA-F]+);?|([A-Za-z][A-Za-z0-9]{1,31};?))")
_VALUE_REFERENCE = re.compile(
    r"&(?:#([0-9]+);?|#[xX]([0-9a-fA-F]+);?|([A-Za-z][A-Za-z0-9]{1,31};|[A-Za-z][A-Za-z0-9]{1,31}(?![A-Za-z0-9=;])))"
)
_DIGITS = 8  # U+10FFFF has seven; more are never a character, and int() of many is slow
_C1 = {
    code: bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xA0)
}  # numbers of 8-bit Windows characters, as the standard has them
_LONGEST = max(len(name) for name in html5 if not name.endswith(";"))


def unescape(text: str) -> str:
    """The text with its character references replaced."""
    return _REFERENCE.sub(_replace, text.replace("&nbsp;", "\xa0"))  # the commonest first, without a call for each


def unescape_value(text: str) -> str:
    """An attribute's value: what begins like a name without `;` and goes on, as in `?a=b&copy=c`, is none there."""
    return _VALUE_REFERENCE.sub(_replace_in_value, text)


def reference_pieces(text: str) -> Iterator[tuple[int, int]]:
    """(characters taken, characters given) of each piece of `unescape(text)`; equal numbers mean literal text."""
    at = 0
    for found in _REFERENCE.finditer(text):
        if found.start() > at:
            yield found.start() - at, found.start() - at
        yield from _reference_pieces(found)
        at = found.end()
    if at < len(text):
        yield len(text) - at, len(text) - at


def _reference_pieces(found: re.Match[str]) -> Iterator[tuple[int, int]]:
    size, name = len(found.group()), found[3]
    if not name:
        yield size, len(_replace(found))
        return
    used = _used(name)
    if used:
        yield used + 1, len(html5[name[:used]])
    if size > used + 1 or not used:
        rest = size - used - 1 if used else size
        yield rest, rest


def _replace(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name:
        used = _used(name)
        return html5[name[:used]] + name[used:] if used else found.group()
    return _character(decimal, 10) if decimal else _character(hexadecimal, 16)


def _replace_in_value(found: re.Match[str]) -> str:
    return html5.get(found[3], found.group()) if found[3] else _replace(found)


def _used(name: str) -> int:
    """How much of the name is a reference: all of it, or the longest start that needs no `;`."""
    if name in html5:
        return len(name)
    for length in range(min(len(name), _LONGEST), 1, -1):
        if name[:length] in html5:
            return length
    return 0


def _character(digits: str, base: int) -> str:
    digits = digits.lstrip("0")
    code = int(digits or "0", base) if len(digits) <= _DIGITS else 0
    if code in _C1:
        return _C1[code]
    if code == 0 or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return "\ufffd"
    return "" if _is_nothing(code) else chr(code)


def _is_nothing(code: int) -> bool:
    """Controls and noncharacters, which the standard library drops, and readers do not see: they split no word."""
    return (code < 0x20 and code not in (9, 10, 12, 13)) or code == 0x7F or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
