"""The message in hand, in memory and in its file."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.edge.spool import Spool


@given(st.lists(st.binary(max_size=9), max_size=30), st.integers(0, 120), st.integers(0, 99))
def test_what_was_kept_is_read_again(pieces: list[bytes], memory: int, start: int) -> None:
    spool, whole = Spool(memory), b"".join(pieces)
    for piece in pieces:
        spool.append(piece)
    assert spool.size == len(whole)
    assert spool.octets == (whole if len(whole) <= memory else None)
    start = min(start, len(whole))
    assert spool.read(start, len(whole)) == whole[start:]
    spool.append(b"more")
    assert spool.read(0, spool.size) == whole + b"more"
    spool.close()
    spool.close()
    assert spool.octets == b""
    with pytest.raises(ValueError):
        spool.read(0, 1)


@pytest.mark.parametrize("octets", [1, 2, 3, 700])
def test_small_pieces_do_not_take_many_times_their_size(octets: int) -> None:
    """A client may send a packet for every second octet."""
    spool, whole = Spool(1 << 20), bytes(range(256)) * 1024
    for start in range(0, len(whole), octets):
        spool.append(whole[start : start + octets])
    assert sum(map(sys.getsizeof, spool._chunks)) < len(whole) + 100_000
    assert spool.octets == whole
