"""In which transfer encodings a leaf is to be read, and whether its octets are HTML: what its header says, and what they show."""

from __future__ import annotations

import re
from typing import NamedTuple

from filterd.mail import charset
from filterd.mail.decode import BASE64, IDENTITY, QUOTED_PRINTABLE, UUENCODE, YENC, decode, looks_base64, views
from filterd.mail.plausible import likely_text
from filterd.mail.slices import AMBIGUOUS, FLOOR, SURE
from filterd.mail.structure import RAW, Leaf

_QP_ESCAPE = re.compile(rb"=[0-9A-Fa-f]{2}|=\r?\n")
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|style|script|div|p|br|table|tr|td|span|font|a\s+href|img\s|b>|i>|u>|center|h[1-6]|!--)",
    re.IGNORECASE,
)
_XMLNS = re.compile(rb"w3\.org/(?:1999/xhtml|2000/svg)")
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.+-]{1,40})""", re.IGNORECASE)
_XML = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9_:.+-]{1,40})""", re.IGNORECASE)
SAMPLE = 4096
_FIRST = 1024  # octets of the sample that are decoded to see whether there is text
_SHORT = 512  # a text so short can look like base64 by chance


class Reading(NamedTuple):
    """A transfer encoding, and how sure it is that somebody reads the leaf so."""

    encoding: str
    certainty: str


def transfer_readings(leaf: Leaf) -> list[Reading]:
    """Every plausible one, the surest first."""
    entity = leaf.entity
    if leaf.reading == SURE and entity.is_encoding_sure and entity.encodings == (IDENTITY,) and entity.is_encoding_given:
        return [_IDENTITY]
    certainty = leaf.reading
    if leaf.reading == SURE and not entity.is_encoding_sure:
        certainty = AMBIGUOUS
    sample = leaf.source.octets[leaf.start : min(leaf.end, leaf.start + SAMPLE)]
    found = dict.fromkeys(entity.encodings, certainty)
    doubtful = AMBIGUOUS if certainty == SURE else certainty
    is_base64 = looks_base64(sample)
    if BASE64 in found and certainty != FLOOR:
        if not is_base64:
            found.setdefault(IDENTITY, doubtful)  # base64 by its label only: some clients show it as it is
        elif len(found) > 1 and leaf.end - leaf.start > _SHORT:
            found.pop(IDENTITY, None)
    elif len(sample) >= 16 and leaf.role != RAW and is_base64_text(sample):
        found[BASE64] = doubtful  # base64 without a label
    if UUENCODE in found or YENC in found:
        found.setdefault(IDENTITY, doubtful)
    if entity.is_encoding_unknown and _QP_ESCAPE.search(sample):
        found.setdefault(QUOTED_PRINTABLE, doubtful)
    for encoding in list(found):
        if encoding == BASE64 and found[encoding] != FLOOR:
            for view in views(leaf.source.octets[leaf.start : leaf.end], encoding):
                found[view] = doubtful
    return [Reading(encoding, sure) for encoding, sure in found.items()]


_IDENTITY = Reading(IDENTITY, SURE)


def is_base64_text(sample: bytes) -> bool:
    """Do the first octets of a leaf look like base64 without a label, and decode to text?"""
    return looks_base64(sample) and bool(likely_text(decode(sample[:_FIRST], BASE64)))


def looks_html(octets: bytes) -> bool:
    """Would a client that looks at the content take it for HTML?"""
    return b"<" in octets[:SAMPLE] and bool(_HTML.search(octets, 0, SAMPLE))


def has_html(octets: bytes) -> bool:
    """Is there HTML anywhere, as in the description of a calendar's event?"""
    return b"<" in octets and bool(_HTML.search(octets))


def is_xhtml(octets: bytes) -> bool:
    """Is XML shown by browsers as a page or a drawing?"""
    return bool(_XMLNS.search(octets, 0, SAMPLE))


def html_codec(octets: bytes) -> str:
    """The charset that a page declares itself, as a codec; "" if it declares none that is known."""
    found = _META.search(octets, 0, SAMPLE) or _XML.search(octets, 0, 256)
    return charset.codec_of(found[1].decode("ascii")) if found else ""
