"""SMTP replies as values (RFC 5321 §4.2).

`Reply` keeps the octets exactly as they go on the wire, so that upstream's words reach the client unchanged.
Replies of our own are made by `Reply.make`, which cannot produce a reply-splitting line: every octet outside
printable ASCII becomes `?`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_UNSAFE = re.compile(rb"[^\x20-\x7e]")
_ENHANCED = re.compile(rb"^(\d{3}[ -])[245]\.\d{1,3}\.\d{1,3} ", re.MULTILINE)
LINE_LIMIT = 510  # octets of one reply line without CRLF (RFC 5321 §4.5.3.1.5)


class Reply(NamedTuple):
    """One whole reply: `code` and the `octets` of all its lines, CRLF included."""

    code: int
    octets: bytes

    @classmethod
    def make(cls, code: int, enhanced: str, *lines: str) -> Reply:
        """A reply of our own; `enhanced` may be empty (greeting, HELO/EHLO and 354 carry none, RFC 2034 §4)."""
        prefix = f"{enhanced} " if enhanced else ""
        texts = [_UNSAFE.sub(b"?", f"{prefix}{line}".encode())[: LINE_LIMIT - 4] for line in lines or ("",)]
        last = len(texts) - 1
        return cls(
            code,
            b"".join(b"%d%s%s\r\n" % (code, b" " if i == last else b"-", text) for i, text in enumerate(texts)),
        )

    def plain(self) -> Reply:
        """Without enhanced status codes, for a client that was never told of them (RFC 2034 §4)."""
        return Reply(self.code, _ENHANCED.sub(rb"\1", self.octets))

    @property
    def positive(self) -> bool:
        """2yz: the command was done."""
        return 200 <= self.code < 300

    @property
    def text(self) -> str:
        """The lines joined with blanks, for logs and people."""
        return " ".join(line[4:].decode("latin-1") for line in self.octets.split(b"\r\n") if line)
