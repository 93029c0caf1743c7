"""The text of one leaf: transfer encoding, charset and HTML undone, in slices, in every plausible reading."""

from __future__ import annotations

from collections.abc import Iterator

from filterd.mail import charset
from filterd.mail.budget import Budget
from filterd.mail.decode import IDENTITY, QUOTED_PRINTABLE, stretches
from filterd.mail.html import AREAS_OF_HTML, HtmlText
from filterd.mail.inner import inner_leaves, quoted_view_leaves
from filterd.mail.plausible import Pieces, likely_text, only_text, wide_runs, without_gaps
from filterd.mail.readings import Reading, has_html, html_codec, is_xhtml, looks_html, transfer_readings
from filterd.mail.slices import AMBIGUOUS, FLOOR, SURE, Chunk, FromHtml, Joined, Origin, Slice
from filterd.mail.structure import RAW, Leaf

_DEPTH = 3  # encodings in encodings


def leaf_slices(leaf: Leaf, budget: Budget, depth: int = 0) -> Iterator[Slice]:
    """Every text in the leaf: as its header says, then in other readings, then what is hidden in the text."""
    inner: list[Leaf] = []
    for reading in transfer_readings(leaf):
        if not budget.is_spent(reading.certainty):
            yield from _reading(leaf, reading, budget, inner if depth < _DEPTH else None)
            if reading.encoding == QUOTED_PRINTABLE and reading.certainty != FLOOR:
                inner += quoted_view_leaves(leaf, reading)
    for hidden in inner:
        if not budget.is_spent(hidden.reading):
            yield from leaf_slices(hidden, budget, depth + 1)


def _reading(leaf: Leaf, reading: Reading, budget: Budget, inner: list[Leaf] | None) -> Iterator[Slice]:
    """The leaf in one transfer encoding; what its text hides is added to `inner`."""
    texts = _Texts(leaf, reading)
    for octets, pieces, is_last in _octets(leaf, reading, budget):
        yield from texts.slices(octets, pieces, is_last, budget)
        if inner is not None:
            inner += inner_leaves(leaf, reading, octets, pieces)


class _Texts:
    """One reading of a leaf on its way from octets to text."""

    def __init__(self, leaf: Leaf, reading: Reading) -> None:
        self.leaf = leaf
        self._certainty = reading.certainty
        self._chain = leaf.chain if reading.encoding == IDENTITY else (*leaf.chain, reading.encoding)
        self._is_html = leaf.entity.is_html and leaf.role != RAW
        self._page: _Page | None = _Page(HtmlText()) if self._is_html else None
        self._codecs: tuple[str, ...] = ()
        self._label = ""  # the charset of the first octets names the whole stream

    def slices(self, octets: bytes, pieces: Pieces, is_last: bool, budget: Budget) -> Iterator[Slice]:
        """The next octets in every charset."""
        if not self._codecs:
            self._begin(octets)
        codecs = charset.choose(octets, *self._codecs)
        readable = self._readable(octets, codecs[0])
        if readable is not octets:
            codecs = codecs[:1]  # binary
        self._label = self._label or codecs[0]
        if readable is octets or self._page:
            yield from self._texts(readable, pieces, codecs[0], is_last)
        else:
            yield from self._texts(*without_gaps(readable, pieces), codecs[0], is_last)
        for codec in codecs[1:]:
            if not budget.take(len(octets), self.reading(True)):
                break
            yield from self._other(octets, codec, pieces)
        if readable is not octets and self._certainty != FLOOR:
            yield from self._wide(octets, pieces)

    def _texts(self, octets: bytes, pieces: Pieces, codec: str, is_last: bool) -> Iterator[Slice]:
        """In the likeliest charset; one stream from the first octets to the last."""
        chunk = Chunk(self.leaf.source, octets, codec, pieces)
        text = charset.decode(octets, codec)
        chain = (*self._chain, self._label)
        if self._page:
            yield from self._page.slices(self, (*chain, "html"), text, is_last, chunk)
        if not self._is_html or not self.leaf.entity.is_only_html or self.leaf.role == RAW:
            yield self._slice(chain, text, is_last, chunk)

    def _other(self, octets: bytes, codec: str, pieces: Pieces) -> Iterator[Slice]:
        """In another charset; each piece alone."""
        readable = self._readable(octets, codec)
        chunk = Chunk(self.leaf.source, readable, codec, pieces)
        text = charset.decode(readable, codec)
        chain = (*self._chain, codec, "alone")
        yield self._slice(chain, text, True, chunk, doubtful=True)
        if self._is_html:
            yield from _Page(HtmlText()).slices(self, (*chain, "html"), text, True, chunk, doubtful=True)

    def _begin(self, octets: bytes) -> None:
        """The first octets tell more about the whole: HTML that nobody declared, and the charset that a page declares."""
        entity = self.leaf.entity
        is_vague = entity.is_vague or self._certainty != SURE
        is_page = (is_vague and looks_html(octets)) or (entity.is_card and has_html(octets))
        if not self._is_html and (is_page or (entity.is_xml and is_xhtml(octets))):
            self._is_html, self._page = True, _Page(HtmlText())
        codecs = entity.codecs or ("",)
        if self._is_html and not octets.isascii():
            codec = html_codec(octets)
            codecs = (*codecs, codec) if codec and codec not in codecs else codecs
        self._codecs = codecs

    def _readable(self, octets: bytes, codec: str) -> bytes:
        if self._certainty == FLOOR and codec not in charset.NOT_ASCII:
            return likely_text(octets)
        return octets if codec in charset.NOT_ASCII else only_text(octets, codec)

    def _wide(self, octets: bytes, pieces: Pieces) -> Iterator[Slice]:
        """UTF-16 inside binary data."""
        for start, end, codec in wide_runs(octets):
            run = octets[start:end]
            places = tuple((offset - start, stretch, inside) for offset, stretch, inside in pieces)
            chunk = Chunk(self.leaf.source, run, codec, places)
            yield self._slice((*self._chain, codec, "run"), charset.decode(run, codec), True, chunk)

    def _slice(self, chain: tuple[str, ...], text: str, is_last: bool, chunk: Chunk, *, doubtful: bool = False) -> Slice:
        return Slice(
            self.leaf.part, self.area, chain, text, is_last, chunk, "", self.reading(doubtful), self.leaf.alternative
        )

    @property
    def area(self) -> str:
        """Where the text counts."""
        return RAW if self._certainty == FLOOR else self.leaf.role

    def reading(self, doubtful: bool) -> str:
        """How sure the text is."""
        return AMBIGUOUS if doubtful and self._certainty == SURE else self._certainty


def _octets(leaf: Leaf, reading: Reading, budget: Budget) -> Iterator[tuple[bytes, Pieces, bool]]:
    """Decoded octets, cut between characters: octets, what they are pieces of, and whether they are the last."""
    rest, rest_pieces = b"", ()  # type: tuple[bytes, Pieces]
    for stretch, decoded in stretches(leaf.source.octets, leaf.start, leaf.end, reading.encoding):
        if not budget.take(len(decoded), reading.certainty):
            return
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
        self, texts: _Texts, chain: tuple[str, ...], text: str, is_last: bool, chunk: Chunk, *, doubtful: bool = False
    ) -> Iterator[Slice]:
        """The texts of each area that the next slice of HTML holds."""
        self._places.append((self._read, chunk))
        areas = self._page.feed(text, final=is_last)
        start = self._read - self._page.held  # where the page's source begins
        while len(self._places) > 1 and self._places[1][0] <= start:
            del self._places[0]
        origin = Joined([(place - start, origin) for place, origin in self._places])
        self._read += len(text)
        leaf = texts.leaf
        for name, extract in areas.items():
            area, further, ends = AREAS_OF_HTML[name]
            if texts.area == RAW and area:  # a stream of its own, of the one area there is
                further = (name,)
            yield Slice(
                leaf.part, texts.area if texts.area == RAW else area or texts.area, (*chain, *further), extract.text,
                is_last or ends, FromHtml(extract, origin), "", texts.reading(doubtful), leaf.alternative,
            )  # fmt: skip
