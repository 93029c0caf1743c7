"""Parameters of Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2231), every plausible reading of them.

Parsers disagree about doubled parameters, quotes, comments, NULs and encoded words; an attacker picks the disagreement. So a
parameter has a list of values here, not one. The value of the plainest reading is the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from filterd.mail import charset, encoded_words

_EOL = re.compile(rb"[\r\n]+")
_PARAMETER = re.compile(rb'(?<=[;\s"])([^=;\s"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)(?:"|\\?\Z)|([^;]*))', re.DOTALL)
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_CONTINUED = re.compile(r"([^*]+)(?:\*([0-9]{1,4}))?(\*)?")
_COMMENT = re.compile(rb"\([^()]*\)")
_MEDIA = re.compile(r"[\w.+-]+/[\w.+-]+")
_NESTED = 4  # comments in comments that are taken out

_SHORT = 256  # octets; most mail repeats a few of these values


@dataclass(slots=True)
class Parameters:
    """`media` is what stands before the first `;`, lower case; `values` has every value of every name.

    `media_types` has every reading of the media type; `oddities` names what makes parsers differ.
    """

    media: str = ""
    values: dict[str, list[bytes]] = field(default_factory=dict)
    too_many: bool = False
    media_types: list[str] = field(default_factory=list)
    oddities: tuple[str, ...] = ()

    def texts(self, name: str) -> list[str]:
        """The values as text, encoded words decoded (clients do, though RFC 2047 §5 forbids them here)."""
        texts: dict[str, None] = {}
        for value in self.values.get(name, ()):
            texts[encoded_words.text(value)] = None
            if b"%" in value:
                texts[charset.decode(unquote_to_bytes(value), "utf-8")] = None
        return list(texts)


def parse(value: bytes, limit: int) -> Parameters:
    """Everything in one field value; of more than `limit` parameters the first ones. Nobody may change the result."""
    return _parse_short(value, limit) if len(value) <= _SHORT else _parse(value, limit)


@lru_cache(maxsize=512)
def _parse_short(value: bytes, limit: int) -> Parameters:
    return _parse(value, limit)


def _parse(value: bytes, limit: int) -> Parameters:
    value = _EOL.sub(b"", value)
    parameters = Parameters(_media(value.partition(b";")[0]))
    oddities: dict[str, None] = {}
    for reading in _readings(value, oddities):
        _add(reading, parameters, limit)
    parameters.oddities = tuple(oddities)
    return parameters


def _readings(value: bytes, oddities: dict[str, None]) -> Iterator[bytes]:
    """The value as it stands, and what it is for those who undo something first."""
    yield value
    if b"\0" in value:
        oddities["nul"] = None
        yield value.replace(b"\0", b"")
        yield value.partition(b"\0")[0]
        value = value.replace(b"\0", b"")
    if b"=?" in value:
        decoded = encoded_words.text(value).encode("utf-8", "replace")
        if decoded != value:
            oddities["encoded-word-in-structure"] = None
            yield decoded
    if b"(" in value:
        bare = value
        for _ in range(_NESTED):
            bare, count = _COMMENT.subn(b"", bare)
            if not count:
                break
        if bare != value:
            oddities["comment-in-structure"] = None
            yield bare


def _add(value: bytes, parameters: Parameters, limit: int) -> None:
    """What one reading says."""
    media = _media(value.partition(b";")[0])
    if media not in parameters.media_types:
        parameters.media_types.append(media)
    if b"=" not in value:
        return
    continued: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for count, found in enumerate(_PARAMETER.finditer(value)):
        if count >= limit:
            parameters.too_many = True
            break
        _take(found, parameters, continued)
    for name, parts in continued.items():
        _append(parameters, name, [_joined(parts)])
        _append(parameters, name, [_undecoded(parts)] if len(parts) > 1 and 0 not in parts else [])


def _append(parameters: Parameters, name: str, values: list[bytes]) -> None:
    known = parameters.values.setdefault(name, [])
    known.extend([value for value in values if value not in known])


def _media(head: bytes) -> str:
    head = _COMMENT.sub(b"", head).strip(b" \t\0\"',")
    media = head.decode("latin-1").lower()
    if _MEDIA.fullmatch(media):
        return media
    return re.sub(r"\s*/\s*", "/", media)


def _take(
    found: re.Match[bytes], parameters: Parameters, continued: dict[str, dict[int, tuple[bytes, bool]]]
) -> None:
    name = found[1].decode("latin-1").lower()
    values = [_ESCAPE.sub(rb"\1", found[2])] if found[2] is not None else _bare(found[3])
    parts = _CONTINUED.fullmatch(name)
    if parts and (parts[2] or parts[3]):
        known = continued.setdefault(parts[1], {}) if parts[2] else {}
        number = int(parts[2] or 0)
        if number in known or not parts[2]:  # doubled, or `name*`, which may stand beside `name*0`: values of their own
            _append(parameters, parts[1], [_joined({0: (values[0], bool(parts[3]))})])
        else:
            known[number] = (values[0], bool(parts[3]))
        return
    _append(parameters, name, values)


def _bare(value: bytes) -> list[bytes]:
    """An unquoted value: to the first blank or comment by the letter, to the `;` in many clients."""
    whole = value.strip()
    short = re.split(rb"[\s(]", whole, maxsplit=1)[0]
    return [whole] if whole == short else [short, whole]


def _joined(parts: dict[int, tuple[bytes, bool]]) -> bytes:
    """RFC 2231 §3 and §4; the result is UTF-8."""
    label, octets = "", []
    for index, number in enumerate(sorted(parts)):
        value, is_encoded = parts[number]
        if is_encoded:
            if index == 0 and value.count(b"'") >= 2:
                head, _, value = value.split(b"'", 2)
                label = head.decode("latin-1")
            value = unquote_to_bytes(value)
        octets.append(value)
    joined = b"".join(octets)
    codec = charset.codec_of(label)
    return charset.decode(joined, charset.choose(joined, codec)[0]).encode("utf-8", "replace")


def _undecoded(parts: dict[int, tuple[bytes, bool]]) -> bytes:
    """The segments as they stand, for parsers that know no RFC 2231."""
    return b"".join(parts[number][0] for number in sorted(parts))
