"""What the header section of one entity says about its body: type, boundaries, transfer encodings, charset, file names.

Fields may be doubled and contradict each other; all readings are kept (RFC 2045 forbids it, clients differ, attackers know).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from filterd.mail import parameters
from filterd.mail.charset import codec_of
from filterd.mail.decode import BASE64, IDENTITY, QUOTED_PRINTABLE, UUENCODE
from filterd.mail.fields import Section
from filterd.mail.limits import ReadLimits
from filterd.mail.parameters import Parameters

_ENCODINGS = re.compile(r"(base64)|(quoted-?printable)|(x-uuencode|uuencode|x-uue)|([78]bit|binary)", re.IGNORECASE)
_ENCODING_NAMES = ("", BASE64, QUOTED_PRINTABLE, UUENCODE, IDENTITY)
_HTML_NAME = re.compile(r"\.(?:x?html?|svg|xht)\s*$", re.IGNORECASE)
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "image/svg+xml"})
_NAMES = {"name", "filename"}
_MESSAGES = frozenset({"message/rfc822", "message/global", "message/news"})


@dataclass(frozen=True, slots=True)
class FileName:
    """A name that a part gives its content, and the span of the field value it stands in."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entity:
    """One body's description. `encodings` has every plausible one; UNKNOWN ones are guessed from the body."""

    types: tuple[str, ...] = ("text/plain",)
    boundaries: tuple[bytes, ...] = ()
    encodings: tuple[str, ...] = (IDENTITY,)
    is_encoding_unknown: bool = False
    codec: str = ""
    filenames: tuple[FileName, ...] = ()
    is_attachment: bool = False
    conditions: tuple[str, ...] = ()

    @property
    def is_multipart(self) -> bool:
        """Has it parts?"""
        return any(media.startswith("multipart/") for media in self.types)

    @property
    def is_message(self) -> bool:
        """Is it a message?"""
        return any(media in _MESSAGES for media in self.types)

    @property
    def is_html(self) -> bool:
        """Could a client show it as HTML?"""
        return any(media in _HTML_TYPES for media in self.types) or any(
            _HTML_NAME.search(name.text) for name in self.filenames
        )

    @property
    def is_only_html(self) -> bool:
        """Will every client?"""
        return all(media in _HTML_TYPES for media in self.types)

    @property
    def is_shown(self) -> bool:
        """Is it text that clients show with the message?"""
        return not self.is_attachment and self.types[0].startswith("text/")


_NONE = Entity()


def read_entity(section: Section, limits: ReadLimits) -> Entity:
    """The description in this section."""
    own = [field for field in section.fields if field.name.startswith("content-")]
    if not own:
        return _NONE
    conditions: dict[str, None] = {}
    types = [parameters.parse(field.value, limits.parameters) for field in own if field.name == "content-type"]
    dispositions = [
        parameters.parse(field.value, limits.parameters) for field in own if field.name == "content-disposition"
    ]
    if any(given.too_many for given in (*types, *dispositions)):
        conditions["too-many-parameters"] = None
    media = _types(types, conditions)
    encodings, is_unknown = _encodings(section, conditions)
    return Entity(
        media,
        _boundaries(types, conditions) if any(name.startswith("multipart/") for name in media) else (),
        encodings,
        is_unknown,
        _codec(types, conditions),
        _filenames(section, limits) if any(_NAMES & given.values.keys() for given in (*types, *dispositions)) else (),
        any(given.media == "attachment" or "filename" in given.values for given in dispositions),
        tuple(conditions),
    )


def _types(given: list[Parameters], conditions: dict[str, None]) -> tuple[str, ...]:
    types = tuple(dict.fromkeys(one.media or "text/plain" for one in given))
    if len(types) > 1:
        conditions["content-type-conflict"] = None
    for media in types:
        if media in ("message/partial", "message/external-body"):
            conditions[media.replace("/", "-")] = None  # its text is not here to be read
    return types or ("text/plain",)


def _boundaries(given: list[Parameters], conditions: dict[str, None]) -> tuple[bytes, ...]:
    values = [value.rstrip(b" \t") for one in given for value in one.values.get("boundary", ())]
    boundaries = tuple(dict.fromkeys(value for value in values if value))
    if len(boundaries) > 1:
        conditions["boundary-conflict"] = None
    return boundaries[:8]


def _encodings(section: Section, conditions: dict[str, None]) -> tuple[tuple[str, ...], bool]:
    values = section.values("content-transfer-encoding")
    found: dict[str, None] = {}
    is_unknown = False
    for value in values:
        names = [_ENCODING_NAMES[match.lastindex or 0] for match in _ENCODINGS.finditer(value.decode("latin-1"))]
        found.update(dict.fromkeys(names))
        is_unknown = is_unknown or not names
    if len(found) > 1 or (found and is_unknown):
        conditions["transfer-encoding-conflict"] = None
    elif is_unknown:
        conditions["unknown-transfer-encoding"] = None
    return tuple(found) or (IDENTITY,), is_unknown


def _codec(given: list[Parameters], conditions: dict[str, None]) -> str:
    labels = [value.decode("latin-1") for one in given for value in one.values.get("charset", ())]
    codecs = [codec_of(label) for label in labels]
    if labels and not all(codecs):
        conditions["unknown-charset"] = None
    return next((codec for codec in codecs if codec), "")


def _filenames(section: Section, limits: ReadLimits) -> tuple[FileName, ...]:
    names: dict[FileName, None] = {}
    for field in section.fields:
        if field.name in ("content-type", "content-disposition"):
            given = parameters.parse(field.value, limits.parameters)
            span = field.value_start, field.value_start + len(field.value)
            for key in ("filename", "name"):
                names.update(dict.fromkeys(FileName(text, *span) for text in given.texts(key)))
    return tuple(names)
