"""Addresses: what is accepted, and what is said about everything else."""

from __future__ import annotations

import socket

import pytest

from filterd.config.addresses import (
    AddressError,
    is_own_address,
    parse_domain,
    parse_endpoint,
    parse_network,
)


@pytest.mark.parametrize(
    ("text", "host", "port", "family"),
    [
        ("127.0.0.1:25", "127.0.0.1", 25, socket.AF_INET),
        (" 127.0.0.1:25 ", "127.0.0.1", 25, socket.AF_INET),
        ("[::1]:2525", "::1", 2525, socket.AF_INET6),
        ("[2001:DB8:0:0::1]:25", "2001:db8::1", 25, socket.AF_INET6),
        ("mail.example.org:25", "mail.example.org", 25, socket.AF_UNSPEC),
        ("mail.example.org.:25", "mail.example.org.", 25, socket.AF_UNSPEC),
        ("mta_1:10026", "mta_1", 10026, socket.AF_UNSPEC),
        ("localhost:0", "localhost", 0, socket.AF_UNSPEC),
    ],
)
def test_endpoints(text: str, host: str, port: int, family: int) -> None:
    """IPv4, bracketed IPv6 and host names, each with a port."""
    endpoint = parse_endpoint(text)
    assert (endpoint.host, endpoint.port, endpoint.family) == (host, port, family)


@pytest.mark.parametrize(
    "text",
    [
        *("", ":", ":25", "25", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:-1", "127.0.0.1:65536", "::1"),
        *("::1:25", "[::1]", "[::1:25", "::1]:25", "[127.0.0.1]:25", "[mail.example]:25", "256.0.0.1:25", "1.2.3:25"),
        *("a b:25", "a..b:25", "-a:25", "a-:25", "inet:127.0.0.1:25", "unix:/run/x:1", "127.0.0.1:²", "x" * 64 + ":25"),
    ],
)
def test_what_is_no_endpoint_gets_a_cure(text: str) -> None:
    """Never a guess, never another exception."""
    with pytest.raises(AddressError) as caught:
        parse_endpoint(text)
    assert caught.value.what
    assert caught.value.cure


@pytest.mark.parametrize(
    ("text", "loopback", "wildcard"),
    [
        ("127.0.0.1:1", True, False),
        ("127.1.2.3:1", True, False),
        ("[::1]:1", True, False),
        ("[::ffff:127.0.0.1]:1", True, False),
        ("localhost:1", True, False),
        ("0.0.0.0:1", False, True),
        ("[::]:1", False, True),
        ("192.0.2.1:1", False, False),
        ("mail.example:1", False, False),
    ],
)
def test_where_an_endpoint_can_be_reached_from(text: str, loopback: bool, wildcard: bool) -> None:
    """Loopback is this machine only; a wildcard is all of its addresses."""
    endpoint = parse_endpoint(text)
    assert (endpoint.is_loopback, endpoint.is_wildcard) == (loopback, wildcard)


@pytest.mark.parametrize(
    ("text", "network"),
    [("192.0.2.0/24", "192.0.2.0/24"), ("192.0.2.1", "192.0.2.1/32"), (" 2001:db8::/32", "2001:db8::/32")],
)
def test_networks(text: str, network: str) -> None:
    """A network, or one address."""
    assert str(parse_network(text)) == network


@pytest.mark.parametrize("text", ["", "x", "192.0.2.1/24", "192.0.2.0/33", "192.0.2", "example.org"])
def test_what_is_no_network_gets_a_cure(text: str) -> None:
    """Host bits are pointed out, since they are a slip that changes who is trusted."""
    with pytest.raises(AddressError) as caught:
        parse_network(text)
    assert caught.value.cure


@pytest.mark.parametrize("text", ["", ".", "a..b", "a b", "@example.org", "192.0.2.1", "*.example.org", "a/b"])
def test_what_is_no_domain_gets_a_cure(text: str) -> None:
    """A domain is written bare; subdomains with a leading dot."""
    with pytest.raises(AddressError) as caught:
        parse_domain(text)
    assert caught.value.cure


def test_the_kernel_knows_our_addresses() -> None:
    """An address of this machine can be bound, another one cannot."""
    assert is_own_address("127.0.0.1")
    assert not is_own_address("192.0.2.1")
    assert not is_own_address("mail.example.org")
