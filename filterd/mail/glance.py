"""A first look at a message: are its raw octets all the text that any reader of it could see, in order?

So it is with plain mail: ASCII, proper lines, whole header fields, one text/plain part that no transfer encoding or
charset changes, and nothing in it that looks encoded, like HTML, or like parts. Such a message need not be taken apart
where nothing is found in its raw octets, since every text the long way would give is a run of them, but for what
`encoded_texts` decodes. Any doubt is a no; that costs time, never a hit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from filterd.mail import encoded_words
from filterd.mail.charset_guess import guess_escapes
from filterd.mail.decode import QUOTED_PRINTABLE, decode_quoted_printable, views
from filterd.mail.doubts import continues_header, has_parts
from filterd.mail.fields import hides_fields
from filterd.mail.floor import LETTERS, base64_regions, quoted_regions
from filterd.mail.headers import ADDRESS, area_of, is_oddly_quoted
from filterd.mail.joins import further_texts, is_read_as_written
from filterd.mail.limits import ReadLimits
from filterd.mail.readings import SAMPLE, is_base64_text, looks_html
from filterd.mail.uuencode import may_hold_blocks

# ESC and NUL stand for charsets of their own; the others are no text.
_CONTROLS = bytes(octet for octet in (*range(32), 127) if octet not in b"\t\n\r")
# Each is linear by itself: no two neighbours can match the same octet. (Possessive quantifiers would say so, but those of
# groups are faulty before Python 3.11.5.) A CR alone is looked for apart: `.` is much faster than a class.
_FIELDS = re.compile(rb"(?:(?:[!-9;-~]+:|[ \t]).*\r\n)+")
_CONTENT_FIELD = re.compile(rb"\ncontent-([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)")
_FIELD_END = re.compile(rb"\r\n(?![ \t])")
_CHARSETS = rb"us-ascii|utf-8|iso-8859-1|iso-8859-15|windows-1252"
_PARAMETER = rb'(?:charset="?(?:' + _CHARSETS + rb')"?|format="?(?:flowed|fixed)"?|delsp="?no"?)'
_HARMLESS = re.compile(
    rb"type:\s*text/plain(?:\s*;\s*" + _PARAMETER + rb")*\s*|transfer-encoding:\s*(?:7bit|8bit|binary)\s*"
    rb"|disposition:\s*inline\s*|(?:description|language|length|md5):[^;=]*"
)


def plain_head(content: bytes, limits: ReadLimits, received_fields: int) -> bytes:
    """The header section of such a message, else nothing; nothing also where (Received) fields are many."""
    blank = content.find(b"\r\n\r\n", 0, limits.header_octets)
    if blank <= 0 or not content.isascii():
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
    if hides_fields(head) or (is_oddly_quoted(head, ADDRESS) and any(is_oddly_quoted(*field) for field in _read_fields(head))):
        return b""
    return head if _is_body_plain(content, blank + 4, b"\ncontent-type:" in lower) else b""


def _is_body_plain(content: bytes, start: int, is_type_given: bool) -> bool:
    """Is the body read in one way only?"""
    body = content[start:]
    if may_hold_blocks(body) or guess_escapes(body) or (len(body) >= LETTERS and is_base64_text(body[:SAMPLE])):
        return False
    if continues_header(body[:1024]) or has_parts(body, 0, len(body)) or (not is_type_given and looks_html(body)):
        return False
    return not any(base64_regions(body, 0, len(body))) and (b"=" not in body or _are_escapes_plain(body))


def _are_escapes_plain(body: bytes) -> bool:
    """Is what looks like quoted-printable (`?id=42`) ASCII text that hides nothing in its turn?"""
    for start, end in quoted_regions(body, 0, len(body)):
        octets = body[start:end]
        decoded = decode_quoted_printable(octets)
        if not decoded.isascii() or len(decoded.translate(None, _CONTROLS)) != len(decoded) or views(octets, QUOTED_PRINTABLE):
            return False
        if may_hold_blocks(decoded) or guess_escapes(decoded) or looks_html(decoded):
            return False
        if any(quoted_regions(decoded, 0, len(decoded))) or any(base64_regions(decoded, 0, len(decoded))):
            return False
    return True


def seen_text(content: bytes, head: bytes) -> str:
    """The fields that people read, unfolded, and the body; for a head that `plain_head` gave."""
    return (b"\n\n".join(_read_values(head)) + b"\n\n" + content[len(head) :]).decode("ascii")


def _read_values(head: bytes) -> list[bytes]:
    """The values of the fields that people read."""
    return [value for value, _ in _read_fields(head)]


def _read_fields(head: bytes) -> list[tuple[bytes, str]]:
    """The values of the fields that people read, unfolded, and their areas."""
    fields = (field.partition(b":") for field in _FIELD_END.split(head))
    return [(value.replace(b"\r\n", b""), area) for name, _, value in fields if (area := area_of(name.decode("ascii").lower()))]


def encoded_texts(head: bytes, content: bytes) -> Iterator[str]:
    """What is not read as it stands, as it is read: fields with encoded words (RFC 2047), lines with something like `=41` in
    them, words and phrases that go on in the next line, addresses.

    For a head that `plain_head` gave, and the content it is of.
    """
    if b"=?" in head:
        for line in _FIELD_END.split(head):
            if b"=?" in line:
                for pieces in encoded_words.renderings(line.partition(b":")[2]):
                    yield "".join([text for text, _, _ in pieces])
    if b"=" in content:
        for start, end in quoted_regions(content, len(head) + 2, len(content)):
            decoded = decode_quoted_printable(content[start:end]).decode("latin-1")
            yield decoded
            yield from further_texts(decoded)
    if not is_read_as_written(content, len(head) + 2):
        yield from further_texts(content[len(head) + 2 :].decode("ascii"))


def _is_harmless(head: bytes) -> bool:
    """Does the description of the content change nothing, and is it given once?"""
    fields = _CONTENT_FIELD.findall(b"\n" + head)
    names = {field.partition(b":")[0] for field in fields}
    return len(names) == len(fields) and all(_HARMLESS.fullmatch(field) for field in fields)
