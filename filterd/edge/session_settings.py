"""What every session of a generation needs from the configuration, worked out once."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass

from filterd.config.addresses import parse_endpoint
from filterd.config.schema import Config
from filterd.policy.relay_control import Network, RelayControl
from filterd.smtp.settings import BareNewline, Identity, RelaySettings


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """`trusted` clients are not counted by address: many people stand behind each of them."""

    relay: RelaySettings
    upstream_host: str
    upstream_port: int
    connect_seconds: int
    memory_octets: int
    front_ends: tuple[Network, ...] = ()
    proxy_protocol_from: tuple[Network, ...] = ()
    allow_cleartext_auth: bool = False

    @property
    def trusted(self) -> tuple[Network, ...]:
        """Front ends and load balancers."""
        return self.front_ends + self.proxy_protocol_from


def session_settings(config: Config) -> SessionSettings:
    """From a configuration that was checked before."""
    upstream = parse_endpoint(config.upstream.address)
    return SessionSettings(
        relay=relay_settings(config),
        upstream_host=upstream.host,
        upstream_port=upstream.port,
        connect_seconds=config.timeouts.upstream_connect,
        memory_octets=config.limits.memory_octets,
        front_ends=_networks(config.proxy.front_ends),
        proxy_protocol_from=_networks(config.proxy.proxy_protocol_from),
        allow_cleartext_auth=config.proxy.allow_cleartext_auth,
    )


def relay_settings(config: Config) -> RelaySettings:
    """The relay core's share."""
    limits, timeouts = config.limits, config.timeouts
    return RelaySettings(
        host_name=config.upstream.helo_name or socket.getfqdn() or "localhost",
        identity=Identity(config.upstream.identity),
        relay_control=RelayControl(_domains(config.relay.local_domains), _networks(config.relay.relay_clients)),
        bare_newline=BareNewline(config.content.bare_newline),
        allow_cleartext_auth=config.proxy.allow_cleartext_auth,
        message_octets=limits.message_octets,
        recipients=limits.recipients,
        command_octets=limits.command_octets,
        errors=limits.errors,
        command_seconds=timeouts.command,
        data_seconds=timeouts.data,
        session_seconds=timeouts.session,
        greeting_seconds=timeouts.upstream_greeting,
        upstream_seconds=timeouts.upstream_reply,
        final_reply_seconds=timeouts.upstream_final,
    )


def _networks(texts: list[str]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)


def _domains(texts: list[str]) -> frozenset[str]:
    """Every spelling a client may use: as written, and the A-label of an international name."""
    found = set()
    for text in texts:
        name = text.lower().rstrip(".")
        found.add(name)
        if not name.isascii():
            dot = "." if name.startswith(".") else ""
            found.add(dot + name.lstrip(".").encode("idna").decode("ascii"))
    return frozenset(found)
