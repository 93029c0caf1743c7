"""A generation: one configuration with its lists and the engine made of them, immutable, shared by fork.

Every message is judged by exactly one. `build` reads the lists, looks upstream's name up, and makes the engine; it
raises `ConfigError` with every mistake it found, and then nothing of the generation exists.
"""

from __future__ import annotations

import hashlib
import socket
from dataclasses import dataclass
from datetime import UTC, date, datetime

import msgspec

from filterd.config import Config, ConfigError, Mistake
from filterd.config.addresses import Endpoint, parse_domain, parse_network, parse_upstream
from filterd.edge.lists import ListFile, make_engine, parse_lists, read_lists
from filterd.edge.scan import Judge
from filterd.edge.slots import Bounds
from filterd.policy.relay_control import RelayControl
from filterd.smtp.settings import BareNewline, Identity, RelaySettings


@dataclass(frozen=True, slots=True)
class Upstream:
    """Where messages go: as it was written, and every address it has, in the order to try them."""

    endpoint: Endpoint
    addresses: tuple[tuple[socket.AddressFamily, tuple[str, int]], ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A list as it was read."""

    name: str
    file: str
    entries: int

    def __str__(self) -> str:
        return f"{self.name}:{self.entries}"


@dataclass(frozen=True, slots=True)
class Generation:
    """What a worker needs to know; it never changes."""

    id: str
    config: Config
    relay_settings: RelaySettings
    engine: Judge
    upstream: Upstream
    bounds: Bounds
    lists: tuple[Loaded, ...]
    files: tuple[str, ...] = ()  # that its lists were read from
    next_change: date | None = None  # the day on which other entries count, and a new generation is due


def build(config: Config) -> Generation:
    """The next generation, as lists stand on this day (UTC); the one in use is not touched."""
    today = datetime.now(UTC).date()
    files = read_lists(config.wordlist)
    wordlists = parse_lists(config, files)
    limits = config.limits
    changes = [day for wordlist in wordlists if (day := wordlist.next_change(today))]
    name = generation_id(config, files, min(changes, default=None))
    return Generation(
        id=name,
        config=config,
        relay_settings=relay_settings(config),
        engine=make_engine(config, wordlists, today=today, generation=name),
        upstream=resolve(config.upstream.address),
        bounds=Bounds(limits.sessions, limits.sessions_per_address, limits.inflight_octets),
        lists=tuple(Loaded(wordlist.name, wordlist.file, len(wordlist.entries)) for wordlist in wordlists),
        files=tuple(dict.fromkeys(file for wordlist in wordlists for file in (wordlist.file, *wordlist.files))),
        next_change=min(changes, default=None),
    )


def generation_id(config: Config, files: list[ListFile], until: date | None = None) -> str:
    """A short name that changes with anything that can change a verdict; `until` stands for the entries that count today."""
    digest = hashlib.sha256(msgspec.json.encode(config))
    digest.update(str(until or "").encode())
    for file in files:
        for octets in (file.octets, *(file.others[path] for path in sorted(file.others))):
            digest.update(hashlib.sha256(octets).digest())
    return digest.hexdigest()[:10]


def relay_settings(config: Config) -> RelaySettings:
    """The relay core's part of the configuration."""
    limits, timeouts = config.limits, config.timeouts
    return RelaySettings(
        host_name=config.upstream.helo_name or socket.gethostname(),
        identity=Identity(config.upstream.identity),
        relay_control=RelayControl(
            frozenset(name for domain in config.relay.local_domains for name in _spellings(parse_domain(domain))),
            tuple(map(parse_network, config.relay.relay_clients)),
        ),
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


def resolve(address: str) -> Upstream:
    """Look upstream's name up once a generation, so that no session waits for the name service."""
    endpoint = parse_upstream(address)
    try:
        found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        cure = "write its address, or mend the name service (/etc/hosts, /etc/resolv.conf)"
        raise ConfigError([Mistake("", 0, "upstream.address", f'"{endpoint.host}" has no address', cure)]) from None
    return Upstream(endpoint, tuple((family, (str(place[0]), int(place[1]))) for family, _, _, _, place in found))


def _spellings(domain: str) -> set[str]:
    """A client may write an international domain in letters, or as the A-labels of IDNA."""
    dot = "." if domain.startswith(".") else ""
    try:
        return {domain, dot + domain.removeprefix(".").encode("idna").decode("ascii")}
    except UnicodeError:
        return {domain}
