"""The client of the ledger: a whole session as octets out for replies in, and what it was told about each message."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from tests.support.ledger import Message, Told

Dialogue = Generator[tuple[bytes, int], list[int], None]
EHLO = b"EHLO client.example\r\n"
QUIT = b"QUIT\r\n"


class LedgerClient:
    """Sends the messages one after the other, without RSET; `pipelined` writes as much at once as RFC 2920 allows."""

    def __init__(self, messages: Sequence[Message], *, pipelined: bool = False) -> None:
        self.told = {message.token: Told() for message in messages}
        self.finished = False
        self.heard: list[bytes] = []  # every reply line
        self._messages = tuple(messages)
        self._dialogue = self._pipelined() if pipelined else self._one_by_one()
        self._octets = b""
        self._codes: list[int] = []
        self._awaited: Told | None = None  # the next reply answers the end of data of this message
        _, self._due = next(self._dialogue)

    def feed(self, octets: bytes) -> bytes:
        """Replies from filterd; what to send next."""
        self._octets += octets
        out = b""
        while not self.finished and b"\r\n" in self._octets:
            line, _, self._octets = self._octets.partition(b"\r\n")
            self.heard.append(line)
            if line[3:4] != b"-":
                out += self._reply(int(line[:3]))
        return out

    def _reply(self, code: int) -> bytes:
        if self._awaited is not None:
            self._awaited.code, self._awaited = code, None
        self._codes.append(code)
        if code == 421:
            self.finished = True
        if len(self._codes) < self._due or self.finished:
            return b""
        codes, self._codes = self._codes, []
        try:
            octets, self._due = self._dialogue.send(codes)
        except StopIteration:
            self.finished = True
            return b""
        return octets

    def sent(self, octets: bytes) -> None:
        """So much of its octets, from the beginning, has left the client: which messages were sent whole?"""
        for message in self._messages:
            self.told[message.token].whole |= message.wire in octets

    def leave(self) -> None:
        """The connection is over for this client; what was not answered by now never will be."""
        for told in self.told.values():
            told.gone |= told.code is None
        self.finished = True

    def _one_by_one(self) -> Dialogue:
        (code,) = yield b"", 1
        if code != 220:
            return
        yield EHLO, 1
        for message in self._messages:
            told = self.told[message.token]
            for line in envelope(message):
                (code,) = yield line, 1
                if code >= 400:
                    told.code = code
                    yield b"RSET\r\n", 1
                    break
            else:
                self._awaited = told
                yield message.wire, 1
        yield QUIT, 1

    def _pipelined(self) -> Dialogue:
        (code,) = yield b"", 1
        if code != 220:
            return
        yield EHLO, 1
        codes = yield b"".join(envelope(self._messages[0])), 3
        for message, following in zip(self._messages, (*self._messages[1:], None), strict=True):
            told = self.told[message.token]
            after = b"".join(envelope(following)) if following else QUIT
            if codes[-1] == 354:
                self._awaited = told
                _, *codes = yield message.wire + after, 4 if following else 2
            else:
                told.code = next((code for code in codes if code >= 400), None)
                _, *codes = yield b"RSET\r\n" + after, 4 if following else 2


def envelope(message: Message) -> list[bytes]:
    """The commands before the content."""
    return [b"MAIL FROM:<%s>\r\n" % message.sender, b"RCPT TO:<b@upstream.example>\r\n", b"DATA\r\n"]

