"""What is costly or doubtful about a regular expression, for who writes it.

Syntax only raises a suspicion. Whether an expression is slow is proved: it is searched for in texts made of its own parts, each
part that repeats pumped up and what must follow it withheld. The probes are few and stopped early, so that asking costs tenths of
a second at most for each thing that repeats.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import regex

from filterd.words.pattern import Expression
from filterd.words.patterns import compile_expression
from filterd.words.regex_tree import Element, Sequence, Unknown, parse
from filterd.words.required import hints

EVERYWHERE, SLOW, LONG, EMPTY, EDGES = "regex-everywhere", "regex-slow", "regex-long", "regex-empty", "regex-edges"
# CPU time of one probe: for the short text, what grows with the square of the length stays far below it; for both, what grows
# with the length.
_SECONDS = 0.05
_SHORT, _LONG = 1_000, 20_000  # characters
_TRIES = 12  # pumps tried for each element
_WITHHELD = ("\x00", "\n!", " x")  # behind what repeats, so that nothing more matches
_SAMPLES = "a1 A-_.\n\té,;:@/'\"()<>=+#%&x0z"
_WHERE_ANY = ("ab1-. ", "a", "1", " ", "\n", ".")


@dataclass(frozen=True, slots=True)
class Doubt:
    """`code` is stable; `what` follows the expression in a sentence."""

    code: str
    what: str
    cure: str


def cost(expression: Expression, *, folds: bool = True) -> list[Doubt]:
    """Everything doubtful. `folds`: is it searched for in canonical texts as well?"""
    compiled = compile_expression(expression)
    try:
        branches = parse(expression.source, expression.flags)
    except Unknown:
        branches = ()
    doubts: list[Doubt] = []
    if not hints(expression, folds=folds):
        what = "has no two letters or digits that must be there, so that it is tried on every text"
        doubts.append(Doubt(EVERYWHERE, what, "add a literal part if there is one"))
    if any(map(_can_be_empty, branches)):
        doubts.append(Doubt(EMPTY, "can match nothing at all", "make it need at least one character"))
    if edge := next(filter(None, map(_endless_edge, branches)), None):
        doubts.append(Doubt(EDGES, f"has `{edge}` at an edge, which finds nothing more", "take it off"))
    if slow := _slow_on(expression.flags, compiled, branches, _SHORT):
        what = f"takes for ever on short texts made for it: `{slow}` can match the same text in very many ways"
        doubts.append(Doubt(SLOW, what, "let nothing repeat what repeats itself, nor stand beside the like of it; or bound it"))
    elif slow := _slow_on(expression.flags, compiled, branches, _LONG):
        what = f"takes long on long texts made for it: `{slow}` goes on to the end from each of many places"
        doubts.append(Doubt(LONG, what, f"bound it: {slow}{{1,100}}"))
    return doubts


def _can_be_empty(sequence: Sequence) -> bool:
    return all(
        element.least == 0 or element.is_zero_width or (element.branches and any(map(_can_be_empty, element.branches)))
        for element in sequence
    )


def _endless_edge(sequence: Sequence) -> str:
    """What repeats without end at the beginning or the end and takes anything."""
    for element in (sequence[:1], sequence[-1:]):
        if element and element[0].is_endless and element[0].source == ".":
            return f".{'+' if element[0].least else '*'}"
    return ""


def _slow_on(flags: str, compiled: regex.Pattern[str], branches: tuple[Sequence, ...], size: int) -> str:
    """The part that makes it slow, as it is written; the whole where its parts are not known."""
    for branch in branches:
        whole = _sample_of(branch, flags)
        for before, element in _repeated(branch, "", flags):
            for pump in _pumps(element, flags):
                if any(_is_slow(compiled, text) for text in _texts(before, pump, whole, size)):
                    return element.source
    texts = (text for pump in _WHERE_ANY for text in _texts("", pump, "", size))
    return compiled.pattern if not branches and any(_is_slow(compiled, text) for text in texts) else ""


def _texts(before: str, pump: str, whole: str, size: int) -> Iterator[str]:
    """One place with very much of it, and very many places; the letters that must be there stand where they do not help."""
    for end in _WITHHELD:
        yield before + pump * (size // len(pump)) + end + whole
        if before:
            yield (before + pump) * (size // len(before + pump)) + end + whole


def _is_slow(compiled: regex.Pattern[str], text: str) -> bool:
    try:
        for _ in compiled.finditer(text, timeout=_SECONDS):
            pass
    except TimeoutError:
        return True
    return False


def _repeated(sequence: Sequence, before: str, flags: str) -> Iterator[tuple[str, Element]]:
    """Each element that may repeat often, and a text that what stands before it matches."""
    for element in sequence:
        if element.most > 2 and not element.is_zero_width:
            yield before, element
        for branch in element.branches:
            yield from _repeated(branch, before, flags)
        before += sample(element, flags)


def _pumps(element: Element, flags: str) -> list[str]:
    """Texts that the element matches once."""
    if not element.branches:
        pumps = [sign for sign in _SAMPLES if _matches(element.source, flags, sign)] if not element.literal else [element.literal]
    else:
        pumps = [_sample_of(branch, flags) for branch in element.branches]
        pumps += [pump for branch in element.branches for inner in branch if inner.most > 1 for pump in _pumps(inner, flags)]
    return [pump for pump in dict.fromkeys(pumps) if pump][:_TRIES]


def sample(element: Element, flags: str) -> str:
    """A text that the element matches, as far as one is easily known."""
    if element.is_zero_width:
        return ""
    if element.branches:
        one = _sample_of(element.branches[0], flags)
    else:
        one = element.literal or next((sign for sign in _SAMPLES if _matches(element.source, flags, sign)), "")
    return one * min(max(element.least, 1), 1000)


def _sample_of(sequence: Sequence, flags: str) -> str:
    return "".join(sample(element, flags) for element in sequence)


@lru_cache(maxsize=4096)
def _matches(source: str, flags: str, sign: str) -> bool:
    try:
        return compile_expression(Expression(source, flags)).fullmatch(sign) is not None
    except regex.error:  # a reference to a group that is not here
        return False
