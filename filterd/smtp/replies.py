"""Upstream's octets in, whole replies out, word for word (RFC 5321 §4.2).

Only what could hurt the reader of the other side is changed: control octets become `?` and a bare LF ends a line as CRLF
would. What is no reply at all raises BadReply: an answer that cannot be read is never passed on or guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from filterd.mail.reply import Reply

LINE_OCTETS = 4096
REPLY_OCTETS = 65536
_LINE = re.compile(rb"[2-5][0-9][0-9](?:[ -].*)?\Z", re.DOTALL)
# Nearly every reply: printable ASCII, one code, a few lines. A line's text and its end have no octet in common.
_USUAL = re.compile(rb"([2-5][0-9][0-9])(?:-[\t\x20-\x7e]{0,508}\r\n\1)* [\t\x20-\x7e]{0,508}\r\n")
_USUAL_OCTETS = 4096
_CLEAN = bytes(c if c >= 32 or c in b"\t" else ord("?") for c in range(127)) + b"?" + bytes(range(128, 256))


class BadReply(Exception):
    """Upstream sent something that is not an SMTP reply."""


class ReplyReader:
    """Collects the octets of replies cut anywhere."""

    __slots__ = ("_lines", "_octets", "_size")

    def __init__(self) -> None:
        self._octets = b""
        self._lines: list[bytes] = []
        self._size = 0

    @property
    def empty(self) -> bool:
        """Nothing of a reply is waiting for its rest."""
        return not self._octets and not self._lines

    def feed(self, octets: bytes) -> Iterable[Reply]:
        """The replies that are now whole; raises BadReply where nonsense begins, after the good ones before it."""
        if not self._octets and not self._lines and len(octets) <= _USUAL_OCTETS and _USUAL.fullmatch(octets):
            return (Reply(int(octets[:3]), octets),)
        return self._feed(octets)

    def _feed(self, octets: bytes) -> Iterator[Reply]:
        data = self._octets + octets if self._octets else octets
        *lines, self._octets = data.split(b"\n")
        for line in lines:
            reply = self._line(line.removesuffix(b"\r"))
            if reply:
                yield reply
        if len(self._octets) > LINE_OCTETS:
            raise BadReply("line without end")

    def _line(self, line: bytes) -> Reply | None:
        if len(line) > LINE_OCTETS or not _LINE.match(line):
            raise BadReply("no reply code")
        if self._lines and line[:3] != self._lines[0][:3]:
            raise BadReply("code changes within a reply")
        self._lines.append(line.translate(_CLEAN))
        self._size += len(line)
        if self._size > REPLY_OCTETS:
            raise BadReply("reply without end")
        if line[3:4] == b"-":
            return None
        octets = b"\r\n".join(self._lines) + b"\r\n"
        self._lines, self._size = [], 0
        return Reply(int(line[:3]), octets)
