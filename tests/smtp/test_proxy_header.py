"""The PROXY protocol header."""

import contextlib
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.smtp.proxy_header import SIGNATURE, BadHeader, Source, read_header, write_v2

V1 = b"PROXY TCP4 192.0.2.1 198.51.100.2 4711 25\r\n"
GOOD = [
    (V1, Source("192.0.2.1", 4711, len(V1))),
    (b"PROXY TCP6 2001:db8::1 ::1 1 25\r\n", Source("2001:db8::1", 1, 33)),
    (b"PROXY UNKNOWN whatever\r\n", Source("", 0, 24)),
    (SIGNATURE + b"\x20\x00\x00\x00", Source("", 0, 16, is_local=True)),
    (SIGNATURE + b"\x21\x11\x00\x0c\xc0\x00\x02\x01\x7f\x00\x00\x01\x12\x67\x00\x19", Source("192.0.2.1", 4711, 28)),
    (SIGNATURE + b"\x21\x11\x00\x0f\xc0\x00\x02\x01\x7f\x00\x00\x01\x12\x67\x00\x19\x04\x00\x00", Source("192.0.2.1", 4711, 31)),
    (SIGNATURE + b"\x21\x00\x00\x02ab", Source("", 0, 18)),
]


@pytest.mark.parametrize(("octets", "source"), GOOD)
def test_reading(octets, source):
    """Whole with what follows, and not before it is whole."""
    assert read_header(octets + b"EHLO x\r\n") == source
    for end in range(1, len(octets)):
        assert read_header(octets[:end]) is None


@pytest.mark.parametrize(
    "octets",
    [
        b"EHLO x\r\n",
        b"PROXY TCP4 nonsense\r\n",
        b"PROXY TCP4 1.2.3 1.2.3.4 1 2\r\n",
        b"PROXY " + b"x" * 200,
        b"PROXY UNKNOWNX\r\n",
        b"PROXY TCP4 192.0.2.1 198.51.100.2 99999 25\r\n",
        b"PROXY UNKNOWN " + b"x" * 200 + b"\r\n",
        SIGNATURE + b"\x11\x11\x00\x0c" + bytes(12),
        SIGNATURE + b"\x22\x11\x00\x0c" + bytes(12),
        SIGNATURE + b"\x21\x11\x00\x04" + bytes(4),
        SIGNATURE + b"\x21\x11\xff\xff",
    ],
)
def test_bad(octets):
    """Never guessed."""
    with pytest.raises(BadHeader):
        read_header(octets)


@given(st.ip_addresses(), st.integers(0, 65535), st.ip_addresses())
def test_round_trip(client, port, server):
    """What we write, others read."""
    source = read_header(write_v2((str(client), port), (str(server), 25)))
    assert source is not None
    address = ipaddress.ip_address(source.address)
    assert (getattr(address, "ipv4_mapped", None) or address) == (getattr(client, "ipv4_mapped", None) or client)
    assert source.port == port


def test_no_address():
    """A client without an address makes a LOCAL header."""
    assert read_header(write_v2(("", 0), ("127.0.0.1", 25))) == Source("", 0, 16, is_local=True)


@given(st.binary(max_size=300))
def test_anything(octets):
    """Any octets: a source, more please, or BadHeader."""
    with contextlib.suppress(BadHeader):
        read_header(octets)
