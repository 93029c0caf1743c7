"""Drawings inside a page: where their texts stand apart (SVG 2 §11). Outside of drawings elements of these names part nothing."""

from __future__ import annotations

import re

from filterd.mail.html_tags import Tag, tag_name

_APART = frozenset({"text", "title", "desc", "foreignobject"})
# Elements that end a drawing which was not ended (HTML Standard §13.2.6.5).
_OUTSIDE = frozenset(
    "b big blockquote body br center code dd div dl dt em embed font h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta nobr "  # noqa: SIM905
    "ol p pre ruby s small span strike strong sub sup table td th tr tt u ul var".split()
)
_X = re.compile(r"\sx\s*=", re.IGNORECASE)
_DOWN = re.compile(r"""\sd?y\s*=\s*["']?[+-]?(?:[5-9]|[1-9][0-9]|[0-9]*\.?[0-9]+em)""", re.IGNORECASE)


def parted(tags: list[Tag], tokens: list[str], is_inside: bool) -> bool:
    """Give the tags inside drawings, in place, their separators; was the last one inside, too?"""
    for index, tag in enumerate(tags):
        if tag.name == "svg":
            is_inside = tokens[index][1] != "/" and not tokens[index].endswith("/>")
        elif is_inside:
            name = tag.name or tag_name(tokens[index])
            if name in _APART or (name == "tspan" and _begins_line(tokens[index])):
                tags[index] = tag._replace(separator="\n")
            elif name in _OUTSIDE:
                is_inside = False
    return is_inside


def _begins_line(token: str) -> bool:
    """Does a piece of text begin below the one before, at a place of its own?"""
    return bool(_X.search(token) and _DOWN.search(token))
