"""The shared words of a decision: `Hit` (an entry found), `Edit` (one change), `Verdict` (what filterd decides)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from filterd.mail.reply import Reply


class Action(StrEnum):
    """What happens to the message as a whole."""

    ACCEPT = "accept"
    REJECT = "reject"
    DEFER = "defer"


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found at a place. `span` is half-open, in octets of the message content (after transparency)."""

    list: str
    file: str
    line: int
    entry: str
    part: str  # MIME path, "1.2"; "0" is the header section of the message itself
    area: str  # subject, header, address, body, hidden, attribute, filename, attachment, url, raw
    view: str  # the folding that was needed: exact, case, ...
    span: tuple[int, int]
    text: str  # what stood there, decoded; never logged unless asked for
    chain: tuple[str, ...] = ()  # how it was decoded, outermost first: ("base64", "utf-8", "html")
    field: str = ""  # the header field, lower case, where it stood in one
    reading: str = "sure"  # or ambiguous, floor: as `mail.slices` has it
    alternative: str = ""  # the branches of alternatives it is in, as `mail.slices` has it
    weight: int = 1
    masked: bool = False  # of a confidential list: entry and text are not told


@dataclass(frozen=True, slots=True)
class EntryScore:
    """What one entry of a list adds: `hits` were found, `counted` of them count."""

    entry: str
    file: str
    line: int
    weight: int
    hits: int
    counted: int
    points: int


@dataclass(frozen=True, slots=True)
class ListScore:
    """How a list's score was made, and what it comes to.

    `threshold` and `action` are empty if none is reached; `why` names what overrode the sum. `watched`: it changes nothing.
    """

    list: str
    score: int
    threshold: str
    action: str
    why: str = ""
    severity: str = ""
    watched: bool = False
    entries: tuple[EntryScore, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the octets of `span` (half-open, into the content) by `octets`."""

    span: tuple[int, int]
    octets: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What filterd decides about one message, and the evidence.

    `reply` is set exactly when the action is REJECT (5yz) or DEFER (4yz). `alarm` is the stable number of
    `policy.alarms`, 0 when there is nothing to tell. `edits` are sorted by span and do not overlap.
    """

    action: Action = Action.ACCEPT
    alarm: int = 0
    reply: Reply | None = None
    edits: tuple[Edit, ...] = ()
    hits: tuple[Hit, ...] = ()
    conditions: tuple[str, ...] = ()
    score: int = 0  # the sum over all lists
    lists: tuple[ListScore, ...] = ()
    would: str = ""  # the action that is only watched: what would have happened, if it is more than what does


CLEAN = Verdict()
