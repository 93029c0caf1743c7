"""Texts inside a text: uuencoded and yEnc files, and runs of base64 or quoted-printable that nobody declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from filterd.mail.decode import BASE64, IDENTITY, QUOTED_PRINTABLE, Stretch
from filterd.mail.entity import Entity, FileName
from filterd.mail.floor import base64_regions, quoted_regions
from filterd.mail.readings import Reading
from filterd.mail.slices import AMBIGUOUS, FLOOR, SURE
from filterd.mail.source import Source
from filterd.mail.structure import ATTACHMENT, RAW, Leaf
from filterd.mail.uuencode import blocks, may_hold_blocks

_Pieces = tuple[tuple[int, Stretch, int], ...]
_OCTET_STREAM = ("application/octet-stream",)


def inner_leaves(leaf: Leaf, reading: Reading, octets: bytes, pieces: _Pieces) -> Iterator[Leaf]:
    """What these decoded octets of the leaf hide."""
    is_identity = reading.encoding == IDENTITY
    if not is_identity and not (leaf.entity.is_text or reading.certainty != SURE):
        return  # a file that was declared and decoded
    if is_identity and leaf.entity.is_attachment and b"\0" in octets[:4096]:
        return  # binary
    source = Source(octets, leaf.source, [(offset - inside, stretch) for offset, stretch, inside in pieces])
    taken = 0
    if may_hold_blocks(octets):
        for start, end, encoding, first, last in blocks(octets):
            name = FileName(octets[first:last].strip().decode("utf-8", "replace"), first, last)
            entity = Entity(_OCTET_STREAM, encodings=(encoding,), filenames=(name,), is_attachment=True, is_type_given=True,
                            is_encoding_given=True)  # fmt: skip
            yield Leaf(leaf.part, ATTACHMENT, source, start, end, entity, AMBIGUOUS, leaf.alternative)
            taken = end
    if reading.certainty == SURE and not is_identity and leaf.entity.is_html:
        return  # every page has long names and addresses
    floor = Leaf(leaf.part, RAW, source, 0, 0, _floor(BASE64), FLOOR, leaf.alternative)
    for start, end in base64_regions(octets, taken, len(octets)):
        yield replace(floor, start=start, end=end)
    if b"=" in octets:
        for start, end in quoted_regions(octets, taken, len(octets)):
            yield replace(floor, start=start, end=end, entity=_floor(QUOTED_PRINTABLE))


def _floor(encoding: str) -> Entity:
    return Entity(encodings=(encoding,), is_encoding_given=True)
