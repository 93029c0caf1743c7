"""What the header section of one entity says about its body: type, boundaries, transfer encodings, charsets, file names.

Fields may be doubled and contradict each other; all readings are kept (RFC 2045 forbids it, clients differ, attackers know).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from filterd.mail import encoded_words, parameters
from filterd.mail.charset import codec_of, is_ascii_label
from filterd.mail.decode import IDENTITY
from filterd.mail.encodings import encodings_of
from filterd.mail.fields import Field, Section
from filterd.mail.limits import ReadLimits
from filterd.mail.parameters import Parameters

_HTML_NAME = re.compile(r"\.(?:x?html?|svg|xht)\s*$", re.IGNORECASE)
_MESSAGE_NAME = re.compile(r"\.(?:eml|mht|mhtml)\s*$", re.IGNORECASE)
_CARD_NAME = re.compile(r"\.(?:ics|ical|ifb|vcs|vcf|vcard)\s*$", re.IGNORECASE)
_CARD_TYPES = frozenset({
    "text/calendar", "application/ics", "text/x-vcalendar", "text/vcard", "text/x-vcard", "text/directory", "application/vcard",
})  # fmt: skip
_SIGNED_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
# (Gmail shows x-amp-html instead of HTML, Apple Mail watch-html on a watch.)
_HTML_TYPES = frozenset({
    "text/html", "application/xhtml+xml", "image/svg+xml", "text/x-amp-html", "text/watch-html",
})  # fmt: skip
_LIKE_HTML = frozenset({"text/enriched", "text/richtext"})  # tags that nobody knows vanish, too (RFC 1896, RFC 1341 §7.1.3)
_XML_TYPES = frozenset({"text/xml", "application/xml"})
_NAMES = {"name", "filename"}
_MESSAGES = frozenset({"message/rfc822", "message/global", "message/news"})
_REPORTS = frozenset({
    "text/rfc822-headers", "message/rfc822-headers", "message/global-headers", "message/delivery-status",
    "message/global-delivery-status", "message/disposition-notification", "message/feedback-report",
})  # fmt: skip
_VAGUE = frozenset({"application/octet-stream", "application/x-octet-stream", "unknown/unknown", ""})
_ODD_STRUCTURE = frozenset({
    "boundary-conflict", "boundary-comment", "encoded-word-in-structure", "comment-in-structure", "nul",
})  # fmt: skip
_COMMENT = re.compile(rb"\([^()]*\)")
_DELIMITER_ENDS = re.compile(rb"[\0;,\s\"'(]")
_SHORT = 300  # octets of all values
BOUNDARIES = 12  # readings of them


@dataclass(frozen=True, slots=True)
class FileName:
    """A name that a part gives its content, and the span of the field value it stands in."""

    text: str
    start: int
    end: int
    field: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """One body's description. `encodings` has every plausible one; UNKNOWN ones are guessed from the body.

    The `is_…_sure` tell whether every parser reads the header so. `is_type_given` is false without any Content-Type.
    """

    types: tuple[str, ...] = ("text/plain",)
    boundaries: tuple[bytes, ...] = ()
    encodings: tuple[str, ...] = (IDENTITY,)
    is_encoding_unknown: bool = False
    codecs: tuple[str, ...] = ()
    filenames: tuple[FileName, ...] = ()
    is_attachment: bool = False
    conditions: tuple[str, ...] = ()
    is_encoding_sure: bool = True
    is_type_sure: bool = True
    is_encoding_given: bool = False
    is_type_given: bool = False
    deletes_spaces: bool = False  # format=flowed with delsp=yes (RFC 3676 §4)

    @property
    def codec(self) -> str:
        """The charset's codec, "" if none is known."""
        return self.codecs[0] if self.codecs else ""

    @property
    def is_multipart(self) -> bool:
        """Has it parts?"""
        return any(media.startswith("multipart/") for media in self.types)

    @property
    def is_boundary_sure(self) -> bool:
        """Does every parser read the same boundary here? (Blanks and the like in a quoted one are allowed.)"""
        return bool(self.boundaries) and self.is_type_sure and _ODD_STRUCTURE.isdisjoint(self.conditions)

    @property
    def is_alternative(self) -> bool:
        """Do its parts say the same?"""
        return self.types == ("multipart/alternative",)

    @property
    def is_message(self) -> bool:
        """Is it a message?"""
        return any(media in _MESSAGES for media in self.types)

    @property
    def is_perhaps_message(self) -> bool:
        """Do some clients open it as a message?"""
        return any(media.startswith("message/") and media not in _REPORTS for media in self.types) or any(
            _MESSAGE_NAME.search(name.text) for name in self.filenames
        )

    @property
    def is_report(self) -> bool:
        """Does it consist of header fields (RFC 3464, RFC 6522)?"""
        return any(media in _REPORTS for media in self.types)

    @property
    def is_html(self) -> bool:
        """Could a client show it as HTML?"""
        return any(media in _HTML_TYPES or media in _LIKE_HTML for media in self.types) or any(
            _HTML_NAME.search(name.text) for name in self.filenames
        )

    @property
    def is_card(self) -> bool:
        """Could a client show it as a calendar, an invitation or a card (RFC 5545, RFC 6350)?"""
        return any(media in _CARD_TYPES for media in self.types) or any(
            _CARD_NAME.search(name.text) for name in self.filenames
        )

    @property
    def is_signed(self) -> bool:
        """Could it be a signed message with its text inside (RFC 8551 §3.5.2)?"""
        return any(media in _SIGNED_TYPES for media in self.types) or any(
            name.text.lower().rstrip().endswith((".p7m", ".p7z")) for name in self.filenames
        )

    @property
    def is_xml(self) -> bool:
        """Is it XML, which may be XHTML (RFC 7303)?"""
        return any(media in _XML_TYPES for media in self.types)

    @property
    def is_only_signed(self) -> bool:
        """Will every client take it for that?"""
        return self.types[0] in _SIGNED_TYPES and len(self.types) == len(self.encodings) == 1 and self.is_encoding_sure

    @property
    def is_only_html(self) -> bool:
        """Will every client?"""
        return all(media in _HTML_TYPES for media in self.types)

    @property
    def is_vague(self) -> bool:
        """Will clients look at the content to know what it is?"""
        return not self.is_type_given or not self.is_type_sure or any(
            media in _VAGUE or "/" not in media for media in self.types
        )

    @property
    def is_shown(self) -> bool:
        """Is it text that clients show with the message?"""
        return not self.is_attachment and self.types[0].startswith("text/")

    @property
    def is_text(self) -> bool:
        """Is it text for people, shown or attached?"""
        return self.types[0].startswith("text/")


_NONE = Entity()


def read_entity(section: Section, limits: ReadLimits) -> Entity:
    """The description in this section."""
    own = [field for field in section.fields if field.name.startswith("content-")]
    if not section.others and not section.conditions:
        if not own:
            return _NONE
        if sum([len(field.value) for field in own]) < _SHORT and not any(b"name" in field.value.lower() for field in own):
            return _plain_entity(tuple([(field.name, field.value) for field in own]), limits)
    return _read(section, own, limits)


@lru_cache(maxsize=512)
def _plain_entity(fields: tuple[tuple[str, bytes], ...], limits: ReadLimits) -> Entity:
    """What most parts of most mail say; there are not many different ones."""
    own = [Field(name, value, 0, 0, 0) for name, value in fields]
    return _read(Section(own, 0, []), own, limits)


def _read(section: Section, own: list[Field], limits: ReadLimits) -> Entity:
    conditions: dict[str, None] = {}
    all_fields = own + section.others
    types = _parsed(all_fields, "content-type", limits)
    dispositions = _parsed(all_fields, "content-disposition", limits)
    for given in (*types, *dispositions):
        conditions.update(dict.fromkeys(given.oddities))
        if given.too_many:
            conditions["too-many-parameters"] = None
    media = _types(types, conditions)
    encodings, is_unknown, is_sure = encodings_of(section, conditions)
    is_clean = not section.conditions and not section.others
    return Entity(
        media,
        _boundaries(types, conditions),
        encodings,
        is_unknown,
        _codecs(types, conditions),
        _filenames(all_fields, limits) if any(_NAMES & given.values.keys() for given in (*types, *dispositions)) else (),
        any(given.media == "attachment" or "filename" in given.values for given in dispositions),
        tuple(conditions),
        is_sure and (is_clean or encodings == (IDENTITY,)),
        is_clean and len(media) == 1,
        any(field.name == "content-transfer-encoding" for field in all_fields),
        bool(types),
        any(value.strip().lower() == b"yes" for given in types for value in given.values.get("delsp", ())),
    )


def _parsed(fields: list[Field], name: str, limits: ReadLimits) -> list[Parameters]:
    return [parameters.parse(field.value, limits.parameters) for field in fields if field.name == name]


def _types(given: list[Parameters], conditions: dict[str, None]) -> tuple[str, ...]:
    if len(given) > 1:
        conditions["duplicate-content-type"] = None
    types = tuple(dict.fromkeys(media or "text/plain" for one in given for media in one.media_types))
    for media in types:
        if media in ("message/partial", "message/external-body"):
            conditions[media.replace("/", "-")] = None  # its text is not here to be read
    return types or ("text/plain",)


def _boundaries(given: list[Parameters], conditions: dict[str, None]) -> tuple[bytes, ...]:
    values = [value for one in given for value in one.values.get("boundary", ())]
    if not values:
        return ()
    readings = dict.fromkeys(reading for value in values for reading in _boundary(value))
    boundaries = tuple(reading for reading in readings if reading)
    if len(dict.fromkeys(value.rstrip(b" \t") for value in values)) > 1:
        conditions["boundary-conflict"] = None
    if any(b"(" in value for value in values):
        conditions["boundary-comment"] = None
    return boundaries[:BOUNDARIES]


@lru_cache(maxsize=256)
def _boundary(value: bytes) -> tuple[bytes, ...]:
    """What clients make of one value, the plainest first."""
    plain = value.rstrip(b" \t")
    if plain and not _DELIMITER_ENDS.search(plain) and b"%" not in plain and b"=?" not in plain and b"\\" not in plain:
        return (plain,)
    readings = [plain, plain.strip(b" \t\0\"'"), _DELIMITER_ENDS.split(plain.lstrip(b" \t\0\"'"), maxsplit=1)[0]]
    readings += [plain.replace(b"\0", b""), plain.replace(b'"', b""), _COMMENT.sub(b"", plain).strip(b" \t")]
    if b"%" in plain:
        readings.append(unquote_to_bytes(plain))
    if b"=?" in plain:
        readings.append(encoded_words.text(plain).encode("utf-8", "replace"))
    return tuple(dict.fromkeys(readings))


def _codecs(given: list[Parameters], conditions: dict[str, None]) -> tuple[str, ...]:
    labels = list(dict.fromkeys(value.decode("latin-1") for one in given for value in one.values.get("charset", ())))
    if not labels:
        return ()
    codecs = [codec_of(label) for label in labels]
    if len(labels) == 1 and is_ascii_label(labels[0]):
        return ()  # what is not ASCII all the same has no label
    known = tuple(dict.fromkeys(codec for codec in codecs if codec))
    if not known or (len(labels) == 1 and not all(codecs)):
        conditions["unknown-charset"] = None
    if len(known) > 1:
        conditions["charset-conflict"] = None
    return known[:4]


def _filenames(fields: list[Field], limits: ReadLimits) -> tuple[FileName, ...]:
    names: dict[str, FileName] = {}
    for field in fields:
        if field.name in ("content-type", "content-disposition"):
            given = parameters.parse(field.value, limits.parameters)
            span = field.value_start, field.value_start + len(field.value)
            for key in ("filename", "name"):
                for text in given.texts(key):
                    names.setdefault(text, FileName(text, *span, field.name))
    return tuple(names.values())
