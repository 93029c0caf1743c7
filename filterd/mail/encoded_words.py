"""Header text with its encoded words decoded (RFC 2047), as clients show it.

Adjacent words of one charset are joined before decoding where a character is cut in two. Broken words are read as far as they
go. Where clients differ there are several renderings: words that never end, one charset for the whole field (Outlook), another
charset than the label says, and the words as they are written.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from filterd.mail import charset
from filterd.mail.decode import decode_base64, decode_quoted_printable

# RFC 2231 §5 adds "*language". "?" inside a Q word is forbidden, but shown; the start of another word ends the search.
_START = rb"=\?[ \t]?([^?*\s]{1,64})[ \t]?(?:\*[^?\s]{0,64})?\?"
_WORD = re.compile(_START + rb"(?:[bB]\?([^?]*)|[qQ]\?((?:[^?=]|=(?!\?[^=])|\?(?!=))*))\?=")
_LOOSE = re.compile(
    _START + rb"(?:[bB]\?([A-Za-z0-9+/=_\-\r\n]*(?:[ \t][A-Za-z0-9+/=]{4,})*)|[qQ]\?((?:[^?=\s]|=(?!\?)|\?(?!=))*))(?:\?=|\??)"
)
_FOLD = re.compile(rb"[\r\n]+[ \t]?")
_BASE64_WORD = re.compile(rb"(=\?[^?\s]{1,130}\?[bB]\?)([^?]*)")

Piece = tuple[str, int, int]


class _Token(NamedTuple):
    """An encoded word (`codec` and `octets` decoded from it), or text between words (`codec` is None)."""

    codec: str | None
    octets: bytes
    start: int
    end: int


def pieces(value: bytes) -> Iterator[Piece]:
    """The text in pieces, each with the span of `value` it was made of."""
    if b"=?" not in value:
        yield literal(value), 0, len(value)
        return
    yield from _render(_tokens(value, _WORD))


def text(value: bytes) -> str:
    """The whole text."""
    return "".join(piece for piece, _, _ in pieces(value))


def other_renderings(value: bytes) -> list[list[Piece]]:
    """What other clients show of a value with encoded words, where it differs from `pieces`."""
    return renderings(value)[1:]


def renderings(value: bytes) -> list[list[Piece]]:
    """`pieces` of a value with encoded words, and what other clients show of it where that differs."""
    tokens = list(_tokens(value, _WORD))
    usual = list(_render(iter(tokens)))
    return [usual, *_others(value, tokens, usual)]


def _others(value: bytes, tokens: list[_Token], usual: list[Piece]) -> list[list[Piece]]:
    words = [token for token in tokens if token.codec is not None]
    others: list[Iterator[Piece]] = []
    if value.count(b"=?") > len(words):
        others.append(_render(_tokens(value, _LOOSE)))
    labels = list(dict.fromkeys(token.codec for token in words))
    if len(labels) > 1:
        others += [_render(iter([_with_codec(token, codec) for token in tokens])) for codec in (labels[0], words[-1].codec)]
    if any(not token.octets.isascii() and len(charset.choose(token.octets, token.codec or "")) > 1 for token in words):
        others.append(_render(iter(tokens), choice=1))
    if "" in labels:
        others.append(iter([(literal(_BASE64_WORD.sub(_blanked, value)), 0, len(value))]))
    if not others:
        return []
    seen = {_joined(iter(usual))}
    different = []
    for other in map(list, others):
        shown = _joined(iter(other))
        if shown not in seen:
            seen.add(shown)
            different.append(other)
    return different


def _joined(rendering: Iterator[Piece]) -> str:
    return "".join(piece for piece, _, _ in rendering)


def _with_codec(token: _Token, codec: str | None) -> _Token:
    return token._replace(codec=codec) if token.codec is not None else token


def _blanked(found: re.Match[bytes]) -> bytes:
    """Base64 as it is written is no text."""
    return found[1] + b" " * len(found[2])


def literal(octets: bytes, codec: str = "") -> str:
    """Header octets outside encoded words: ASCII, UTF-8 (RFC 6532), or 8-bit octets of old clients (in the body's charset)."""
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return charset.decode(octets, codec or "cp1252")


def _tokens(value: bytes, pattern: re.Pattern[bytes]) -> Iterator[_Token]:
    at = 0
    for found in pattern.finditer(value):
        if found.start() > at:
            yield _Token(None, value[at : found.start()], at, found.start())
        yield _Token(charset.codec_of(found[1].decode("latin-1")), _octets(found), *found.span())
        at = found.end()
    if at < len(value):
        yield _Token(None, value[at:], at, len(value))


def _octets(found: re.Match[bytes]) -> bytes:
    if found[2] is not None:
        return decode_base64(found[2])
    return decode_quoted_printable(_FOLD.sub(b"", found[3]).replace(b"_", b" "))


def _render(tokens: Iterator[_Token], choice: int = 0) -> Iterator[Piece]:
    """Text; blanks between two encoded words are not shown (RFC 2047 §6.2)."""
    run: list[_Token] = []
    between: _Token | None = None
    for token in tokens:
        if token.codec is not None:
            if between and run and between.octets.strip():
                yield from _decoded(run, choice)
                run = []
                yield literal(between.octets), between.start, between.end
            elif between and not run:
                yield literal(between.octets), between.start, between.end
            between = None
            run.append(token)
        else:
            between = token
    yield from _decoded(run, choice)
    if between:
        yield literal(between.octets), between.start, between.end


def _decoded(run: list[_Token], choice: int) -> Iterator[Piece]:
    index = 0
    while index < len(run):
        codec, octets, start, end = run[index]
        index += 1
        if not _is_whole(octets, codec or ""):
            joined = [octets]
            while index < len(run) and run[index].codec == codec:
                joined.append(run[index].octets)
                end = run[index].end
                index += 1
                if _is_whole(joined[-1], codec or ""):
                    break
            octets = b"".join(joined)
        chosen = charset.choose(octets, codec or "")
        yield charset.decode(octets, chosen[min(choice, len(chosen) - 1)]), start, end


def _is_whole(octets: bytes, codec: str) -> bool:
    """Does the word stand alone? Then its span need not be shared with its neighbours."""
    if charset.is_ascii_text(octets, codec):
        return True
    if codec == "iso-2022-cn":
        return True
    try:
        codecs.decode(octets, codec or "utf-8", "strict")
    except UnicodeError:
        return False
    return True
