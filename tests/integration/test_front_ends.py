"""Something stands in front of filterd: a Postfix (smtpd_proxy_filter), or a load balancer that speaks PROXY."""

from __future__ import annotations

import ipaddress
import re
import struct

import pytest

from tests.integration.conftest import BEHIND_FRONT
from tests.support.clients import RECIPIENT, SENDER, Client, forbidden_mail, mail, token
from tests.support.postfix import Postfix
from tests.support.proxy import Filterds

pytestmark = pytest.mark.xdist_group("postfix")

STRANGER = "127.0.0.77"

BETWEEN = {"proxy.front_ends": ["127.0.0.1/32"], "upstream.identity": "xforward"}


def test_between_two_postfixes_the_client_is_known_to_the_second(mta: Postfix, filterds: Filterds) -> None:
    """Postfix → filterd → Postfix (smtpd_proxy_filter): the second one logs the original client."""
    filterds(mta.ports["second"], BETWEEN, port=BEHIND_FRONT)
    since = len(mta.log)
    with Client(mta.ports["front"], source=STRANGER) as client:
        client.ehlo()
        assert client.deliver(content := mail(mark := token(), "Hello.", ".", "Bye.")).startswith("250 2.0.0 Ok: queued as ")
    mta.wait_log(rf"second/smtpd\S+: \S+ .*orig_client=\S*\[{re.escape(STRANGER)}\]", since)
    assert mta.delivery(mark).content(hops=2) == content.replace(b"\r\n", b"\n")


def test_between_two_postfixes_a_forbidden_word_is_refused_in_the_dialogue(mta: Postfix, filterds: Filterds) -> None:
    """The front Postfix passes filterd's refusal on to its client, so that nobody bounces anything later."""
    filterds(mta.ports["second"], BETWEEN, port=BEHIND_FRONT)
    with Client(mta.ports["front"], source=STRANGER) as client:
        client.ehlo()
        assert client.deliver(forbidden_mail(refused := token())).startswith("550 5.7.1 ")
        assert client.deliver(mail(mark := token())).startswith("250")
    assert mta.delivery(mark)
    assert mta.deliveries(refused) == []


def test_between_two_postfixes_the_second_one_s_refusal_is_passed_on(mta: Postfix, filterds: Filterds) -> None:
    """A recipient that only the second Postfix refuses is refused at the front, in its words."""
    filterds(mta.ports["second"], BETWEEN, port=BEHIND_FRONT)
    with Client(mta.ports["front"], source=STRANGER) as client:
        client.ehlo()
        assert client.say(f"MAIL FROM:<{SENDER}>").startswith("250")
        assert client.say("RCPT TO:<never@local.example>").startswith("551 5.1.6 ")
        assert client.say(f"RCPT TO:<{RECIPIENT}>").startswith("250")
        assert client.say("RSET").startswith("250")
        assert client.say("QUIT").startswith("221")


BALANCED = {"proxy.proxy_protocol_from": ["127.0.0.1/32"], "upstream.identity": "xclient"}
FAR_AWAY = "192.0.2.77"


def version_2(address: str, port: int) -> bytes:
    """A PROXY v2 header for a TCP connection over IPv4."""
    source, here = (ipaddress.ip_address(text).packed for text in (address, "127.0.0.1"))
    return b"\r\n\r\n\0\r\nQUIT\n" + struct.pack("!BBH4s4sHH", 0x21, 0x11, 12, source, here, port, 25)


HEADERS = {
    "version 1": f"PROXY TCP4 {FAR_AWAY} 127.0.0.1 4321 25\r\n".encode(),
    "version 2": version_2(FAR_AWAY, 4321),
}


@pytest.mark.parametrize("version", HEADERS)
def test_a_load_balancer_s_client_is_known_to_postfix(mta: Postfix, filterds: Filterds, version: str) -> None:
    """The address in the PROXY header is the client's, for relay control and for Postfix."""
    with Client(filterds(mta.ports["xclient"], BALANCED).port, greeting=None) as client:
        client.send(HEADERS[version])
        assert client.reply().startswith("220 ")
        client.ehlo()
        client.say(f"MAIL FROM:<{SENDER}>")
        assert client.say("RCPT TO:<user@outside.example>").startswith("550 5.7.1 ")
        assert client.say("RSET").startswith("250")
        assert client.deliver(mail(mark := token())).startswith("250")
    assert f"[{FAR_AWAY}]".encode() in mta.delivery(mark).stored


def test_a_load_balancer_must_say_who_it_speaks_for(mta: Postfix, filterds: Filterds) -> None:
    """A connection from the balancer that begins with SMTP instead of the header is closed, and Postfix sees nothing."""
    since = len(mta.log)
    with Client(filterds(mta.ports["xclient"], BALANCED).port, greeting=None) as client:
        client.send(b"EHLO client.example\r\n")
        assert not client.reply().startswith("2")
        assert client.ended()
    assert "xclient/smtpd" not in mta.log[since:]


@pytest.mark.parametrize("version", HEADERS)
def test_a_stranger_cannot_speak_for_others(mta: Postfix, filterds: Filterds, version: str) -> None:
    """The same header from an address that is not listed is no header (though version 2 spells QUIT): nobody believes it."""
    since = len(mta.log)
    with Client(filterds(mta.ports["xclient"], BALANCED).port, source=STRANGER) as client:
        client.send(HEADERS[version])
        client.send(b"EHLO client.example\r\n")
        while (reply := client.reply()) and not reply.startswith(("250", "421")):
            assert reply.startswith(("5", "221"))
    assert FAR_AWAY not in mta.log[since:]
