"""What CSS does to text: hide it, break it, turn it round. Declarations to a `Change`, and a change to a `State`.

Only what decides whether a reader sees text, and whether two pieces of it touch, is read (CSS 2.2, CSS Display 3).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from filterd.mail.html_colors import BLACK, LINK, TRANSPARENT, UNKNOWN, WHITE, Color, css_color, is_unseen

STYLE_CHARACTERS = 128 * 1024  # of one style attribute; more is not read
SMALL = 2.5  # px; letters so small are dots at most
_SCALE = 0.15  # of the parent's size
_FAR = 500.0  # px outside of the window
_VERY_FAR = 2000.0  # to the other side, where a wide page may go on
_FAINT = 0.05

# name → (value as understood, is it important)
Value = str | float | Color | tuple[float | None, float | None]
Declarations = dict[str, tuple[Value, bool]]

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})[ \t\n\f\r]?|(.)|\n)", re.DOTALL | re.IGNORECASE)
# Blanks are single in what these read.
_PLAIN = re.compile(r"(?<![a-z-])([a-z-]+) ?: ?([^;]*)")
_QUOTED = re.compile(r"""(?<![a-z-])([a-z-]+) ?: ?((?:[^;"'(]+|"[^"]*"?|'[^']*'?|\([^)]*\)?)*)""")
_CONTENT = re.compile(r"""content\s*:\s*((?:[^;"'}]{0,40}(?:"[^"]*"|'[^']*')){1,20})""", re.IGNORECASE)
_STRING = re.compile(r""""([^"]*)"|'([^']*)'""")
_LENGTH = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?)(px|pt|pc|in|cm|mm|q|r?em|ex|ch|%|v[wh]|vmin|vmax)?")
_PIXELS = {"px": 1.0, "": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78, "q": 0.945}
_RELATIVE = {"em": 1.0, "%": 0.01, "ex": 0.5, "ch": 0.5}
_PIXELS |= {"em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "%": 10.0, "vw": 10.0, "vh": 10.0, "vmin": 10.0, "vmax": 10.0}
_SIZES = frozenset({"xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large", "xxx-large"})
_DISPLAYS = {
    "none": "",
    **dict.fromkeys(("inline", "contents", "inline-block", "inline-flex", "inline-table", "inline-grid", "ruby"), ""),
    **dict.fromkeys(("block", "list-item", "flex", "grid", "table", "flow-root", "table-row", "table-row-group"), "\n"),
    **dict.fromkeys(("table-header-group", "table-footer-group", "table-caption", "table-column"), "\n"),
    "table-cell": "\t",
}
_NO_SCALE = re.compile(r"scale(?:[xy]|3d)?\( ?0*(?:\.0*)? ?[,)]|translate(?:[xy]|3d)?\( ?-[0-9]{4,}")
_NO_CLIP = re.compile(r"rect\((?: ?[01](?:px)?[ ,]{0,3}){4}\)|inset\( ?(?:[5-9][0-9]|100)%|circle\( ?0")
_ALPHA = re.compile(r"alpha\( ?opacity ?= ?[0-4] ?\)|opacity\( ?0?\.?0*%? ?\)")


class Change(NamedTuple):
    """What an element changes for the text in it; None leaves things as they are."""

    is_gone: bool = False
    is_visible: bool | None = None
    size: float | None = None  # of letters, px
    scale: float | None = None  # of letters, of the parent's
    color: Color | None = None
    background: Color | None = None
    is_reversed: bool | None = None
    separator: str | None = None
    is_right: bool = False
    is_doubtful: bool = False


class State(NamedTuple):
    """How text is shown: `is_hidden` follows from the others."""

    is_gone: bool = False
    is_visible: bool = True
    is_small: bool = False
    color: Color = BLACK
    background: Color = WHITE
    is_reversed: bool = False
    is_hidden: bool = False
    is_right: bool = False  # floats to the right: what comes first stands last
    is_doubtful: bool = False  # only some see it


START = State()
AS_LINK = Change(color=LINK)


def parse_style(text: str) -> Declarations:
    """The declarations of a style attribute or of one rule. (What is given is shared: not to be changed.)"""
    return _common_style(text) if len(text) <= _COMMON else _parse(text)


def _parse(text: str) -> Declarations:
    found: Declarations = {}
    text = text[:STYLE_CHARACTERS].lower()
    if "/*" in text:
        text = _COMMENT.sub(" ", text)
    if "\\" in text:
        text = _ESCAPE.sub(_unescape, text)
    text = " ".join(text.split())
    pattern = _QUOTED if "(" in text or '"' in text or "'" in text else _PLAIN
    for name, value in pattern.findall(text):
        if name in _MEANT:
            if "!" in value:
                given, _, mark = value.partition("!")
                put(found, name, given.strip(), "important" in mark)
            else:
                put(found, name, value.rstrip())
    return found


_COMMON = 300  # characters of a style that may be known from other elements
_common_style = lru_cache(maxsize=4096)(_parse)


def _unescape(found: re.Match[str]) -> str:
    if found[1]:
        code = int(found[1], 16)
        return chr(code).lower() if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd"
    return found[2] or ""


def put(into: Declarations, name: str, text: str, is_important: bool = False) -> None:
    """One declaration more, if it is valid and nothing more important stands there."""
    if name not in into or is_important or not into[name][1]:
        value = _MEANT[name](text)
        if value is not None:
            into[name] = value, is_important


def merge(into: Declarations, later: Declarations) -> None:
    """What comes later wins, unless what is there is important."""
    for name, (value, is_important) in later.items():
        if name not in into or is_important or not into[name][1]:
            into[name] = value, is_important


def contents(text: str) -> list[str]:
    """The strings that `content` properties would show."""
    if "content" not in text.lower():
        return []
    given = [one or other for found in _CONTENT.findall(text) for one, other in _STRING.findall(found)]
    return [_ESCAPE.sub(_unescape, string) for string in given if string]


def change(declared: Declarations) -> Change | None:
    """What they change, or None."""
    if not declared:
        return None
    values: dict[str, Any] = {name: value for name, (value, _) in declared.items()}
    get = values.get
    display, visibility = get("display"), get("visibility")
    size, scale = get("font-size") or get("font") or _UNSIZED
    result = Change(
        display == "none" or (not values.keys().isdisjoint(_HIDING) and (_is_gone(values) or _is_outside(values))),
        None if visibility is None else visibility == "visible",
        size,
        scale,
        get("-webkit-text-fill-color") or get("color"),
        _background(values) if not values.keys().isdisjoint(_BACKGROUNDS) else None,
        _is_reversed(values) if "unicode-bidi" in values else None,
        _DISPLAYS[display] if display and display != "none" else None,
        get("float") == "right",
    )
    return result if result != _NO_CHANGE else None


_UNSIZED = (None, None)
_BACKGROUNDS = frozenset({"background", "background-color", "background-image"})
_NO_CHANGE = Change()


def tells(by: Change, separator: str) -> bool:
    """Does it do more to text than colour it, where the element separates by this anyway?"""
    return (
        hides(by)
        or by.is_reversed is True
        or by.is_right
        or by.is_doubtful
        or (by.separator is not None and by.separator != separator)
    )


def hides(by: Change) -> bool:
    """Does it hide text, whatever the colours are?"""
    return (
        by.is_gone
        or by.is_visible is False
        or (by.size is not None and by.size < SMALL)
        or (by.scale is not None and by.scale <= _SCALE)
    )


def applied(state: State, by: Change) -> State:
    """The state inside an element."""
    is_gone = state.is_gone or by.is_gone
    is_visible = state.is_visible if by.is_visible is None else by.is_visible
    is_small = state.is_small
    if by.size is not None:
        is_small = by.size < SMALL
    elif by.scale is not None:
        is_small = is_small or by.scale <= _SCALE
    color, background = by.color or state.color, by.background or state.background
    is_hidden = is_gone or not is_visible or is_small or is_unseen(color, background)
    is_reversed = state.is_reversed if by.is_reversed is None else by.is_reversed
    is_right, is_doubtful = state.is_right or by.is_right, state.is_doubtful or by.is_doubtful
    return State(is_gone, is_visible, is_small, color, background, is_reversed, is_hidden, is_right, is_doubtful)


def _font_size(text: str) -> tuple[float | None, float | None] | None:
    """(px, share of the parent's size): one of them, or None if it is no size."""
    if text in _SIZES:
        return 12.0, None
    found = _LENGTH.match(_reckoned(text))
    if not found:
        return None
    number, unit = float(found[1]), found[2] or ""
    if unit in _RELATIVE:
        return None, number * _RELATIVE[unit]
    return number * _PIXELS[unit], None


def _font(text: str) -> tuple[float | None, float | None] | None:
    """The size in the short form `font`, which is the first word that can be one."""
    for word in text.split():
        word = word.partition("/")[0]
        if word in _SIZES or ((found := _LENGTH.match(word)) and (found[2] or not found[1].strip("+-0."))):
            return _font_size(word)
    return None


def _reckoned(text: str) -> str:
    """Of a function (CSS Values 4 §10) that it gives nothing, where that is plain."""
    if text.startswith(("calc(", "min(", "max(", "clamp(")):
        numbers = [float(number) for number, _ in _LENGTH.findall(text[:_COMMON])]
        if numbers and (any if text.startswith("min") else all)(number == 0 for number in numbers):
            return "0"
    return text


def _length(text: str) -> float | None:
    """A length in px."""
    found = _LENGTH.match(_reckoned(text))
    return float(found[1]) * _PIXELS[found[2] or ""] if found else None


def _share(text: str) -> float | None:
    """A number, or percents of one."""
    found = _LENGTH.match(text)
    return float(found[1]) / (100 if found[2] == "%" else 1) if found else None


def _is_gone(values: dict[str, Any]) -> bool:
    if values.get("opacity", 1) <= _FAINT or values.get("zoom", 1) == 0 or values.get("scale", 1) == 0:
        return True
    if values.get("mso-hide") == "all" or values.get("content-visibility") == "hidden":
        return True
    if "filter" in values and _ALPHA.search(values["filter"]):
        return True
    if "transform" in values and _NO_SCALE.search(values["transform"]):
        return True
    overflow = values.get("overflow") or values.get("overflow-x") or values.get("overflow-y") or ""
    if "hidden" not in overflow and "clip" not in overflow:
        return False
    return any(name in values and abs(values[name]) <= 1 for name in _BOX)


def _is_outside(values: dict[str, Any]) -> bool:
    if any(values.get(name, 0) <= -_FAR for name in ("text-indent", "margin-left", "margin-top", "margin-right")):
        return True
    if "clip-path" in values and _NO_CLIP.search(values["clip-path"]):
        return True
    position = values.get("position")
    if position in ("absolute", "fixed") and "clip" in values and _NO_CLIP.search(values["clip"]):
        return True
    sides = ("left", "top", "right", "bottom")
    return position in ("absolute", "fixed", "relative") and (
        any(values.get(side, 0) <= -_FAR for side in sides) or any(values.get(side, 0) >= _VERY_FAR for side in ("left", "right"))
    )


def _background(values: dict[str, Any]) -> Color | None:
    if "(" in values.get("background-image", ""):
        return UNKNOWN
    found = values.get("background-color") or values.get("background")
    return found if found and found != TRANSPARENT else None


def _backdrop(text: str) -> Color | None:
    """The colour in the short form `background`, or that there is a picture."""
    if "url(" in text or "gradient(" in text:
        return UNKNOWN
    return next((color for word in ([text] if "(" in text else text.split()) if (color := css_color(word))), TRANSPARENT)


def _is_reversed(values: dict[str, Any]) -> bool | None:
    if values["unicode-bidi"] not in ("bidi-override", "isolate-override") or "direction" not in values:
        return None
    return bool(values["direction"] == "rtl")


def _text(text: str) -> str | None:
    return text or None


def _one_of(names: Iterable[str]) -> Callable[[str], str | None]:
    known = {name: name for name in names}
    return known.get


# The properties that are read, and how: an invalid value is None and leaves the earlier one in force.
_BOX = ("height", "max-height", "width", "max-width", "line-height")
_LENGTHS = (*_BOX, "text-indent", "margin-left", "margin-top", "margin-right", "left", "top", "right", "bottom")
_MEANT: dict[str, Callable[[str], Value | None]] = {
    **dict.fromkeys(_LENGTHS, _length),
    **dict.fromkeys(("background-image", "filter", "transform", "clip", "clip-path", "unicode-bidi", "direction"), _text),
    **dict.fromkeys(("overflow", "overflow-x", "overflow-y", "mso-hide", "position", "content-visibility"), _text),
    **dict.fromkeys(("opacity", "zoom", "scale"), _share),
    **dict.fromkeys(("color", "background-color", "-webkit-text-fill-color"), css_color),
    "background": _backdrop,
    "display": _one_of(_DISPLAYS),
    "float": _one_of(("left", "right", "none")),
    "visibility": _one_of(("visible", "hidden", "collapse")),
    "font-size": _font_size,
    "font": _font,
}
# Those of which one at least is needed to make an element vanish.
_HIDING = frozenset({"opacity", "zoom", "scale", "content-visibility"})
_HIDING |= frozenset({"mso-hide", "filter", "transform", "overflow", "overflow-x", "overflow-y"})
_HIDING |= frozenset({"text-indent", "margin-left", "margin-top", "margin-right", "clip-path", "position"})
