"""`make corpus DATA=DIR`: every real message of DIR/mail goes through filterd and must come out as it went in.

filterd runs in observe mode, with a list, two workers; what it found is told, but stops nothing. Exit code 1 if a
message was altered, refused or lost.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tests.support.clients import Client, stuffed
from tests.support.processes import ROOT, free_port, running
from tests.support.proxy import FORBIDDEN, Filterd, filterd

SETTINGS = {"content.action": "observe", "content.unscannable": "accept", "proxy.workers": 2}
PER_SESSION = 25  # messages of one session, without RSET between them
Message = tuple[int, Path, bytes]


def as_sent(octets: bytes) -> bytes:
    """A stored message as a client sends it: no mbox `From ` line, every line end CRLF, no stray CR."""
    octets = re.sub(rb"\AFrom [^\n]*\n", b"", octets).replace(b"\r\n", b"\n").replace(b"\r", b" ")
    return (octets if octets.endswith(b"\n") else octets + b"\n").replace(b"\n", b"\r\n")


def read_corpus(data: Path) -> list[Message]:
    """All messages of the folders under DIR/mail, numbered."""
    files = sorted(path for path in (data / "mail").rglob("*") if path.is_file())
    return [(number, path, as_sent(path.read_bytes())) for number, path in enumerate(files)]


def words() -> list[str]:
    """The entries of all starter lists, as one list, and the word of the tests."""
    starters = sorted((ROOT / "wordlists").glob("*.txt"))
    lines = (line for path in starters for line in path.read_text().splitlines())
    return [FORBIDDEN, *(line for line in lines if not line.startswith("@"))]


def send(port: int, messages: list[Message], progress: Progress, task: object) -> list[str]:
    """One session, and another one where it broke; the replies that were not 250, each with the message's path."""
    refused, rest = [], iter(messages)
    while left := list(rest):
        rest = iter(left)
        with Client(port, greeting=None, seconds=120) as client:
            client.reply()
            client.say("EHLO client.example")
            for number, path, content in rest:
                reply = submit(client, number, content)
                progress.advance(task)  # type: ignore[arg-type]
                if not reply.startswith("250"):
                    refused.append(f"{path}: {reply or 'connection lost'}")
                if reply.startswith("421") or not reply:
                    break
    return refused


def submit(client: Client, number: int, content: bytes) -> str:
    """One message; the reply to its end of data, or the one that ended it before."""
    for line in ("MAIL FROM:<sender@client.example>", f"RCPT TO:<{number}@local.example>", "DATA"):
        if not (reply := client.say(line)).startswith(("250", "354")):
            return reply
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        client.send(stuffed(content))
    return client.reply()


def relay(port: int, messages: list[Message], sessions: int, console: Console) -> tuple[list[str], float]:
    """Everything, in parallel sessions; what was refused, and the seconds it took."""
    columns = (TextColumn("relaying"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    batches = [messages[i : i + PER_SESSION] for i in range(0, len(messages), PER_SESSION)]
    begun = time.monotonic()
    with Progress(*columns, console=console) as progress, ThreadPoolExecutor(sessions) as pool:
        task = progress.add_task("relaying", total=len(messages))
        results = list(pool.map(lambda batch: send(port, batch, progress, task), batches))
    return [line for result in results for line in result], time.monotonic() - begun


def differences(messages: list[Message], stored: Path) -> list[str]:
    """What did not arrive, or arrived otherwise, with the place of the first difference."""
    found = []
    for number, path, content in messages:
        file = stored / str(number)
        arrived = file.read_bytes() if file.exists() else None
        if arrived is None:
            found.append(f"{path}: did not arrive")
        elif arrived != content:
            place = next((i for i, (a, b) in enumerate(zip(content, arrived, strict=False)) if a != b), -1)
            found.append(f"{path}: differs at octet {place} ({len(content)} sent, {len(arrived)} arrived)")
    return found


def observed(proxy: Filterd) -> Counter[str]:
    """What filterd says about them in its log."""
    lines = [line for line in proxy.log.splitlines() if "event=transaction" in line]
    alarms = (re.search(r"alarm=(\S+)", line) for line in lines)
    return Counter(found[1] if found else "clean" for found in alarms)


def show(messages: list[Message], seconds: float, seen: Counter[str], console: Console) -> None:
    """The figures."""
    octets = sum(len(content) for *_, content in messages)
    table = Table("figure", "value", title="real mail through filterd")
    table.add_row("messages", f"{len(messages)}")
    table.add_row("octets", f"{octets}")
    table.add_row("seconds", f"{seconds:.1f}")
    table.add_row("messages/s", f"{len(messages) / seconds:.0f}")
    table.add_row("MB/s", f"{octets / seconds / 1e6:.2f}")
    for name, count in sorted(seen.items()):
        table.add_row(f"observed: {name}", f"{count}")
    console.print(table)


def main() -> int:
    """Run, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a folder with mail/ in it")
    parser.add_argument("--log", type=Path, help="keep filterd's log here")
    parser.add_argument("--sessions", type=int, default=8, help="parallel sessions")
    options = parser.parse_args()
    console = Console()
    messages = read_corpus(options.data)
    if not messages:
        console.print(f"no messages under {options.data / 'mail'}")
        return 1
    with tempfile.TemporaryDirectory(prefix="filterd-corpus-") as name:
        home = Path(name)
        (stored := home / "stored").mkdir()
        port = free_port()
        sink = [sys.executable, "-m", "tests.support.file_sink", str(port), str(stored)]
        with running(*sink, log=home / "sink.log", ports=(port,), cwd=ROOT):
            with filterd(home / "filterd", port, SETTINGS, words=words()) as proxy:
                refused, seconds = relay(proxy.port, messages, options.sessions, console)
            seen = observed(proxy)
            if options.log:
                options.log.write_text(proxy.log)
        wrong = [*refused, *differences(messages, stored)]
    show(messages, seconds, seen, console)
    for line in wrong:
        console.print(line, style="red", markup=False, highlight=False)
    console.print(f"{len(messages) - len(wrong)} of {len(messages)} arrived byte-identical")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
