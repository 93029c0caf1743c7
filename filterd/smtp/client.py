"""Who is on the other side: the client's identity as it is now (XCLIENT may change it), and what it may do."""

from __future__ import annotations

from filterd.smtp import identity
from filterd.smtp.settings import RelaySettings


class Client:
    """`front_end`: its XCLIENT and XFORWARD are believed. `auth_allowed`: AUTH may be relayed."""

    __slots__ = (
        "_settings",
        "address",
        "auth_allowed",
        "authenticated",
        "front_end",
        "helo_code",
        "helo_line",
        "helo_name",
        "name",
        "port",
        "relay_client",
        "xforward",
    )

    def __init__(
        self, settings: RelaySettings, address: str, port: int, name: str, *, front_end: bool, auth_allowed: bool
    ) -> None:
        self._settings = settings
        self.address = address
        self.port = port
        self.name = name
        self.front_end = front_end
        self.auth_allowed = auth_allowed
        self.authenticated = False
        self.relay_client = settings.relay_control.is_relay_client(address)
        self.helo_line = self.helo_name = b""
        self.helo_code = 250
        self.xforward: dict[bytes, bytes] = {}

    @property
    def may_relay(self) -> bool:
        """May this client send to any domain?"""
        return self.relay_client or self.authenticated

    def become(self, attributes: dict[bytes, bytes]) -> None:
        """XCLIENT: from here on this is another client, that has said nothing yet."""
        if b"ADDR" in attributes:
            self.address, self.port = identity.address_of(attributes[b"ADDR"]), 0
            self.relay_client = self._settings.relay_control.is_relay_client(self.address)
        port = attributes.get(b"PORT", b"")
        if port.isdigit() and len(port) < 6:
            self.port = min(int(port), 65535)
        if b"NAME" in attributes:
            name = attributes[b"NAME"].decode("latin-1")
            self.name = "" if name.startswith("[") else name
        login = attributes.get(b"LOGIN", identity.UNAVAILABLE)
        self.authenticated = login != identity.UNAVAILABLE and bool(login)
        self.helo_line = self.helo_name = b""
        self.xforward = {}

    def xclient_attributes(self, allowed: bytes) -> dict[bytes, bytes]:
        """Who the client is, ADDR last, only what upstream takes."""
        known = {
            b"NAME": self.name.encode("ascii", "replace") or identity.UNAVAILABLE,
            b"PORT": b"%d" % self.port if self.port else identity.UNAVAILABLE,
            b"ADDR": identity.address_attribute(self.address),
        }
        names = allowed.upper().split()
        return {key: value for key, value in known.items() if key in names}

    def xforward_attributes(self, allowed: bytes, *, extended: bool) -> dict[bytes, bytes]:
        """What a front end told us of its client, else what we see ourselves; only what upstream takes."""
        known = self.xforward or {
            **self.xclient_attributes(b"NAME PORT ADDR"),
            b"PROTO": b"ESMTP" if extended else b"SMTP",
            b"HELO": self.helo_name or identity.UNAVAILABLE,
        }
        names = allowed.upper().split()
        return {key: value for key, value in known.items() if key in names}
