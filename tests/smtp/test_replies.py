"""Upstream's octets in, whole replies out."""

import pytest

from filterd.smtp.replies import REPLY_OCTETS, BadReply, ReplyReader


def read(octets, cut):
    """All replies, fed in pieces of `cut` octets."""
    reader = ReplyReader()
    return [r for i in range(0, len(octets), cut) for r in reader.feed(octets[i : i + cut])]


@pytest.mark.parametrize(
    ("octets", "replies"),
    [
        (b"250 ok\r\n", [(250, b"250 ok\r\n")]),
        (b"250\r\n", [(250, b"250\r\n")]),
        (b"250-a\r\n250-\r\n250 b\r\n220 c\r\n", [(250, b"250-a\r\n250-\r\n250 b\r\n"), (220, b"220 c\r\n")]),
        (b"250 bare\n", [(250, b"250 bare\r\n")]),
        (b"550 \xc3\xa9\tx\r\n", [(550, b"550 \xc3\xa9\tx\r\n")]),
        (b"250 a\rb\x00c\x1b\x7f\r\n", [(250, b"250 a?b?c??\r\n")]),
    ],
)
def test_word_for_word(octets, replies):
    """Cut anywhere, replies come out as upstream wrote them, less what could hurt the reader."""
    for cut in (len(octets), 1, 2, 3):
        assert [(r.code, r.octets) for r in read(octets, cut)] == replies


@pytest.mark.parametrize(
    "octets",
    [
        b"hello\r\n",
        b"\r\n",
        b"25 ok\r\n",
        b"150 early\r\n",
        b"650 late\r\n",
        b"2500 ok\r\n",
        b"250-a\r\n251 b\r\n",
        b"250 " + b"x" * 5000 + b"\r\n",
        b"x" * 5000,
        b"250-line\r\n" * (REPLY_OCTETS // 8 + 1),
    ],
)
def test_nonsense(octets):
    """What is no reply is an error, however it comes."""
    for cut in (len(octets), 1):
        with pytest.raises(BadReply):
            read(octets, cut)
