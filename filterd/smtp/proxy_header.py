"""The PROXY protocol header, version 1 read, version 2 read and written (HAProxy's proxy-protocol.txt).

It is honoured only from listed addresses, where it is mandatory; it is never guessed whether one is there.
"""

from __future__ import annotations

import ipaddress
import re
import struct
from dataclasses import dataclass

SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"
V1_OCTETS = 107
V2_OCTETS = 16 + 2048  # addresses and TLVs; nobody sends more
_V1 = re.compile(rb"PROXY (?:TCP4|TCP6) (\S+) (\S+) (\d{1,5}) (\d{1,5})\r\n")


class BadHeader(ValueError):
    """The connection does not begin with a PROXY header that can be read."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a header said; `address` is empty where it names none.

    `is_local`: the connection is the sender's own (a health check), and its own address holds. A client of unknown
    address is nobody: it must not get the rights of the load balancer.
    """

    address: str
    port: int
    octets: int  # length of the header
    is_local: bool = False


class HeaderReader:
    """A header cut anywhere; once `feed` has given it, `rest` is what followed it."""

    __slots__ = ("rest",)

    def __init__(self) -> None:
        self.rest = b""

    def feed(self, octets: bytes) -> Source | None:
        """The header, None while it is not whole; raises BadHeader."""
        self.rest += octets
        source = read_header(self.rest)
        if source:
            self.rest = self.rest[source.octets :]
        elif len(self.rest) > V2_OCTETS:
            raise BadHeader("PROXY header too long")
        return source


def read_header(octets: bytes) -> Source | None:
    """The header at the start of `octets`; None while it is not whole; raises BadHeader."""
    if octets.startswith(SIGNATURE[: len(octets)]):
        return _read_v2(octets)
    if octets.startswith(b"PROXY "[: len(octets)]):
        return _read_v1(octets)
    raise BadHeader("no PROXY header")


def _read_v1(octets: bytes) -> Source | None:
    end = octets.find(b"\r\n")
    if end < 0:
        if len(octets) > V1_OCTETS:
            raise BadHeader("PROXY line without end")
        return None
    if end + 2 > V1_OCTETS:
        raise BadHeader("PROXY line too long")
    if octets.startswith((b"PROXY UNKNOWN ", b"PROXY UNKNOWN\r")):
        return Source("", 0, end + 2)
    found = _V1.match(octets)
    if not found:
        raise BadHeader("bad PROXY line")
    try:
        address = ipaddress.ip_address(found.group(1).decode("ascii"))
    except ValueError:
        raise BadHeader("bad address in PROXY line") from None
    if int(found.group(3)) > 65535:
        raise BadHeader("bad port in PROXY line")
    return Source(str(address), int(found.group(3)), end + 2)


def _read_v2(octets: bytes) -> Source | None:
    if len(octets) < 16:
        return None
    version_command, family, length = struct.unpack_from("!BBH", octets, 12)
    if version_command >> 4 != 2 or version_command & 15 > 1:
        raise BadHeader("not version 2")
    if 16 + length > V2_OCTETS:
        raise BadHeader("PROXY header too long")
    if len(octets) < 16 + length:
        return None
    width = {0x11: 4, 0x21: 16}.get(family, 0)
    if version_command & 15 == 0:
        return Source("", 0, 16 + length, is_local=True)
    if not width:
        return Source("", 0, 16 + length)
    if length < 2 * width + 4:
        raise BadHeader("PROXY header too short")
    address = ipaddress.ip_address(octets[16 : 16 + width])
    (port,) = struct.unpack_from("!H", octets, 16 + 2 * width)
    return Source(str(address), port, 16 + length)


def write_v2(client: tuple[str, int], server: tuple[str, int]) -> bytes:
    """A version 2 header for a TCP client; an address that is none makes a LOCAL header."""
    try:
        source, target = ipaddress.ip_address(client[0]), ipaddress.ip_address(server[0])
    except ValueError:
        return SIGNATURE + struct.pack("!BBH", 0x20, 0, 0)
    if source.version != target.version:
        source, target = (_as_v6(source), _as_v6(target))
    family = 0x11 if source.version == 4 else 0x21
    body = source.packed + target.packed + struct.pack("!HH", client[1], server[1])
    return SIGNATURE + struct.pack("!BBH", 0x21, family, len(body)) + body


def _as_v6(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv6Address:
    return ipaddress.IPv6Address(f"::ffff:{address}") if address.version == 4 else address
