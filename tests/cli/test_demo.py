"""`filterd demo`: what it shows is real, it stays up to be tried, and it leaves nothing behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from filterd.cli.demo import CLEAN
from filterd.edge.demo_upstream import KEYWORDS, Maildir, serve

pytestmark = pytest.mark.xdist_group("demo")  # it likes port 2525 to itself
COMMAND = [sys.executable, "-m", "filterd", "demo"]
SECONDS = 60


def test_once_shows_a_pass_and_a_refusal(tmp_path: Path) -> None:
    """Exit code 0, both dialogues, the reason, the log; no escape codes where no terminal is, no files afterwards."""
    ran = subprocess.run(
        [*COMMAND, "--once"], capture_output=True, text=True, timeout=SECONDS, env=private(tmp_path), check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "\x1b" not in ran.stdout
    assert "  C: DATA\n  S: 354 " in ran.stdout
    assert re.search(r"  C: \.\n  S: 250 2\.0\.0 Ok: queued as [0-9A-F]+\n", ran.stdout)
    assert "passed: stored by upstream, octet for octet" in ran.stdout
    assert re.search(r"  C: \.\n  S: 550 5\.7\.1 ", ran.stdout)
    assert re.search(r"entry +\S+demo-words\.txt:3: project bluebird\n", ran.stdout)
    assert re.search(r"event=transaction .* outcome=refused .* alarm=501\(forbidden-word\)", ran.stdout)
    assert list(tmp_path.iterdir()) == []


def test_it_stays_up_to_be_tried(tmp_path: Path) -> None:
    """The port it prints can be used; what is sent appears in the log below; Ctrl-C ends it in good order."""
    with staying(tmp_path) as (demo, port):
        with smtplib.SMTP("127.0.0.1", port) as client:
            assert client.sendmail("you@example.org", ["me@example.net"], b"Subject: hi\r\n\r\nnothing special\r\n") == {}
            with pytest.raises(smtplib.SMTPDataError) as refused:
                client.sendmail("you@example.org", ["me@example.net"], b"Subject: hi\r\n\r\nyou flibbertigibbet\r\n")
            assert refused.value.smtp_code == 550
        read_until(demo, "outcome=refused")
        demo.send_signal(signal.SIGINT)
        assert demo.wait(SECONDS) == 0
    assert list(tmp_path.iterdir()) == []
    assert processes_of(tmp_path) == []


def test_a_taken_port_is_no_obstacle(tmp_path: Path) -> None:
    """If somebody listens on 2525 already, another port is found and printed."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):  # somebody else's is as good
            other.bind(("127.0.0.1", 2525))
            other.listen()
        with staying(tmp_path) as (demo, port):
            assert port != 2525
            demo.terminate()
            assert demo.wait(SECONDS) == 0


def test_the_upstream_keeps_what_it_acknowledges(tmp_path: Path) -> None:
    """A message answered 250 lies in new/, octet for octet, dots undone; keywords are offered; order is kept."""
    maildir = Maildir(tmp_path)
    commands = ["RCPT TO:<b@example>", "DATA", "EHLO c", "NOOP", "BDAT 3", "MAIL FROM:<a@example>", "RCPT TO:<b@example>"]
    wire = "".join(f"{command}\r\n" for command in [*commands, "DATA"]).encode()
    replies = asyncio.run(converse(maildir, wire + CLEAN.replace(b"\r\n.", b"\r\n..") + b".\r\nQUIT\r\n"))
    codes = [line[:3] for line in replies.split("\r\n") if line[3:4] == " "]
    assert codes == ["220", "503", "503", "250", "250", "502", "250", "250", "354", "250", "221"]
    assert all(keyword in replies for keyword in KEYWORDS)
    assert list(maildir.messages().values()) == [CLEAN]


async def converse(maildir: Maildir, wire: bytes) -> str:
    """Everything the upstream says to these octets."""
    server = await serve(maildir)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(wire)
    said = await asyncio.wait_for(reader.read(), SECONDS)
    writer.close()
    server.close()
    return said.decode()


def processes_of(folder: Path) -> list[str]:
    """Processes that were given this folder for their temporary files; its port may be somebody else's by now."""
    mark = f"TMPDIR={folder}".encode()
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if mark in environment.read_bytes().split(b"\0"):
                found.append(environment.parent.name)
    return found


def private(folder: Path) -> dict[str, str]:
    """An environment whose temporary files can be counted afterwards."""
    return {**os.environ, "TMPDIR": str(folder), "PYTHONUNBUFFERED": "1"}


@contextlib.contextmanager
def staying(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A demo that stays up, and the port it printed."""
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=private(folder)) as demo:
        try:
            shown = read_until(demo, "Ctrl-C ends the demo")
            yield demo, int(re.findall(r"(?:telnet|nc) 127\.0\.0\.1 (\d+)", shown)[-1])
        finally:
            if demo.poll() is None:
                demo.kill()


def read_until(demo: subprocess.Popen[str], text: str) -> str:
    """Its output up to and with the line that holds the text; what came too early or not at all fails by time."""
    assert demo.stdout
    shown = ""
    for line in demo.stdout:
        shown += line
        if text in line:
            return shown
    raise AssertionError(f"{text!r} was never shown:\n{shown}")
