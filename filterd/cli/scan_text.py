"""`filterd scan --text`: every text that filterd sees in a message, part by part, area by area, in every reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from filterd.cli.harmless import harmless, one_line
from filterd.cli.scan_output import Output
from filterd.config import Config
from filterd.edge.context import APART
from filterd.edge.lists import read_limits
from filterd.mail.message import Message
from filterd.mail.slices import Slice
from filterd.store.content import TooLarge, read_content
from filterd.store.places import Place, Trouble, trouble

_Stream = tuple[str, str, str, tuple[str, ...], str]


class Texts:
    """`show` the texts of every message."""

    def __init__(self, output: Output, config: Config, as_json: bool) -> None:
        self._output = output
        self._limits = read_limits(config)
        self._message_octets = config.limits.message_octets
        self._as_json = as_json

    def show(self, found: Iterable[Place | Trouble]) -> int:
        """The exit code: 0, or 2 if anything could not be read."""
        code = 0
        for place in found:
            result = place if isinstance(place, Trouble) else self._show(place)
            if result is not None:
                self._output.result(result)
                code = 2
        self._output.close()
        return code

    def _show(self, place: Place) -> Trouble | None:
        try:
            content = read_content(place, self._message_octets)
        except OSError as error:
            return trouble(place.path, error)
        except TooLarge:
            return Trouble(place.path, f"is larger than {self._message_octets} octets", "raise limits.message_octets")
        message = Message(content.octets, self._limits)
        texts = joined(message.slices())
        if self._as_json:
            for stream, text in texts.items():
                self._output.json(_object(place, stream, text))
        else:
            self._for_people(place, message, texts)
        return None

    def _for_people(self, place: Place, message: Message, texts: dict[_Stream, str]) -> None:
        self._output.line([("bold", f"── {one_line(place.path)}")])
        described = _descriptions(message)
        for (part, area, field, chain, reading), text in texts.items():
            head = f"part {part}{described.get(part, '')}, {area}"
            head += f" {one_line(field)}" if field and field != area else ""
            head += f", {' → '.join(chain)}" if chain else ""
            head += f", {reading} reading" if reading != "sure" else ""
            self._output.line([("bold cyan", head)])
            for line in text.replace("\r\n", "\n").strip("\n").split("\n"):
                self._output.line([("", f"    {harmless(line.strip(' ') if part == '0' else line)}".rstrip(" "))])
        if message.conditions:
            self._output.line([("dim", f"conditions: {', '.join(message.conditions)}")])


def joined(slices: Iterator[Slice]) -> dict[_Stream, str]:
    """Slices that follow each other as one text, in the order in which the texts begin; blank ones are left out."""
    pieces: dict[_Stream, list[str]] = {}
    for piece in slices:
        texts = pieces.setdefault((piece.part, piece.area, piece.field, piece.chain, piece.reading), [])
        texts.append(piece.text)
        if piece.is_last and piece.text and not piece.text.endswith("\n"):
            texts.append("\n")  # another text of the same kind is another line
    whole = {stream: "".join(texts).replace(APART, "\n") for stream, texts in pieces.items()}
    return {stream: text for stream, text in whole.items() if text.strip()}


def _descriptions(message: Message) -> dict[str, str]:
    """Media types and file names of the parts."""
    described: dict[str, str] = {}
    for leaf in message.leaves:
        names = "".join(f' "{one_line(name.text)}"' for name in leaf.entity.filenames)
        described.setdefault(leaf.part, f" {one_line(', '.join(leaf.entity.types))}{names}")
    return described


def _object(place: Place, stream: _Stream, text: str) -> dict[str, Any]:
    part, area, field, chain, reading = stream
    return {
        "path": place.path, "part": part, "area": area, "field": field, "chain": chain, "reading": reading, "text": text,
    }  # fmt: skip
