"""A first look at a message: are its raw octets all the text that any reader of it could see, in order?

True for plain mail: ASCII, proper lines, whole header fields, no encoded words, one text/plain part that no transfer
encoding or charset changes. Such a message need not be taken apart where nothing is found in its raw octets, since every
text the long way would give is a run of them. Any doubt answers False; that costs time, never a hit.
"""

from __future__ import annotations

import re

from filterd.mail.limits import ReadLimits

# ESC and NUL stand for charsets of their own; the others are no text.
_CONTROLS = bytes(octet for octet in (*range(32), 127) if octet not in b"\t\n\r")
# Each is linear by itself: no two neighbours can match the same octet. (Possessive quantifiers would say so, but those of
# groups are faulty before Python 3.11.5.)
_FIELDS = re.compile(rb"(?:[!-9;-~]+:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*\r\n)+")
_CONTENT_FIELD = re.compile(rb"(?:\A|\n)content-([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)")
_CHARSETS = rb"us-ascii|utf-8|iso-8859-1|iso-8859-15|windows-1252"
_PARAMETER = rb'(?:charset="?(?:' + _CHARSETS + rb')"?|format="?(?:flowed|fixed)"?|delsp="?(?:yes|no)"?)'
_HARMLESS = re.compile(
    rb"type:\s*text/plain(?:\s*;\s*" + _PARAMETER + rb")*\s*|transfer-encoding:\s*(?:7bit|8bit|binary)\s*"
)


def is_plain(content: bytes, limits: ReadLimits, received_fields: int) -> bool:
    """See above; also False for a message that stands out by the number of its (Received) fields."""
    blank = content.find(b"\r\n\r\n", 0, limits.header_octets)
    if blank <= 0 or not content.isascii() or b"\nbegin " in content:
        return False
    if len(content.translate(None, _CONTROLS)) != len(content):
        return False
    head = content[: blank + 2].lower()
    if b"=?" in head or head.count(b"\n") > limits.header_fields or not _FIELDS.fullmatch(head):
        return False
    return head.count(b"received:") <= received_fields and (b"content-" not in head or _is_harmless(head))


def _is_harmless(head: bytes) -> bool:
    """Does the description of the content change nothing, and is it given once?"""
    fields = _CONTENT_FIELD.findall(head)
    names = {field.partition(b":")[0] for field in fields}
    return len(names) == len(fields) and all(_HARMLESS.fullmatch(field) for field in fields)
