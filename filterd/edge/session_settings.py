"""What every session of a generation needs from the configuration, worked out once."""

from __future__ import annotations

from dataclasses import dataclass

from filterd.config.addresses import parse_network
from filterd.edge.generation import Generation
from filterd.policy.relay_control import Network
from filterd.smtp.settings import RelaySettings


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """`trusted` clients are not counted by address: many people stand behind each of them."""

    relay: RelaySettings
    upstream: tuple[tuple[str, int], ...]  # its addresses, in the order to try them
    connect_seconds: int
    memory_octets: int
    front_ends: tuple[Network, ...] = ()
    proxy_protocol_from: tuple[Network, ...] = ()
    trusted: tuple[Network, ...] = ()
    allow_cleartext_auth: bool = False


def session_settings(generation: Generation) -> SessionSettings:
    """From a generation, whose configuration was checked before."""
    config = generation.config
    front_ends = tuple(map(parse_network, config.proxy.front_ends))
    proxy_protocol_from = tuple(map(parse_network, config.proxy.proxy_protocol_from))
    return SessionSettings(
        relay=generation.relay_settings,
        upstream=tuple(address for _, address in generation.upstream.addresses),
        connect_seconds=config.timeouts.upstream_connect,
        memory_octets=config.limits.memory_octets,
        front_ends=front_ends,
        proxy_protocol_from=proxy_protocol_from,
        trusted=front_ends + proxy_protocol_from,
        allow_cleartext_auth=config.proxy.allow_cleartext_auth,
    )
