"""What a text must have for a regular expression to be worth trying: letters for the automaton, or a simpler expression."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from filterd.words.pattern import Expression
from filterd.words.regex_tree import Element, Sequence, Unknown, elements, parse

_SHORTEST = 2  # letters or digits of a run that is looked for
_BRANCHES = 64  # runs of which one must be there
_TURKISH = "iI"


def hints(expression: Expression, *, folds: bool) -> tuple[str, ...]:
    """Runs of letters and digits, one of which stands in whatever the expression matches; empty if none are known.

    `folds`: canonical texts are searched as well. Without, an `i` in any case may be one that no case folding makes an i (ı, İ).
    """
    try:
        branches = parse(expression.source, expression.flags)
    except Unknown:
        return ()
    without = "" if folds or not _ignores_case(expression) else _TURKISH
    clause = _of_branches(branches, without)
    return clause if clause and len(clause) <= _BRANCHES else ()


def relaxed(expression: Expression) -> str:
    """A source that matches somewhere in every text around a match of the expression, whatever stands beside it.

    Assertions are left out, since texts are searched together with others. Empty if there is none: then any text may match.
    """
    try:
        branches = parse(expression.source, expression.flags)
    except Unknown:
        return ""
    every = list(elements(branches))
    if any(element.is_settled and not element.is_zero_width for element in every):
        return ""  # without its assertions it may settle for something else
    source, at = "", 0
    for element in every:
        if element.is_zero_width and element.source and element.start >= at:
            source += expression.source[at : element.start] + "(?:)"
            at = element.end
    return source + expression.source[at:]


def _ignores_case(expression: Expression) -> bool:
    return "i" in expression.flags or re.search(r"\(\?[a-z]*i", expression.source) is not None


@dataclass(slots=True)
class _Runs:
    """Clauses of a sequence: of each, one run must be there."""

    without: str
    clauses: list[tuple[str, ...]] = field(default_factory=list)
    run: str = ""

    def end_run(self) -> None:
        if len(self.run) >= _SHORTEST:
            self.clauses.append((self.run,))
        self.run = ""

    def read(self, sequence: Sequence) -> None:
        for element in sequence:
            if not element.is_zero_width:
                self._element(element)

    def _element(self, element: Element) -> None:
        if element.branches and element.is_once and len(element.branches) == 1:
            self.read(element.branches[0])
            return
        is_letter = element.literal.isalnum() and element.literal not in self.without
        if element.least and is_letter:
            self.run += element.literal
        if not (element.is_once and is_letter):
            self.end_run()
        if element.branches and element.least and (clause := _of_branches(element.branches, self.without)):
            self.clauses.append(clause)


def _of_branches(branches: tuple[Sequence, ...], without: str) -> tuple[str, ...]:
    """The best clause of each branch, together; empty if one has none."""
    needed: dict[str, None] = {}
    for branch in branches:
        runs = _Runs(without)
        runs.read(branch)
        runs.end_run()
        if not runs.clauses:
            return ()
        best = max(runs.clauses, key=_worth)
        needed.update(dict.fromkeys(best))
    return tuple(needed)


def _worth(clause: Collection[str]) -> tuple[int, int]:
    return min(len(run) for run in clause), -len(clause)
