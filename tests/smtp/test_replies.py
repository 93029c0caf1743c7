"""Upstream's octets in, whole replies out."""

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filterd.smtp import replies as module
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


PIECES = st.sampled_from(
    [b"250", b"251", b"354", b"550", b"199", b"600", b"-", b" ", b"\r\n", b"\n", b"\r", b"250-a\r\n", b"250 ok\r\n"]
) | st.sampled_from([b"\t", b"\x00", b"\x7f", b"\xc3\xa9", b"x", b"\r\n", b"y" * 508, b"z" * 509, b"w" * 4090])
OCTETS = st.lists(PIECES, max_size=12).map(b"".join)
TEXT = st.sampled_from([b"ok", b"", b"\t", b"\x00", b"\x7f", b"\xc3\xa9", b"a\rb", b"y" * 508, b"z" * 509, b"w" * 4090])
NEARLY = st.tuples(st.lists(TEXT, max_size=2), TEXT, st.sampled_from([b"250", b"250", b"550"])).map(
    lambda reply: b"".join(b"250-" + text + b"\r\n" for text in reply[0]) + reply[2] + b" " + reply[1] + b"\r\n"
)


def outcome(octets, cuts=()):
    """The replies, whether nonsense ended them, and whether something waits for its rest."""
    reader, found, places = ReplyReader(), [], sorted({0, *cuts, len(octets)})
    try:
        for start, end in itertools.pairwise(places):
            found.extend(reader.feed(octets[start:end]))  # a list takes those before the nonsense, too
    except BadReply:
        return found, None
    return found, reader.empty


@settings(max_examples=400)
@given(OCTETS | NEARLY | NEARLY, st.sets(st.integers(0, 99)))
def test_the_short_way_reads_what_the_long_way_reads(octets, cuts):
    """The same replies and the same nonsense, whole, cut anywhere, octet by octet, and without the short way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_USUAL", re.compile(rb"(?!)"))
        slow = outcome(octets)
    assert outcome(octets) == slow
    assert outcome(octets, [cut for cut in cuts if cut < len(octets)]) == slow
    if len(octets) < 300:
        assert outcome(octets, range(len(octets))) == slow


@pytest.mark.parametrize("octets", [b"250 2.1.0 Ok\r\n", b"250-mx\r\n250-SIZE 1\r\n250 HELP\r\n"])
def test_usual_replies_are_usual(octets):
    """Else the short way would be for nothing."""
    assert module._USUAL.fullmatch(octets)
