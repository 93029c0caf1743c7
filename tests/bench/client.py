"""A small blocking SMTP client that knows what time each step took; smtplib would measure itself."""

from __future__ import annotations

import socket
import time
from types import TracebackType

from tests.bench.programs import HOST


class Refused(Exception):
    """A reply that the benchmark cannot go on with."""


class Client:
    """One session; `wait` holds the longest time any reply took, in seconds."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((HOST, port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.longest = 0.0
        self._octets = b""
        self._reply()
        self.command(b"EHLO bench.example\r\n")

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.socket.close()

    def command(self, octets: bytes) -> bytes:
        """Send, and wait for the whole reply."""
        begun = time.perf_counter()
        self.socket.sendall(octets)
        reply = self._reply()
        self.longest = max(self.longest, time.perf_counter() - begun)
        return reply

    def message(self, wire: bytes) -> None:
        """One transaction; `wire` is dot-stuffed and ends with the end of data."""
        self.command(b"MAIL FROM:<a@example.net>\r\n")
        self.command(b"RCPT TO:<b@example.org>\r\n")
        self.command(b"DATA\r\n")
        self.command(wire)

    def quit(self) -> None:
        """QUIT, and the socket closed."""
        self.command(b"QUIT\r\n")
        self.socket.close()

    def _reply(self) -> bytes:
        while True:
            line, end, rest = self._octets.partition(b"\r\n")
            if end:
                self._octets = rest
                if line[3:4] != b"-":
                    if line[:1] not in (b"2", b"3"):
                        raise Refused(line.decode("latin-1"))
                    return line
                continue
            octets = self.socket.recv(65536)
            if not octets:
                raise Refused("connection closed")
            self._octets += octets


def wire(text: str) -> bytes:
    """A sample as it goes over the wire."""
    octets = text.encode().replace(b"\n", b"\r\n")
    return octets.replace(b"\r\n.", b"\r\n..") + b".\r\n"
