"""`filterd demo`: filterd at work before a small upstream of its own, to watch and then to try by hand.

A clean and a forbidden message are sent; dialogs, verdicts with their reasons, and the log are shown. Exit code 0 means
that everything went as it must: the clean one was stored octet for octet, the other one refused and not stored.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import re
import shlex
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from filterd.edge.demo_stage import RECIPIENT, SENDER, DemoError, Dialog, Stage

WORDS = """\
# Words that must not leave this house, one entry a line.
flibbertigibbet
project bluebird
"""
CLEAN = (
    b"From: Alice <alice@example.org>\r\nTo: Bob <bob@example.net>\r\nSubject: Lunch\r\n"
    b"Message-ID: <clean@demo.example>\r\n\r\n"
    b"Shall we meet at noon?\r\n"
    b".. this line begins with two dots, and arrives with two.\r\n"
)
_HIDDEN = "<p>Between us: <b>Project</b>\n&#66;luebird starts on Monday.</p>"
FORBIDDEN = (
    "From: Alice <alice@example.org>\r\nTo: Bob <bob@example.net>\r\nSubject: News\r\n"
    "Message-ID: <forbidden@demo.example>\r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    f"{base64.b64encode(_HIDDEN.encode()).decode()}\r\n"
).encode()


@click.command
@click.option("--once", is_flag=True, help="Do not stay up to be tried; exit 0 if everything went as it must.")
def demo(once: bool) -> None:
    """Watch filterd pass one message and refuse another, then try it yourself.

    Needs nothing and leaves nothing: upstream is a small sink inside the demo, and everything lives in one temporary
    folder until Ctrl-C.

    \b
    Example: filterd demo
             filterd demo --once
    """
    show = Console(highlight=False, soft_wrap=True)
    try:
        good = asyncio.run(_demo(show, once))
    except DemoError as trouble:
        click.echo(f"filterd demo: {trouble}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        good = True
    sys.exit(0 if good else 1)


async def _demo(show: Console, once: bool) -> bool:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with Stage(WORDS) as stage:
        _introduce(show, stage)
        good = await _show_clean(show, stage) & await _show_forbidden(show, stage)
        _head(show, "The log")
        _log(show, stage.log)
        if not once and good:
            await _stay(show, stage, stop)
    return good


def _introduce(show: Console, stage: Stage) -> None:
    _head(show, "The scene")
    show.print("  you → [bold]filterd[/] → upstream (a small sink of this demo that stores to a Maildir)")
    show.print(f"\n  [dim]$[/] {escape(shlex.join(stage.command))}\n")
    for line in WORDS.splitlines():
        show.print(f"    [dim]{stage.words.name}[/]  {escape(line)}")


async def _show_clean(show: Console, stage: Stage) -> bool:
    _head(show, "A clean message")
    dialog = await stage.converse(CLEAN)
    _dialog(show, dialog)
    stored = list(stage.maildir.messages().values())
    passed = dialog.code == 250 and stored == [CLEAN]
    _verdict(show, passed, "passed: stored by upstream, octet for octet", "NOT stored octet for octet")
    return passed


async def _show_forbidden(show: Console, stage: Stage) -> bool:
    _head(show, "A message with forbidden words, hidden in base64, HTML and a character reference")
    dialog = await stage.converse(FORBIDDEN)
    _dialog(show, dialog)
    show.print(f"\n  [dim]its text, decoded:[/] {escape(_HIDDEN.replace(chr(10), ' '))}")
    refused = 500 <= dialog.code < 600 and len(stage.maildir.messages()) == 1
    _verdict(show, refused, "refused; nothing reached upstream, and the client still has it", "NOT refused")
    await _explain(show, stage)
    return refused


async def _explain(show: Console, stage: Stage) -> None:
    """Why it was refused, from filterd's own log."""
    fields = await stage.log_line("alarm=501")
    entry = _entry(fields.get("entry", ""))
    reasons = {
        "list": fields.get("list", ""),
        "entry": f"{fields.get('entry', '')}: {entry}" if entry else "",
        "where": " ".join(filter(None, (f"part {fields['part']}," if "part" in fields else "", fields.get("area", "")))),
        "reference": fields.get("ref", ""),
    }
    for name, reason in reasons.items():
        if reason:
            show.print(f"    [dim]{name:<10}[/]{escape(reason)}")


def _entry(place: str) -> str:
    """The line of the list that `file:line` names."""
    file, _, line = place.rpartition(":")
    with contextlib.suppress(OSError, ValueError, IndexError):
        return Path(file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    return ""


async def _stay(show: Console, stage: Stage, stop: asyncio.Event) -> None:
    _head(show, "Your turn")
    for line in _lines_to_paste(stage.port):
        show.print(f"  [dim]$[/] {escape(line)}")
    show.print(f"\n  mail that passed: {escape(str(stage.maildir.root))}/new/   the words: {escape(str(stage.words))}")
    show.print("  the log goes on below; Ctrl-C ends the demo\n")
    following = asyncio.create_task(_follow(show, stage))
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait({following, stopping}, return_when=asyncio.FIRST_COMPLETED)
    for task in (following, stopping):
        task.cancel()
    if following in done:
        await following  # raises: filterd is gone


def _lines_to_paste(port: int) -> Iterator[str]:
    """A clean and a forbidden message, and a connection to type at, with what is installed here."""
    for text in ("nothing special", "you flibbertigibbet"):
        if shutil.which("swaks"):
            yield f"swaks --server 127.0.0.1:{port} --from {SENDER} --to {RECIPIENT} --body '{text}'"
        else:
            call = f"smtplib.SMTP('127.0.0.1', {port}).sendmail('{SENDER}', '{RECIPIENT}', 'Subject: try\\n\\n{text}')"
            yield f'python3 -c "import smtplib; {call}"'
    talker = next(filter(shutil.which, ("telnet", "nc")), "telnet")
    yield f"{talker} 127.0.0.1 {port}"


async def _follow(show: Console, stage: Stage) -> None:
    seen = len(stage.log)
    while lines := await stage.next_lines(seen):
        _log(show, lines)
        seen += len(lines)


def _head(show: Console, text: str) -> None:
    show.print(f"\n[bold cyan]── {escape(text)}[/]\n")


def _dialog(show: Console, dialog: Dialog) -> None:
    for side, line in dialog.lines:
        colour = "green" if side == "C" else "red" if re.match("[45]", line) else "blue"
        show.print(f"  [{colour}]{side}:[/] {escape(line)}")


def _verdict(show: Console, good: bool, yes: str, no: str) -> None:
    show.print(f"\n  [bold green]✓ {yes}[/]" if good else f"\n  [bold red]✗ {no}[/]")


def _log(show: Console, lines: list[str]) -> None:
    for line in lines:
        show.print(f"  [dim]{escape(line)}[/]")
