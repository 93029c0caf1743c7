"""Whole sessions of random octets: the short ways of reading change nothing, and neither does how the network cuts."""

import re
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filterd.mail import path
from filterd.smtp import keywords, reader, replies
from filterd.smtp.relay import Relay
from filterd.smtp.settings import RelaySettings
from tests.support.dialogue import Stage

VERBS = b"EHLO HELO MAIL RCPT DATA RSET NOOP VRFY AUTH QUIT".split()
GREETING = b"220 mx.example ESMTP\r\n"
EHLO = b"250-mx.example\r\n250-PIPELINING\r\n250-SIZE 5000\r\n250-AUTH PLAIN\r\n250 ENHANCEDSTATUSCODES\r\n"
ENVELOPE = [b"MAIL FROM:<a@b.example>\r\n", b"RCPT TO:<c@d.example>\r\n", b"DATA\r\n"]
LINES = st.sampled_from(
    [
        *ENVELOPE,
        b"EHLO c\r\n",
        b"HELO c\r\n",
        b"MAIL FROM: <> SIZE=10 BODY=8BITMIME\r\n",
        b"mail  from:<\xc3\xa9@b.example>\tSMTPUTF8\r\n",
        b"MAIL FROM:<a@b.example> SIZE=99999999999999999999\r\n",
        b'RCPT TO:<"c d"@d.example> NOTIFY=NEVER\r\n',
        b"RCPT TO:<@x.example:no@d.example>\r\n",
        b"RCPT TO:no@d.example\n",
        b" RSET \r\n",
        b"RSET\r\n",
        b"NOOP \xff\r\n",
        b"NOOP\rQUIT\r\n",
        b"NOOP\x00\r\n",
        b"NOOP x\rQUIT y\r\n",
        b"RCPT TO:<a@b.example>\x0b<c@d.example>\r\n",
        b"VRFY " + b"x" * 600 + b"\r\n",
        b"\r\n",
        b"\tBDA\r\n",
        b"XYZZ\r\n",
        b"DATA x\r\n",
        b"AUTH PLAIN AAAA\r\n",
        b"AUTH GSSAPI\r\n",
        b"hello\r\n",
        b"forbidden\r\n",
        b"..\r\n.x\r\n",
        b".\n",
        b"\r.\r",
        b"\r\n.\r\n",
        b".\r\n",
        b"QUI",
        b"T\r\n",
    ]
)
MESSAGE = st.just(b"".join(ENVELOPE))
TALK = st.lists(LINES | MESSAGE, max_size=25).map(b"".join)


@dataclass
class Mx:
    """An upstream that answers every line by what the line says, and keeps what it was given."""

    unread: bytes = b""
    data: bool = False
    lines: list[bytes] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)

    def hear(self, octets: bytes) -> bytes:
        """Its replies to these octets."""
        self.unread += octets
        said = b""
        while (end := self.unread.find(b"\r\n.\r\n" if self.data else b"\r\n")) >= 0:
            line, self.unread = self.unread[:end], self.unread[end + (5 if self.data else 2) :]
            if self.data:
                self.messages.append(line)
                self.data = False
                said += b"250 2.0.0 queued\r\n"
                continue
            said += self._reply(line.split()[0].upper(), line)
        return said

    def _reply(self, verb: bytes, line: bytes) -> bytes:
        self.lines.append(line)
        if verb == b"DATA":
            self.data, self.unread = True, b"\r\n" + self.unread
            return b"354 go\r\n"
        if b"no@" in line:
            return b"550-5.1.1 nobody\r\n550 5.1.1 here\r\n"
        return {b"EHLO": EHLO, b"AUTH": b"535 no\r\n", b"QUIT": b"221 bye\r\n"}.get(verb, b"250 \xc3\xa9 ok\r\n")


def played(talk: bytes, cut: int):
    """What each side got, and what was recorded, when the client's octets come in pieces of this length."""
    stage, mx = Stage(Relay(RelaySettings(errors=10**6), "REF", "127.0.0.1", auth_allowed=True)), Mx()
    stage.perform(stage.relay.start())
    stage.perform(stage.relay.upstream_octets(GREETING))
    for piece in [b"EHLO first\r\n", *(talk[at : at + cut] for at in range(0, len(talk), cut))]:
        stage.perform(stage.relay.client_octets(piece))
        said = 0
        while stage.upstream_open and len(stage.to_upstream) > said:
            heard, said = stage.to_upstream[said:], len(stage.to_upstream)
            stage.perform(stage.relay.upstream_octets(mx.hear(heard)))
        sent, stage.to_upstream = stage.to_upstream, b""
        stage.sent = getattr(stage, "sent", b"") + sent
    return stage.to_client, stage.sent, stage.records, mx


@settings(max_examples=60, deadline=None)
@given(TALK, st.integers(1, 40))
def test_short_ways_and_cuts_change_nothing(talk, cut):
    """At once, in pieces, octet by octet, and with every short way closed."""
    usual = played(talk, len(talk) or 1)
    assert played(talk, cut) == usual
    assert played(talk, 1) == usual
    with pytest.MonkeyPatch.context() as patch:
        never = re.compile(rb"(?!)")
        patch.setattr(path, "_USUAL", never)
        patch.setattr(replies, "_USUAL", never)
        patch.setattr(reader, "usual_command", lambda line: None)
        patch.setattr(keywords, "offers", keywords.offers.__wrapped__)
        patch.setattr(keywords, "filter_ehlo", keywords.filter_ehlo.__wrapped__)
        assert played(talk, len(talk) or 1) == usual


@settings(max_examples=60, deadline=None)
@given(TALK)
def test_nothing_is_smuggled(talk):
    """What upstream hears is lines of the verbs that it is told, and messages without a bare line end or a forbidden word."""
    _, sent, _, mx = played(talk, 7)
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", sent)
    assert not any(b"forbidden" in message for message in mx.messages)
    for line in mx.lines:
        assert line.split()[0].upper() in VERBS, line
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line)
