"""Go through the tags of a page and note which text between them is hidden, and which is turned round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from filterd.mail.html_colors import LINK as BLUE
from filterd.mail.html_colors import is_unseen
from filterd.mail.html_sheet import Sheet
from filterd.mail.html_stack import TABLES, Elements
from filterd.mail.html_style import State
from filterd.mail.html_tags import END, GHOST, LINK, NOTHING, START, Tag

Ranges = list[tuple[int, int]]  # of parts
Flags = tuple[bool, bool, bool, bool]  # hidden, turned, right, doubtful


@dataclass(slots=True)
class Shown:
    """How the parts of one slice are shown. `quiet` are tags that separate nothing, as their elements take no place."""

    hidden: Ranges = field(default_factory=list)
    turned: Ranges = field(default_factory=list)
    right: Ranges = field(default_factory=list)
    doubtful: Ranges = field(default_factory=list)
    quiet: list[int] = field(default_factory=list)

    def turn(self, before: Flags, after: Flags, since: list[int], at: int) -> None:
        """The tag at `at` changes what holds for text."""
        ranges = (self.hidden, self.turned, self.right, self.doubtful)
        for index in range(4):
            if before[index] and not after[index] and at > since[index]:
                ranges[index].append((since[index], at))
            elif after[index] and not before[index]:
                since[index] = at + 1

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

    def __init__(self, sheet: Sheet, opened: Sequence[Tag] = (), *, is_midway: bool = False) -> None:
        """`is_midway` for a page whose first slices were not walked: elements are open, of which only `opened` are known."""
        self._elements = Elements(sheet, is_midway=is_midway)
        for tag in opened:
            self._elements.start(tag)
        self._ghost = ""  # inside a conditional comment: is its text "hidden", or is that "doubtful"?

    def follow(self, tags: list[Tag], out: list[str]) -> Shown:
        """Follow the tags, each standing behind a text; what each separates by is put into `out`.

        One long loop, and tags taken as tuples: it runs for every tag of every page that could hide anything.
        """
        elements, ghost = self._elements, self._ghost
        state, shown, at = elements.state, Shown(), -1
        telling = TABLES | {"div"} if elements.is_midway else TABLES
        flags, since = _flags(state, ghost), [0, 0, 0, 0]
        has_links = flags[0] or is_unseen(BLUE, state.background)  # does the colour of links matter here?
        for tag in tags:
            at += 2
            kind, separator = tag[0], tag[2]
            if kind == START:
                if ghost != "hidden":
                    separator = elements.start(tag)
            elif kind == END:
                if ghost != "hidden" and (elements.counts.get(tag[1]) or tag[1] in telling):
                    separator = elements.end(tag[1], separator)
            elif kind == NOTHING:
                out[at] = separator
                continue
            elif kind == GHOST:
                if ghost != "hidden" or not tag[1]:
                    ghost = "" if tag[1] == "over" else tag[1]
            elif ghost != "hidden" and (has_links if kind == LINK else elements.counts.get(tag[1])):
                separator = elements.start(tag)
            out[at] = separator
            if elements.is_quiet:
                shown.quiet.append(at)
                elements.is_quiet = False
            if elements.state is state and kind != GHOST:
                continue
            state = elements.state
            new = _flags(state, ghost)
            has_links = new[0] or is_unseen(BLUE, state.background)
            if new != flags:
                shown.turn(flags, new, since, at)
                flags = new
        shown.turn(flags, (False, False, False, False), since, len(out))
        self._ghost = ghost
        return shown


def _flags(state: State, ghost: str) -> Flags:
    return state.is_hidden or ghost == "hidden", state.is_reversed, state.is_right, state.is_doubtful or ghost == "doubtful"
