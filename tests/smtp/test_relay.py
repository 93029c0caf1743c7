"""What the relay does where a dialogue cannot say it: octets that came together, events at odd moments."""

import pytest

from filterd.policy import alarms
from filterd.smtp.order import Mode
from filterd.smtp.relay import Relay
from filterd.smtp.settings import Identity, RelaySettings
from tests.support.dialogue import Stage

ENVELOPE = b"MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n"


def greeted(**settings) -> Stage:
    """A session whose EHLO was answered, with PIPELINING."""
    stage = Stage(Relay(RelaySettings(**settings), "REF", "127.0.0.1"))
    stage.perform(stage.relay.start())
    stage.perform(stage.relay.upstream_octets(b"220 mx\r\n"))
    stage.perform(stage.relay.client_octets(b"EHLO c\r\n"))
    stage.perform(stage.relay.upstream_octets(b"250-mx\r\n250 PIPELINING\r\n"))
    stage.to_client = stage.to_upstream = b""
    return stage


def holding() -> Stage:
    """The same with a message that waits for upstream's 354."""
    stage = greeted()
    stage.perform(stage.relay.client_octets(ENVELOPE + b"DATA\r\nhello\r\n.\r\n"))
    stage.perform(stage.relay.upstream_octets(b"250 ok\r\n250 ok\r\n"))
    assert stage.to_upstream.endswith(b"DATA\r\n")
    stage.to_client = stage.to_upstream = b""
    return stage


@pytest.mark.parametrize("reply", [b"552 no\r\n", b"421 bye\r\n", b"250 queued\r\n", b"nonsense\r\n"])
def test_a_reply_together_with_354_is_no_answer_to_the_message(reply):
    """Upstream spoke before it had the message: it must not get it, and the client hears no 2yz."""
    stage = holding()
    stage.perform(stage.relay.upstream_octets(b"354 go\r\n" + reply))
    assert b"hello" not in stage.to_upstream
    assert stage.to_client[:1] in b"45"


def test_a_good_reply_counts_although_nonsense_follows():
    """The message was taken; what came after it is a fault of its own."""
    stage = holding()
    stage.perform(stage.relay.upstream_octets(b"354 go\r\n"))
    stage.perform(stage.relay.upstream_octets(b"250 queued\r\nnonsense\r\n"))
    assert stage.to_client.startswith(b"250 queued\r\n")
    assert stage.records[0].outcome == "delivered"


def test_nothing_is_begun_for_a_client_that_is_gone():
    """RST while the first message's outcome is open: it is waited for, the second is not sent."""
    stage = holding()
    stage.perform(stage.relay.upstream_octets(b"354 go\r\n"))
    stage.perform(stage.relay.client_octets(ENVELOPE + b"DATA\r\nsecond\r\n.\r\n"))
    stage.perform(stage.relay.client_lost())
    stage.perform(stage.relay.upstream_octets(b"250 queued\r\n"))
    assert stage.to_upstream == b"hello\r\n.\r\n"
    assert [record.outcome for record in stage.records] == ["delivered"]
    assert stage.relay.mode is Mode.CLOSED


def test_what_a_left_connection_still_said_is_nobodys():
    """421 while data is read, with more behind it: the new connection is not taken for the old one."""
    stage = greeted()
    stage.perform(stage.relay.client_octets(ENVELOPE + b"DATA\r\n"))
    stage.perform(stage.relay.upstream_octets(b"250 ok\r\n250 ok\r\n"))
    stage.perform(stage.relay.upstream_octets(b"421 idle\r\n221 bye\r\n"))
    stage.perform(stage.relay.client_octets(b"hello\r\n.\r\n"))
    for reply in (b"220 mx\r\n", b"250-mx\r\n250 PIPELINING\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n", b"250 queued\r\n"):
        stage.perform(stage.relay.upstream_octets(reply))
    assert stage.opened == 2
    assert stage.to_client.endswith(b"250 queued\r\n")


@pytest.mark.parametrize("greeting", [b"EHLO", b"HELO"])
def test_commands_are_not_collected_without_end(greeting):
    """Upstream is silent: only so much is read from the client."""
    stage = greeted()
    stage.perform(stage.relay.client_octets(greeting + b" again\r\n"))
    stage.perform(stage.relay.client_octets(b"NOOP\r\n" * 5000))
    assert stage.relay.reading
    stage.perform(stage.relay.client_octets(b"NOOP\r\n" * 10000))
    assert not stage.relay.reading


def test_upstream_is_never_told_our_own_address():
    """identity = proxy and a client of unknown address: no connection at all."""
    relay = Relay(RelaySettings(identity=Identity.PROXY), "REF", "")
    stage = Stage(relay)
    stage.perform(relay.start())
    assert stage.opened == 0
    assert stage.to_client.startswith(b"421 4.3.2")
    assert stage.records[0].alarm == alarms.IDENTITY_REFUSED


def test_upstream_goes_away_at_xforward():
    """Its 421 is the client's."""
    relay = Relay(RelaySettings(identity=Identity.XFORWARD), "REF", "192.0.2.1")
    stage = Stage(relay)
    stage.perform(relay.start())
    for octets in (b"220 mx\r\n", b"250-mx\r\n250 XFORWARD ADDR\r\n"):
        stage.perform(relay.upstream_octets(octets))
    stage.perform(relay.client_octets(b"MAIL FROM:<a@b>\r\n"))
    stage.perform(relay.upstream_octets(b"421 bye\r\n"))
    assert stage.to_client == b"220 mx\r\n421 bye\r\n"
    assert stage.client_closed


def test_noops_of_ours_are_few_in_one_connection():
    """MTAs count them over the whole session; upstream that goes to sleep after all is opened anew, and has its own few."""
    stage, now = greeted(keepalives=3, keepalive_seconds=10, data_rate=0), 0

    def dribble(seconds: int) -> int:
        nonlocal now
        stage.to_upstream = b""
        for _ in range(seconds):
            now += 1
            stage.perform(stage.relay.client_octets(b"x"))
            before = len(stage.to_upstream)
            stage.perform(stage.relay.tick(now))
            if len(stage.to_upstream) > before:
                stage.perform(stage.relay.upstream_octets(b"250 ok\r\n"))
        return stage.to_upstream.count(b"NOOP\r\n")

    stage.perform(stage.relay.client_octets(ENVELOPE + b"DATA\r\n"))
    stage.perform(stage.relay.upstream_octets(b"250 ok\r\n250 ok\r\n"))
    assert dribble(25) == 2
    stage.perform(stage.relay.client_octets(b"\r\n.\r\n"))
    stage.perform(stage.relay.upstream_octets(b"354 go\r\n"))
    stage.perform(stage.relay.upstream_octets(b"250 queued\r\n"))
    stage.perform(stage.relay.client_octets(ENVELOPE + b"DATA\r\n"))
    stage.perform(stage.relay.upstream_octets(b"250 ok\r\n250 ok\r\n"))
    assert dribble(90) == 1
    stage.perform(stage.relay.upstream_lost())
    stage.perform(stage.relay.client_octets(b"\r\n.\r\n"))
    for reply in (b"220 mx\r\n", b"250-mx\r\n250 PIPELINING\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n", b"250 queued\r\n"):
        stage.perform(stage.relay.upstream_octets(reply))
    assert stage.to_client.endswith(b"250 queued\r\n")
    assert stage.relay.upstream.keepalives == 0
