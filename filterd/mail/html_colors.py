"""Colours as CSS and old HTML write them, and whether two can be told apart (CSS Color 4 §5 and §6, HTML Standard §2.3.6)."""

from __future__ import annotations

import colorsys
import re

Color = tuple[int, int, int]
WHITE, BLACK, LINK = (255, 255, 255), (0, 0, 0), (0, 0, 238)
TRANSPARENT = (-1, -1, -1)
UNKNOWN = (-2, -2, -2)  # a picture, or what we cannot read: anything is seen on it
_NEAR = 16  # steps of 255 in every channel that nobody sees
_FAINT = 0.05  # of opacity

_NAMES = (
    "aliceblue f0f8ff antiquewhite faebd7 aqua 00ffff aquamarine 7fffd4 azure f0ffff beige f5f5dc bisque ffe4c4 black 000000 "
    "blanchedalmond ffebcd blue 0000ff blueviolet 8a2be2 brown a52a2a burlywood deb887 cadetblue 5f9ea0 chartreuse 7fff00 "
    "chocolate d2691e coral ff7f50 cornflowerblue 6495ed cornsilk fff8dc crimson dc143c cyan 00ffff darkblue 00008b "
    "darkcyan 008b8b darkgoldenrod b8860b darkgray a9a9a9 darkgreen 006400 darkgrey a9a9a9 darkkhaki bdb76b darkmagenta 8b008b "
    "darkolivegreen 556b2f darkorange ff8c00 darkorchid 9932cc darkred 8b0000 darksalmon e9967a darkseagreen 8fbc8f "
    "darkslateblue 483d8b darkslategray 2f4f4f darkslategrey 2f4f4f darkturquoise 00ced1 darkviolet 9400d3 deeppink ff1493 "
    "deepskyblue 00bfff dimgray 696969 dimgrey 696969 dodgerblue 1e90ff firebrick b22222 floralwhite fffaf0 forestgreen 228b22 "
    "fuchsia ff00ff gainsboro dcdcdc ghostwhite f8f8ff gold ffd700 goldenrod daa520 gray 808080 grey 808080 green 008000 "
    "greenyellow adff2f honeydew f0fff0 hotpink ff69b4 indianred cd5c5c indigo 4b0082 ivory fffff0 khaki f0e68c lavender e6e6fa "
    "lavenderblush fff0f5 lawngreen 7cfc00 lemonchiffon fffacd lightblue add8e6 lightcoral f08080 lightcyan e0ffff "
    "lightgoldenrodyellow fafad2 lightgray d3d3d3 lightgreen 90ee90 lightgrey d3d3d3 lightpink ffb6c1 lightsalmon ffa07a "
    "lightseagreen 20b2aa lightskyblue 87cefa lightslategray 778899 lightslategrey 778899 lightsteelblue b0c4de "
    "lightyellow ffffe0 lime 00ff00 limegreen 32cd32 linen faf0e6 magenta ff00ff maroon 800000 mediumaquamarine 66cdaa "
    "mediumblue 0000cd mediumorchid ba55d3 mediumpurple 9370db mediumseagreen 3cb371 mediumslateblue 7b68ee "
    "mediumspringgreen 00fa9a mediumturquoise 48d1cc mediumvioletred c71585 midnightblue 191970 mintcream f5fffa "
    "mistyrose ffe4e1 moccasin ffe4b5 navajowhite ffdead navy 000080 oldlace fdf5e6 olive 808000 olivedrab 6b8e23 orange ffa500 "
    "orangered ff4500 orchid da70d6 palegoldenrod eee8aa palegreen 98fb98 paleturquoise afeeee palevioletred db7093 "
    "papayawhip ffefd5 peachpuff ffdab9 peru cd853f pink ffc0cb plum dda0dd powderblue b0e0e6 purple 800080 rebeccapurple 663399 "
    "red ff0000 rosybrown bc8f8f royalblue 4169e1 saddlebrown 8b4513 salmon fa8072 sandybrown f4a460 seagreen 2e8b57 "
    "seashell fff5ee sienna a0522d silver c0c0c0 skyblue 87ceeb slateblue 6a5acd slategray 708090 slategrey 708090 snow fffafa "
    "springgreen 00ff7f steelblue 4682b4 tan d2b48c teal 008080 thistle d8bfd8 tomato ff6347 turquoise 40e0d0 violet ee82ee "
    "wheat f5deb3 white ffffff whitesmoke f5f5f5 yellow ffff00 yellowgreen 9acd32 window ffffff windowtext 000000 "
    "canvas ffffff canvastext 000000"
)
_SIX = re.compile(r"#[0-9a-f]{6}")
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^)]*)")
_NUMBER = re.compile(r"(-?[0-9]*\.?[0-9]+)(%|deg)?")
_NOT_HEX = re.compile(r"[^0-9a-f]")


def _channels(digits: str) -> Color:
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


COLORS = {name: _channels(digits) for name, digits in re.findall("([a-z]+) ([0-9a-f]{6})", _NAMES)}
COLORS["transparent"] = TRANSPARENT


def css_color(text: str) -> Color | None:
    """A CSS colour (lower case), or None if it is none."""
    if text in COLORS:
        return COLORS[text]
    if text.startswith("#"):
        return _digits(text[1:])
    found = _FUNCTION.match(text)
    return _function(found[1], found[2]) if found else None


def _digits(text: str) -> Color | None:
    if len(text) not in (3, 4, 6, 8) or _NOT_HEX.search(text):
        return None
    if len(text) < 6:
        text = "".join([digit * 2 for digit in text])
    return TRANSPARENT if text[6:] and int(text[6:], 16) <= 255 * _FAINT else _channels(text)


def _function(kind: str, arguments: str) -> Color | None:
    numbers = [(min(max(float(number), -1e6), 1e6), unit) for number, unit in _NUMBER.findall(arguments[:200])]
    if len(numbers) < 3:
        return None
    if len(numbers) > 3 and numbers[3][0] / (100 if numbers[3][1] == "%" else 1) <= _FAINT:
        return TRANSPARENT
    if kind == "hsl":
        hue, saturation, light = (number for number, _ in numbers[:3])
        channels = colorsys.hls_to_rgb(hue % 360 / 360, min(max(light, 0), 100) / 100, min(max(saturation, 0), 100) / 100)
        return tuple(round(channel * 255) for channel in channels)  # type: ignore[return-value]
    return tuple(  # type: ignore[return-value]
        min(max(round(number * 2.55 if unit == "%" else number), 0), 255) for number, unit in numbers[:3]
    )


def legacy_color(text: str) -> Color | None:
    """The value of `color` or `bgcolor`: nearly anything is a colour there."""
    text = text.strip(" \t\n\f\r").lower()[:128]
    if len(text) == 7 and _SIX.fullmatch(text):
        return _channels(text[1:])
    if not text or text == "transparent":
        return None
    if text in COLORS:
        return COLORS[text]
    if len(text) == 4 and text[0] == "#" and not _NOT_HEX.search(text[1:]):
        return _digits(text[1:])
    digits = _NOT_HEX.sub("0", text.removeprefix("#"))
    digits += "0" * (-len(digits) % 3)
    size = len(digits) // 3
    thirds = [digits[:size], digits[size : 2 * size], digits[2 * size :]]
    thirds = [third[-8:] for third in thirds]
    while len(thirds[0]) > 2 and all(third[0] == "0" for third in thirds):
        thirds = [third[1:] for third in thirds]
    return tuple(int(third[:2] or "0", 16) for third in thirds)  # type: ignore[return-value]


def is_unseen(color: Color, background: Color) -> bool:
    """Can nobody see text of this colour there?"""
    if color == TRANSPARENT:
        return True
    if background[0] < 0:
        return False
    return (
        abs(color[0] - background[0]) <= _NEAR
        and abs(color[1] - background[1]) <= _NEAR
        and abs(color[2] - background[2]) <= _NEAR
    )
