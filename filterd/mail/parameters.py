"""Parameters of Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2231), every plausible reading of them.

Parsers disagree about doubled parameters, quotes and comments; an attacker picks the disagreement. So a parameter has a
list of values here, not one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from filterd.mail import charset, encoded_words

_EOL = re.compile(rb"[\r\n]+")
_PARAMETER = re.compile(rb'(?<=[;\s"])([^=;\s"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)(?:"|\\?\Z)|([^;]*))', re.DOTALL)
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_CONTINUED = re.compile(r"([^*]+)(?:\*([0-9]{1,4}))?(\*)?")
_COMMENT = re.compile(rb"\([^()]*\)")

_SHORT = 256  # octets; most mail repeats a few of these values


@dataclass(slots=True)
class Parameters:
    """`media` is what stands before the first `;`, lower case; `values` has every value of every name."""

    media: str = ""
    values: dict[str, list[bytes]] = field(default_factory=dict)
    too_many: bool = False

    def texts(self, name: str) -> list[str]:
        """The values as text, encoded words decoded (clients do, though RFC 2047 §5 forbids them here)."""
        return list(dict.fromkeys(encoded_words.text(value) for value in self.values.get(name, ())))


def parse(value: bytes, limit: int) -> Parameters:
    """Everything in one field value; of more than `limit` parameters the first ones. Nobody may change the result."""
    return _parse_short(value, limit) if len(value) <= _SHORT else _parse(value, limit)


@lru_cache(maxsize=512)
def _parse_short(value: bytes, limit: int) -> Parameters:
    return _parse(value, limit)


def _parse(value: bytes, limit: int) -> Parameters:
    value = _EOL.sub(b"", value)
    head, separator, _ = value.partition(b";")
    parameters = Parameters(_media(head))
    if not separator and b"=" not in value:
        return parameters
    continued: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for count, found in enumerate(_PARAMETER.finditer(value)):
        if count >= limit:
            parameters.too_many = True
            break
        _take(found, parameters, continued)
    for name, parts in continued.items():
        parameters.values.setdefault(name, []).append(_joined(parts))
    return parameters


def _media(head: bytes) -> str:
    return _COMMENT.sub(b"", head).strip(b" \t\0\"'").decode("latin-1").lower()


def _take(
    found: re.Match[bytes], parameters: Parameters, continued: dict[str, dict[int, tuple[bytes, bool]]]
) -> None:
    name = found[1].decode("latin-1").lower()
    values = [_ESCAPE.sub(rb"\1", found[2])] if found[2] is not None else _bare(found[3])
    parts = _CONTINUED.fullmatch(name)
    if parts and (parts[2] or parts[3]):
        number = int(parts[2] or 0)
        continued.setdefault(parts[1], {}).setdefault(number, (values[0], bool(parts[3])))
        return
    parameters.values.setdefault(name, []).extend(values)


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
