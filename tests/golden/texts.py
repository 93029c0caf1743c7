"""What filterd reads out of a message, as whole texts, and how texts are compared with what another parser found."""

from __future__ import annotations

from collections import defaultdict
from html.parser import HTMLParser

from filterd.mail.limits import ReadLimits
from filterd.mail.message import Message

Key = tuple[str, str, str, tuple[str, ...]]  # part, area, field, chain


def texts(content: bytes, limits: ReadLimits | None = None) -> dict[Key, str]:
    """Every text of the message, its slices put together."""
    streams: defaultdict[Key, list[str]] = defaultdict(list)
    for piece in Message(content, limits or ReadLimits()).slices():
        streams[piece.part, piece.area, piece.field, piece.chain].append(piece.text)
    return {key: "".join(pieces) for key, pieces in streams.items()}


def normal(text: str) -> str:
    """Blanks of any kind and number are one blank."""
    return " ".join(text.replace("\0", " ").split())


class Haystack:
    """All texts of a message; `lacks` says what of another text is in none of them."""

    def __init__(self, content: bytes) -> None:
        whole = "\n\n".join(texts(content).values())
        self._normal = normal(whole)
        self._squeezed = "".join(self._normal.split())

    def lacks(self, text: str) -> list[str]:
        """The lines that are missing. What the other parser could not decode (U+FFFD) is not compared."""
        return [piece for line in text.splitlines() for piece in line.split("\ufffd") if not self._has(normal(piece))]

    def _has(self, piece: str) -> bool:
        return piece in self._normal or "".join(piece.split()) in self._squeezed


class _Chunks(HTMLParser):
    """Every run of text between tags, and the values that people see or follow."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if value and name in ("alt", "title", "href", "src")]


def html_chunks(page: str) -> str:
    """The texts of a page by Python's own parser, a line each."""
    parser = _Chunks()
    parser.feed(page)
    parser.close()
    return "\n".join(parser.found)
