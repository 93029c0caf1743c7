"""What filterd warns of at start, and what it does not."""

from __future__ import annotations

import pytest

from filterd.config import warnings
from filterd.config.schema import Config, Limits, Log, Proxy, Relay, Timeouts, Upstream, Wordlist

QUIET = Config(upstream=Upstream(identity="xclient"), wordlist=[Wordlist(file="words.txt", name="words")])


def changed(**tables: object) -> Config:
    """The quiet configuration with some tables replaced."""
    return Config(**{"upstream": QUIET.upstream, "wordlist": QUIET.wordlist, **tables})  # type: ignore[arg-type]


def test_a_good_configuration_is_quiet() -> None:
    """Warnings that are always there are read by nobody."""
    assert warnings(QUIET) == []


@pytest.mark.parametrize(
    ("config", "key"),
    [
        (changed(upstream=Upstream(identity="none")), "upstream.identity"),
        (changed(upstream=Upstream(identity="xforward")), "upstream.identity"),
        (changed(proxy=Proxy(allow_laundering=True)), "proxy.allow_laundering"),
        (changed(proxy=Proxy(listen=["0.0.0.0:25"])), "relay.local_domains"),
        (
            changed(
                proxy=Proxy(listen=["0.0.0.0:25"], allow_cleartext_auth=True), relay=Relay(local_domains=["a.example"])
            ),
            "proxy.allow_cleartext_auth",
        ),
        (changed(relay=Relay(relay_clients=["0.0.0.0/0"])), "relay.relay_clients"),
        (changed(proxy=Proxy(proxy_protocol_from=["::/0"])), "proxy.proxy_protocol_from"),
        (changed(proxy=Proxy(front_ends=["0.0.0.0/1"]), timeouts=Timeouts(upstream_final=60)), "proxy.front_ends"),
        (changed(timeouts=Timeouts(scan=90)), "timeouts.scan"),
        (changed(timeouts=Timeouts(command=3600)), "timeouts.command"),
        (changed(timeouts=Timeouts(drain=10)), "timeouts.drain"),
        (changed(proxy=Proxy(front_ends=["127.0.0.1"])), "timeouts.upstream_final"),
        (changed(wordlist=[]), "wordlist"),
        (changed(limits=Limits(sessions=10)), "limits.sessions_per_address"),
        (changed(log=Log(matched_text=True)), "log.matched_text"),
    ],
)
def test_a_risk_is_named_with_its_key(config: Config, key: str) -> None:
    """One warning for one risk: `key: what → cure`."""
    (warning,) = warnings(config)
    assert warning.startswith(f"{key}: ")
    assert " → " in warning
