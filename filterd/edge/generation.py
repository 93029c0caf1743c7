"""A generation: one configuration with its lists and the engine made of them, immutable, shared by fork.

Every message is judged by exactly one. `build` reads the lists, looks upstream's name up, and makes the engine; it
raises `ConfigError` with every mistake it found, and then nothing of the generation exists.
"""

from __future__ import annotations

import hashlib
import os
import socket
import stat
from dataclasses import dataclass

import msgspec

from filterd.config import Config, ConfigError, Mistake, schema
from filterd.config.addresses import Endpoint, parse_domain, parse_network, parse_upstream
from filterd.edge.scan import Judge
from filterd.edge.slots import Bounds
from filterd.engine import Engine
from filterd.mail.limits import ReadLimits
from filterd.policy.content import ContentSettings
from filterd.policy.relay_control import RelayControl
from filterd.smtp.settings import BareNewline, Identity, RelaySettings
from filterd.words.wordlist import Wordlist, WordlistError, parse_wordlist

LIST_OCTETS = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upstream:
    """Where messages go: as it was written, and every address it has, in the order to try them."""

    endpoint: Endpoint
    addresses: tuple[tuple[socket.AddressFamily, tuple[str, int]], ...]


@dataclass(frozen=True, slots=True)
class ListFile:
    """One list as it was read."""

    settings: schema.Wordlist
    octets: bytes


@dataclass(frozen=True, slots=True)
class Generation:
    """What a worker needs to know; it never changes."""

    id: str
    config: Config
    relay_settings: RelaySettings
    engine: Judge
    upstream: Upstream
    bounds: Bounds
    lists: tuple[str, ...]  # for people: name and number of entries


def build(config: Config) -> Generation:
    """The next generation; the one in use is not touched."""
    files = read_lists(config.wordlist)
    wordlists = parse_lists(config, files)
    limits = config.limits
    return Generation(
        id=generation_id(config, files),
        config=config,
        relay_settings=relay_settings(config),
        engine=_engine(config, wordlists),
        upstream=resolve(config.upstream.address),
        bounds=Bounds(limits.sessions, limits.sessions_per_address, limits.inflight_octets),
        lists=tuple(f"{wordlist.name}:{len(wordlist.entries)}" for wordlist in wordlists),
    )


def generation_id(config: Config, files: list[ListFile]) -> str:
    """A short name that changes with anything that can change a verdict."""
    digest = hashlib.sha256(msgspec.json.encode(config))
    for file in files:
        digest.update(hashlib.sha256(file.octets).digest())
    return digest.hexdigest()[:10]


def read_lists(wordlists: list[schema.Wordlist]) -> list[ListFile]:
    """Every list file; all that cannot be read are told at once."""
    files: list[ListFile] = []
    mistakes: list[Mistake] = []
    for wordlist in wordlists:
        try:
            files.append(ListFile(wordlist, read_regular_file(wordlist.file)))
        except OSError as trouble:
            what = f"cannot be read ({trouble.strerror or trouble})"
            mistakes.append(Mistake(wordlist.file, 0, "", what, "give filterd a complete file that it may read"))
    if mistakes:
        raise ConfigError(mistakes)
    return files


def parse_lists(config: Config, files: list[ListFile]) -> list[Wordlist]:
    """Every list; all mistakes in all of them are told at once."""
    wordlists: list[Wordlist] = []
    mistakes: list[Mistake] = []
    for given, octets in ((file.settings, file.octets) for file in files):
        action = given.action or config.content.action
        try:
            wordlists.append(
                parse_wordlist(
                    octets,
                    name=given.name,
                    file=given.file,
                    action=action,
                    level=given.level or config.content.level,
                    areas=tuple(area.lower() for area in given.areas),
                    first_lines=given.first_lines,
                )
            )
        except WordlistError as error:
            mistakes += [Mistake(found.file, found.line, "", found.what, found.cure) for found in error.mistakes]
    if mistakes:
        raise ConfigError(mistakes)
    return wordlists


def read_regular_file(path: str) -> bytes:
    """The whole file. Pipes and devices, which could keep us waiting, and files being written are refused."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise OSError(0, "not a regular file")
        if before.st_size > LIST_OCTETS:
            raise OSError(0, f"larger than {LIST_OCTETS} octets")
        octets = file.read(LIST_OCTETS + 1)
        if _look(os.fstat(descriptor)) != _look(before) or len(octets) != before.st_size:
            raise OSError(0, "changed while it was read")
    return octets


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


def _look(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns


def _engine(config: Config, wordlists: list[Wordlist]) -> Engine:
    content, limits = config.content, config.limits
    return Engine(
        wordlists,
        ContentSettings(
            unscannable=content.unscannable,
            header=content.header,
            received_fields=limits.received_fields,
            hits=limits.hits,
        ),
        ReadLimits(
            header_octets=limits.header_octets,
            header_fields=limits.header_fields,
            mime_depth=limits.mime_depth,
            mime_parts=limits.mime_parts,
        ),
    )
