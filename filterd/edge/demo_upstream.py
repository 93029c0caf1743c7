"""The upstream of `filterd demo`: a small SMTP sink that stores what it gets in a Maildir. A demo part, no MTA.

It accepts any sender and recipient, holds messages in memory and listens on loopback only. It keeps the one promise
that the demo is there to show: a message is answered 250 only after it lies in the Maildir, octet for octet.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from pathlib import Path

KEYWORDS = ("PIPELINING", "SIZE 52428800", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")
HOST_NAME = "demo-upstream.example"
_LINE_LIMIT = 1 << 20
_PLAIN_REPLIES = {
    b"NOOP": b"250 2.0.0 Ok",
    b"VRFY": b"252 2.0.0 Send some mail, I will try",
    b"HELP": b"214 2.0.0 This is a demo upstream",
}


class Maildir:
    """A Maildir as its specification has it: written under tmp/, renamed into new/."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._numbers = itertools.count(1)
        for name in ("tmp", "new", "cur"):
            (root / name).mkdir(parents=True, exist_ok=True)

    def store(self, content: bytes) -> str:
        """Keep a message; the answer is its file name, which is also its queue id."""
        name = f"{os.getpid():X}{next(self._numbers):05X}"
        fresh = self.root / "tmp" / name
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(self.root / "new" / name)
        return name

    def messages(self) -> dict[str, bytes]:
        """Everything stored so far, by name."""
        return {path.name: path.read_bytes() for path in sorted((self.root / "new").iterdir())}


async def serve(maildir: Maildir) -> asyncio.Server:
    """Listen on a free loopback port."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _Session(maildir, reader, writer).run()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the peer went away, or talks something else
        finally:
            writer.close()

    return await asyncio.start_server(connected, "127.0.0.1", 0, limit=_LINE_LIMIT)


class _Session:
    def __init__(self, maildir: Maildir, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._maildir = maildir
        self._reader = reader
        self._writer = writer
        self._has_sender = False
        self._recipients = 0

    async def run(self) -> None:
        await self._reply(f"220 {HOST_NAME} ESMTP demo".encode())
        verb = b""
        while verb != b"QUIT":
            verb = (await self._reader.readuntil(b"\n")).strip().partition(b" ")[0].upper()
            await self._answer(verb)

    async def _answer(self, verb: bytes) -> None:
        if verb in (b"EHLO", b"HELO"):
            self._forget()
            await self._reply(*(line.encode() for line in _greeting(verb == b"EHLO")))
        elif verb == b"MAIL":
            self._has_sender = True
            await self._reply(b"250 2.1.0 Ok")
        elif verb == b"RCPT":
            await self._rcpt()
        elif verb == b"DATA":
            await self._data()
        elif verb == b"RSET":
            self._forget()
            await self._reply(b"250 2.0.0 Ok")
        elif verb == b"QUIT":
            await self._reply(b"221 2.0.0 Bye")
        else:
            await self._reply(_PLAIN_REPLIES.get(verb, b"502 5.5.2 Command not recognized"))

    async def _rcpt(self) -> None:
        if self._has_sender:
            self._recipients += 1
            await self._reply(b"250 2.1.5 Ok")
        else:
            await self._reply(b"503 5.5.1 Need MAIL command")

    async def _data(self) -> None:
        if not self._recipients:
            await self._reply(b"503 5.5.1 Need RCPT command")
            return
        await self._reply(b"354 End data with <CR><LF>.<CR><LF>")
        content = bytearray()
        while (line := await self._reader.readuntil(b"\r\n")) != b".\r\n":
            content += line.removeprefix(b".")
        name = await asyncio.to_thread(self._maildir.store, bytes(content))
        self._forget()
        await self._reply(f"250 2.0.0 Ok: queued as {name}".encode())

    def _forget(self) -> None:
        self._has_sender = False
        self._recipients = 0

    async def _reply(self, *lines: bytes) -> None:
        self._writer.write(b"".join(line + b"\r\n" for line in lines))
        await self._writer.drain()


def _greeting(extended: bool) -> list[str]:
    lines = [HOST_NAME, *(KEYWORDS if extended else ())]
    return [f"250{' ' if line is lines[-1] else '-'}{line}" for line in lines]
