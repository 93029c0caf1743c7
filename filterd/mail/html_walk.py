"""Go through the tags of a page and note which text between them is hidden, and which is turned round."""

from __future__ import annotations

from dataclasses import dataclass, field

from filterd.mail.html_sheet import Sheet
from filterd.mail.html_stack import TABLES, Elements
from filterd.mail.html_tags import END, GHOST, LINK, LOOSE, NOTHING, START, Tag

Ranges = list[tuple[int, int]]  # of parts


@dataclass(slots=True)
class Shown:
    """How the parts of one slice are shown. `quiet` are tags that separate nothing, as their elements take no place."""

    hidden: Ranges = field(default_factory=list)
    turned: Ranges = field(default_factory=list)
    quiet: list[int] = field(default_factory=list)

    def seen(self, out: list[str]) -> list[str]:
        """What a reader sees of the texts of the parts."""
        if not self.hidden and not self.quiet:
            return out
        seen = out[:]
        for at in self.quiet:
            seen[at] = ""
        for first, last in self.hidden:
            seen[first:last] = [""] * (last - first)
        return seen


class Walk:
    """The walk, slice after slice."""

    def __init__(self, sheet: Sheet) -> None:
        self._elements = Elements(sheet)
        self._in_ghost = False  # inside a conditional comment

    def follow(self, tags: list[Tag], out: list[str]) -> Shown:
        """Follow the tags, each standing behind a text; what each separates by is put into `out`."""
        elements, in_ghost = self._elements, self._in_ghost
        state, shown = elements.state, Shown()
        is_hidden, is_turned = in_ghost or state.is_hidden, state.is_reversed
        hidden_from, turned_from, at = 0, 0, -1
        for tag in tags:
            at += 2
            kind, separator = tag[0], tag[2]
            if kind == START:
                if not in_ghost:
                    separator = elements.start(tag)
            elif kind == END:
                if not in_ghost and (elements.counts.get(tag[1]) or tag[1] in TABLES):
                    separator = elements.end(tag[1], separator)
            elif kind == NOTHING:
                out[at] = separator
                continue
            elif kind == GHOST:
                in_ghost = tag[1] != "/"
            elif not in_ghost and (is_hidden if kind == LINK else elements.counts.get(tag[1])):
                assert kind in (LINK, LOOSE)
                separator = elements.start(tag)
            out[at] = separator
            if elements.is_quiet:
                shown.quiet.append(at)
                elements.is_quiet = False
            if elements.state is state and kind != GHOST:
                continue
            state = elements.state
            if (in_ghost or state.is_hidden) != is_hidden:
                if is_hidden:
                    shown.hidden.append((hidden_from, at))
                is_hidden, hidden_from = not is_hidden, at + 1
            if state.is_reversed != is_turned:
                if is_turned:
                    shown.turned.append((turned_from, at))
                is_turned, turned_from = not is_turned, at + 1
        if is_hidden:
            shown.hidden.append((hidden_from, len(out)))
        if is_turned:
            shown.turned.append((turned_from, len(out)))
        self._in_ghost = in_ghost
        return shown
