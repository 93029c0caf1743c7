"""Who may send to where."""

import ipaddress

import pytest

from filterd.mail.path import parse_path
from filterd.policy import alarms
from filterd.policy.relay_control import RelayControl

CONTROL = RelayControl(
    frozenset({"[192.0.2.9]", "local.example", ".sub.example", "bücher.example", "xn--bcher-kva.example"}),
    (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("2001:db8::/32")),
)
OK, DENIED, ODD, BARE = 0, alarms.RELAYING_DENIED, alarms.AMBIGUOUS_ADDRESS, alarms.UNQUALIFIED_ADDRESS


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        (b"u@local.example", OK),
        (b"u@LOCAL.Example", OK),
        (b"u@local.example.", OK),
        (b"u+tag@local.example", OK),
        (b"u=x@local.example", OK),
        (b'"a b"@local.example', OK),
        (b"u@a.sub.example", OK),
        (b"u@a.b.sub.example", OK),
        (b"postmaster", OK),
        (b"PostMaster", OK),
        ("u@bücher.example".encode(), OK),
        ("u@BÜCHER.example".encode(), OK),
        (b"u@xn--bcher-kva.example", OK),
        (b"@remote.example:u@local.example", OK),
        (b"u@sub.example", DENIED),
        (b"u@xsub.example", DENIED),
        (b"u@remote.example", DENIED),
        (b"u@local.example.evil", DENIED),
        (b"u@evil-local.example", DENIED),
        (b"u@local.example..", DENIED),
        (b"u@ local.example", DENIED),
        (b"u@[127.0.0.1]", DENIED),
        (b"u@local.example@remote.example", DENIED),
        (b"@local.example:u@remote.example", DENIED),
        (b"@local.example,@local.example:u@remote.example", DENIED),
        (b"u@local.example(c)", DENIED),
        (b"u@\xff", DENIED),
        (b"u@remote.example(.sub.example", DENIED),
        (b"u@remote.example(x).sub.example", DENIED),
        (b"u@remote.example,.sub.example", DENIED),
        (b"u@remote.example;.sub.example", DENIED),
        (b"u@remote.example:.sub.example", DENIED),
        (b"u@[192.0.2.1]:.sub.example", DENIED),
        (b"u@[192.0.2.1].sub.example", DENIED),
        (b"u@remote.example .sub.example", DENIED),
        (b'u@"remote.example".sub.example', DENIED),
        (b"u@remote.example\\.sub.example", DENIED),
        (b"u@.sub.example", DENIED),
        (b"u@a..sub.example", DENIED),
        (b"u@[192.0.2.9]", OK),
        (b"u%remote.example@local.example", ODD),
        (b"remote.example!u@local.example", ODD),
        (b'"u@remote.example"@local.example', ODD),
        (b'"u%remote.example"@local.example', ODD),
        (b'"remote!u"@local.example', ODD),
        (b'"u\\@remote.example"@local.example', ODD),
        (b"u@remote.example@local.example", ODD),
        (b"u\\@remote@local.example", ODD),
        (b"remote::u@local.example", ODD),
        (b"u,v@local.example", ODD),
        (b"u<v@local.example", ODD),
        (b'u"v"@local.example', ODD),
        (b"@local.example", ODD),
        (b'""@local.example', ODD),
        (b"u", BARE),
        (b"u%remote.example", BARE),
        (b"", BARE),
    ],
)
def test_stranger(path, answer):
    """A stranger reaches local domains by plain addresses, and nothing else."""
    try:
        found = CONTROL.refusal(parse_path(path))
    except ValueError:
        found = ODD  # unreadable: refused before it comes here
    assert found == answer


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("127.0.0.1", True),
        ("::ffff:127.0.0.1", True),
        ("2001:db8::7", True),
        ("192.0.2.1", False),
        ("::1", False),
        ("", False),
        ("nonsense", False),
    ],
)
def test_relay_client(address, may):
    """By address, IPv4 in IPv6 included."""
    assert CONTROL.is_relay_client(address) is may
