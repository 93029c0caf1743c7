"""SMTP by hand over a real socket, and the mail that the tests send."""

from __future__ import annotations

import contextlib
import re
import socket
import time
import uuid
from collections.abc import Sequence

from tests.support.proxy import FORBIDDEN

SENDER, RECIPIENT = "sender@client.example", "user@local.example"


def token() -> str:
    """A word that only one message holds."""
    return f"token{uuid.uuid4().hex[:16]}"


def mail(mark: str, *lines: str | bytes, subject: str = "A letter", header: Sequence[str] = ()) -> bytes:
    """A message with CRLF lines that holds the token `mark`; its body is `lines`."""
    fields = [
        f"From: <{SENDER}>",
        f"To: <{RECIPIENT}>",
        f"Subject: {subject}",
        f"Message-ID: <{mark}@client.example>",
        "Date: Tue, 24 Nov 2026 10:00:00 +0000",
        *header,
        "",
    ]
    encoded = [line if isinstance(line, bytes) else line.encode() for line in [*fields, *(lines or ("Hello.",))]]
    return b"".join(line + b"\r\n" for line in encoded)


def forbidden_mail(mark: str) -> bytes:
    """The same with a forbidden word in its body."""
    return mail(mark, f"You must not say {FORBIDDEN} here.")


def stuffed(content: bytes) -> bytes:
    """The content as it goes over the wire, end of data included."""
    return re.sub(rb"^\.", b"..", content, flags=re.MULTILINE) + b".\r\n"


class Client:
    """One session. Replies come back as text, the lines of a multi-line reply joined by newlines."""

    def __init__(self, port: int, source: str = "127.0.0.1", greeting: str | None = "220", seconds: float = 20) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), seconds, source_address=(source, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._unread = b""
        self.greeting = ""
        if greeting is not None:
            self.greeting = self.reply()
            assert self.greeting.startswith(greeting), self.greeting

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, octets: bytes) -> None:
        """Octets as they are."""
        self.socket.sendall(octets)

    def reply(self) -> str:
        """The next whole reply; empty when the connection ended instead."""
        while not (match := re.match(rb"(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\n", self._unread)):
            try:
                more = self.socket.recv(65536)
            except ConnectionResetError:
                more = b""
            if not more:
                return ""
            self._unread += more
        self._unread = self._unread[match.end() :]
        return "\n".join(match[0].decode("utf-8", "replace").splitlines())

    def say(self, line: str | bytes) -> str:
        """Send one line, return its reply; empty when the connection has ended."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.send((line if isinstance(line, bytes) else line.encode()) + b"\r\n")
        return self.reply()

    def ended(self) -> bool:
        """Has the other side closed (within the socket's time limit), with nothing more to say?"""
        with contextlib.suppress(ConnectionResetError):
            return not self._unread and self.socket.recv(1) == b""
        return True

    def ehlo(self) -> str:
        """Greet, return the list of extensions."""
        reply = self.say("EHLO client.example")
        assert reply.startswith("250"), reply
        return reply

    def envelope(self, sender: str = SENDER, *recipients: str) -> None:
        """MAIL, RCPTs and DATA, all of which must be accepted."""
        for line in (f"MAIL FROM:<{sender}>", *(f"RCPT TO:<{to}>" for to in recipients or (RECIPIENT,))):
            reply = self.say(line)
            assert reply.startswith("250"), f"{line}: {reply}"
        assert self.say("DATA").startswith("354")

    def deliver(self, content: bytes, sender: str = SENDER, *recipients: str) -> str:
        """One transaction; returns the reply to the end of data."""
        self.envelope(sender, *recipients)
        self.send(stuffed(content))
        return self.reply()


def dribble(client: Client, octets: bytes, seconds: float) -> None:
    """Send octets in about twenty pieces spread over a time."""
    size = -(-len(octets) // 20)
    pieces = [octets[i : i + size] for i in range(0, len(octets), size)]
    for piece in pieces:
        client.send(piece)
        time.sleep(seconds / len(pieces))
