"""The text of header sections that people read: subject, addresses, other fields, file names.

Fields that only machines read (trace, signatures, identifiers) are left out: nobody sees a word there, and base64 in
them "contains" short words by chance. One with an encoded word is read all the same: machines write none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from filterd.mail import charset, encoded_words
from filterd.mail.fields import Field
from filterd.mail.slices import AMBIGUOUS, SURE, Slice, Stitched
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
    "cfbl-feedback-id", "content-md5",
})  # fmt: skip
_MACHINE_PREFIXES = (
    "arc-", "x-ms-", "x-microsoft-", "x-google-", "x-gm-", "x-forefront-", "x-spam-", "x-mimecast-", "x-proofpoint-",
    "x-sg-", "x-ses-", "x-barracuda-", "x-ironport-", "x-sonic-", "x-ymail-", "x-yahoo-", "x-eopattributed", "list-",
    "x-authentication", "x-dkim", "x-virus-", "x-amavis-", "x-antiabuse", "x-originating", "x-sender-",
)  # fmt: skip
_STRUCTURAL = frozenset({"content-type", "content-disposition", "content-transfer-encoding"})  # their names are files'
_DESCRIPTIONS = frozenset({"content-description", "subject", "comments", "keywords"})  # what of a mere part is read
_CODE = re.compile(r"[A-Za-z0-9+/=_-]{40,}")  # in other fields: an identifier or key, no word
_APART = "\n\0\n"  # no phrase goes across it
_FOLD = re.compile(r"([\r\n]+)(?=[ \t])")
_ODDLY_QUOTED = (
    re.compile(rb"\\[A-Za-z]"),
    re.compile(rb'"(?<=[A-Za-z]")[A-Za-z]'),
    re.compile(rb"\((?<=[A-Za-z]\()[^()\r\n]{0,80}\)[A-Za-z]"),
)
# In addresses also between words: clients show `"Top" Secret <a@b>` and `Top (x) Secret <a@b>` as one name.
_WORD = rb'["=A-Za-z0-9\x80-\xff]'
_PARTLY_QUOTED = (re.compile(rb'[")][ \t\r\n]{1,8}(?=' + _WORD + rb")"), re.compile(_WORD + rb'[ \t\r\n]{1,8}"'))
_QUOTING = re.compile(rb'\\(.)|"|\([^()\r\n]{0,80}\)')
_CHARSET = re.compile(rb"""charset\*?\s*=\s*["']?([\w.:+-]{1,40})""", re.IGNORECASE)
_Pieces = list[tuple[str, int, int]]


def header_slices(header: Header) -> Iterator[Slice]:
    """The texts of one header section, a slice for the fields of one name; of a mere part's only what describes it."""
    plain: dict[str, _Pieces] = {}
    odd: list[Field] = []
    for field in header.section.fields:
        area = area_of(field.name)
        if area and (header.is_message or field.name in _DESCRIPTIONS or b"=?" in field.value):
            value = field.value
            start = field.value_start
            if b"=?" not in value and value.isascii():
                text = value.decode("ascii")
                if area == HEADER and len(text) >= 40:
                    text = _without_code(text)
                pieces = plain.get(field.name)
                if pieces is None:
                    pieces = plain[field.name] = []
                if "\n" in text or "\r" in text:
                    pieces += _unfolded(text, start, start + len(value))
                else:
                    pieces.append((text, start, start + len(value)))
                pieces.append((_APART, start, start))
                if b"\\" in value or b'"' in value or b"(" in value or b"\x1b" in value:
                    odd.append(field)
                continue
            pieces = _placed(encoded_words.pieces(value), start, area)
            plain.setdefault(field.name, []).extend([*pieces, (_APART, start, start)])
            odd.append(field)
        elif b"=?" in field.value and field.name not in _STRUCTURAL:  # a machine's field, but words for people in it
            odd.append(field)
    for name, pieces in plain.items():
        yield _slice(header, name, (), pieces, SURE)
    for field in odd:
        yield from _other_slices(header, field)


def _slice(header: Header, name: str, chain: tuple[str, ...], pieces: _Pieces, reading: str) -> Slice:
    origin = Stitched(pieces, header.source)
    reading = reading if header.reading == SURE else header.reading
    area = area_of(name) or HEADER
    chain = (*header.source.chain, *chain)
    return Slice(header.part, area, chain, origin.text, True, origin, name, reading, header.alternative)


def _other_slices(header: Header, field: Field) -> Iterator[Slice]:
    """What else clients show of the field."""
    name, value, start = field.name, field.value, field.value_start
    if b"=?" in value:
        if not area_of(name):
            yield _slice(header, name, ("encoded-word",), _placed(encoded_words.pieces(value), start, HEADER), SURE)
            return
        for number, pieces in enumerate(encoded_words.other_renderings(value)):
            yield _slice(header, name, (f"rendering {number + 2}",), _placed(iter(pieces), start, area_of(name)), AMBIGUOUS)
    elif not value.isascii() or b"\x1b" in value:
        for codec in charset.choose(value, _declared(header)):
            text = charset.decode(value, codec)
            if text != encoded_words.literal(value):
                yield _slice(header, name, (codec,), [(text, start, start + len(value))], AMBIGUOUS)
    if is_oddly_quoted(value, area_of(name)):
        yield _slice(header, name, ("unquoted",), _unquoted(value, start), AMBIGUOUS)


def is_oddly_quoted(value: bytes, area: str) -> bool:
    """Do quotes, quoted pairs or comments stand inside words, or, in addresses, inside names?"""
    if b'"' not in value and b"(" not in value and b"\\" not in value:
        return False
    patterns = (*_ODDLY_QUOTED, *_PARTLY_QUOTED) if area == ADDRESS else _ODDLY_QUOTED
    return any(pattern.search(value) for pattern in patterns)


def _declared(header: Header) -> str:
    """The charset of the body, which old clients use for the header, too."""
    for value in header.section.values("content-type"):
        found = _CHARSET.search(value)
        if found:
            return charset.codec_of(found[1].decode("ascii"))
    return ""


def _unquoted(value: bytes, start: int) -> _Pieces:
    """Quotes, quoted pairs and comments undone (RFC 5322 §3.2)."""
    if b"=?" in value:
        pieces = [(text.replace('"', ""), start + first, start + last) for text, first, last in encoded_words.pieces(value)]
        return [piece for piece in pieces if piece[0]]
    return _unquoted_plain(value, start)


def _unquoted_plain(value: bytes, start: int) -> _Pieces:
    pieces: _Pieces = []
    at = 0
    for found in _QUOTING.finditer(value):
        pieces.append((encoded_words.literal(value[at : found.start()]), start + at, start + found.start()))
        if found[1]:
            pieces.append((encoded_words.literal(found[1]), start + found.start(), start + found.end()))
        at = found.end()
    pieces.append((encoded_words.literal(value[at:]), start + at, start + len(value)))
    return [piece for piece in pieces if piece[0]]


@lru_cache(maxsize=1024)
def area_of(name: str) -> str:
    """The area of a field's text (by its name in lower case); nothing for those that only machines read."""
    if name in _MACHINE or name.startswith(_MACHINE_PREFIXES):
        return ""
    return _AREAS.get(name, HEADER)


def _placed(pieces: Iterator[tuple[str, int, int]], offset: int, area: str) -> _Pieces:
    return [
        piece
        for text, start, end in pieces
        for piece in _unfolded(_without_code(text) if area == HEADER else text, offset + start, offset + end)
    ]


def _unfolded(text: str, start: int, end: int) -> _Pieces:
    """Without its line ends, in pieces (RFC 5322 §2.2.3): a fold made at a blank must not widen it. What was encoded stays."""
    if "\n" not in text and "\r" not in text:
        return [(text, start, end)]
    octets = text.encode("utf-8", "replace")
    is_literal, is_wide = len(octets) == end - start, len(text) == end - start
    if not (is_literal or is_wide):
        return [(text, start, end)]
    pieces, at = [], start
    for number, piece in enumerate(_FOLD.split(text)):
        size = len(piece) if is_wide else len(piece.encode("utf-8", "replace"))
        if number % 2 == 0 and piece:
            pieces.append((piece, at, at + size))
        at += size
    return pieces


def _without_code(text: str) -> str:
    return _CODE.sub(lambda found: "\0" * len(found.group()), text) if len(text) >= 40 else text


def filename_slices(leaf: Leaf) -> Iterator[Slice]:
    """The names a part gives its content."""
    for name in leaf.entity.filenames:
        origin = Stitched([(name.text, name.start, name.end)], leaf.source)
        yield Slice(leaf.part, FILENAME, (), name.text, True, origin, name.field, leaf.reading, leaf.alternative)
