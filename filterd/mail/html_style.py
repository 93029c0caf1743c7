"""What CSS does to text: hide it, break it, turn it round. Declarations to a `Change`, and a change to a `State`.

Only what decides whether a reader sees text, and whether two pieces of it touch, is read (CSS 2.2, CSS Display 3).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from filterd.mail.html_colors import BLACK, LINK, UNKNOWN, WHITE, Color, css_color, is_unseen

STYLE_CHARACTERS = 128 * 1024  # of one style attribute; more is not read
SMALL = 2.5  # px; letters so small are dots at most
_SCALE = 0.15  # of the parent's size
_FAR = 500.0  # px outside of the window
_FAINT = 0.05

# name → (value, is it important)
Declarations = dict[str, tuple[str, bool]]

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})[ \t\n\f\r]?|(.)|\n)", re.DOTALL | re.IGNORECASE)
# Blanks are single in what these read.
_PLAIN = re.compile(r"(?<![a-z-])([a-z-]+) ?: ?([^;]*)")
_QUOTED = re.compile(r"""(?<![a-z-])([a-z-]+) ?: ?((?:[^;"'(]+|"[^"]*"?|'[^']*'?|\([^)]*\)?)*)""")
_CONTENT = re.compile(r"""content\s*:\s*((?:[^;"'}]{0,40}(?:"[^"]*"|'[^']*')){1,20})""", re.IGNORECASE)
_STRING = re.compile(r""""([^"]*)"|'([^']*)'""")
_LENGTH = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?)(px|pt|pc|in|cm|mm|q|r?em|ex|ch|%|v[wh]|vmin|vmax)?")
_PIXELS = {"px": 1.0, "": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78, "q": 0.945}
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


class State(NamedTuple):
    """How text is shown: `is_hidden` follows from the others."""

    is_gone: bool = False
    is_visible: bool = True
    is_small: bool = False
    color: Color = BLACK
    background: Color = WHITE
    is_reversed: bool = False
    is_hidden: bool = False


START = State()
AS_LINK = Change(color=LINK)


def parse_style(text: str) -> Declarations:
    """The declarations of a style attribute or of one rule."""
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
            given, mark, _ = value.partition("!")
            put(found, name, given.strip(), bool(mark))
    return found


def _unescape(found: re.Match[str]) -> str:
    if found[1]:
        code = int(found[1], 16)
        return chr(code).lower() if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd"
    return found[2] or ""


def put(into: Declarations, name: str, value: str, is_important: bool = False) -> None:
    """One declaration more, if it is valid and nothing more important stands there."""
    if (name not in into or is_important or not into[name][1]) and _MEANT[name](value):
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
    values = {name: value for name, (value, _) in declared.items()}
    display, visibility = values.get("display"), values.get("visibility")
    size, scale = _letters(values)
    color = values.get("-webkit-text-fill-color") or values.get("color")
    result = Change(
        display == "none" or _is_gone(values),
        None if visibility is None else visibility not in ("hidden", "collapse"),
        size,
        scale,
        css_color(color) if color else None,
        _background(values),
        _is_reversed(values),
        _DISPLAYS[display] if display and display != "none" else None,
    )
    return result if result != _NO_CHANGE else None


_NO_CHANGE = Change()


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
    return State(is_gone, is_visible, is_small, color, background, is_reversed, is_hidden)


def _letters(values: dict[str, str]) -> tuple[float | None, float | None]:
    text = values.get("font-size")
    if text is None:
        text = next((word.partition("/")[0] for word in values.get("font", "").split() if _is_size(word)), None)
    if text is None:
        return None, None
    if text in _SIZES:
        return 12.0, None
    found = _LENGTH.match(text)
    if not found:
        return None, None
    number, unit = float(found[1]), found[2] or ""
    if unit in ("em", "%", "ex", "ch"):
        return None, number / {"em": 1, "%": 100, "ex": 2, "ch": 2}[unit]
    return number * _PIXELS[unit], None


def _is_size(word: str) -> bool:
    found = _LENGTH.match(word)
    return bool(found and (found[2] or found[1].strip("+-0.") == "")) or word in _SIZES


def _pixels(text: str | None) -> float | None:
    found = _LENGTH.match(text) if text else None
    return float(found[1]) * _PIXELS[found[2] or ""] if found else None


def _is_gone(values: dict[str, str]) -> bool:
    if "opacity" in values:
        found = _LENGTH.match(values["opacity"])
        if found and float(found[1]) / (100 if found[2] == "%" else 1) <= _FAINT:
            return True
    if values.get("mso-hide") == "all" or ("filter" in values and _ALPHA.search(values["filter"])):
        return True
    if ("transform" in values and _NO_SCALE.search(values["transform"])) or _pixels(values.get("zoom")) == 0:
        return True
    return _is_too_small(values) or _is_outside(values)


def _is_too_small(values: dict[str, str]) -> bool:
    overflow = values.get("overflow") or values.get("overflow-x") or values.get("overflow-y") or ""
    if "hidden" not in overflow and "clip" not in overflow:
        return False
    sizes = (_pixels(values.get(name)) for name in ("max-height", "height", "max-width", "width", "line-height"))
    return any(size is not None and abs(size) <= 1 for size in sizes)


def _is_outside(values: dict[str, str]) -> bool:
    if any((_pixels(values.get(name)) or 0) <= -_FAR for name in ("text-indent", "margin-left", "margin-top", "margin-right")):
        return True
    position = values.get("position")
    if "clip-path" in values and _NO_CLIP.search(values["clip-path"]):
        return True
    if position in ("absolute", "fixed") and "clip" in values and _NO_CLIP.search(values["clip"]):
        return True
    return position in ("absolute", "fixed", "relative") and any(
        (_pixels(values.get(side)) or 0) <= -_FAR for side in ("left", "top", "right", "bottom")
    )


def _background(values: dict[str, str]) -> Color | None:
    picture = values.get("background-image", "none")
    if "(" in picture:
        return UNKNOWN
    if "background-color" in values:
        found = css_color(values["background-color"])
        return found if found and found[0] >= 0 else None
    text = values.get("background")
    if not text:
        return None
    if "url(" in text or "gradient(" in text:
        return UNKNOWN
    found = next((color for word in _words(text) if (color := css_color(word))), None)
    return found if found and found[0] >= 0 else None


def _words(text: str) -> list[str]:
    return [text] if "(" in text else text.split()


def _is_reversed(values: dict[str, str]) -> bool | None:
    direction, override = values.get("direction"), values.get("unicode-bidi")
    if direction is None or (override or "") not in ("bidi-override", "isolate-override"):
        return None
    return direction == "rtl"


def _anything(value: str) -> bool:
    return bool(value)


def _color(value: str) -> bool:
    return css_color(value) is not None


def _length(value: str) -> bool:
    return _LENGTH.match(value) is not None


# The properties that are read, and what makes a value of theirs valid: an invalid one leaves the earlier one in force.
_MEANT = {
    **dict.fromkeys(("background", "background-image", "font", "filter", "transform", "clip", "clip-path"), _anything),
    **dict.fromkeys(("overflow", "overflow-x", "overflow-y", "unicode-bidi", "direction", "mso-hide", "position"), _anything),
    **dict.fromkeys(("opacity", "zoom", "line-height", "text-indent", "margin-left", "margin-top", "margin-right"), _length),
    **dict.fromkeys(("height", "max-height", "width", "max-width", "left", "top", "right", "bottom"), _length),
    **dict.fromkeys(("color", "background-color", "-webkit-text-fill-color"), _color),
    "display": _DISPLAYS.__contains__,
    "visibility": frozenset({"visible", "hidden", "collapse"}).__contains__,
    "font-size": lambda value: value in _SIZES or _length(value),
}
