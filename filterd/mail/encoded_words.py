"""Header text with its encoded words decoded (RFC 2047), as clients show it.

Adjacent words of one charset are joined before decoding, since senders cut characters in two. Broken words are read as
far as they go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from filterd.mail import charset
from filterd.mail.decode import decode_base64, decode_quoted_printable

# RFC 2231 §5 adds "*language". "?" inside a Q word is forbidden, but shown; the start of another word ends the search.
_WORD = re.compile(
    rb"=\?([^?*\s]{1,64})(?:\*[^?\s]{0,64})?\?(?:[bB]\?([^?]*)|[qQ]\?((?:[^?=]|=(?!\?[^=])|\?(?!=))*))\?=",
)
_FOLD = re.compile(rb"[\r\n]+[ \t]?")

Piece = tuple[str, int, int]


def pieces(value: bytes) -> Iterator[Piece]:
    """The text in pieces, each with the span of `value` it was made of."""
    if b"=?" not in value:
        yield literal(value), 0, len(value)
        return
    run: list[tuple[str, bytes, int, int]] = []  # adjacent words: codec, octets, span
    at = 0
    for found in _WORD.finditer(value):
        between = value[at : found.start()]
        if run and between.strip() == b"":
            pass  # blanks between two encoded words are not shown (RFC 2047 §6.2)
        else:
            yield from _decoded(run)
            run = []
            if between:
                yield literal(between), at, found.start()
        run.append((charset.codec_of(found[1].decode("latin-1")), _octets(found), *found.span()))
        at = found.end()
    yield from _decoded(run)
    if at < len(value):
        yield literal(value[at:]), at, len(value)


def text(value: bytes) -> str:
    """The whole text."""
    return "".join(piece for piece, _, _ in pieces(value))


def literal(octets: bytes) -> str:
    """Header octets outside encoded words: ASCII, UTF-8 (RFC 6532), or 8-bit octets of old clients."""
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("cp1252", "replace")


def _octets(found: re.Match[bytes]) -> bytes:
    if found[2] is not None:
        return decode_base64(found[2])
    return decode_quoted_printable(_FOLD.sub(b"", found[3]).replace(b"_", b" "))


def _decoded(run: list[tuple[str, bytes, int, int]]) -> Iterator[Piece]:
    index = 0
    while index < len(run):
        codec, octets, start, end = run[index]
        index += 1
        if not _complete(octets, codec):
            joined = [octets]
            while index < len(run) and run[index][0] == codec:
                joined.append(run[index][1])
                end = run[index][3]
                index += 1
            octets = b"".join(joined)
        yield charset.decode(octets, charset.choose(octets, codec)[0]), start, end


def _complete(octets: bytes, codec: str) -> bool:
    """Does the word stand alone? Then its span need not be shared with its neighbours."""
    return charset.is_ascii_text(octets, codec)
