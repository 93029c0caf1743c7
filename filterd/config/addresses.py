"""Addresses as people write them in a configuration: `host:port`, networks, domains.

Everything here answers a value or raises `AddressError`, which says what is wrong and how it is written.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass

from filterd.policy.relay_control import Network, parse_address

_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")  # \w: U-labels are accepted, as mail with SMTPUTF8 carries them
_EXAMPLE = "127.0.0.1:25, [::1]:25 or mail.example.org:25"


class AddressError(ValueError):
    """Text that is no address; `what` names the mistake, `cure` shows the right spelling."""

    def __init__(self, what: str, cure: str) -> None:
        super().__init__(f"{what} → {cure}")
        self.what = what
        self.cure = cure


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One end of a TCP connection; `family` is AF_UNSPEC when `host` is a name that must be looked up."""

    host: str
    port: int
    family: socket.AddressFamily

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_name(self) -> bool:
        """A host name, not an address?"""
        return self.family == socket.AF_UNSPEC

    @property
    def is_wildcard(self) -> bool:
        """Every address of this machine (0.0.0.0 or ::)?"""
        address = parse_address(self.host)
        return address is not None and address.is_unspecified

    @property
    def is_loopback(self) -> bool:
        """Only reachable from this machine? True for the name localhost too."""
        address = parse_address(self.host)
        return address.is_loopback if address else self.host.lower().rstrip(".") == "localhost"


def parse_endpoint(text: str) -> Endpoint:
    """`127.0.0.1:25`, `[::1]:25`, `mail.example.org:25`; the port is never guessed."""
    host, colon, port = text.strip().rpartition(":")
    if not colon or not host or (host.startswith("[") and not host.endswith("]")):
        raise AddressError(f'"{text}" has no port', f"write it as {_EXAMPLE}")
    if host.startswith("["):
        return Endpoint(_bracketed(host, text), _port(port, text), socket.AF_INET6)
    if ":" in host:
        raise AddressError(f'"{text}" is ambiguous', _colon_cure(text))
    if (address := _ip(host)) is not None:
        return Endpoint(str(address), _port(port, text), socket.AF_INET)
    if not _is_host_name(host):
        raise AddressError(f'"{host}" is neither an address nor a host name', f"write it as {_EXAMPLE}")
    return Endpoint(host, _port(port, text), socket.AF_UNSPEC)


def parse_listener(text: str) -> Endpoint:
    """An endpoint to listen on: an address of this machine, not a name (which could mean several, or none)."""
    endpoint = parse_endpoint(text)
    if endpoint.is_name:
        raise AddressError(
            f'"{text}" names a host, but listening needs an address',
            f"write 127.0.0.1:{endpoint.port} or [::1]:{endpoint.port}, or 0.0.0.0:{endpoint.port} for all",
        )
    return endpoint


def parse_upstream(text: str) -> Endpoint:
    """An endpoint to connect to: a real port, and one place."""
    endpoint = parse_endpoint(text)
    if endpoint.port == 0 or endpoint.is_wildcard:
        raise AddressError(f'"{text}" is no place to connect to', f"write it as {_EXAMPLE}")
    return endpoint


def parse_network(text: str) -> Network:
    """`192.0.2.0/24`, `2001:db8::/32`, or one address."""
    try:
        return ipaddress.ip_network(text.strip())
    except ValueError as mistake:
        if "host bits set" in str(mistake):
            wide = ipaddress.ip_network(text.strip(), strict=False)
            cure = f'write "{wide}" for the network, or "{text.partition("/")[0]}" for the one address'
            raise AddressError(f'"{text}" has address bits behind the network\'s', cure) from None
        cure = "write it as 192.0.2.0/24, 2001:db8::/32 or a single address"
        raise AddressError(f'"{text}" is no network', cure) from None


def parse_domain(text: str) -> str:
    """A domain in lower case without trailing dot; a leading dot (every subdomain) stays."""
    domain = text.strip().lower().rstrip(".")
    bare = domain.removeprefix(".")
    if not _is_host_name(bare) or _ip(bare) is not None:
        raise AddressError(f'"{text}" is no domain', "write it as example.org, or .example.org for every subdomain")
    return domain


def is_own_address(host: str) -> bool:
    """Is this an address of this machine? The kernel knows: only those can be bound."""
    address = parse_address(host)
    if address is None:
        return False
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))
    except OSError:
        return False
    return True


def _bracketed(host: str, text: str) -> str:
    address = _ip(host[1:-1])
    if address is None or address.version != 6:
        raise AddressError(f'"{text}": brackets are for IPv6 addresses', f"write it as {_EXAMPLE}")
    return str(address)


def _colon_cure(text: str) -> str:
    scheme = text.partition(":")[0]
    if scheme in ("inet", "inet6", "tcp", "smtp"):
        return f"leave out {scheme}: and write it as {_EXAMPLE}"
    host, _, port = text.rpartition(":")
    return f"write IPv6 addresses in brackets: [{host}]:{port}" if _ip(host) else f"write it as {_EXAMPLE}"


def _port(text: str, whole: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise AddressError(f'"{whole}": "{text}" is no port', "write a number from 1 to 65535 after the colon")
    return int(text)


def _ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _is_host_name(text: str) -> bool:
    labels = text.rstrip(".").split(".")
    return len(text) <= 253 and all(_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()
