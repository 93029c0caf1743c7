"""Relay control: who may send to where (RFC 5321 §7.8; never an open relay).

A relay client (by address) or an authenticated client may send to any recipient. Anybody else may send to local
domains only, and only by addresses that no MTA behind us could read as "send it on": no `%`, `!` or `@` in the local
part, quoted or not, and no unqualified recipient but postmaster. A source route counts as its final address.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache

from filterd.mail.path import Path
from filterd.policy import alarms

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LOOPBACK: tuple[Network, ...] = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


@lru_cache(4096)  # the same few clients come again and again, and reading an address takes longer than a command
def parse_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address, IPv4-mapped IPv6 reduced to IPv4 and the zone dropped; None if `text` is none."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def in_networks(text: str, networks: tuple[Network, ...]) -> bool:
    """Does the address stand in one of the networks? Text that is no address stands in none."""
    if not networks:
        return False
    address = parse_address(text)
    return address is not None and any(address in network for network in networks)


@dataclass(frozen=True, slots=True)
class RelayControl:
    """`local_domains` are lower-case A- or U-labels without a trailing dot; `.example.org` means every subdomain."""

    local_domains: frozenset[str] = frozenset()
    relay_clients: tuple[Network, ...] = LOOPBACK

    def is_relay_client(self, address: str) -> bool:
        """May this client address send to anywhere?"""
        return in_networks(address, self.relay_clients)

    def refusal(self, path: Path) -> int:
        """The alarm number for a recipient of somebody who may not relay; 0 if the mail is for us."""
        if not path.domain:
            return 0 if path.local_part.lower() == b"postmaster" else alarms.UNQUALIFIED_ADDRESS
        if not self._is_local(path.domain):
            return alarms.RELAYING_DENIED
        return 0 if _PLAIN_LOCAL_PART.fullmatch(_unquoted(path.local_part)) else alarms.AMBIGUOUS_ADDRESS

    def _is_local(self, domain: bytes) -> bool:
        try:
            name = domain.decode("utf-8").lower().removesuffix(".")
        except UnicodeDecodeError:
            return False
        labels = name.split(".")
        # What looks like a comment, a list or a route to some MTA is no domain, whatever it ends in.
        if not all(map(_LABEL.fullmatch, labels)):
            return name in self.local_domains and name.startswith("[")
        if name in self.local_domains:
            return True
        return any("." + ".".join(labels[i:]) in self.local_domains for i in range(1, len(labels)))


_LABEL = re.compile(r"[\w-]{1,63}")  # letters of any script: U-labels (RFC 6531)
# Not only `%`, `!`, `@`: `:` is DECnet's, and a backslash or a control octet is read differently by every MTA.
_PLAIN_LOCAL_PART = re.compile(rb"[^\x00-\x1f\x7f%!@:\\<>()\[\],;\"]+")


def _unquoted(local_part: bytes) -> bytes:
    if local_part.startswith(b'"'):
        return re.sub(rb"\\(.)", rb"\1", local_part[1:-1], flags=re.DOTALL)
    return local_part
