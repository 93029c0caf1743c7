"""XCLIENT and XFORWARD attributes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.smtp import identity


def test_parse():
    """Names in any case, values out of xtext."""
    assert identity.parse_attributes(b"name=a+2Bb ADDR=IPV6:2001:db8::1", identity.XCLIENT_ATTRIBUTES) == {
        b"NAME": b"a+b",
        b"ADDR": b"IPV6:2001:db8::1",
    }


@pytest.mark.parametrize("argument", [b"", b"NAME", b"FOO=1", b"=x"])
def test_bad(argument):
    """What is no attribute is told."""
    with pytest.raises(identity.BadAttribute):
        identity.parse_attributes(argument, identity.XFORWARD_ATTRIBUTES)


@pytest.mark.parametrize(
    ("address", "attribute"),
    [("192.0.2.1", b"192.0.2.1"), ("2001:db8::1", b"IPV6:2001:db8::1"), ("", b"[UNAVAILABLE]")],
)
def test_address(address, attribute):
    """Both ways."""
    assert identity.address_attribute(address) == attribute
    assert identity.address_of(attribute) == address


@given(st.dictionaries(st.sampled_from(sorted(identity.XFORWARD_ATTRIBUTES)), st.binary(min_size=1, max_size=700), min_size=1))
def test_commands_are_lines(attributes):
    """Whatever a value holds, each command is one line of at most 512 octets."""
    for line in identity.commands(b"XFORWARD", attributes):
        assert line.startswith(b"XFORWARD ")
        assert line.endswith(b"\r\n")
        assert len(line) <= 512
        assert b"\r" not in line[:-2]
        assert b"\n" not in line[:-2]


@given(st.dictionaries(st.sampled_from(sorted(identity.XFORWARD_ATTRIBUTES)), st.binary(min_size=1, max_size=60), min_size=1))
def test_round_trip(attributes):
    """What was said is what is read."""
    found = {}
    for line in identity.commands(b"XFORWARD", attributes):
        found.update(identity.parse_attributes(line[9:-2], identity.XFORWARD_ATTRIBUTES))
    assert found == attributes
