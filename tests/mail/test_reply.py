"""SMTP replies as values."""

from hypothesis import given
from hypothesis import strategies as st

from filterd.mail.reply import Reply


def test_one_line():
    """Code, enhanced code, text."""
    reply = Reply.make(550, "5.7.1", "no")
    assert (reply.code, reply.octets, reply.text, reply.positive) == (550, b"550 5.7.1 no\r\n", "5.7.1 no", False)


def test_several_lines():
    """Each line carries the codes."""
    assert Reply.make(250, "", "a", "b").octets == b"250-a\r\n250 b\r\n"


@given(st.text())
def test_no_reply_splitting(text):
    """Whatever the text, one line stays one line of at most 512 octets."""
    octets = Reply.make(550, "5.7.1", text).octets
    assert len(octets) <= 512
    assert octets.endswith(b"\r\n")
    assert all(32 <= octet < 127 for octet in octets[:-2])
