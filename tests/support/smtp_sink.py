"""Postfix's smtp-sink: an upstream that misbehaves on request, and writes down what it was given."""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.processes import free_port, need_root, program, running


@dataclass(frozen=True)
class Stored:
    """One transaction as smtp-sink dumped it: arguments of MAIL and RCPT, and the content with LF lines."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


class SmtpSink:
    """A running smtp-sink at `port`."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port

    @property
    def stored(self) -> list[Stored]:
        """What it has written down. It does so as data arrives, so that cut messages are here too."""
        return [_parse(path.read_bytes()) for path in sorted(self.home.glob("m.*"))]

    def holding(self, mark: str) -> list[Stored]:
        """Those that hold a token."""
        return [message for message in self.stored if mark.encode() in message.content]


def _parse(dump: bytes) -> Stored:
    """X-fields, then smtp-sink's own Received field, then what it was given, then an empty line."""
    head, _, rest = dump.partition(b"Received: ")
    fields = re.findall(rb"^X-(\S+): (.*)$", head, re.MULTILINE)
    content = re.sub(rb"\A[^\n]*\n(?:[ \t][^\n]*\n)*", b"", rest)
    return Stored(
        next((value.decode() for name, value in fields if name == b"Mail-Args"), ""),
        tuple(value.decode() for name, value in fields if name == b"Rcpt-Args"),
        content[:-1],
    )


@contextlib.contextmanager
def smtp_sink(*options: str, port: int = 0) -> Iterator[SmtpSink]:
    """An smtp-sink with these options, at `port` if it matters."""
    need_root("smtp-sink with a directory of its own")
    with tempfile.TemporaryDirectory(prefix="filterd-sink-") as name:
        home, port = Path(name), port or free_port()
        home.chmod(0o755)
        shutil.chown(home, "nobody")
        command = [program("smtp-sink"), "-u", "nobody", "-d", f"{home}/m.", *options, f"127.0.0.1:{port}", "100"]
        with running(*command, log=home / "out", ports=(port,)):
            yield SmtpSink(home, port)
