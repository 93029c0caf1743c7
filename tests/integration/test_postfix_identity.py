"""filterd before a real Postfix that trusts loopback: Postfix learns who the client is, and nobody relays through us."""

from __future__ import annotations

import re

import pytest

from tests.support.clients import RECIPIENT, SENDER, Client, mail, token
from tests.support.postfix import Postfix
from tests.support.proxy import Filterds

pytestmark = pytest.mark.xdist_group("postfix")

STRANGER = "127.0.0.77"  # stands for a client somewhere on the Internet
NO_STRANGERS = {"relay.relay_clients": ["127.0.0.1/32"]}
SERVICE = {"xclient": "xclient", "proxy": "proxied"}

# Every way to write "send it on to outside.example" that an MTA has been known to read so.
SPELLINGS = [
    "user@outside.example",
    "user@outside.example.",
    "user%outside.example@local.example",
    "outside.example!user@local.example",
    '"user@outside.example"@local.example',
    '"user%outside.example"@local.example',
    '"outside.example!user"@local.example',
    '"user\\@outside.example"@local.example',
    "@local.example:user@outside.example",
    "@local.example,@mx.local.example:user@outside.example",
    "@local.example:user%outside.example@local.example",
    "user@outside.example@local.example",
    "user@local.example@outside.example",
    "user%outside.example",
    "outside.example!user",
    "user",
    "user@[127.0.0.1]",
    "user@[IPv6:::1]",
    "user@",
    "user@outside.local.example.outside.example",
    "user@notlocal.example",
]
LOCAL = [
    "user@local.example",
    "USER@LOCAL.EXAMPLE",
    "postmaster",
    "Postmaster",
    '"quoted name"@local.example',
    "user+tag@local.example",
    "@other.example:user@local.example",
]
READ_AS_RELAY = SPELLINGS[:1] + SPELLINGS[2:7] + SPELLINGS[8:10]


@pytest.mark.parametrize("identity", SERVICE)
def test_postfix_learns_the_client_s_address(mta: Postfix, filterds: Filterds, identity: str) -> None:
    """With XCLIENT and with the PROXY protocol Postfix logs the client's own address with its message."""
    since = len(mta.log)
    proxy = filterds(mta.ports[SERVICE[identity]], {"upstream.identity": identity})
    with Client(proxy.port, source=STRANGER) as client:
        client.ehlo()
        assert client.deliver(mail(mark := token())).startswith("250")
    mta.wait_log(rf"client=\S*\[{re.escape(STRANGER)}\]", since)
    assert f"[{STRANGER}]".encode() in mta.delivery(mark).stored


@pytest.mark.parametrize("identity", SERVICE)
def test_postfix_itself_denies_relaying_to_strangers(mta: Postfix, filterds: Filterds, identity: str) -> None:
    """Told who the client is, Postfix decides about relaying by itself, also where filterd would have let it pass."""
    proxy = filterds(mta.ports[SERVICE[identity]], {"upstream.identity": identity, "relay.relay_clients": ["127.0.0.0/8"]})
    for source, expected in (("127.0.0.1", "250 2.1.5"), (STRANGER, "554 5.7.1 <user@outside.example>: Relay access")):
        with Client(proxy.port, source=source) as client:
            client.ehlo()
            client.say(f"MAIL FROM:<{SENDER}>")
            assert client.say("RCPT TO:<user@outside.example>").startswith(expected)


@pytest.mark.parametrize("identity", SERVICE)
def test_each_session_has_its_own_identity(mta: Postfix, filterds: Filterds, identity: str) -> None:
    """Sessions of different clients, open at the same time, are not taken for each other."""
    proxy = filterds(mta.ports[SERVICE[identity]], {"upstream.identity": identity})
    marks = {f"127.0.0.{number}": token() for number in (21, 22, 23)}
    clients = {source: Client(proxy.port, source=source) for source in marks}
    for source, client in clients.items():
        with client:
            client.ehlo()
            assert client.deliver(mail(marks[source])).startswith("250")
    for source, mark in marks.items():
        assert f"[{source}]".encode() in mta.delivery(mark).stored


def test_the_client_s_helo_name_reaches_postfix(mta: Postfix, filterds: Filterds) -> None:
    """After XCLIENT Postfix knows the client by the name that the client gave, not by filterd's."""
    proxy = filterds(mta.ports["xclient"], {"upstream.identity": "xclient"})
    with Client(proxy.port) as client:
        assert client.say("EHLO name-of.the-client.example").startswith("250")
        assert client.deliver(mail(mark := token())).startswith("250")
    assert b"Received: from name-of.the-client.example " in mta.delivery(mark).stored


def test_without_xclient_upstream_nothing_goes_on_under_our_own_name(mta: Postfix, filterds: Filterds) -> None:
    """XCLIENT was asked for and Postfix does not offer it: 421 for the client, an alarm for the administrator."""
    proxy = filterds(mta.ports["plain"], {"upstream.identity": "xclient"})
    since = len(mta.log)
    with Client(proxy.port, source=STRANGER, greeting=None) as client:
        reply = client.reply()
        if reply.startswith("220"):
            reply = client.say("EHLO client.example")
        assert reply.startswith("421 ")
        assert client.ended()
    proxy.wait_log(r"alarm=606\(")
    assert not re.search(r"plain/smtpd\[\d+\]: [0-9A-F]+: client=", mta.log[since:])


@pytest.mark.parametrize("recipient", SPELLINGS)
def test_a_stranger_cannot_relay(mta: Postfix, filterds: Filterds, recipient: str) -> None:
    """However "send it on" is spelt, filterd refuses it, since Postfix would take it from 127.0.0.1."""
    since = len(mta.log)
    with Client(filterds(mta.ports["plain"], NO_STRANGERS).port, source=STRANGER) as client:
        client.ehlo()
        assert client.say(f"MAIL FROM:<{SENDER}>").startswith("250")
        assert client.say(f"RCPT TO:<{recipient}>").startswith(("550 5.7.1 ", "501 5.", "553 5."))
        assert client.say("DATA").startswith("5")
        assert client.say("RSET").startswith("250")
        assert client.deliver(mail(mark := token())).startswith("250"), "the session goes on"
    assert mta.delivery(mark).recipient == RECIPIENT
    assert "outside.example" not in mta.log[since:]


@pytest.mark.parametrize("recipient", READ_AS_RELAY)
def test_postfix_alone_would_have_relayed_it(mta: Postfix, recipient: str) -> None:
    """Without filterd's relay control these recipients are accepted from 127.0.0.1 and sent on."""
    with Client(mta.ports["plain"]) as client:
        client.ehlo()
        assert client.deliver(mail(mark := token()), SENDER, recipient).startswith("250")
    assert mta.delivery(mark).recipient == "user@outside.example"


@pytest.mark.parametrize("recipient", LOCAL)
def test_a_stranger_may_send_to_local_recipients(mta: Postfix, filterds: Filterds, recipient: str) -> None:
    """Relay control costs no legitimate recipient."""
    with Client(filterds(mta.ports["plain"], NO_STRANGERS).port, source=STRANGER) as client:
        client.ehlo()
        assert client.deliver(mail(mark := token()), SENDER, recipient).startswith("250")
    assert mta.delivery(mark)


def test_a_relay_client_may_send_anywhere(mta: Postfix, filterds: Filterds) -> None:
    """Relay control costs no relay client anything, in any spelling."""
    with Client(filterds(mta.ports["plain"], NO_STRANGERS).port) as client:
        client.ehlo()
        assert client.deliver(mail(mark := token()), SENDER, *READ_AS_RELAY).startswith("250")
    assert {found.recipient for found in mta.deliveries(mark)} == {"user@outside.example"}


@pytest.mark.parametrize("line", ["XCLIENT ADDR=10.1.2.3", "XFORWARD ADDR=10.1.2.3"])
def test_a_stranger_cannot_borrow_an_identity(mta: Postfix, filterds: Filterds, line: str) -> None:
    """XCLIENT and XFORWARD of a client that is no front end are refused here, and Postfix never sees them."""
    since = len(mta.log)
    proxy = filterds(mta.ports["xclient"], {"upstream.identity": "xclient"})
    with Client(proxy.port, source=STRANGER) as client:
        assert not re.search("XCLIENT|XFORWARD", client.ehlo())
        assert client.say(line).startswith("550 ")
        assert client.deliver(mail(mark := token())).startswith("250")
    assert f"[{STRANGER}]".encode() in mta.delivery(mark).stored
    assert "10.1.2.3" not in mta.log[since:]
