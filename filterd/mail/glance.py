"""A first look at a message: are its raw octets all the text that any reader of it could see, in order?

So it is with plain mail: ASCII, proper lines, whole header fields, one text/plain part that no transfer encoding or
charset changes. Such a message need not be taken apart where nothing is found in its raw octets, since every text the
long way would give is a run of them, but for header fields with encoded words (`encoded_texts`). Any doubt is a no; that
costs time, never a hit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from filterd.mail import encoded_words
from filterd.mail.limits import ReadLimits

# ESC and NUL stand for charsets of their own; the others are no text.
_CONTROLS = bytes(octet for octet in (*range(32), 127) if octet not in b"\t\n\r")
# Each is linear by itself: no two neighbours can match the same octet. (Possessive quantifiers would say so, but those of
# groups are faulty before Python 3.11.5.) A CR alone is looked for apart: `.` is much faster than a class.
_FIELDS = re.compile(rb"(?:(?:[!-9;-~]+:|[ \t]).*\r\n)+")
_CONTENT_FIELD = re.compile(rb"\ncontent-([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)")
_FIELD_END = re.compile(rb"\r\n(?![ \t])")
_CHARSETS = rb"us-ascii|utf-8|iso-8859-1|iso-8859-15|windows-1252"
_PARAMETER = rb'(?:charset="?(?:' + _CHARSETS + rb')"?|format="?(?:flowed|fixed)"?|delsp="?(?:yes|no)"?)'
_HARMLESS = re.compile(
    rb"type:\s*text/plain(?:\s*;\s*" + _PARAMETER + rb")*\s*|transfer-encoding:\s*(?:7bit|8bit|binary)\s*"
)


def plain_head(content: bytes, limits: ReadLimits, received_fields: int) -> bytes:
    """The header section of such a message, else nothing; nothing also where (Received) fields are many."""
    blank = content.find(b"\r\n\r\n", 0, limits.header_octets)
    if blank <= 0 or not content.isascii() or b"\nbegin " in content:
        return b""
    if len(content.translate(None, _CONTROLS)) != len(content):
        return b""
    head = content[: blank + 2]
    lower = head.lower()
    lines = head.count(b"\n")
    if lines > limits.header_fields or lines != head.count(b"\r") or head[0] in b" \t" or not _FIELDS.fullmatch(head):
        return b""
    if lower.count(b"received:") > received_fields or (b"content-" in lower and not _is_harmless(lower)):
        return b""
    return head


def encoded_texts(head: bytes) -> Iterator[str]:
    """The values of fields with encoded words (RFC 2047), decoded; for a head that `plain_head` gave."""
    if b"=?" in head:
        for line in _FIELD_END.split(head):
            if b"=?" in line:
                value = line.partition(b":")[2]
                yield "".join([text for text, _, _ in encoded_words.pieces(value)])


def _is_harmless(head: bytes) -> bool:
    """Does the description of the content change nothing, and is it given once?"""
    fields = _CONTENT_FIELD.findall(b"\n" + head)
    names = {field.partition(b":")[0] for field in fields}
    return len(names) == len(fields) and all(_HARMLESS.fullmatch(field) for field in fields)
