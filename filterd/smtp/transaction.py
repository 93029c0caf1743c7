"""One mail transaction (RFC 5321 §3.3): born at MAIL, dropped whole. Nothing in it is ever reset."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from filterd.mail.reply import Reply


@dataclass(slots=True)
class Transaction:
    """What upstream accepted so far; the lines are verbatim, for a replay."""

    reference: str
    mail_line: bytes
    reverse_path: bytes
    smtputf8: bool = False
    mail_code: int = 250
    recipients: list[Recipient] = field(default_factory=list)
    refused: int = 0

    def refuse(self, reply: Reply) -> None:
        """A recipient upstream did not take."""
        self.refused += 1

    @property
    def forward_paths(self) -> tuple[bytes, ...]:
        """The accepted recipients, in order."""
        return tuple([recipient.path for recipient in self.recipients])


class Recipient(NamedTuple):
    """An accepted recipient: RCPT line, path, and upstream's code (250 or 251)."""

    line: bytes
    path: bytes
    code: int
