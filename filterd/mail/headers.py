"""The text of header sections that people read: subject, addresses, other fields, file names.

Fields that only machines read (trace, signatures, identifiers) are left out: nobody sees a word there, and base64 in
them "contains" short words by chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from filterd.mail import encoded_words
from filterd.mail.fields import Field
from filterd.mail.slices import Slice, Stitched
from filterd.mail.structure import Header, Leaf

SUBJECT, ADDRESS, HEADER, FILENAME = "subject", "address", "header", "filename"

_AREAS = dict.fromkeys(("subject", "thread-topic", "content-description"), SUBJECT) | dict.fromkeys(
    ("from", "to", "cc", "bcc", "reply-to", "sender", "resent-from", "resent-to", "resent-cc", "resent-sender"), ADDRESS
)
_MACHINE = frozenset({
    "received", "return-path", "message-id", "references", "in-reply-to", "date", "resent-date", "resent-message-id",
    "delivery-date", "mime-version", "content-type", "content-transfer-encoding", "content-id", "content-disposition",
    "content-length", "lines", "status", "dkim-signature", "domainkey-signature", "domainkey-status",
    "authentication-results", "received-spf", "dkim-filter", "delivered-to", "x-original-to", "thread-index",
    "x-received", "x-filterd", "errors-to", "autocrypt", "openpgp", "face", "x-face", "feedback-id",
    "cfbl-feedback-id",
})  # fmt: skip
_MACHINE_PREFIXES = (
    "arc-", "x-ms-", "x-microsoft-", "x-google-", "x-gm-", "x-forefront-", "x-spam-", "x-mimecast-", "x-proofpoint-",
    "x-sg-", "x-ses-", "x-barracuda-", "x-ironport-", "x-sonic-", "x-ymail-", "x-yahoo-", "x-eopattributed", "list-",
    "x-authentication", "x-dkim", "x-virus-", "x-amavis-", "x-antiabuse", "x-originating", "x-sender-",
)  # fmt: skip
_CODE = re.compile(r"[A-Za-z0-9+/=_-]{40,}")  # in other fields: an identifier or key, no word
_APART = "\n\0\n"  # no phrase goes across it


def header_slices(header: Header) -> Iterator[Slice]:
    """The texts of one header section; of a mere part's only its description (its file names are its leaf's)."""
    areas: dict[str, list[tuple[str, int, int]]] = {}
    for field in header.section.fields:
        area = _area(field.name)
        if area and (header.is_message or area == SUBJECT):
            areas.setdefault(area, []).extend(_pieces(field, area))
    for area, pieces in areas.items():
        origin = Stitched(pieces, header.source)
        yield Slice(header.part, area, (), origin.text, True, origin)


@lru_cache(maxsize=1024)
def _area(name: str) -> str:
    if name in _MACHINE or name.startswith(_MACHINE_PREFIXES):
        return ""
    return _AREAS.get(name, HEADER)


def _pieces(field: Field, area: str) -> list[tuple[str, int, int]]:
    offset, value = field.value_start, field.value
    if b"=?" not in value and value.isascii():
        text = value.decode("ascii")
        return [(_without_code(text) if area == HEADER else text, offset, offset + len(value)), (_APART, offset, offset)]
    pieces = [
        (_without_code(text) if area == HEADER else text, offset + start, offset + end)
        for text, start, end in encoded_words.pieces(value)
    ]
    return [*pieces, (_APART, offset, offset)]


def _without_code(text: str) -> str:
    return _CODE.sub(lambda found: "\0" * len(found.group()), text) if len(text) >= 40 else text


def filename_slices(leaf: Leaf) -> Iterator[Slice]:
    """The names a part gives its content."""
    for name in leaf.entity.filenames:
        origin = Stitched([(name.text, name.start, name.end)], leaf.source)
        yield Slice(leaf.part, FILENAME, (), name.text, True, origin)
