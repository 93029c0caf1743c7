"""What a valid configuration should still be warned of: one line each, said at start and by `filterd check`."""

from __future__ import annotations

from collections.abc import Iterator

from filterd.config import checks
from filterd.config.addresses import parse_network
from filterd.config.schema import Config

PROXY_FILTER_TIMEOUT = 100  # Postfix smtpd_proxy_timeout


def warnings(config: Config) -> list[str]:
    """Every warning, `key: what → cure`."""
    return [*_identity(config), *_access(config), *_networks(config), *_times(config), *_rest(config)]


def _identity(config: Config) -> Iterator[str]:
    if config.upstream.identity == "none":
        yield (
            "upstream.identity: upstream sees every client as filterd's own address, so its rules by client do not "
            'work and filterd\'s relay control is the only guard → set "xclient" or "proxy" if upstream can'
        )
    if config.upstream.identity == "xforward":
        yield (
            "upstream.identity: XFORWARD only reaches upstream's log, its rules still see filterd's address "
            '→ set "xclient" or "proxy" if upstream can'
        )
    if config.proxy.allow_laundering:
        yield (
            "proxy.allow_laundering: upstream may take clients from anywhere for this machine "
            "→ make sure that it trusts nothing for filterd's address"
        )


def _access(config: Config) -> Iterator[str]:
    public = [str(listener) for listener in checks.listeners(config) if not listener.is_loopback]
    if config.proxy.allow_cleartext_auth and public:
        yield (
            f"proxy.allow_cleartext_auth: passwords cross the network readable on {', '.join(public)} "
            "→ leave it off where clients are not on a network you trust"
        )
    if public and not config.relay.local_domains:
        yield (
            "relay.local_domains: is empty, so nobody but relay_clients can send anything "
            "→ list the domains that upstream delivers"
        )


def _networks(config: Config) -> Iterator[str]:
    everyone = {
        "relay.relay_clients": (config.relay.relay_clients, "anybody may send to anywhere: an open relay"),
        "proxy.front_ends": (config.proxy.front_ends, "anybody may claim to be any client"),
        "proxy.proxy_protocol_from": (config.proxy.proxy_protocol_from, "anybody may claim to be any client"),
    }
    for key, (texts, what) in everyone.items():
        for text in texts:
            network = parse_network(text)
            if network.prefixlen < (8 if network.version == 4 else 16):
                yield f'{key}: "{text}" is nearly everybody, so {what} → list only networks of your own'


def _times(config: Config) -> Iterator[str]:
    times = config.timeouts
    nested = (
        ("scan", times.scan, "upstream_final", times.upstream_final),
        ("upstream_connect", times.upstream_connect, "command", times.command),
        ("command", times.command, "session", times.session),
        ("data", times.data, "session", times.session),
    )
    for inner, inner_seconds, outer, outer_seconds in nested:
        if inner_seconds >= outer_seconds:
            yield f"timeouts.{inner}: {inner_seconds} s is not shorter than {outer} ({outer_seconds} s) → shorten it"
    if times.drain < times.upstream_final:
        yield (
            f"timeouts.drain: {times.drain} s is shorter than upstream_final ({times.upstream_final} s), so stopping "
            "may leave messages with unknown outcome → make it at least as long"
        )
    together = times.scan + times.upstream_final
    if config.proxy.front_ends and together >= PROXY_FILTER_TIMEOUT:
        yield (
            f"timeouts.upstream_final: with scan it may take {together} s, but Postfix in front gives up after "
            f"{PROXY_FILTER_TIMEOUT} s and sends again → make both together less, or raise its smtpd_proxy_timeout"
        )


def _rest(config: Config) -> Iterator[str]:
    if not config.wordlist:
        yield "wordlist: no list is given, so no word is forbidden → add [[wordlist]] with file = …"
    limits = config.limits
    if limits.sessions_per_address > limits.sessions:
        yield (
            f"limits.sessions_per_address: {limits.sessions_per_address} is never reached, sessions are "
            f"{limits.sessions} in all, and one client can take them → make it smaller"
        )
    if config.log.matched_text:
        yield "log.matched_text: forbidden words will stand in the log → leave it off where others read it"
