"""An upstream that fails at any command in four ways: what the client is told, and what upstream then has.

smtp-sink's own switches: `-q` hangs up without a reply, `-Q` says 421 and hangs up, `-r` says 450, `-f` says 500.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.support.clients import RECIPIENT, SENDER, Client, forbidden_mail, mail, stuffed, token
from tests.support.processes import free_port, wait_quiet
from tests.support.proxy import Filterds
from tests.support.smtp_sink import SmtpSink, smtp_sink

pytestmark = pytest.mark.xdist_group("faults")

UPSTREAM = free_port()  # every sink of this module listens here, one after the other, before the same filterd
SWITCHES = {"-q": "hangs up", "-Q": "says 421", "-r": "says 450", "-f": "says 500"}

# Where the client hears of the fault: the step of its dialogue, and the beginning of the reply for each switch.
TOLD = {
    "CONNECT": ("greeting", {"-q": "421", "-Q": "421", "-r": "4", "-f": "5"}),
    "EHLO": ("EHLO", {"-q": "421", "-Q": "421", "-r": "450", "-f": "500"}),
    "MAIL": ("MAIL", {"-q": "4", "-Q": "421", "-r": "450", "-f": "500"}),
    "RCPT": ("RCPT", {"-q": "4", "-Q": "421", "-r": "450", "-f": "500"}),
    "DATA": ("dot", {"-q": "4", "-Q": "4", "-r": "450", "-f": "500"}),
    ".": ("dot", {"-q": "451", "-Q": "4", "-r": "450", "-f": "500"}),
    "RSET": ("RSET", {"-q": "4", "-Q": "421", "-r": "450", "-f": "500"}),
    "QUIT": ("QUIT", {"-q": "", "-Q": "", "-r": "", "-f": ""}),
}


@dataclass
class Dialogue:
    """A whole session as a client sees it: the first reply that was not positive, and what the dot was answered."""

    failed: str = ""
    reply: str = ""
    dot: str = ""
    steps: list[str] = field(default_factory=list)

    def step(self, name: str, reply: str, expected: str = "2") -> bool:
        """Note a reply; is it the one wanted?"""
        self.steps.append(f"{name}: {reply}")
        if name == "dot":
            self.dot = reply
        if not self.failed and not reply.startswith(expected):
            self.failed, self.reply = name, reply
        return reply.startswith(expected)


def converse(port: int, content: bytes) -> Dialogue:
    """A client's life: one message, a RSET, QUIT; it stops where it is refused."""
    seen = Dialogue()
    with Client(port, greeting=None) as client:
        if not seen.step("greeting", client.reply()) or not seen.step("EHLO", client.say("EHLO client.example")):
            return seen
        if not seen.step("MAIL", client.say(f"MAIL FROM:<{SENDER}>")):
            return seen
        if not seen.step("RCPT", client.say(f"RCPT TO:<{RECIPIENT}>")):
            return seen
        if not seen.step("DATA", client.say("DATA"), "354"):
            return seen
        client.send(stuffed(content))
        seen.step("dot", client.reply())
        if seen.dot and not seen.dot.startswith("421"):
            seen.step("RSET", client.say("RSET"))
            seen.step("QUIT", client.say("QUIT"))
    return seen


def held(sink: SmtpSink, mark: str) -> int:
    """How many messages with the token upstream has, once nobody is connected to it."""
    wait_quiet(sink.port)
    return len(sink.holding(mark))


@pytest.mark.parametrize("switch", SWITCHES, ids=SWITCHES.values())
@pytest.mark.parametrize("command", TOLD)
def test_the_client_hears_of_the_fault(filterds: Filterds, command: str, switch: str) -> None:
    """The client is told at the right step in the right class, and never 2xx for what upstream has not taken."""
    with smtp_sink(switch, command, port=UPSTREAM) as sink:
        seen = converse(filterds(UPSTREAM).port, mail(mark := token()))
        count = held(sink, mark)
    step, replies = TOLD[command]
    assert seen.failed in (step, "" if command == "QUIT" else step), seen.steps
    assert seen.reply.startswith(replies[switch]), seen.steps
    if seen.dot.startswith("2"):
        assert count == 1, seen.steps
    elif command != ".":
        assert count == 0, seen.steps


@pytest.mark.parametrize("switch", SWITCHES, ids=SWITCHES.values())
@pytest.mark.parametrize("command", ["DATA", ".", "RSET", "QUIT"])
def test_a_refusal_does_not_depend_on_upstream(filterds: Filterds, command: str, switch: str) -> None:
    """A forbidden word is refused with 550, and stays out, whatever upstream says to the RSET that follows."""
    with smtp_sink(switch, command, port=UPSTREAM) as sink:
        seen = converse(filterds(UPSTREAM).port, forbidden_mail(mark := token()))
        assert held(sink, mark) == 0
    assert seen.failed == "dot", seen.steps
    assert seen.dot.startswith("550 5.7.1 "), seen.steps


def test_no_upstream_at_all(filterds: Filterds) -> None:
    """With nobody listening upstream the client is told 421 at once, and may come again later."""
    port = filterds(UPSTREAM).port
    seen = converse(port, mail(token()))
    assert seen.reply.startswith("421 "), seen.steps
    with smtp_sink(port=UPSTREAM) as sink:
        assert converse(port, mail(mark := token())).dot.startswith("250")
        assert held(sink, mark) == 1


def test_after_a_fault_the_next_session_works(filterds: Filterds) -> None:
    """A session that upstream broke leaves nothing behind that the next one could stumble over."""
    port = filterds(UPSTREAM).port
    with smtp_sink("-q", "DATA", port=UPSTREAM):
        assert converse(port, mail(token())).dot.startswith("4")
    with smtp_sink(port=UPSTREAM) as sink:
        seen = converse(port, mail(mark := token()))
        assert not seen.failed, seen.steps
        assert held(sink, mark) == 1
