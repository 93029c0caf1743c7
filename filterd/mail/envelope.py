"""The envelope of one message: reverse-path and forward-paths, octets kept verbatim (RFC 5321 §3.3)."""

from __future__ import annotations

from typing import NamedTuple


class Envelope(NamedTuple):
    """What a decision about a message may look at besides its content.

    `reverse_path` and `forward_paths` are the octets between `<` and `>` as the client sent them (empty for the null
    reverse-path); `forward_paths` holds only recipients that upstream accepted.
    """

    reverse_path: bytes = b""
    forward_paths: tuple[bytes, ...] = ()
    client_address: str = ""
    client_name: str = ""
    helo_name: bytes = b""
    authenticated: bool = False
    smtputf8: bool = False
