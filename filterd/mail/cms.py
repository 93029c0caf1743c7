"""Signed messages that carry their text inside (S/MIME, RFC 8551 §3.5.2): the text in the signed data, as clients show it.

Only as much of BER (X.690 §8.1) is read as leads to the content: `eContentType` data and the octet string behind it, which may
come in many pieces. Whether the signature is worth anything does not matter here; clients show the text anyway.
"""

from __future__ import annotations

from filterd.mail.decode import Stretch
from filterd.mail.source import Source

_DATA = bytes.fromhex("06092a864886f70d010701")  # the type "data" (RFC 5652 §4)
_CONTENT, _OCTETS, _PIECES = 0xA0, 0x04, 0x24
PIECES = 50_000  # signers cut at a thousand octets and more
SMIME = "smime"
_SEARCHED = 64 * 1024  # octets in front of the content: versions and algorithms


def signed_source(source: Source) -> Source | None:
    """The signed text as a source of its own; with more than `PIECES` stretches it is not whole."""
    spans = signed_content(bytes(source.octets))
    if not spans:
        return None
    places, offset = [], 0
    for start, end in spans:
        places.append((offset, Stretch(start, end, SMIME)))
        offset += end - start
    return Source(b"".join([source.octets[start:end] for start, end in spans]), source, places)


def signed_content(octets: bytes) -> list[tuple[int, int]]:
    """The spans that together are the signed text; none if there is no such thing."""
    if octets[:1] != b"\x30":
        return []
    at = octets.find(_DATA, 0, _SEARCHED)
    header = _header(octets, at + len(_DATA)) if at >= 0 else None
    return _pieces(octets, header[1]) if header and header[0] == _CONTENT else []


def _pieces(octets: bytes, at: int) -> list[tuple[int, int]]:
    """The contents of the octet strings from here on, one or many, up to the first thing that is none."""
    found: list[tuple[int, int]] = []
    end = len(octets)
    while len(found) <= PIECES and (header := _header(octets, at)):
        tag, start, size = header
        if tag == _PIECES:
            end = min(end, start + size) if size >= 0 else end
            at = start
        elif tag == _OCTETS and size >= 0 and start <= end:
            at = min(start + size, end)
            found.append((start, at))
            if at >= end:
                break
        else:
            break
    return found


def _header(octets: bytes, at: int) -> tuple[int, int, int] | None:
    """Tag, where the content begins, its size (-1 if only its end tells); None where there is none."""
    if at + 2 > len(octets):
        return None
    tag, first = octets[at], octets[at + 1]
    if first == 0x80:
        return tag, at + 2, -1
    if first < 0x80:
        return tag, at + 2, first
    count = first & 0x7F
    return (tag, at + 2 + count, int.from_bytes(octets[at + 2 : at + 2 + count], "big")) if count <= 8 else None
