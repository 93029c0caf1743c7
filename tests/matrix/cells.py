"""The cells of the matrix: every disguise in every carrier that can hold it, in every script the disguise knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from filterd.engine import Engine
from filterd.mail.envelope import Envelope
from filterd.policy.verdict import Hit
from tests.matrix.bodies import CannotEncode, Carrier
from tests.matrix.carriers import CARRIERS
from tests.matrix.disguises import LETTERS, LINES, Disguise
from tests.matrix.exclusions import CANNOT_ENCODE, reason_to_exclude
from tests.matrix.markup import MARKUP
from tests.matrix.terms import SCRIPTS, Script, wordlist

LEVELS = ("exact", "case", "fold", "disguise")


@dataclass(frozen=True, slots=True)
class Cell:
    """One message to judge; `excluded` says why it is not judged, or is empty."""

    script: Script
    disguise: Disguise
    carrier: Carrier
    is_markup: bool
    hidden: str  # the word in its disguise

    @property
    def term(self) -> str:
        """The entry that has to be found."""
        return self.script.phrase if self.disguise.phrase else self.script.word

    @property
    def text(self) -> str:
        """The text around the word and the word itself."""
        blank = " " if self.script.blanks else ""
        return f"{self.script.before}{blank}{self.hidden}{blank}{self.script.after}"

    def message(self) -> bytes:
        """The message; raises `CannotEncode`."""
        return self.carrier.build(self.text, self.is_markup)

    def excluded(self) -> str:
        """Why this cell does not count, or nothing."""
        declared = reason_to_exclude(self.disguise.name, self.carrier.name, self.script.name)
        if declared:
            return declared
        try:
            self.message()
        except CannotEncode:
            return CANNOT_ENCODE
        return ""

    def __str__(self) -> str:
        return f"{self.carrier.name} / {self.disguise.name} / {self.script.name}"


def scripts_of(carrier: Carrier) -> list[Script]:
    """The scripts that a carrier is made for: nobody writes Thai in Big5."""

    def is_held(script: Script) -> bool:
        try:
            carrier.build(f"{script.before} {script.word} {script.phrase} {script.after}", False)
        except CannotEncode:
            return False
        return True

    return [script for script in SCRIPTS if is_held(script)]


def cells_of(carrier: Carrier) -> Iterator[Cell]:
    """The row of one carrier."""
    scripts = scripts_of(carrier)
    kinds = [(LETTERS, False)]
    kinds += [(LINES, False)] if "lines" in carrier.holds else []
    kinds += [(MARKUP, True)] if "markup" in carrier.holds else []
    for disguises, is_markup in kinds:
        for disguise in disguises:
            for script in scripts:
                hidden = disguise.change(script.phrase if disguise.phrase else script.word)
                if hidden is not None:
                    yield Cell(script, disguise, carrier, is_markup, hidden)


def all_cells() -> Iterator[Cell]:
    """Every cell."""
    for carrier in CARRIERS:
        yield from cells_of(carrier)


class Judge:
    """Looks for the words in messages, with an engine for every level."""

    def __init__(self) -> None:
        self._engines = {level: Engine([wordlist(level)]) for level in LEVELS}

    def hits(self, cell: Cell, level: str = "") -> list[Hit]:
        """The hits of the cell's own word, at its own level unless another is asked for."""
        engine = self._engines[level or cell.disguise.level]
        verdict = engine.judge(cell.message(), Envelope(), "REF")
        return [hit for hit in verdict.hits if hit.entry == cell.term]
