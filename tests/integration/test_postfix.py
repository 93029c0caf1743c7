"""filterd before a real Postfix: what Postfix offers, says and receives is what it would be without filterd."""

from __future__ import annotations

import re

import pytest

from tests.support.clients import RECIPIENT, SENDER, Client, dribble, forbidden_mail, mail, stuffed, token
from tests.support.postfix import Postfix
from tests.support.proxy import FORBIDDEN, Filterds

pytestmark = pytest.mark.xdist_group("postfix")

CONTENTS = {
    "text": ("Hello.", "", "Good bye."),
    "dots": (".", "..", ".a", "a.", ". ", "...", "."),
    "blanks": ("trailing  ", "\ttab", "", "", ""),
    "empty": ("",),
    "long line": ("x" * 997,),
    "many lines": tuple(f"line {n}" for n in range(3000)),
    "large, spooled to a file": tuple(f"line {n} of many".ljust(70, ".") for n in range(45000)),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_content_arrives_untouched(mta: Postfix, filterds: Filterds, name: str) -> None:
    """Postfix stores exactly the octets that the client sent."""
    content = mail(mark := token(), *CONTENTS[name])
    with Client(filterds(mta.ports["plain"]).port) as client:
        client.ehlo()
        assert client.deliver(content).startswith("250 2.0.0 Ok: queued as ")
    assert mta.delivery(mark).content() == content.replace(b"\r\n", b"\n")


def test_eight_bit_content_arrives_untouched(mta: Postfix, filterds: Filterds) -> None:
    """With BODY=8BITMIME octets above 127 arrive as they are, in any charset or none."""
    header = ("MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit")
    content = mail(mark := token(), "Grüße aus Köln", bytes(range(128, 256)), header=header)
    with Client(filterds(mta.ports["plain"]).port) as client:
        assert "8BITMIME" in client.ehlo()
        assert client.say(f"MAIL FROM:<{SENDER}> BODY=8BITMIME").startswith("250")
        assert client.say(f"RCPT TO:<{RECIPIENT}>").startswith("250")
        assert client.say("DATA").startswith("354")
        client.send(stuffed(content))
        assert client.reply().startswith("250")
    assert mta.delivery(mark).content() == content.replace(b"\r\n", b"\n")


def test_utf8_addresses_pass(mta: Postfix, filterds: Filterds) -> None:
    """With SMTPUTF8 addresses in UTF-8 reach Postfix as they were written."""
    content = mail(mark := token(), "Grüße", subject="Viele Grüße", header=("Content-Transfer-Encoding: 8bit",))
    with Client(filterds(mta.ports["plain"]).port) as client:
        assert "SMTPUTF8" in client.ehlo()
        assert client.say("MAIL FROM:<jürgen@bücher.example> SMTPUTF8 BODY=8BITMIME").startswith("250")
        assert client.say("RCPT TO:<käthe@local.example>").startswith("250")
        assert client.say("DATA").startswith("354")
        client.send(stuffed(content))
        assert client.reply().startswith("250")
    assert mta.delivery(mark).recipient == "käthe@local.example"
    mta.wait_log("from=<jürgen@bücher.example>")


def test_dsn_parameters_pass(mta: Postfix, filterds: Filterds) -> None:
    """Postfix reports the delivery to the sender, with the client's ENVID and ORCPT, and with the header only."""
    mark = token()
    with Client(filterds(mta.ports["plain"]).port) as client:
        assert "DSN" in client.ehlo()
        assert client.say(f"MAIL FROM:<back@local.example> RET=HDRS ENVID={mark}+3Dx").startswith("250")
        assert client.say(f"RCPT TO:<{RECIPIENT}> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;{mark}@old.example").startswith("250")
        assert client.say("DATA").startswith("354")
        client.send(stuffed(mail(mark, "Body text.")))
        assert client.reply().startswith("250")
    mta.wait_log(r"sender delivery status notification", seconds=10)
    [report] = [found.stored for found in mta.deliveries(mark) if found.recipient == "back@local.example"]
    assert f"Original-Envelope-Id: {mark}=x".encode() in report
    assert f"Original-Recipient: rfc822;{mark}@old.example".encode() in report
    assert b"Content-Type: text/rfc822-headers" in report
    assert b"Body text." not in report


def test_extensions_are_those_of_postfix_that_filterd_handles(mta: Postfix, filterds: Filterds) -> None:
    """EHLO shows Postfix's own list, in its order, without what would carry mail past the filter."""
    with Client(mta.ports["plain"]) as direct:
        offered = direct.ehlo()
    with Client(filterds(mta.ports["plain"]).port) as client:
        assert client.greeting == direct.greeting
        seen = client.ehlo()
    assert [line[4:] for line in seen.splitlines()] == [
        line[4:] for line in offered.splitlines() if line[4:] not in ("CHUNKING", "BINARYMIME", "STARTTLS")
    ]


def test_nothing_is_offered_that_postfix_does_not(mta: Postfix, filterds: Filterds) -> None:
    """Before an upstream without 8BITMIME, SMTPUTF8 and DSN filterd does not offer them either."""
    with Client(filterds(mta.ports["seven"]).port) as client:
        assert not re.search("8BITMIME|SMTPUTF8|DSN", client.ehlo())


def test_a_forbidden_word_is_refused_and_the_session_goes_on(mta: Postfix, filterds: Filterds) -> None:
    """550 5.7.1 with a reference for the forbidden one; its neighbours in the session arrive, without RSET."""
    before, refused, after = token(), token(), token()
    proxy = filterds(mta.ports["plain"])
    with Client(proxy.port) as client:
        client.ehlo()
        assert client.deliver(mail(before)).startswith("250")
        reply = client.deliver(forbidden_mail(refused))
        assert reply.startswith("550 5.7.1 ")
        assert "words" in reply
        assert client.deliver(mail(after)).startswith("250")
        assert client.say("QUIT").startswith("221")
    assert mta.delivery(before) and mta.delivery(after)
    assert mta.deliveries(refused) == []
    line = proxy.wait_log(r".*outcome=refused.*")[0]
    assert "list=words" in line and "words.txt:1" in line


def test_a_forbidden_word_is_found_at_the_end_of_a_large_message(mta: Postfix, filterds: Filterds) -> None:
    """A message that is spooled to a file is read to its last line."""
    content = mail(mark := token(), *["Nothing to see here." * 3] * 45000, FORBIDDEN)
    with Client(filterds(mta.ports["plain"]).port) as client:
        client.ehlo()
        assert client.deliver(content).startswith("550 5.7.1 ")
    assert mta.deliveries(mark) == []


DIALOGUES = {
    "sender refused": (["MAIL FROM:<never@refused.example>", f"RCPT TO:<{RECIPIENT}>"], "554 5.7.1 "),
    "sender deferred": (["MAIL FROM:<later@refused.example>", f"RCPT TO:<{RECIPIENT}>"], "450 4.7.1 "),
    "recipient refused": ([f"MAIL FROM:<{SENDER}>", "RCPT TO:<never@local.example>"], "551 5.1.6 "),
    "recipient deferred": ([f"MAIL FROM:<{SENDER}>", "RCPT TO:<later@local.example>"], "452 4.2.2 "),
    "data without recipient": ([f"MAIL FROM:<{SENDER}>", "RCPT TO:<never@local.example>", "DATA"], "554 5.5.1 "),
    "parameter unknown": ([f"MAIL FROM:<{SENDER}> FROB=1"], "555 5.5.4 "),
    "size too big": ([f"MAIL FROM:<{SENDER}> SIZE=99999999"], "552 5.3.4 "),
    "address malformed": ([f"MAIL FROM:<{SENDER}>", "RCPT TO:<a b@local.example>"], "501 5.1.3 "),
    "vrfy": (["VRFY somebody"], "252 2.0.0 "),
    "noop": (["NOOP with an argument"], "250 2.0.0 "),
    "etrn": (["ETRN local.example"], "459 "),
}


@pytest.mark.parametrize("name", DIALOGUES)
def test_replies_are_postfix_s_word_for_word(mta: Postfix, filterds: Filterds, name: str) -> None:
    """Every 4yz and 5yz of Postfix reaches the client as if it were asked directly."""
    lines, expected = DIALOGUES[name]
    transcripts = []
    for port in (mta.ports["strict"], filterds(mta.ports["strict"]).port):
        with Client(port) as client:
            client.ehlo()
            transcripts.append([client.say(line) for line in lines])
    assert transcripts[0] == transcripts[1]
    assert transcripts[0][-1].startswith(expected)


REFUSED_LATE = {
    "nodata": "554 5.5.0 <nodata@refused.example>: Sender address rejected: No data of yours",
    "nodot": "554 5.6.9 <nodot@refused.example>: Sender address rejected: Seen and refused",
    "busy": "451 4.3.9 <busy@refused.example>: Sender address rejected: Ask again",
}


@pytest.mark.parametrize("local_part", REFUSED_LATE)
def test_late_refusals_reach_the_client(mta: Postfix, filterds: Filterds, local_part: str) -> None:
    """What Postfix says to DATA or to the final dot is what the client hears at the end, and the session goes on."""
    with Client(filterds(mta.ports["strict"]).port) as client:
        client.ehlo()
        assert client.deliver(mail(refused := token()), f"{local_part}@refused.example") == REFUSED_LATE[local_part]
        assert client.deliver(mail(mark := token())).startswith("250")
    assert mta.delivery(mark)
    assert mta.deliveries(refused) == []


def test_each_recipient_gets_its_own_answer(mta: Postfix, filterds: Filterds) -> None:
    """A refused recipient costs the others nothing."""
    with Client(filterds(mta.ports["strict"]).port) as client:
        client.ehlo()
        client.say(f"MAIL FROM:<{SENDER}>")
        names = ("one", "never", "two", "later", "three")
        replies = [client.say(f"RCPT TO:<{name}@local.example>") for name in names]
        assert [reply[:3] for reply in replies] == ["250", "551", "250", "452", "250"]
        assert client.say("DATA").startswith("354")
        client.send(stuffed(mail(mark := token())))
        assert client.reply().startswith("250")
    assert sorted(found.recipient for found in mta.deliveries(mark)) == [
        "one@local.example", "three@local.example", "two@local.example",
    ]  # fmt: skip


def test_a_slow_client_does_not_cost_the_upstream_session(mta: Postfix, filterds: Filterds) -> None:
    """A client takes 10 s for its message while Postfix hangs up after 3 s of silence: it is delivered all the same."""
    content = mail(mark := token(), *["A slow line."] * 40)
    with Client(filterds(mta.ports["impatient"]).port, seconds=30) as client:
        client.ehlo()
        client.envelope()
        dribble(client, content, 10)
        client.send(b".\r\n")
        assert client.reply().startswith("250 2.0.0 ")
    assert mta.delivery(mark).content() == content.replace(b"\r\n", b"\n")


def test_a_whole_session_may_come_in_one_segment(mta: Postfix, filterds: Filterds) -> None:
    """A pipelined group is answered in order, and commands glued behind the final dot belong to the next message."""
    first, second = token(), token()
    group = b"MAIL FROM:<%s>\r\nRCPT TO:<%s>\r\nDATA\r\n" % (SENDER.encode(), RECIPIENT.encode())
    with Client(filterds(mta.ports["plain"]).port) as client:
        client.ehlo()
        client.send(group)
        assert [client.reply()[:3] for _ in range(3)] == ["250", "250", "354"]
        client.send(stuffed(mail(first)) + group)
        assert [client.reply()[:3] for _ in range(4)] == ["250", "250", "250", "354"]
        client.send(stuffed(mail(second)) + b"QUIT\r\n")
        assert [client.reply()[:3] for _ in range(2)] == ["250", "221"]
        assert client.ended()
    assert mta.delivery(first) and mta.delivery(second)


def test_an_oversize_message_is_refused_and_the_session_goes_on(mta: Postfix, filterds: Filterds) -> None:
    """The real size counts, not only SIZE=: 552 5.3.4 after the dot, nothing delivered, the next one is."""
    big = mail(refused := token(), *["x" * 100] * 300)
    proxy = filterds(mta.ports["small"])
    with Client(proxy.port) as client:
        assert "SIZE 20000" in client.ehlo()
        assert client.say(f"MAIL FROM:<{SENDER}> SIZE={len(big)}").startswith("552 5.3.4")
    with Client(proxy.port) as client:
        client.ehlo()
        assert client.deliver(big).startswith("552 5.3.4")
        assert client.deliver(mail(mark := token())).startswith("250")
    assert mta.delivery(mark)
    assert mta.deliveries(refused) == []


def test_the_smaller_size_limit_is_offered(mta: Postfix, filterds: Filterds) -> None:
    """With a limit of its own below Postfix's filterd offers and keeps its own."""
    proxy = filterds(mta.ports["plain"], {"limits.message_octets": 10000})
    with Client(proxy.port) as client:
        assert "SIZE 10000" in client.ehlo()
        assert client.deliver(mail(token(), *["x" * 100] * 120)).startswith("552 5.3.4")
        assert client.say("QUIT").startswith("221")
