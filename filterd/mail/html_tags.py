"""What one tag means: what it separates, what it changes, and the texts in its attributes.

A page has few different tags, so each is understood once and looked up after that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from filterd.mail import urls
from filterd.mail.entities import unescape_value
from filterd.mail.extract import APART
from filterd.mail.html_colors import LINK as LINK_COLOR
from filterd.mail.html_colors import legacy_color
from filterd.mail.html_sheet import Keys, Rule, Sheet, element_keys, styled
from filterd.mail.html_style import AS_LINK, Change, Declarations, contents, parse_style
from filterd.mail.html_style import change as style_change

BLANKS = " \t\n\f\r"
# HTML Standard §13.2.5.32 ff.: quotes count only behind "="; a name may begin with "=" and hold quotes. Whatever stands here
# is taken up to ">" or the end, so nothing is tried twice.
ATTRIBUTES = (
    rf"(?:[{BLANKS}/]*[^{BLANKS}/>][^{BLANKS}/>=]*"
    rf"""(?:[{BLANKS}]*=[{BLANKS}]*(?:"[^"]*(?:"|\Z)|'[^']*(?:'|\Z)|[^{BLANKS}>"'][^{BLANKS}>]*)?)?)*"""
    rf"[{BLANKS}/]*(?:>|\Z)"
)
_ATTRIBUTE = re.compile(
    rf"[{BLANKS}/]*([^{BLANKS}/>][^{BLANKS}/>=]*)"
    rf"""(?:[{BLANKS}]*=[{BLANKS}]*(?:"([^"]*)(?:"|\Z)|'([^']*)(?:'|\Z)|([^{BLANKS}>"'][^{BLANKS}>]*))?)?"""
)
_NAME = re.compile(rf"</?([a-zA-Z][^{BLANKS}/>]*)")

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "button", "caption", "center", "col", "colgroup", "dd",
    "details", "dialog", "dir", "div", "dl", "dt", "embed", "fieldset", "figcaption", "figure", "footer", "form", "frame",
    "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "iframe", "input", "legend", "li",
    "listing", "main", "marquee", "menu", "nav", "object", "ol", "optgroup", "option", "p", "plaintext", "pre", "search",
    "section", "select", "summary", "table", "tbody", "textarea", "tfoot", "thead", "tr", "ul", "xmp",
})  # fmt: skip
_CELLS = frozenset({"td", "th"})
_VOID = frozenset({
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "image", "input", "keygen", "link", "meta",
    "param", "source", "track", "wbr",
})  # fmt: skip
_UNSEEN = frozenset({"datalist", "noscript", "rp", "template"})
TEXTS = frozenset({
    "abbr", "alt", "aria-braillelabel", "aria-description", "aria-label", "aria-placeholder", "aria-roledescription",
    "aria-valuetext", "content", "download", "label", "placeholder", "prompt", "standby", "summary", "title", "value",
})  # fmt: skip
URLS = frozenset({
    "action", "background", "cite", "codebase", "data", "dynsrc", "formaction", "href", "imagesrcset", "longdesc", "lowsrc",
    "manifest", "ping", "poster", "src", "srcset", "xlink:href",
})  # fmt: skip
_PAGES = frozenset({"srcdoc"})
_REFRESH = re.compile(r"url\s*=\s*['\"]?", re.IGNORECASE)
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "big", "cite", "code", "em", "font", "i", "ins", "kbd", "label", "mark", "nobr", "o:p",
    "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
})  # fmt: skip
_SHOWN = frozenset({"style", "hidden", "color", "bgcolor", "background", "text", "dir", "type", "href"})
_SILENT = frozenset({"hidden", "color", "bgcolor", "text", "dir", "type", "class", "id"})
_MEANT = TEXTS | URLS | _PAGES | _SHOWN | _SILENT
_COLORS = (("color", "color"), ("text", "color"), ("bgcolor", "background-color"))
ATTRIBUTE, URL, HIDDEN = "attribute", "url", "hidden"

_NOTHING: Declarations = {}

# (area, text, first, last): what stands in an attribute, and where in the tag
Value = tuple[str, str, int, int]


# Kinds of tags. A LOOSE one begins an element that changes nothing and that nothing needs to know of, unless one of its name
# is known already; a LINK changes something only where text is hidden.
START, END, LOOSE, LINK, NOTHING, GHOST, SPECIAL = "<", "/", "b", "a", "", "[", "!"


class Tag(NamedTuple):
    """One tag. `rules` may hold for it, depending on what it stands in; then `before` and `inline` go round them."""

    kind: str  # one of those above
    name: str
    separator: str
    is_void: bool = False
    change: Change | None = None
    values: tuple[Value, ...] = ()
    before: Declarations = _NOTHING
    inline: Declarations = _NOTHING
    classes: str = ""
    identity: str = ""
    keys: Keys = frozenset()
    rules: tuple[Rule, ...] = ()


def separator_of(name: str) -> str:
    """What an element of this name separates by: lines, cells, or nothing."""
    return "\n" if name in _BLOCKS else "\t" if name in _CELLS else ""


def tag_name(token: str) -> str:
    """The name of a tag in lower case, or "" if it is no tag."""
    found = _NAME.match(token)
    return found[1].lower() if found else ""


class Tags:
    """Understands tags. `read_url` and `read_page` give further texts of an address and of a page in an attribute."""

    def __init__(self, read_url: Callable[[str], list[str]], read_page: Callable[[str], str]) -> None:
        self._read_url = read_url
        self._read_page = read_page

    def read(self, token: str) -> Tag:
        """The meaning of a tag as it stands in the source, style sheets left aside."""
        found = _NAME.match(token)
        if not found:
            return Tag(SPECIAL, "", "")
        name = found[1].lower()
        separator = separator_of(name)
        if token[1] == "/":
            is_ignored = name in ("body", "html", "br")  # what follows still stands in them
            return Tag(NOTHING if is_ignored or name in _VOID else END, name, separator)
        if "=" in token or "hidden" in token or name in _UNSEEN or "HIDDEN" in token.upper():
            return self._with_attributes(name, token, found.end())
        is_void = name in _VOID
        return Tag(_kind(name, is_void, None), name, separator, is_void)

    def _with_attributes(self, name: str, token: str, at: int) -> Tag:
        given: dict[str, str] = {}
        values: list[Value] = []
        for found in _ATTRIBUTE.finditer(token, at):
            attribute = found[1].lower()
            if attribute in _MEANT:
                group = found.lastindex or 1
                text = found[group] if group > 1 else ""
                if "&" in text:
                    text = unescape_value(text)
                given.setdefault(attribute, text)
                if text and attribute not in _SILENT:
                    self._texts(attribute, text, found.span(group), values)
        before, inline = _NOTHING, _NOTHING
        if not given.keys().isdisjoint(_SHOWN) or name in _UNSEEN:
            before = _presented(name, given)
            inline = parse_style(given["style"]) if "style" in given else _NOTHING
        change = styled(before, (), inline) if before else style_change(inline)
        return _shown(name, change, tuple(values), before, inline, given.get("class", ""), given.get("id", ""))

    def _texts(self, attribute: str, text: str, span: tuple[int, int], values: list[Value]) -> None:
        if attribute in TEXTS:
            values.append((ATTRIBUTE, text + APART, *span))
            if attribute == "content" and (found := _REFRESH.search(text)):
                values.extend((URL, one, *span) for one in self._read_url(text[found.end() :]))
        elif attribute in URLS:
            values.extend((URL, one, *span) for one in self._read_url(text))
        elif attribute in _PAGES:
            values.append((HIDDEN, self._read_page(text), *span))
        else:
            values.extend((HIDDEN, one + APART, *span) for one in contents(text))


def ruled(tag: Tag, sheet: Sheet) -> Tag:
    """The tag as it is with these style sheets."""
    if tag.kind in (END, SPECIAL) or not tag.name:
        return tag
    keys = element_keys(tag.name, tag.classes, tag.identity)
    rules = tuple(sheet.matching(keys))
    if not rules:
        return tag._replace(keys=keys) if sheet.has_outer else tag
    change = styled(tag.before, [rule for rule in rules if not rule.outer], tag.inline)
    rules = rules if any(rule.outer for rule in rules) else ()
    return _shown(tag.name, change, tag.values, tag.before, tag.inline, tag.classes, tag.identity, keys, rules)


def _shown(
    name: str,
    change: Change | None,
    values: tuple[Value, ...],
    before: Declarations,
    inline: Declarations,
    classes: str,
    identity: str,
    keys: Keys = frozenset(),
    rules: tuple[Rule, ...] = (),
) -> Tag:
    """A start tag that changes this."""
    separator, is_void = separator_of(name), name in _VOID
    if change is not None and change == AS_LINK:
        change = AS_LINK
    if is_void and change is not None and not rules:  # nothing is in it
        separator = "" if change.is_gone else separator if change.separator is None else change.separator
        change = None
    kind = START if rules else _kind(name, is_void, change)
    return Tag(kind, name, separator, is_void, change, values, before, inline, classes, identity, keys, rules)


def _kind(name: str, is_void: bool, change: Change | None) -> str:
    if change is None:
        if is_void and name != "hr":
            return NOTHING
        return LOOSE if name in _INLINE else START
    return LINK if change is AS_LINK else START


def _presented(name: str, given: dict[str, str]) -> Declarations:
    """What the attributes of old HTML, and the browser's own style sheet, say."""
    before: Declarations = {}
    if "hidden" in given or name in _UNSEEN or (name == "input" and given.get("type", "").lower() == "hidden"):
        before["display"] = "none", False
    if name == "a" and "href" in given:
        before["color"] = LINK_COLOR, False
    for attribute, meant in _COLORS:
        if attribute in given and (attribute != "text" or name == "body"):
            color = legacy_color(given[attribute])
            if color:
                before[meant] = color, False
    if given.get("background", "").strip():
        before["background-image"] = "url()", False
    if name == "bdo" and given.get("dir", "").strip().lower() in ("rtl", "ltr"):
        before["direction"] = given["dir"].strip().lower(), False
        before["unicode-bidi"] = "bidi-override", False
    return before


_A_PAGE = "\0\0"  # stands for what only its own page can read


def _no_page(text: str) -> str:
    return _A_PAGE


def _plain_url(url: str) -> list[str]:
    return urls.readings(url, _no_page)


_COMMON_TAGS = Tags(_plain_url, _no_page)


@lru_cache(maxsize=4096)
def common_tag(token: str) -> Tag | None:
    """A tag whose meaning depends on nothing but itself, or None; tags of all pages are much the same."""
    tag = _COMMON_TAGS.read(token)
    return None if tag.kind == SPECIAL or any(text == _A_PAGE for _, text, _, _ in tag.values) else tag
