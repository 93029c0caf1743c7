"""What a well-formed configuration can still get wrong: `find(config)` answers every mistake of meaning.

Each check is one small generator over the configuration; none of them changes anything. What needs the network
(looking a host name up) is in `start_findings`, asked for when filterd starts and by `filterd check`.
"""

from __future__ import annotations

import os
import re
import resource
import socket
import stat
from collections.abc import Callable, Iterable, Iterator

import msgspec

from filterd.config.addresses import (
    AddressError,
    Endpoint,
    is_own_address,
    parse_domain,
    parse_listener,
    parse_network,
    parse_upstream,
)
from filterd.config.mistakes import Finding, KeyPath
from filterd.config.schema import Config

LIST_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
HOST_NAME = re.compile(r"[A-Za-z0-9.\-\[\]:]{0,253}")
_LAUNDERING = (
    "clients from elsewhere would reach {upstream} as if they came from this machine, which most MTAs trust: "
    "an open relay"
)
_TOLD = 'set upstream.identity to "xclient" or "proxy", listen on 127.0.0.1, or set proxy.allow_laundering = true'


def find(config: Config) -> list[Finding]:
    """Every mistake of meaning that can be seen without asking the network."""
    return [*_form(config), *_files(config), *_duplicates(config), *_limits(config), *_loop(config), *_launder(config)]


def start_findings(config: Config) -> list[Finding]:
    """What only a look at the name service can tell: does upstream's name lead to ourselves, or to this machine?"""
    upstream = parse_upstream(config.upstream.address)
    if not upstream.is_name:
        return []
    addresses = [Endpoint(host, upstream.port, family) for host, family in _look_up(upstream)]
    if not addresses:
        cure = "write its address, or mend the name service (/etc/hosts, /etc/resolv.conf)"
        return [Finding(("upstream", "address"), f'the name "{upstream.host}" has no address', cure)]
    meant = [finding for address in addresses for finding in _meets(config, address)]
    return (meant or [finding for address in addresses for finding in _launder(_with_upstream(config, address))])[:1]


def _with_upstream(config: Config, address: Endpoint) -> Config:
    """The configuration as if upstream were written so."""
    return msgspec.structs.replace(config, upstream=msgspec.structs.replace(config.upstream, address=str(address)))


def parsed(texts: Iterable[str], parse: Callable[[str], object]) -> Iterator[object]:
    """Those texts that parse; mistakes among them are reported elsewhere, once."""
    for text in texts:
        try:
            yield parse(text)
        except AddressError:
            continue


def listeners(config: Config) -> list[Endpoint]:
    """The listeners that are well-formed."""
    return [endpoint for endpoint in parsed(config.proxy.listen, parse_listener) if isinstance(endpoint, Endpoint)]


def is_local_upstream(config: Config) -> bool:
    """Does upstream run on this machine, so that it would take our address for a trusted one?"""
    for upstream in parsed([config.upstream.address], parse_upstream):
        assert isinstance(upstream, Endpoint)
        return upstream.is_loopback or (not upstream.is_name and is_own_address(upstream.host))
    return False


def _form(config: Config) -> Iterator[Finding]:
    """Every text that has to be an address, a network, a domain or a name."""
    yield from _misspelt(("proxy", "listen"), config.proxy.listen, parse_listener)
    yield from _misspelt(("proxy", "front_ends"), config.proxy.front_ends, parse_network)
    yield from _misspelt(("proxy", "proxy_protocol_from"), config.proxy.proxy_protocol_from, parse_network)
    yield from _misspelt(("relay", "local_domains"), config.relay.local_domains, parse_domain)
    yield from _misspelt(("relay", "relay_clients"), config.relay.relay_clients, parse_network)
    yield from (
        Finding(f.path[:-1], f.what, f.cure)
        for f in _misspelt(("upstream", "address"), [config.upstream.address], parse_upstream)
    )
    if not HOST_NAME.fullmatch(config.upstream.helo_name):
        cure = "write a host name, or leave it out for this host's own"
        yield Finding(("upstream", "helo_name"), f'"{config.upstream.helo_name}" is no host name', cure)
    if not config.proxy.listen:
        yield Finding(("proxy", "listen"), "there is nowhere to listen", 'write at least one, ["127.0.0.1:2525"]')
    for i, wordlist in enumerate(config.wordlist):
        if not LIST_NAME.fullmatch(wordlist.name):
            cure = "use letters, digits, dot, hyphen and underscore, 64 at most: it stands in replies and logs"
            yield Finding(("wordlist", i, "name"), f'"{wordlist.name}" is no name for a list', cure)


def _misspelt(path: KeyPath, texts: list[str], parse: Callable[[str], object]) -> Iterator[Finding]:
    for i, text in enumerate(texts):
        try:
            parse(text)
        except AddressError as mistake:
            yield Finding((*path, i), mistake.what, mistake.cure)


def _files(config: Config) -> Iterator[Finding]:
    for i, wordlist in enumerate(config.wordlist):
        if trouble := unreadable(wordlist.file):
            yield Finding(("wordlist", i, "file"), f'"{wordlist.file}" {trouble[0]}', trouble[1])


def unreadable(file: str) -> tuple[str, str] | None:
    """Why the file cannot be read, and the cure; None if it can."""
    try:
        mode = os.stat(file).st_mode
    except FileNotFoundError:
        return "does not exist", "write it, or correct the path"
    except (OSError, ValueError) as trouble:
        return f"cannot be read ({getattr(trouble, 'strerror', trouble)})", "give filterd's user the right to read it"
    if not stat.S_ISREG(mode):
        return "is no file", "name the file itself, not a directory, device or pipe"
    if not os.access(file, os.R_OK):
        return "cannot be read (Permission denied)", "give filterd's user the right to read it"
    return None


def _duplicates(config: Config) -> Iterator[Finding]:
    seen: set[str] = set()
    for i, text in enumerate(config.proxy.listen):
        for endpoint in parsed([text], parse_listener):
            if str(endpoint) in seen and not str(endpoint).endswith(":0"):
                yield Finding(("proxy", "listen", i), f"{endpoint} is listed twice", "leave one out")
            seen.add(str(endpoint))
    names: dict[str, str] = {}
    for i, wordlist in enumerate(config.wordlist):
        if wordlist.name in names:
            what = f'"{wordlist.name}" is also the name of {names[wordlist.name]}'
            yield Finding(("wordlist", i, "name"), what, "give each list a name of its own: name = …")
        names.setdefault(wordlist.name, wordlist.file)


def _limits(config: Config) -> Iterator[Finding]:
    limits = config.limits
    if limits.message_octets > limits.inflight_octets:
        cure = f"make it {limits.message_octets} or more, or message_octets smaller"
        yield Finding(("limits", "inflight_octets"), "is less than one message may have (message_octets)", cure)
    if limits.scan_memory_octets < limits.message_octets + 256 * 2**20:
        cure = f"make it at least {limits.message_octets + 256 * 2**20}"
        yield Finding(("limits", "scan_memory_octets"), "is too little to scan a message of message_octets", cure)
    needed = file_descriptors(config)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard != resource.RLIM_INFINITY and needed > hard:
        cure = f"raise the limit (LimitNOFILE= or ulimit -Hn) to {needed}, or allow fewer sessions"
        yield Finding(("limits", "sessions"), f"needs {needed} open files, but only {hard} are allowed here", cure)


def file_descriptors(config: Config) -> int:
    """Open files one worker may need: client, upstream and spool (twice while scanned) of each session, and its own."""
    return 4 * config.limits.sessions + 64


def _loop(config: Config) -> Iterator[Finding]:
    for upstream in parsed([config.upstream.address], parse_upstream):
        assert isinstance(upstream, Endpoint)
        yield from list(_meets(config, upstream))[:1]


def _meets(config: Config, upstream: Endpoint) -> Iterator[Finding]:
    """filterd would connect to itself, and again, until every session is used up."""
    for listener in listeners(config):
        if listener.port != upstream.port or not listener.port:
            continue
        same = upstream.host == listener.host or (listener.is_loopback and upstream.host.lower() == "localhost")
        # an IPv6 wildcard does not take IPv4 connections (IPV6_V6ONLY); a name may have addresses of both families
        wide = listener.is_wildcard and (upstream.is_name or upstream.family == listener.family)
        reached = wide and (upstream.is_loopback or is_own_address(upstream.host))
        if same or reached:
            cure = "write the address of the MTA behind filterd, or listen on another port"
            yield Finding(("upstream", "address"), f"{upstream} is filterd's own listener {listener}", cure)


def _launder(config: Config) -> Iterator[Finding]:
    public = [listener for listener in listeners(config) if not listener.is_loopback]
    untold = config.upstream.identity in ("none", "xforward")
    if public and untold and not config.proxy.allow_laundering and is_local_upstream(config):
        what = _LAUNDERING.format(upstream=config.upstream.address)
        yield Finding(("proxy", "listen"), f"listens on {public[0]}, and {what}", _TOLD)


def _look_up(upstream: Endpoint) -> list[tuple[str, socket.AddressFamily]]:
    try:
        answers = socket.getaddrinfo(upstream.host, upstream.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [(str(address[0]), family) for family, _, _, _, address in answers]
