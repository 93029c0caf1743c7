"""What the relay core asks the edge to do. Values only: a test can say which effect follows which event."""

from __future__ import annotations

from typing import NamedTuple

from filterd.mail.envelope import Envelope
from filterd.mail.reply import Reply
from filterd.policy.verdict import Edit, Verdict


class OpenUpstream(NamedTuple):
    """Connect to upstream; with `proxy_header` write a PROXY v2 header for this client first."""

    client_address: str
    client_port: int
    proxy_header: bool


class CloseUpstream(NamedTuple):
    """Close the connection to upstream; `abort` throws unsent octets away, so that no end of data can follow."""

    abort: bool = False


class SendToClient(NamedTuple):
    """Write to the client."""

    octets: bytes


class SendToUpstream(NamedTuple):
    """Write to upstream; never message data."""

    octets: bytes


class CloseClient(NamedTuple):
    """Flush what was written, then close; `abort` does not wait."""

    abort: bool = False


class KeepContent(NamedTuple):
    """Append content of the message in hand to its store."""

    octets: bytes


class DropContent(NamedTuple):
    """No message is in hand any more (or its store is not needed): forget its content."""


class ScanMessage(NamedTuple):
    """Have the stored content judged; answer with `verdict_reached`."""

    envelope: Envelope
    reference: str


class SendContent(NamedTuple):
    """Write the stored content, edited, through `DataWriter` to upstream, end of data included; answer `content_sent`."""

    edits: tuple[Edit, ...]


class Stage(NamedTuple):
    """For the board: where the session stands, so that a crash can be told in full."""

    stage: str  # data (a message is in hand), dot-sent (only upstream knows its outcome)
    reference: str


class Record(NamedTuple):
    """One line of the mail log.

    `outcome`: delivered, refused, deferred, aborted (client gave up), unknown (dot sent, reply not seen), lost.
    `reply` is what the client was told, `upstream_reply` what upstream said last about it.
    """

    reference: str
    outcome: str
    alarm: int
    client_address: str
    client_name: str
    helo_name: bytes
    reverse_path: bytes
    forward_paths: tuple[bytes, ...]
    size: int
    verdict: Verdict | None
    reply: Reply | None
    upstream_reply: Reply | None
    detail: str = ""


Effect = (
    OpenUpstream
    | CloseUpstream
    | SendToClient
    | SendToUpstream
    | CloseClient
    | KeepContent
    | DropContent
    | ScanMessage
    | SendContent
    | Stage
    | Record
)
