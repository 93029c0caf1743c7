"""What `filterd demo` plays on: the embedded upstream, a real `filterd proxy` before it, and a client that talks to it.

Everything lives in one private folder that is removed at the end. `Stage` is an asynchronous context manager; inside
it, `converse` sends a message and answers the whole dialog.
"""

from __future__ import annotations

import asyncio
import contextlib
import shlex
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from filterd.edge.demo_upstream import Maildir, serve

START_SECONDS = 20
STOP_SECONDS = 20
REPLY_SECONDS = 30
WISHED_PORT = 2525
SENDER, RECIPIENT = "alice@example.org", "bob@example.net"


class DemoError(Exception):
    """The demo could not be played; the text says why."""


@dataclass
class Dialog:
    """A conversation as the client saw it: lines with `C:` or `S:` before them, and the reply to the end of data."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    outcome: str = ""

    @property
    def code(self) -> int:
        """The code of that reply."""
        return int(self.outcome[:3] or 0)


class Stage:
    """`command` is what was typed, so to say; `log` grows while filterd writes."""

    def __init__(self, words: str) -> None:
        self._words = words
        self.log: list[str] = []
        self._log_grew = asyncio.Event()

    async def __aenter__(self) -> Stage:
        self.home = Path(tempfile.mkdtemp(prefix="filterd-demo-"))
        try:
            await self._set_up()
        except BaseException:
            await self._tear_down()
            raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        await self._tear_down()

    async def converse(self, content: bytes) -> Dialog:
        """Send one message the long way: every command waits for its reply, as a person at telnet would."""
        dialog = Dialog()
        try:
            async with asyncio.timeout(REPLY_SECONDS):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                with contextlib.closing(writer):
                    await _play(dialog, reader, writer, content)
        except (OSError, asyncio.IncompleteReadError) as trouble:  # TimeoutError is an OSError
            said = [f"{side}: {line}" for side, line in dialog.lines]
            raise DemoError("\n".join(["the dialog broke off:", *said, "filterd's log:", *self.log])) from trouble
        return dialog

    async def log_line(self, text: str, seconds: float = 5.0) -> dict[str, str]:
        """The fields of the first log line that holds `text`; empty if none comes in time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not any(text in line for line in self.log):
                    self._log_grew.clear()
                    await self._log_grew.wait()
        line = next((line for line in self.log if text in line), "")
        return dict(pair.split("=", 1) for pair in shlex.split(line) if "=" in pair)

    async def next_lines(self, seen: int) -> list[str]:
        """Log lines beyond the first `seen`, as soon as there are some; raises DemoError when filterd is gone."""
        while len(self.log) <= seen:
            if self._reading.done():
                raise DemoError("filterd ended")
            self._log_grew.clear()
            await self._log_grew.wait()
        return self.log[seen:]

    async def _set_up(self) -> None:
        self.words = self.home / "demo-words.txt"
        self.words.write_text(self._words, encoding="utf-8")
        self.maildir = Maildir(self.home / "Maildir")
        self._upstream = await serve(self.maildir)
        self.upstream_port: int = self._upstream.sockets[0].getsockname()[1]
        for port in (WISHED_PORT, 0):  # 0: one that the kernel chooses, if the first is taken
            if await self._start(port):
                return
        raise DemoError("\n".join(["filterd did not start:", *self.log]))

    async def _start(self, port: int) -> bool:
        """Start filterd and learn its port from its own log, so that nobody else's filterd is taken for it."""
        self.log.clear()
        self.command = [
            *("filterd", "proxy", "--listen", f"127.0.0.1:{port}"),
            *("--upstream", f"127.0.0.1:{self.upstream_port}", "--words", str(self.words)),
        ]
        self._filterd = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *self.command, "--workers", "1"),
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            process_group=0,  # the terminal's Ctrl-C is for the demo, which then stops filterd
        )
        self._reading = asyncio.create_task(self._read_log())
        started = asyncio.create_task(self.log_line("event=started", START_SECONDS))
        await asyncio.wait({started, self._reading}, return_when=asyncio.FIRST_COMPLETED)
        if not started.done():  # filterd has ended
            started.cancel()
            return False
        _, _, chosen = started.result().get("listeners", "").rpartition(":")
        if not chosen:
            raise DemoError(f"filterd is not ready after {START_SECONDS} seconds")
        self.port = int(chosen)
        self.command[3] = f"127.0.0.1:{self.port}"
        return True

    async def _read_log(self) -> None:
        assert self._filterd.stderr
        async for line in self._filterd.stderr:
            self.log.append(line.decode("utf-8", "replace").rstrip())
            self._log_grew.set()
        self._log_grew.set()

    async def _tear_down(self) -> None:
        filterd = getattr(self, "_filterd", None)
        if filterd is not None:
            await _stop(filterd)
            await self._reading
        if upstream := getattr(self, "_upstream", None):
            upstream.close()
        shutil.rmtree(self.home, ignore_errors=True)


async def _stop(filterd: asyncio.subprocess.Process) -> None:
    """Ask first, then insist: nothing of the demo may stay behind."""
    with contextlib.suppress(ProcessLookupError):
        filterd.terminate()
    try:
        await asyncio.wait_for(filterd.wait(), STOP_SECONDS)
    except TimeoutError:
        filterd.kill()
        await filterd.wait()


async def _play(dialog: Dialog, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, content: bytes) -> None:
    await _hear(dialog, reader)
    for command in ("EHLO client.example", f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{RECIPIENT}>", "DATA"):
        await _say(dialog, writer, command)
        await _hear(dialog, reader)
    for line in content.decode("utf-8").removesuffix("\r\n").split("\r\n"):
        await _say(dialog, writer, f".{line}" if line.startswith(".") else line)
    await _say(dialog, writer, ".")
    dialog.outcome = await _hear(dialog, reader)
    await _say(dialog, writer, "QUIT")
    await _hear(dialog, reader)


async def _say(dialog: Dialog, writer: asyncio.StreamWriter, line: str) -> None:
    dialog.lines.append(("C", line))
    writer.write(f"{line}\r\n".encode())
    await writer.drain()


async def _hear(dialog: Dialog, reader: asyncio.StreamReader) -> str:
    """One whole reply; the answer is its last line."""
    while True:
        line = (await reader.readuntil(b"\r\n")).decode("utf-8", "replace").rstrip()
        dialog.lines.append(("S", line))
        if line[3:4] != "-":
            return line
