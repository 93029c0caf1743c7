"""The text of one leaf: transfer encoding, charset and HTML undone, in slices, in every plausible reading."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filterd.mail import charset
from filterd.mail.decode import BASE64, IDENTITY, QUOTED_PRINTABLE, UU_BEGIN, UUENCODE, Stretch, looks_base64, stretches
from filterd.mail.html import HtmlText
from filterd.mail.mime import RAW, Leaf
from filterd.mail.plausible import only_text
from filterd.mail.slices import Chunk, FromHtml, Joined, Origin, Slice

_QP_ESCAPE = re.compile(rb"=[0-9A-F]{2}|=\r?\n")
_SAMPLE = 4096


class OverBudget(Exception):
    """The decoded octets of the message are more than its size allows."""


class Budget:
    """Decoded octets that are left; a deterministic bound on the work a message can ask for."""

    def __init__(self, octets: int) -> None:
        self._left = octets

    def spend(self, octets: int) -> None:
        """Take from it, or raise `OverBudget`."""
        self._left -= octets
        if self._left < 0:
            raise OverBudget


def leaf_slices(leaf: Leaf, budget: Budget) -> Iterator[Slice]:
    """Every text in the leaf."""
    for encoding in _encodings(leaf):
        yield from _reading(leaf, encoding, budget)


def _encodings(leaf: Leaf) -> list[str]:
    """The declared encodings, and those the octets themselves ask for."""
    encodings = list(leaf.entity.encodings)
    if leaf.role == RAW or leaf.entity.is_encoding_unknown or BASE64 in encodings:
        sample = leaf.source.octets[leaf.start : min(leaf.end, leaf.start + _SAMPLE)]
        is_base64 = looks_base64(sample)
        if leaf.entity.is_encoding_unknown:
            encodings += [BASE64] if is_base64 and len(sample) >= 16 else [QUOTED_PRINTABLE] if _QP_ESCAPE.search(sample) else []
        if BASE64 in encodings and not is_base64:
            encodings.append(IDENTITY)  # base64 by its label only: some clients show it as it is
    if IDENTITY in encodings and leaf.source.octets.find(b"\nbegin ", max(leaf.start - 1, 0), leaf.end) >= 0:
        encodings += [UUENCODE] if UU_BEGIN.search(leaf.source.octets, leaf.start, leaf.end) else []
    return list(dict.fromkeys(encodings))


def _reading(leaf: Leaf, encoding: str, budget: Budget) -> Iterator[Slice]:
    """The leaf in one transfer encoding."""
    area = RAW if leaf.role == RAW else leaf.role
    is_html = leaf.entity.is_html and leaf.role != RAW
    page = HtmlText() if is_html else None
    pages = _Page(page) if page else None
    chain = () if encoding == IDENTITY else (encoding,)
    for octets, pieces, is_last in _octets(leaf, encoding, budget):
        codecs = charset.choose(octets, leaf.entity.codec)
        for index, codec in enumerate(codecs):
            is_wide = codec.startswith(("utf-16", "utf-32"))
            readable = octets if is_wide else only_text(octets)
            chunk = Chunk(leaf.source, readable, codec, pieces)
            text = charset.decode(readable, codec)
            if index:
                budget.spend(len(octets))
                yield Slice(leaf.part, area, (*chain, codec, "alone"), text, True, chunk)
                continue
            if pages:
                yield from pages.slices(leaf, area, (*chain, codec, "html"), text, is_last, chunk)
            if not is_html or not leaf.entity.is_only_html:
                yield Slice(leaf.part, area, (*chain, codec), text, is_last, chunk)


def _octets(
    leaf: Leaf, encoding: str, budget: Budget
) -> Iterator[tuple[bytes, tuple[tuple[int, Stretch, int], ...], bool]]:
    """Decoded octets, cut between characters: octets, what they are pieces of, and whether they are the last."""
    rest, rest_pieces = b"", ()  # type: tuple[bytes, tuple[tuple[int, Stretch, int], ...]]
    for stretch, decoded in stretches(leaf.source.octets, leaf.start, leaf.end, encoding):
        budget.spend(len(decoded))
        octets = rest + decoded
        pieces = (*rest_pieces, (len(rest), stretch, 0))
        if stretch.end == leaf.end:
            yield octets, pieces, True
            return
        codec = charset.choose(octets, leaf.entity.codec)[0]
        cut = charset.safe_cut(octets, codec) or len(octets)
        yield octets[:cut], pieces, False
        rest = octets[cut:]
        rest_pieces = ((0, stretch, len(decoded) - len(rest)),) if rest else ()


class _Page:
    """An HTML text on its way: where the text held back from earlier slices came from."""

    def __init__(self, page: HtmlText) -> None:
        self._page = page
        self._places: list[tuple[int, Origin]] = []  # starts count from the first character of all
        self._read = 0

    def slices(
        self, leaf: Leaf, area: str, chain: tuple[str, ...], text: str, is_last: bool, chunk: Chunk
    ) -> Iterator[Slice]:
        """The texts of each area that the next slice of HTML holds."""
        self._places.append((self._read, chunk))
        areas = self._page.feed(text, final=is_last)
        start = self._read - self._page.held  # where the page's source begins
        while len(self._places) > 1 and self._places[1][0] <= start:
            del self._places[0]
        origin = Joined([(place - start, origin) for place, origin in self._places])
        self._read += len(text)
        for name, extract in areas.items():
            if extract.pieces:
                shown = area if name == "body" else name
                yield Slice(leaf.part, shown, chain, extract.text, is_last, FromHtml(extract, self._page.source, origin))
