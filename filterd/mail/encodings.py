"""The transfer encodings that a header section names (RFC 2045 §6), however it writes them."""

from __future__ import annotations

import re

from filterd.mail import encoded_words
from filterd.mail.decode import BASE64, IDENTITY, QUOTED_PRINTABLE, UUENCODE, YENC
from filterd.mail.fields import Section

_EXACT = {
    b"base64": BASE64, b"quoted-printable": QUOTED_PRINTABLE, b"7bit": IDENTITY, b"8bit": IDENTITY, b"binary": IDENTITY,
    b"x-uuencode": UUENCODE, b"x-uue": UUENCODE, b"uuencode": UUENCODE, b"x-yenc": YENC,
}  # fmt: skip
_ENCODINGS = re.compile(
    rb"(b(?:ase)?-?64)|(quoted.{0,3}printable)|(uuencode|x-uue)|([78]-?bit|binary)|(yenc)", re.IGNORECASE
)
_ENCODING_NAMES = ("", BASE64, QUOTED_PRINTABLE, UUENCODE, IDENTITY, YENC)
_COMMENT = re.compile(rb"\([^()]*\)")
_SQUEEZED = bytes(range(0x21))


def encodings_of(section: Section, conditions: dict[str, None]) -> tuple[tuple[str, ...], bool, bool]:
    """Every plausible encoding, whether the body must tell, and whether the first is the only one."""
    values = section.values("content-transfer-encoding")
    exact = _EXACT.get(values[0].strip(b" \t\r\n").lower()) if len(values) == 1 else None
    if exact and not section.others:
        return (exact,), False, True
    values += [field.value for field in section.others if field.name == "content-transfer-encoding"]
    if len(values) > 1:
        conditions["duplicate-transfer-encoding"] = None
    found: dict[str, None] = {}
    is_unknown = is_odd = False
    for value in values:
        names = _named(value, conditions)
        found.update(dict.fromkeys(names))
        is_unknown = is_unknown or not names
        is_odd = is_odd or len(names) > 1 or value.strip(b" \t\r\n").lower() not in _EXACT
    if is_unknown:
        conditions["unknown-transfer-encoding"] = None
    elif is_odd:
        conditions["odd-transfer-encoding"] = None
    hinted = _hinted(section, found)
    if not values and not hinted:
        return (IDENTITY,), False, True
    found.update(dict.fromkeys(hinted))
    is_sure = len(found) == 1 and not is_odd and not is_unknown and not hinted
    if not is_sure:
        found[IDENTITY] = None
    return tuple(found), is_unknown or is_odd, is_sure


def _named(value: bytes, conditions: dict[str, None]) -> list[str]:
    """The encodings a value names, whatever stands around the names."""
    readings = [value]
    if b"\0" in value:
        conditions["nul"] = None
        readings.append(value.replace(b"\0", b""))
    if b"(" in value:
        conditions["comment-in-structure"] = None
        readings.append(_COMMENT.sub(b"", value))
    if b"=?" in value:
        conditions["encoded-word-in-structure"] = None
        readings.append(encoded_words.text(value).encode("utf-8", "replace"))
    readings.append(value.translate(None, _SQUEEZED))
    names = [_ENCODING_NAMES[found.lastindex or 0] for reading in readings for found in _ENCODINGS.finditer(reading)]
    return list(dict.fromkeys(names))


def _hinted(section: Section, found: dict[str, None]) -> list[str]:
    """Encodings that stand somewhere in an odd section: some parser may have found the field there."""
    if not section.conditions:
        return []
    hint = _squeezed(section.octets)
    names = [(b"base64", BASE64), (b"quoted-printable", QUOTED_PRINTABLE), (b"uuencode", UUENCODE)]
    return [name for text, name in names if name not in found and text in hint]


def _squeezed(octets: bytes) -> bytes:
    """Lower case, without blanks, line ends and controls."""
    return octets.translate(None, _SQUEEZED).lower()
