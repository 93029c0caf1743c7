"""The one reader and the one writer of message data (RFC 5321 §4.5.2, §4.1.1.4, §2.3.8).

Laws of this file:
1. Only CRLF.CRLF ends data, wherever the network cut it.
2. A line begins after CRLF only; its leading dot is taken off there and nowhere else.
3. A bare CR or LF never leaves. Normalising happens after law 2, and the writer stuffs the result again, so that a line
   made by normalising can never become an end of data for upstream.
4. What the reader gives is what is scanned, and what the writer sends is that same content.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from filterd.policy.verdict import Edit

_END = b"\r\n.\r\n"
_HOLD = (b"\r\n.\r", b"\r\n.", b"\r\n", b"\r")
# "\n\0.": MTAs that drop NULs would see a lone dot (Sendmail and Exim had this variant of CVE-2023-51764).
_NUL_DOT = re.compile(rb"[\r\n](?:\x00+\.|\.\x00)")
_NUL_RUN = re.compile(rb"[\r\n](?:\x00+|\.)\Z")
END_OF_DATA = b".\r\n"


def has_bare_newline(octets: bytes) -> bool:
    """Is there a CR or LF outside a CRLF? The octets must not begin or end inside a CRLF."""
    return len(octets) - len(octets.translate(None, b"\r\n")) != 2 * octets.count(b"\r\n")


def normalize(octets: bytes) -> bytes:
    """Every line end CRLF, every stray CR a blank (as Postfix does)."""
    return octets.replace(b"\r\n", b"\n").replace(b"\r", b" ").replace(b"\n", b"\r\n")


class DataReader:
    """Message data as it comes from the client → content without transparency.

    After `finished`, `rest` holds what followed the end of data (the next commands).
    """

    __slots__ = ("_before", "_begun", "_tail", "bare_newline", "finished", "nul_beside_dot", "rest", "size")

    def __init__(self) -> None:
        self._tail = b"\r\n"  # as if DATA's own line end stood here: a lone dot may be the first line
        self._begun = False
        self._before = b"\r\n"
        self.finished = False
        self.rest = b""
        self.bare_newline = False
        self.nul_beside_dot = False
        self.size = 0  # octets of content given out so far

    def feed(self, octets: bytes) -> bytes:
        """The content that is certain now (possibly none)."""
        data = self._tail + octets
        dot = data.find(b"\r\n.")  # mostly there is none but that of the end, and one look will do
        end = dot if dot < 0 or data.startswith(_END, dot) else data.find(_END, dot)
        self._watch_nul(octets if end < 0 else octets[: max(0, end + 5 - len(self._tail))])
        if end >= 0:
            self.finished, self.rest, self._tail = True, data[end + 5 :], b""
            return self._content(data[: end + 2], end > dot)
        for held in _HOLD:
            if data.endswith(held):
                self._tail = held
                return self._content(data[: -len(held)], dot >= 0)
        self._tail = b""
        return self._content(data, dot >= 0)

    def _content(self, piece: bytes, dots: bool) -> bytes:
        """`dots`: a line in it may begin with one."""
        if not piece:
            return piece
        if dots:
            piece = piece.replace(b"\r\n.", b"\r\n")
        if has_bare_newline(piece):
            self.bare_newline = True
            piece = normalize(piece)
        if not self._begun:
            self._begun, piece = True, piece[2:]
        self.size += len(piece)
        return piece

    def _watch_nul(self, octets: bytes) -> None:
        """Keep enough of what came before to see a NUL beside a line-start dot across any cut."""
        if b"\x00" in octets or b"\x00" in self._before:
            data = self._before + octets
            if _NUL_DOT.search(data):
                self.nul_beside_dot = True
            run = _NUL_RUN.search(data)
            # A run of NULs counts like one: what is kept stays short however many an attacker sends.
            self._before = run.group()[:2] if run else data[-2:]
        else:
            self._before = (self._before + octets[-2:])[-2:]


class DataWriter:
    """Content in pieces cut anywhere → octets for the wire; the last line of defence against bare newlines."""

    __slots__ = ("_held", "_last")

    def __init__(self) -> None:
        self._last = b"\r\n"
        self._held = b""

    def write(self, content: bytes) -> bytes:
        """The wire form of one piece."""
        if self._held:
            content = self._held + content
            self._held = b""
        if content.endswith(b"\r"):
            content, self._held = content[:-1], b"\r"
        if not content:
            return b""
        if has_bare_newline(content):
            content = normalize(content)
        data = self._last + content
        self._last = data[-2:]
        return data.replace(b"\r\n.", b"\r\n..")[2:] if b"\r\n." in data else content

    def finish(self) -> bytes:
        """The end of data, after a CRLF if the content did not end in one."""
        held = b" " if self._held else b""
        return (b"" if self._last == b"\r\n" and not held else held + b"\r\n") + END_OF_DATA


def wire(content: bytes) -> bytes:
    """The whole wire form of content just as DataReader gave it: law 3 holds already, only dots are missing."""
    stuffed = content.replace(b"\r\n.", b"\r\n..")
    if content.startswith(b"."):
        stuffed = b"." + stuffed
    if stuffed and not stuffed.endswith(b"\r\n"):
        stuffed += b"\r\n"
    return stuffed + END_OF_DATA


def edited_pieces(
    read: Callable[[int, int], bytes], size: int, edits: Sequence[Edit], piece_octets: int = 65536
) -> Iterator[bytes]:
    """Content with its edits applied, in pieces; `read(start, end)` gives the unedited octets of a span."""
    position = 0
    for edit in (*edits, None):
        end = edit.span[0] if edit else size
        while position < end:
            stop = min(end, position + piece_octets)
            yield read(position, stop)
            position = stop
        if edit:
            yield edit.octets
            position = edit.span[1]
