"""HTML to text in one pass: what a reader sees, what is hidden, and what stands in attributes. Linear, no tree.

Inline tags vanish, block tags break, comments vanish from what is seen. Every token of the one regular expression ends
at the end of the text if nothing ends it before, so no character is tried twice. Text comes in slices; a token that is
cut off waits for the next slice, unless it is too long: then what remains of it goes where it belongs without being
understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from filterd.mail.entities import unescape, unescape_pieces

VISIBLE, HIDDEN, ATTRIBUTE = "body", "hidden", "attribute"
HELD_CHARACTERS = 64 * 1024
APART = "\n\0\n"  # no phrase goes across it

# HTML Standard §13.2.5.32 ff.: quotes count only behind "="; an attribute's text may hold ">".
_ATTRIBUTES = r"""(?:[^>=]+|=\s*(?:"[^"]*(?:"|(\Z))|'[^']*(?:'|(\Z)))?)*(?:>|\Z)"""
_TOKEN = re.compile(
    rf"""<(?:(!)--(?:-?>|.*?(?:--!?>|\Z))
    |(script|style)(?=[\s/>]){_ATTRIBUTES}.*?(?:(?=</\2[\s/>])|\Z)
    |/?([a-z][^\s/>]*){_ATTRIBUTES}
    |[!?/][^>]*(?:>|\Z))""".replace("\n    ", ""),
    re.IGNORECASE | re.DOTALL,
)
_COMMENT, _RAW, _NAME, _OPEN_DOUBLE, _OPEN_SINGLE = 1, 2, 5, 6, 7  # groups of _TOKEN
_TAG_REST = re.compile(_ATTRIBUTES, re.DOTALL)
_COMMENT_END = re.compile(r"--!?>")
_VALUE = re.compile(
    r"""[\s"'/](?:alt|title|placeholder|value|aria-label|content|label|summary|href|src|action|cite|background|abbr)"""
    r"""\s*=\s*(?:"([^"]*)|'([^']*)|([^\s>"']+))""",
    re.IGNORECASE,
)
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "button", "caption", "center", "col", "colgroup", "dd",
    "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frame",
    "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "iframe", "input", "legend", "li",
    "link", "main", "menu", "meta", "nav", "noscript", "object", "ol", "optgroup", "option", "p", "param", "pre",
    "section", "select", "summary", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "title", "tr", "ul",
})  # fmt: skip


@dataclass(slots=True)
class Extract:
    """Text of one area, made of pieces; each knows the span of the source it came from."""

    pieces: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)

    def add(self, source: str, start: int, end: int) -> None:
        """Source text with its character references."""
        piece = source[start:end]
        self.pieces.append(unescape(piece) if "&" in piece else piece)
        self.spans.append((start, end))

    def put(self, text: str, at: int) -> None:
        """Text that the source does not have."""
        self.pieces.append(text)
        self.spans.append((at, at))

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.pieces)

    def source_span(self, source: str, start: int, end: int) -> tuple[int, int]:
        """The span in the source that characters `start` to `end` of the text came from."""
        first, at = -1, 0
        for piece, (begin, stop) in zip(self.pieces, self.spans, strict=True):
            if first < 0 and start < at + len(piece):
                first = _place(piece, source, begin, stop, start - at)[0]
            if first >= 0 and end <= at + len(piece):
                return first, _place(piece, source, begin, stop, end - at - 1)[1]
            at += len(piece)
        return max(first, 0), len(source)


def _place(piece: str, source: str, begin: int, stop: int, index: int) -> tuple[int, int]:
    """The span of one character of a piece."""
    if begin == stop:
        return begin, begin
    if len(piece) == stop - begin:
        return begin + index, begin + index + 1
    at = begin
    for taken, given in unescape_pieces(source[begin:stop]):
        if index < given:
            return (at + index, at + index + 1) if taken == given else (at, at + taken)
        at, index = at + taken, index - given
    return stop, stop


class HtmlText:
    """Reads one HTML text; `feed` it slice after slice. A result's spans count from the start of `source`."""

    def __init__(self) -> None:
        self.source = ""  # what the last result was made of: text held from before, and the slice
        self.held = 0  # how many characters of the slice before last `source` began with
        self._rest = ""
        self._inside = ""  # a long token that is not over: comment, script, style, tag, " or '

    def feed(self, text: str, *, final: bool) -> dict[str, Extract]:
        """The text of each area in the next slice."""
        self.held = len(self._rest)
        source = self.source = self._rest + text
        areas = {VISIBLE: Extract(), HIDDEN: Extract(), ATTRIBUTE: Extract()}
        start = self._resume(source, areas) if self._inside else 0
        end = self._tokens(source, start, areas, final)
        self._rest = source[end:]
        return areas

    def _tokens(self, source: str, at: int, areas: dict[str, Extract], final: bool) -> int:
        """Read on to the end, or to where a cut-off token begins; answers how far."""
        visible, size = areas[VISIBLE], len(source)
        add_piece, add_span = visible.pieces.append, visible.spans.append
        if self._inside:
            return at
        for found in _TOKEN.finditer(source, at):
            start, end = found.span()
            if start > at:
                piece = source[at:start]
                add_piece(unescape(piece) if "&" in piece else piece)
                add_span((at, start))
            if end == size and not final:
                return self._hold(source, found, areas)
            self._token(source, found, areas)
            at = end
        if at < size:
            stop = size if final else _before_reference(source, at)
            visible.add(source, at, stop)
            at = stop
        return at

    def _token(self, source: str, found: re.Match[str], areas: dict[str, Extract]) -> None:
        start, end = found.span()
        name = found[_NAME]
        if name:
            if name.lower() in _BLOCKS:
                areas[VISIBLE].put("\n", start)
            if "=" in found.group():
                _attributes(source, start, end, areas[ATTRIBUTE])
        elif found[_COMMENT]:
            _hidden(source, start + 4, end, areas[HIDDEN])
        elif found[_RAW]:
            _hidden(source, start + 7, end, areas[HIDDEN])
            areas[VISIBLE].put("\n", start)

    def _hold(self, source: str, found: re.Match[str], areas: dict[str, Extract]) -> int:
        """Wait for the rest of a token, or go inside a very long one."""
        start, end = found.span()
        if end - start <= HELD_CHARACTERS:
            return start
        if found[_COMMENT]:
            self._inside = "comment"
        elif found[_RAW]:
            self._inside = found[_RAW].lower()
        else:
            self._inside = '"' if found.start(_OPEN_DOUBLE) >= 0 else "'" if found.start(_OPEN_SINGLE) >= 0 else "tag"
        area = HIDDEN if found[_COMMENT] or found[_RAW] else ATTRIBUTE
        areas[area].add(source, start, end - 16)
        return end - 16  # what ends the token may be cut in two

    def _resume(self, source: str, areas: dict[str, Extract]) -> int:
        """Look for the end of the long token; answers where reading goes on."""
        end, over = self._end_of_inside(source)
        area = ATTRIBUTE if self._inside in ("tag", '"', "'") else HIDDEN
        areas[area].add(source, 0, end)
        if over:
            self._inside = ""
        return end

    def _end_of_inside(self, source: str) -> tuple[int, bool]:
        waiting = max(len(source) - 16, 0)
        if self._inside in ('"', "'"):
            quote = source.find(self._inside)
            if quote < 0:
                return waiting, False
            rest, self._inside = quote + 1, "tag"
            found = _TAG_REST.match(source, rest)
        elif self._inside == "tag":
            found = _TAG_REST.match(source)
        elif self._inside == "comment":
            found = _COMMENT_END.search(source)
            return (found.end(), True) if found else (waiting, False)
        else:
            found = re.compile(f"</{self._inside}[\\s/>]", re.IGNORECASE).search(source)
            return (found.start(), True) if found else (waiting, False)
        assert found is not None  # it matches anything, even nothing
        return (found.end(), True) if found.end() < len(source) else (waiting, False)


def _before_reference(source: str, at: int) -> int:
    """The end, or the start of a tag or character reference that may be cut off."""
    if source.endswith("<"):
        return len(source) - 1
    reference = source.rfind("&", max(len(source) - 40, at))
    return reference if reference >= 0 and ";" not in source[reference:] else len(source)


def _attributes(source: str, start: int, end: int, out: Extract) -> None:
    for value in _VALUE.finditer(source, start, end):
        begin, stop = value.span(value.lastindex or 0)
        if not source.startswith("data:", begin):
            out.add(source, begin, stop)
            out.put(APART, stop)


def _hidden(source: str, start: int, end: int, out: Extract) -> None:
    """Hidden text with its tags taken out: a conditional comment is a page of its own."""
    at = start
    if "<" in source[start:end]:
        for found in _TOKEN.finditer(source, start, end):
            if found.start() > at:
                out.add(source, at, found.start())
            name = found[_NAME]
            if not name or name.lower() in _BLOCKS:
                out.put("\n", found.start())
            at = found.end()
    if at < end:
        out.add(source, at, end)
    out.put(APART, end)
