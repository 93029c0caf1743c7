"""What is judged is what an MTA would get; places are told in what is stored."""

from __future__ import annotations

import tempfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.store.content import Content, TooLarge, read_content
from filterd.store.places import Place


def content(stored: bytes, limit: int = 1000, *, is_mbox: bool = False, before: bytes = b"") -> Content:
    with tempfile.TemporaryFile() as file:
        file.write(before + stored)
        file.flush()
        place = Place("x", len(before), len(before) + len(stored) if before else -1, 0, is_mbox, f"/proc/self/fd/{file.fileno()}")
        return read_content(place, limit)


@pytest.mark.parametrize(
    ("stored", "is_mbox", "judged"),
    [
        (b"a\nb\n", False, b"a\r\nb\r\n"),
        (b"a\r\nb\r\n", False, b"a\r\nb\r\n"),
        (b"a\r\nb\nc\rd", False, b"a\r\nb\r\nc d"),
        (b"", False, b""),
        (b"a\n>From x\n", True, b"a\r\nFrom x\r\n"),
        (b"a\n>From x\n", False, b"a\r\n>From x\r\n"),
    ],
)
def test_what_is_judged(stored: bytes, is_mbox: bool, judged: bytes) -> None:
    assert content(stored, is_mbox=is_mbox).octets == judged
    assert content(stored, is_mbox=is_mbox, before=b"From \n").octets == judged


PIECES = st.lists(st.sampled_from([b"\n", b"\r\n", b"\r", b">", b">From ", b"From ", b"ab", b"\xff"]))


@given(PIECES | st.lists(st.sampled_from([b"\n", b"ab", b">From "])), st.booleans())
def test_spans_lead_back_to_what_is_stored(pieces: list[bytes], is_mbox: bool) -> None:
    """Octet for octet, in order; a line end is a line end, and a stray CR became a blank."""
    read = content(b"".join(pieces), is_mbox=is_mbox)
    spans = [read.stored_span((at, at + 1)) for at in range(len(read.octets))]
    assert spans == sorted(spans)
    for octet, (start, end) in zip(read.octets, spans, strict=True):
        assert end == start + 1
        there = read.stored[start]
        assert there == octet or (octet, there) in ((0x0D, 0x0A), (0x20, 0x0D))
    assert read.stored_span((0, len(read.octets)))[1] == len(read.stored) or not read.octets


def test_a_message_larger_than_would_be_taken() -> None:
    assert len(content(b"x" * 1000).octets) == 1000
    for stored in (b"x" * 1001, b"\n" * 501):  # the second is too large on the wire
        with pytest.raises(TooLarge):
            content(stored)
