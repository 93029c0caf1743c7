"""A whole message as its readers could see it: `read(content, limits)` gives every text in it, in slices.

What could not be read is told by named conditions, never by an exception. The conditions in `INCOMPLETE` mean that a reader
may see text that was not looked at; the others are remarks.
"""

from __future__ import annotations

from collections.abc import Iterator

from filterd.mail.budget import Budget, OverBudget
from filterd.mail.decode import Buffer
from filterd.mail.fields import Field
from filterd.mail.headers import filename_slices, header_slices
from filterd.mail.joins import joined
from filterd.mail.leaves import leaf_slices
from filterd.mail.limits import ReadLimits
from filterd.mail.mime import Leaf, Structure, read_structure
from filterd.mail.slices import Slice
from filterd.mail.source import Source

INCOMPLETE = frozenset(
    {
        "header-too-long",
        "too-many-header-fields",
        "too-many-parameters",
        "too-deep",
        "too-many-parts",
        "over-budget",
        "message-partial",
        "message-external-body",
    }
)

class Message:
    """One message. `slices` is to be run through once; `conditions` is complete after that."""

    def __init__(self, content: Buffer, limits: ReadLimits) -> None:
        self._source = Source(content)
        self._budget = Budget(len(content), limits.decoded_ratio)
        self._structure: Structure = read_structure(self._source, limits)

    @property
    def fields(self) -> list[Field]:
        """The fields of the message's own header section."""
        return self._structure.headers[0].section.fields

    @property
    def conditions(self) -> tuple[str, ...]:
        """What was remarkable, in the order it was met."""
        return tuple(self._structure.conditions)

    @property
    def leaves(self) -> list[Leaf]:
        """The parts that have no parts, for telling people of them."""
        return self._structure.leaves

    def slices(self) -> Iterator[Slice]:
        """Every text; ends early when the budget is spent."""
        structure = self._structure
        try:
            for header in structure.headers:
                yield from header_slices(header)
            for leaf in (*structure.leaves, *structure.doubtful):
                yield from filename_slices(leaf)
                entity = leaf.entity
                yield from joined(leaf_slices(leaf, self._budget), entity.deletes_spaces, entity.is_card)
        except OverBudget:
            pass
        if self._budget.is_over:
            structure.conditions["over-budget"] = None
