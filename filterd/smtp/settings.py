"""What the relay core needs to know, as one frozen value; the configuration fills it in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from filterd.policy.relay_control import RelayControl


class Identity(StrEnum):
    """How upstream learns who the client really is."""

    NONE = "none"
    XCLIENT = "xclient"
    PROXY = "proxy"  # PROXY protocol v2, written by the edge before the first SMTP octet
    XFORWARD = "xforward"


class BareNewline(StrEnum):
    """What happens to a bare CR or LF inside message data."""

    NORMALIZE = "normalize"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """Limits are counts or octets, times are seconds. One value serves every session of a generation."""

    host_name: str = "localhost"
    identity: Identity = Identity.NONE
    relay_control: RelayControl = field(default_factory=RelayControl)
    bare_newline: BareNewline = BareNewline.NORMALIZE
    allow_cleartext_auth: bool = False
    message_octets: int = 50 * 1024 * 1024
    recipients: int = 1000
    command_octets: int = 4096
    auth_octets: int = 12288  # RFC 4954 §4
    flood_octets: int = 65536  # one line longer than this closes the connection
    errors: int = 20
    command_seconds: int = 300
    data_seconds: int = 180  # between two octets of message data
    data_rate: int = 500  # octets a second, over data_rate_seconds
    data_rate_seconds: int = 60
    session_seconds: int = 3600
    greeting_seconds: int = 30
    upstream_seconds: int = 300
    final_reply_seconds: int = 90
    # MTAs hang up on silence after 300 s (Postfix, Exim) or more. NOOPs of one connection: Exim hangs up after 10
    # (smtp_accept_max_nonmail), Sendmail answers ever later after 20 (MaxNOOPCommands), Postfix hangs up after 100.
    keepalive_seconds: int = 120
    keepalives: int = 9
