"""An SMTP sink that stores each message, octet for octet, in a file named by its recipient's local part.

`python -m tests.support.file_sink PORT DIRECTORY`. It takes everything, knows just enough SMTP for that, and shares no
code with filterd: what it stores is judged by nothing that filterd uses.
"""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

EHLO = b"250-sink.example\r\n250-PIPELINING\r\n250-AUTH PLAIN\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 104857600\r\n"
REPLIES = {
    b"EHLO": EHLO,
    b"HELO": b"250 sink.example\r\n",
    b"AUTH": b"235 Whoever you are\r\n",
    b"MAIL": b"250 Ok\r\n",
    b"RSET": b"250 Ok\r\n",
    b"NOOP": b"250 Ok\r\n",
    b"DATA": b"354 Go on\r\n",
    b"QUIT": b"221 Bye\r\n",
}


def unstuffed(octets: bytes) -> bytes:
    """Message data as it stood on the wire → content (RFC 5321 §4.5.2), refusing what must never leave filterd."""
    lines = octets.split(b"\r\n")
    if any(b"\r" in line or b"\n" in line for line in lines):
        raise ValueError("a bare CR or LF")
    if any(line == b"." or (line.startswith(b".") and not line.startswith(b"..")) for line in lines):
        raise ValueError("a line that is not stuffed")
    return b"\r\n".join(line.removeprefix(b".") for line in lines)


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, directory: Path) -> None:
    """One session."""
    writer.write(b"220 sink.example ESMTP\r\n")
    name = "nobody"
    while line := await reader.readline():
        verb = line[:4].upper()
        if verb == b"RCPT":
            found = re.search(rb"<([0-9]+)@", line)
            name = found[1].decode() if found else name
        writer.write(REPLIES.get(verb, b"250 Ok\r\n"))
        if verb == b"DATA":
            await writer.drain()
            octets = await reader.readuntil(b"\r\n.\r\n")
            try:
                (directory / name).write_bytes(unstuffed(octets[:-3]))
                writer.write(b"250 Ok: queued as %s\r\n" % name.encode())
            except ValueError as error:
                writer.write(b"554 %s\r\n" % str(error).encode())
        if verb == b"QUIT":
            break
    writer.close()


async def main(port: int, directory: Path) -> None:
    """Serve until killed."""

    async def session(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await serve(reader, writer, directory)

    server = await asyncio.start_server(session, "127.0.0.1", port, limit=2**27)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
