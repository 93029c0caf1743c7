"""The elements that are open, and how the text in them is shown. No tree: a stack with a cap, one step a tag.

As far as it matters for what is hidden, end tags close what browsers let them close (HTML Standard §13.2.6): a `</div>`
closes the `<span>` in it, but no `<div>` outside of the table cell; `<p>`, `<li>`, `<td>` … close their like; fonts go on.
"""

from __future__ import annotations

from filterd.mail.html_sheet import Keys, Sheet, styled
from filterd.mail.html_style import START, Change, State, applied
from filterd.mail.html_tags import Tag

DEPTH = 10_000  # tags deeper than that change nothing

_FORMATTING = frozenset({"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"})
_SCOPES = frozenset({"table", "td", "th", "caption", "template", "object", "html", "button"})
TABLES = frozenset({"table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption", "template", "object", "button"})
_CLOSES = {
    "li": frozenset({"li"}),
    **dict.fromkeys(("dd", "dt"), frozenset({"dd", "dt"})),
    **dict.fromkeys(("option", "optgroup"), frozenset({"option"})),
    **dict.fromkeys(("td", "th"), frozenset({"td", "th"})),
    "tr": frozenset({"td", "th", "tr"}),
    **dict.fromkeys(("tbody", "thead", "tfoot"), frozenset({"td", "th", "tr", "tbody", "thead", "tfoot"})),
}
_AROUND = {
    **dict.fromkeys(("td", "th"), frozenset({"tr", "tbody", "thead", "tfoot"})),
    "tr": frozenset({"tbody", "thead", "tfoot"}),
}
_CLOSE_P = frozenset({
    "address", "article", "aside", "blockquote", "center", "details", "dialog", "dir", "div", "dl", "dd", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "menu", "nav",
    "ol", "p", "pre", "section", "summary", "ul",
})  # fmt: skip
_P = frozenset({"p"})
_NEAR = 8  # open elements that are looked through for one that ends by itself


class Elements:
    """The stack. `state` is how text is shown now; `counts` are the open elements of this scope by name.

    `is_quiet` tells of the last tag that what it separates is not seen, as its element takes no place.
    """

    def __init__(self, sheet: Sheet, *, is_midway: bool = False) -> None:
        self.state: State = START
        self.counts: dict[str, int] = {}
        self.is_quiet = False
        self._sheet = sheet
        self.is_midway = is_midway  # elements are open that we do not know; their ends close all we do
        self._open: list[tuple[str, State, str, Tag]] = []  # name, the state before, what its end separates by, the tag
        self._scopes: list[dict[str, int]] = [self.counts]
        self._keys: dict[str, int] = {}  # of all open elements, where a rule asks for them
        self._after: dict[tuple[int, int], tuple[State, Change, State]] = {}

    def start(self, tag: Tag) -> str:
        """A start tag; answers what it separates by."""
        name, change, separator = tag.name, tag.change, tag.separator
        if name in _CLOSES:
            self._close_like(_CLOSES[name])
            if self.is_midway and name in _AROUND:
                self._close_unknown(_AROUND[name])
        elif name in _CLOSE_P and self.counts.get("p"):
            self._close_like(_P)
        before = self.state
        if tag.rules and self._sheet.has_outer:
            change = self._in_context(tag)
        if change is not None:
            self.state = self._changed(before, change)
            if change.separator is not None:
                separator = change.separator
            self.is_quiet = self.state.is_gone and not before.is_gone
        if tag.is_void:
            self.state = before
        elif len(self._open) < DEPTH:
            self._push(name, before, separator, tag)
        return separator

    def end(self, name: str, separator: str) -> str:
        """An end tag; answers what it separates by."""
        if not self.counts.get(name):
            if name not in TABLES or not any(counts.get(name) for counts in self._scopes[-_NEAR:]):
                if self.is_midway and (name in TABLES or name == "div"):
                    while self._open and self._open[-1][0] != "body":
                        self._pop()
                return separator
            while not self.counts.get(name):
                self._pop()
        fonts: list[Tag] = []
        while True:
            inside = self.state
            ended, separator, tag = self._pop()
            if ended == name:
                break
            if tag.change is not None and ended in _FORMATTING and len(fonts) < _NEAR:
                fonts.append(tag)
        is_quiet = inside.is_gone and not self.state.is_gone
        if fonts and name not in _SCOPES:
            for font in reversed(fonts):
                self.start(font)
        self.is_quiet = is_quiet
        return separator

    def _push(self, name: str, before: State, separator: str, tag: Tag) -> None:
        self._open.append((name, before, separator, tag))
        if name in _SCOPES:
            self.counts = {name: 1}
            self._scopes.append(self.counts)
        else:
            self.counts[name] = self.counts.get(name, 0) + 1
        if self._sheet.has_outer:
            for key in tag.keys:
                self._keys[key] = self._keys.get(key, 0) + 1

    def _pop(self) -> tuple[str, str, Tag]:
        name, self.state, separator, tag = self._open.pop()
        if name in _SCOPES:
            self._scopes.pop()
            self.counts = self._scopes[-1]
        else:
            self.counts[name] -= 1
        if self._sheet.has_outer:
            for key in tag.keys:
                self._keys[key] = self._keys.get(key, 1) - 1
        return name, separator, tag

    def _close_like(self, names: frozenset[str]) -> None:
        """Close the open ones of these names that stand near, and what is in them."""
        back = 1
        while back <= len(self._open) and back <= _NEAR:
            name = self._open[-back][0]
            if name in names:
                for _ in range(back):
                    self._pop()
                back = 0
                if "tr" not in names:
                    return
            elif name in _SCOPES:
                return
            back += 1

    def _close_unknown(self, around: frozenset[str]) -> None:
        """A cell or row that was open before we began ends here with all that is in it, unless this one begins a known row."""
        if len(self._scopes) == 1 and not any(self.counts.get(name) for name in around):
            while self._open and self._open[-1][0] != "body":
                self._pop()

    def _changed(self, before: State, change: Change) -> State:
        key = id(before), id(change)  # both are kept, so that no other gets their number
        known = self._after.get(key)
        if known is None:
            if len(self._after) > DEPTH:
                self._after.clear()
            known = self._after[key] = before, change, applied(before, change)
        return known[2]

    def _in_context(self, tag: Tag) -> Change | None:
        rules = [rule for rule in tag.rules if all(self._stands_in(keys) for keys in rule.outer)]
        return styled(tag.before, rules, tag.inline)

    def _stands_in(self, keys: Keys) -> bool:
        return all(self._keys.get(key) for key in keys)
