"""Read a combination: terms in angle brackets, joined by `and`, `or`, `not`, `near N words` and `followed by N words`.

`near` and `followed by` bind closest, then `not`, then `and`, then `or`; parentheses group what stands between `and`s and `or`s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from filterd.words.flaw import Flaw
from filterd.words.pattern import All, Compound, Either, Near, Not, Part, Tree, is_place, is_positive
from filterd.words.patterns import ends_here, read_simple, skip_blanks

NEAR = 8  # words, where no number is given
FARTHEST = 100
TERMS = 32
DEPTH = 16
_WORD = re.compile(r"[A-Za-z]+|[0-9]+")
_OPERATORS = ("and", "or", "not", "near", "followed")


def read_combination(line: str, start: int) -> tuple[Compound, int] | None:
    """The combination that begins at `start`, and where it ends; None if there is none. Raises `Flaw`."""
    if not _is_one(line, start):
        return None
    reader = _Reader(line, start)
    tree = reader.either()
    if not ends_here(line, reader.at):
        raise Flaw(reader.at + 1, f"`{line[reader.at :].split()[0]}` joins nothing", f"write one of: {', '.join(_OPERATORS)}")
    if not is_positive(tree):
        raise Flaw(start + 1, "the combination only asks for what is not there", "add a term that must be there")
    return Compound(tree), reader.at


def _is_one(line: str, start: int) -> bool:
    """Does it begin as a combination does: perhaps with parentheses or `not`, then with a term?"""
    at = start
    while line[at : at + 1] == "(" or line[at : at + 4].lower() in ("not ", "not(", "not<"):
        at = skip_blanks(line, at + (1 if line[at] == "(" else 3))
    return line[at : at + 1] == "<"


@dataclass(slots=True)
class _Reader:
    line: str
    at: int
    terms: int = 0
    depth: int = 0

    def either(self) -> Tree:
        branches = [self.all()]
        while self._takes("or"):
            branches.append(self.all())
        return branches[0] if len(branches) == 1 else Either(tuple(branches))

    def all(self) -> Tree:
        branches = [self.negation()]
        while self._takes("and"):
            branches.append(self.negation())
        return branches[0] if len(branches) == 1 else All(tuple(branches))

    def negation(self) -> Tree:
        if self._takes("not"):
            return Not(self.near())
        return self.near()

    def group(self) -> Tree:
        opened = self.at
        self.at += 1
        self.depth += 1
        if self.depth > DEPTH:
            raise Flaw(opened + 1, f"more than {DEPTH} parentheses in each other", "make several entries of it")
        tree = self.either()
        self.depth -= 1
        if not self._is_next(")"):
            raise Flaw(opened + 1, "a parenthesis that does not close", "close it with `)`")
        self.at += 1
        return tree

    def near(self) -> Tree:
        tree = self.operand()
        while operator := self._distance():
            ordered, negated, words = operator
            first, at = self._placed(tree, self.at), self.at
            tree = Near(first, self._placed(self.operand(), at), words, ordered, negated)
        return tree

    def operand(self) -> Tree:
        return self.group() if self._is_next("(") else self.term()

    def _placed(self, tree: Tree, at: int) -> Tree:
        if not is_place(tree):
            raise Flaw(at + 1, "what is near something must be a term, or terms joined by `or`", "take `and` and `not` out of it")
        return tree

    def term(self) -> Part:
        if not self._is_next("<"):
            raise Flaw(self.at + 1, "a term is missing", "write it in angle brackets: <top secret>")
        self.terms += 1
        if self.terms > TERMS:
            raise Flaw(self.at + 1, f"more than {TERMS} terms", "make several entries of it")
        start = skip_blanks(self.line, self.at + 1)
        pattern, end = read_simple(self.line, start, ">")
        shown = self.line[start:end].rstrip(" \t")
        self.at = skip_blanks(self.line, end) + 1
        return Part(pattern, shown)

    def _distance(self) -> tuple[bool, bool, int] | None:
        """`near 5 words`, `followed by 5 words`, either with `not` before it."""
        before = self.at
        negated = self._takes("not")
        if self._takes("near"):
            return False, negated, self._words()
        if self._takes("followed"):
            if not self._takes("by"):
                raise Flaw(self.at + 1, "`followed` without `by`", "write `followed by 5 words`")
            return True, negated, self._words()
        self.at = before
        return None

    def _words(self) -> int:
        self._blanks()
        found = _WORD.match(self.line, self.at)
        if not found or not found.group().isdigit():
            return NEAR
        number = int(found.group()[:9])
        if not 0 <= number <= FARTHEST:
            raise Flaw(self.at + 1, f"`{found.group()}` words are too many", f"write a number up to {FARTHEST}")
        self.at = found.end()
        if not self._takes("words"):
            self._takes("word")
        return number

    def _takes(self, word: str) -> bool:
        """Is this the next word? Then it is behind us."""
        self._blanks()
        found = _WORD.match(self.line, self.at)
        if not found or found.group().lower() != word:
            return False
        self.at = found.end()
        return True

    def _is_next(self, sign: str) -> bool:
        self._blanks()
        return self.line[self.at : self.at + 1] == sign

    def _blanks(self) -> None:
        self.at = skip_blanks(self.line, self.at)
