"""Octets in, whole command lines out: linear, bounded, and it never loses its place in the stream."""

from __future__ import annotations


class LineTooLong(Exception):
    """The line was longer than its limit; it has been skipped, its end included."""


class LineFlood(Exception):
    """No line end within the flood limit: the peer speaks no SMTP."""


class BareLineFeed(Exception):
    """A line ended in LF alone where only CRLF is accepted; it has been skipped."""


class LineBuffer:
    """What a peer sent and we have not read yet."""

    __slots__ = ("_octets", "_position", "_skipped", "empty")

    def __init__(self) -> None:
        self._octets = b""
        self._position = 0
        self._skipped = 0  # octets of an over-long line thrown away so far
        self.empty = True

    def feed(self, octets: bytes) -> None:
        """Append what arrived."""
        if self._position < len(self._octets):
            self._octets = self._octets[self._position :] + octets
        else:
            self._octets = octets
        self._position = 0
        self.empty = not self._octets

    def __len__(self) -> int:
        return len(self._octets) - self._position

    def take_all(self) -> bytes:
        """Everything unread, as raw octets; the buffer is empty afterwards."""
        rest = self._octets[self._position :]
        self._octets, self._position, self.empty = b"", 0, True
        return rest

    def next_line(self, limit: int, flood: int, *, crlf_only: bool = False) -> bytes | None:
        """The next line without its end (CRLF, or a bare LF for people at a terminal), None if it is not whole."""
        end = self._octets.find(b"\n", self._position)
        if end < 0:
            self._incomplete(limit, flood)
            return None
        line = self._octets[self._position : end]
        self._position = end + 1
        self.empty = self._position == len(self._octets)
        skipped, self._skipped = self._skipped, 0
        if skipped or len(line) > limit + 1:
            raise LineTooLong
        if line.endswith(b"\r"):
            return line[:-1]
        if crlf_only:
            raise BareLineFeed
        return line

    def _incomplete(self, limit: int, flood: int) -> None:
        unread = len(self)
        if unread > limit + 1:
            self._skipped += unread
            self._octets, self._position, self.empty = b"", 0, True
        if self._skipped > flood:
            raise LineFlood
