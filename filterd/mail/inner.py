"""Texts inside a text: uuencoded and yEnc files, and runs of base64 or quoted-printable that nobody declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from filterd.mail.charset_guess import guess_wide
from filterd.mail.decode import BASE64, IDENTITY, QUOTED_PRINTABLE, Stretch, stretches
from filterd.mail.entity import Entity, FileName
from filterd.mail.floor import base64_regions, quoted_regions
from filterd.mail.quoted import QP_DROPPED, QP_JOINED, QP_SWALLOWED, STRAY
from filterd.mail.readings import Reading
from filterd.mail.slices import AMBIGUOUS, FLOOR, SURE
from filterd.mail.source import Source
from filterd.mail.structure import ATTACHMENT, RAW, Leaf
from filterd.mail.uuencode import blocks, may_hold_blocks

_Pieces = tuple[tuple[int, Stretch, int], ...]
_OCTET_STREAM = ("application/octet-stream",)
_FLOOR_ENTITY = Entity(is_encoding_given=True)
_APART = b"\n\0\n"  # between regions
_LONG = 64 * 1024  # a region so long is a leaf of its own


def inner_leaves(leaf: Leaf, reading: Reading, octets: bytes, pieces: _Pieces) -> Iterator[Leaf]:
    """What these decoded octets of the leaf hide."""
    is_identity = reading.encoding == IDENTITY
    if not is_identity and not (leaf.entity.is_text or reading.certainty != SURE):
        return  # a file that was declared and decoded
    if is_identity and leaf.entity.is_attachment and b"\0" in octets[:4096]:
        return  # binary
    source = Source(octets, leaf.source, [(offset - inside, stretch) for offset, stretch, inside in pieces])
    chain = leaf.chain if is_identity else (*leaf.chain, reading.encoding)
    taken = 0
    if may_hold_blocks(octets):
        for start, end, encoding, first, last in blocks(octets):
            name = FileName(octets[first:last].strip().decode("utf-8", "replace"), first, last)
            entity = Entity(_OCTET_STREAM, encodings=(encoding,), filenames=(name,), is_attachment=True, is_type_given=True,
                            is_encoding_given=True)  # fmt: skip
            yield Leaf(leaf.part, ATTACHMENT, source, start, end, entity, AMBIGUOUS, leaf.alternative, chain)
            taken = end
    if reading.certainty == SURE and not is_identity and leaf.entity.is_html:
        return  # every page has long names and addresses
    yield from _floor(leaf, source, base64_regions(octets, taken, len(octets)), (*chain, BASE64))
    if b"=" in octets:
        yield from _floor(leaf, source, quoted_regions(octets, taken, len(octets)), (*chain, QUOTED_PRINTABLE))


def quoted_view_leaves(leaf: Leaf, reading: Reading) -> Iterator[Leaf]:
    """The lines around each stray `=` of quoted-printable, as the clients read them that do not keep it."""
    regions = list(quoted_regions(leaf.source.octets, leaf.start, leaf.end, STRAY))
    if not regions:
        return
    certainty = AMBIGUOUS if reading.certainty == SURE else reading.certainty
    entity = replace(leaf.entity, encodings=(IDENTITY,), is_encoding_sure=True, is_encoding_given=True, filenames=())
    for view in (QP_DROPPED, QP_SWALLOWED, QP_JOINED):
        together, places = bytearray(), []
        for start, end in regions:
            for stretch, octets in stretches(leaf.source.octets, start, end, view):
                places.append((len(together), stretch))
                together += octets
            together += _APART
        source = Source(bytes(together), leaf.source, places)
        yield Leaf(
            leaf.part, leaf.role, source, 0, len(together), entity, certainty, leaf.alternative, (*leaf.chain, view)
        )


def _floor(leaf: Leaf, source: Source, regions: Iterable[tuple[int, int]], chain: tuple[str, ...]) -> Iterator[Leaf]:
    """The regions, decoded: all short ones together, for there may be thousands; those in UTF-16 and long ones alone."""
    together, places = bytearray(), []
    encoding = chain[-1]
    for start, end in regions:
        if end - start >= _LONG:
            entity = Entity(encodings=(encoding,), is_encoding_given=True)
            yield Leaf(leaf.part, RAW, source, start, end, entity, FLOOR, leaf.alternative, chain[:-1])
            continue
        alone: list[tuple[int, Stretch]] = []
        decoded = bytearray()
        for stretch, octets in stretches(source.octets, start, end, encoding):
            alone.append((len(decoded), stretch))
            decoded += octets
        if b"\0" in decoded and guess_wide(bytes(decoded)):
            inner = Source(bytes(decoded), source, alone)
            yield Leaf(leaf.part, RAW, inner, 0, len(decoded), _FLOOR_ENTITY, FLOOR, leaf.alternative, chain)
            continue
        places += [(len(together) + offset, stretch) for offset, stretch in alone]
        together += decoded + _APART
    if places:
        inner = Source(bytes(together), source, places)
        yield Leaf(leaf.part, RAW, inner, 0, len(together), _FLOOR_ENTITY, FLOOR, leaf.alternative, chain)
