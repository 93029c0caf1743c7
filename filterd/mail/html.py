"""HTML to text in one pass: what a reader sees, what is hidden, and what stands in attributes. Linear, no tree.

Inline tags vanish, block tags break, comments vanish from what is seen. There are two readings of a page: what is seen, hidden
elements taken out; and the hidden text where it stands, for a reader who sees it. Only the hidden text of the second is
given, with as much around it as it may touch, as the area `hidden`.

Text comes in slices, and is read up to the last line that is whole. A token that is cut off waits for the next slice, unless it
is too long: then what remains of it goes where it belongs without being understood.
"""

from __future__ import annotations

import re

from filterd.mail import urls
from filterd.mail.entities import unescape
from filterd.mail.extract import APART, Extract, Parts
from filterd.mail.html_colors import BLACK, WHITE, Color, is_unseen
from filterd.mail.html_comments import comment_values, ghost, has_conditions, unfold
from filterd.mail.html_readings import hidden_text, reversed_text, right_text, text_without
from filterd.mail.html_sheet import Sheet
from filterd.mail.html_style import Change, contents, tells
from filterd.mail.html_svg import parted
from filterd.mail.html_tags import (
    ATTRIBUTE,
    GHOST,
    HIDDEN,
    NOTHING,
    SPECIAL,
    URL,
    Tag,
    Tags,
    common_tag,
    ruled,
)
from filterd.mail.html_tokens import (
    WAITING,
    Tokens,
    end_of,
    is_complete,
    open_quote,
    raw_name,
    raw_start,
    tag_separator,
    tokens,
)
from filterd.mail.html_walk import Walk

VISIBLE, REVERSED, WITHOUT = "body", "reversed", "without"
# What a slice of each is: its area (that of the part, where there is none here), more of its chain, is it whole by itself?
AREAS_OF_HTML: dict[str, tuple[str, tuple[str, ...], bool]] = {
    VISIBLE: ("", (), False),
    HIDDEN: (HIDDEN, (), False),
    ATTRIBUTE: (ATTRIBUTE, (), False),
    URL: (URL, (), False),
    REVERSED: ("", ("reversed",), True),
    WITHOUT: ("", ("without",), True),
}
HELD_CHARACTERS = 64 * 1024
DEPTH = 3  # of pages in addresses of pages
_DIFFERENT_TAGS = 20_000  # that are remembered

_COLORS = 64  # in a page, before all are taken to meet
_COMMON = 200  # characters of a tag that may be known from other pages
_S, _RAW_LETTERS = frozenset("sS"), frozenset("sSiInNtT")

_TAGS = re.compile("<[^<>]*>?")
_STRAY_NUL = re.compile("(?<!\0)\0(?!\0)")  # browsers drop it; many are what we blanked
_REFERENCE_END = 40


class HtmlText:
    """Reads one HTML text; `feed` it slice after slice. A result's spans count from the start of `source`."""

    def __init__(self, depth: int = 0) -> None:
        self.source = ""  # what the last result was made of: text held from before, and the slice
        self.held = 0  # how many characters of the slice before last `source` began with
        self._rest = ""
        self._inside = ""  # a long token that is not over: comment, raw text element, tag, " or '
        self._mode = ""
        self._depth = depth
        self._sheet = Sheet()
        self._tags = Tags(self._read_url, self._read_page)
        self._known: dict[str, Tag] = {}
        self._is_midway = False  # were there tags in earlier slices?
        self._walk: Walk | None = None  # begins where the first tag that changes how text is shown could be
        self._has_drawing = self._is_drawing = False  # was there an <svg>, and does it go on?
        self._is_moving = False  # could any tag hide or part text?
        self._colors: set[Color] = {BLACK}
        self._backs: set[Color] = {WHITE}

    def feed(self, text: str, *, final: bool) -> dict[str, Extract]:
        """The text of each area in the next slice; areas without any are left out."""
        self.held = len(self._rest)
        source = self.source = self._rest + text
        start = 0
        unread: dict[int, str] = {}  # tokens that are not understood: part → area
        if self._inside:
            unread[1] = ATTRIBUTE if self._inside in ('"', "'", "tag") else HIDDEN
            start, self._inside = (len(source), "") if final and not source else end_of(self._inside, source)
            start = len(source) if final and self._inside else start
        cut = tokens(source, start, self._mode) if not self._inside else Tokens([""])
        if unread:
            cut.texts[:0] = ["", source[:start]]
            cut.modes[:0] = [""] if cut.modes else []
        self._rest = ""
        if self._inside:
            self._rest = source[start:]
        elif not final:
            self._hold(cut, unread)
        return self._read(unfold(cut.texts) if has_conditions(source) else cut.texts, unread, final)

    def _hold(self, cut: Tokens, unread: dict[int, str]) -> None:
        """Keep what comes behind the last line break for the next slice, or less of it if that is too much."""
        texts, size = cut.texts, len(cut.texts[-1])
        if not unread and len(self.source) <= HELD_CHARACTERS:
            return self._keep(cut, 0, "")
        index = len(texts) - 2
        while index > max(unread, default=-1) and size <= HELD_CHARACTERS:
            if tag_separator(texts[index]) == "\n" and (size or is_complete(texts[index])):
                return self._keep(cut, index + 1, "")
            size += len(texts[index]) + len(texts[index - 1])
            index -= 2
        token = texts[-2] if len(texts) > 1 and not texts[-1] and len(texts) - 2 not in unread else ""
        if token and not is_complete(token):
            return self._hold_token(cut, token, unread)
        text = texts[-1]
        if cut.modes and cut.modes[-1]:
            text = text[:-WAITING]  # its end tag may be cut in two
        return self._keep(cut, len(texts) - 1, text[: _before_reference(text)])

    def _keep(self, cut: Tokens, index: int, read: str) -> None:
        """Hold back all from this text part on, but for its beginning."""
        self._rest = "".join(cut.texts[index:])[len(read) :]
        if cut.modes and index:
            self._mode = cut.modes[(index - 1) // 2]
        cut.texts[index:] = [read]

    def _hold_token(self, cut: Tokens, token: str, unread: dict[int, str]) -> None:
        if len(token) <= HELD_CHARACTERS:
            return self._keep(cut, len(cut.texts) - 3, cut.texts[-3])
        raw = raw_name(token)
        self._inside = "comment" if token.startswith("<!--") else raw or open_quote(token) or "tag"
        unread[len(cut.texts) - 2] = HIDDEN if raw or self._inside == "comment" else ATTRIBUTE
        if self._inside not in ('"', "'"):
            self._rest = token[-WAITING:]
            cut.texts[-2] = token[:-WAITING]
        return None

    def _read(self, texts: list[str], unread: dict[int, str], final: bool) -> dict[str, Extract]:
        """Text and tokens by turns to the texts of the areas."""
        parts = Parts(texts)
        own = texts[1::2]
        known = self._learn(own, unread)
        out: list[str] = [""] * len(texts)
        out[::2] = [unescape(text) if "&" in text else text for text in texts[::2]]
        if "\0" in self.source:
            out[::2] = [_STRAY_NUL.sub("", text) for text in out[::2]]
        areas = {name: Extract(parts, [], []) for name in (HIDDEN, ATTRIBUTE, URL, REVERSED, WITHOUT)}
        visible = Extract(parts, out)
        tags = [known[token] for token in own]
        if self._has_drawing:
            self._is_drawing = parted(tags, own, self._is_drawing)
        if self._is_moving:
            visible.pieces = self._follow(tags, out, areas)
        else:
            out[1::2] = [tag.separator for tag in tags]
        self._is_midway = self._is_midway or bool(tags)
        for index, tag in enumerate(tags):
            if tag.values:
                for area, text, first, last in tag.values:
                    areas[area].add(text, (2 * index + 1, first, last, 0))
        if final and len(texts) - 2 not in unread:
            self._open_end(texts, areas[HIDDEN])
        given = {VISIBLE: visible, **areas}
        return {name: extract for name, extract in given.items() if any(extract.pieces)}

    def _learn(self, own: list[str], unread: dict[int, str]) -> dict[str, Tag]:
        """Every different token, understood; style sheets first, as they say what others mean."""
        if len(self._known) > _DIFFERENT_TAGS:
            self._known.clear()
        for index, area in unread.items():
            token = own[index // 2]
            text = unescape(token) if area == HIDDEN else _TAGS.sub("", unescape(token[1:]))
            self._known[token] = Tag(NOTHING, "", "", values=((area, text + APART, 0, len(token)),))
        new = set(own).difference(self._known)
        if any(self._add_sheet(token) for token in new if token[1:2] in _S):
            self._known = {token: tag for token, tag in self._known.items() if tag.kind == NOTHING and not tag.name}
            new = set(own).difference(self._known)
        for token in new:
            tag = self._known[token] = self._understand(token)
            if tag.kind == GHOST or tag.rules or (tag.change and tells(tag.change, tag.separator)):
                self._is_moving = True
            elif tag.change and not self._is_moving:
                self._mix(tag.change)
        return self._known

    def _mix(self, by: Change) -> None:
        """Could text and what is behind it have the same colour?"""
        new_color = by.color if by.color not in self._colors else None
        new_back = by.background if by.background not in self._backs else None
        if new_color:
            self._colors.add(new_color)
            self._is_moving = any(is_unseen(new_color, back) for back in self._backs)
        if new_back:
            self._backs.add(new_back)
            self._is_moving = self._is_moving or any(is_unseen(color, new_back) for color in self._colors)
        if len(self._colors) + len(self._backs) > _COLORS:
            self._is_moving = True

    def _understand(self, token: str) -> Tag:
        if token[1:2] in _RAW_LETTERS and raw_name(token):
            return self._special(token)
        tag = (common_tag(token) if len(token) <= _COMMON else None) or self._tags.read(token)
        if tag.kind == SPECIAL:
            return self._special(token)
        self._has_drawing = self._has_drawing or tag.name == "svg"
        return ruled(tag, self._sheet) if self._sheet.rules else tag

    def _add_sheet(self, token: str) -> bool:
        """Is it a style sheet that adds rules?"""
        if raw_name(token) != "style":
            return False
        before = self._sheet.changes
        self._sheet.add(token[raw_start(token) :])
        return self._sheet.changes != before

    def _special(self, token: str) -> Tag:
        """Comments, raw text elements, and what only looks like a tag."""
        raw = raw_name(token)
        if raw:
            start = raw_start(token)
            separator = "\n" if raw == "iframe" else ""
            tag = self._tags.read(token[:start])
            text = token[start:]
            hidden = [unescape(text) if raw == "title" else text] if text.strip() else []
            if "\\" in text and raw == "style":
                hidden += contents(text)
            values = (*tag.values, *((HIDDEN, one + APART, start, len(token)) for one in hidden))
            return Tag(NOTHING, "", separator, values=values)
        return ghost(token) or Tag(NOTHING, "", "", values=comment_values(token))

    def _follow(self, tags: list[Tag], out: list[str], areas: dict[str, Extract]) -> list[str]:
        """What is seen; hidden and reversed text is added to its areas."""
        if self._walk is None:
            bodies = [tag for tag in self._known.values() if tag.name == "body" and tag.change]
            self._walk = Walk(self._sheet, bodies, is_midway=True) if self._is_midway else Walk(self._sheet)
        shown = self._walk.follow(tags, out)
        if shown.hidden:
            hidden_text(out, shown.hidden, areas[HIDDEN])
        seen = shown.seen(out)
        if shown.turned:
            reversed_text(seen, shown.turned, areas[REVERSED])
        if shown.right:
            right_text(seen, shown.right, areas[REVERSED])
        if shown.doubtful:
            text_without(seen, shown.doubtful, areas[WITHOUT])
        return seen

    def _open_end(self, texts: list[str], hidden: Extract) -> None:
        """A tag that is open at the end has taken in everything behind it, which nobody sees then."""
        if len(texts) > 1 and not texts[-1] and not is_complete(texts[-2]) and not raw_name(texts[-2]):
            token = texts[-2]
            if not token.startswith(("<!", "<?")) and "<" in token[1:]:
                hidden.add(_TAGS.sub("", unescape(token[1:])) + APART, (len(texts) - 2, 0, len(token), 0))

    def _read_url(self, text: str) -> list[str]:
        return urls.readings(text, self._read_page)

    def _read_page(self, text: str) -> str:
        """All text of a page inside the page."""
        if self._depth >= DEPTH:
            return text + APART
        areas = HtmlText(self._depth + 1).feed(text, final=True)
        return "".join([extract.text + APART for extract in areas.values()])


def _before_reference(text: str) -> int:
    """The end, or the start of a tag or character reference that may be cut off."""
    if text.endswith(("<", "</")):
        return text.rindex("<")
    reference = text.rfind("&", max(len(text) - _REFERENCE_END, 0))
    return reference if reference >= 0 and ";" not in text[reference:] else len(text)
