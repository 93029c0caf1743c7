"""filterd before a real Sendmail, which has neither XCLIENT nor PROXY: every client looks like 127.0.0.1 to it.

On its port `trusting` Sendmail has its stock rules, in which 127.0.0.1 may send to anywhere: filterd's relay control
is the only guard. On `guarded` a rule set of its own takes that trust away (tests/support/sendmail.py).
"""

from __future__ import annotations

import pytest

from tests.support.clients import RECIPIENT, SENDER, Client, forbidden_mail, mail, stuffed, token
from tests.support.proxy import Filterds
from tests.support.sendmail import Sendmail

pytestmark = pytest.mark.xdist_group("sendmail")

STRANGER = "127.0.0.77"
NO_STRANGERS = {"relay.relay_clients": ["127.0.0.1/32"]}
SPELLINGS = [
    "user@outside.example",
    "user%outside.example@local.example",
    "outside.example!user@local.example",
    '"user@outside.example"@local.example',
    '"user%outside.example"@local.example',
    "@local.example:user@outside.example",
    "@local.example,@mx.local.example:user@outside.example",
    "user%outside.example",
    "outside.example!user",
]


@pytest.mark.parametrize("port", ["trusting", "guarded"])
def test_content_arrives_untouched(sendmail_mta: Sendmail, filterds: Filterds, port: str) -> None:
    """Sendmail passes on exactly the octets that the client sent, below its own Received field."""
    content = mail(mark := token(), "Hello.", ".", "..a", "", "trailing  ", "x" * 900, "Grüße".encode())
    with Client(filterds(sendmail_mta.ports[port]).port) as client:
        assert "8BITMIME" in client.ehlo()
        assert client.say(f"MAIL FROM:<{SENDER}> BODY=8BITMIME").startswith("250 2.1.0 ")
        assert client.say(f"RCPT TO:<{RECIPIENT}>").startswith("250 2.1.5 ")
        assert client.say("DATA").startswith("354")
        client.send(stuffed(content))
        assert "Message accepted for delivery" in client.reply()
    found = sendmail_mta.delivery(mark)
    assert found.recipient == RECIPIENT
    assert found.content == content.replace(b"\r\n", b"\n")


def test_parameters_reach_sendmail(sendmail_mta: Sendmail, filterds: Filterds) -> None:
    """SIZE, BODY and the DSN parameters are passed on as they were written."""
    mail_line = f"MAIL FROM:<{SENDER}> SIZE=500 BODY=8BITMIME RET=HDRS ENVID={token()}+2Bx"
    rcpt_line = f"RCPT TO:<{RECIPIENT}> NOTIFY=NEVER ORCPT=rfc822;old@place.example"
    with Client(filterds(sendmail_mta.ports["trusting"]).port) as client:
        client.ehlo()
        assert client.say(mail_line).startswith("250")
        assert client.say(rcpt_line).startswith("250")
        assert client.say("RSET").startswith("250")
    assert f"<<< {mail_line}\n" in sendmail_mta.log
    assert f"<<< {rcpt_line}\n" in sendmail_mta.log


def test_a_forbidden_word_is_refused_and_the_session_goes_on(sendmail_mta: Sendmail, filterds: Filterds) -> None:
    """550 5.7.1 for the forbidden one; its neighbours in the session arrive, without RSET."""
    before, refused, after = token(), token(), token()
    with Client(filterds(sendmail_mta.ports["trusting"]).port) as client:
        client.ehlo()
        assert client.deliver(mail(before)).startswith("250")
        assert client.deliver(forbidden_mail(refused)).startswith("550 5.7.1 ")
        assert client.deliver(mail(after)).startswith("250")
        assert client.say("QUIT").startswith("221")
    assert sendmail_mta.delivery(before) and sendmail_mta.delivery(after)
    assert refused not in sendmail_mta.log


DIALOGUES = {
    "sender refused": (["MAIL FROM:<sender@refused.example>"], "550 5.7.1 "),
    "sender deferred": (["MAIL FROM:<sender@later.example>"], "450 4.7.1 "),
    "data without recipient": ([f"MAIL FROM:<{SENDER}>", "DATA"], "503 5.0.0 "),
    "mail twice": ([f"MAIL FROM:<{SENDER}>", f"MAIL FROM:<{SENDER}>"], "503 5.5.0 "),
    "recipient first": ([f"RCPT TO:<{RECIPIENT}>"], "503 5.0.0 "),
    "parameter unknown": ([f"MAIL FROM:<{SENDER}> FROB=1"], "555 5.5.4 "),
    "vrfy": (["VRFY user@local.example"], "25"),
    "help": (["HELP"], "2"),
}


@pytest.mark.parametrize("name", DIALOGUES)
def test_replies_are_sendmail_s_word_for_word(sendmail_mta: Sendmail, filterds: Filterds, name: str) -> None:
    """What Sendmail says reaches the client as if it were asked directly."""
    lines, expected = DIALOGUES[name]
    transcripts = []
    for port in (sendmail_mta.ports["trusting"], filterds(sendmail_mta.ports["trusting"]).port):
        with Client(port) as client:
            client.ehlo()
            transcripts.append([client.say(line) for line in lines])
    assert transcripts[0] == transcripts[1]
    assert transcripts[0][-1].startswith(expected)


@pytest.mark.parametrize("recipient", SPELLINGS)
def test_a_stranger_cannot_relay(sendmail_mta: Sendmail, filterds: Filterds, recipient: str) -> None:
    """filterd refuses what Sendmail would take from 127.0.0.1, and Sendmail never hears of it."""
    proxy = filterds(sendmail_mta.ports["trusting"], NO_STRANGERS)
    since = len(sendmail_mta.log)
    with Client(proxy.port, source=STRANGER) as client:
        client.ehlo()
        assert client.say(f"MAIL FROM:<{SENDER}>").startswith("250")
        assert client.say(f"RCPT TO:<{recipient}>").startswith("550 5.7.1 ")
        assert client.say("RSET").startswith("250")
        assert client.deliver(mail(mark := token())).startswith("250")
    assert sendmail_mta.delivery(mark).recipient == RECIPIENT
    assert "outside.example" not in sendmail_mta.log[since:]


@pytest.mark.parametrize("recipient", SPELLINGS)
def test_sendmail_alone_would_have_relayed_it(sendmail_mta: Sendmail, recipient: str) -> None:
    """Without filterd's relay control these recipients are accepted from 127.0.0.1."""
    with Client(sendmail_mta.ports["trusting"]) as client:
        client.ehlo()
        client.say(f"MAIL FROM:<{SENDER}>")
        assert client.say(f"RCPT TO:<{recipient}>").startswith("250 2.1.5 ")


@pytest.mark.parametrize("recipient", SPELLINGS)
def test_a_guarded_sendmail_denies_by_itself(sendmail_mta: Sendmail, filterds: Filterds, recipient: str) -> None:
    """With the rule set that does not trust filterd's address, Sendmail's own refusal is what the client hears."""
    proxy = filterds(sendmail_mta.ports["guarded"], {"relay.relay_clients": ["127.0.0.0/8"]})
    with Client(proxy.port, source=STRANGER) as client:
        client.ehlo()
        assert client.say(f"MAIL FROM:<{SENDER}>").startswith("250")
        assert client.say(f"RCPT TO:<{recipient}>") == f"550 5.7.1 <{recipient}>... Relaying denied by Sendmail"
        assert client.say(f"RCPT TO:<{RECIPIENT}>").startswith("250 2.1.5 ")
