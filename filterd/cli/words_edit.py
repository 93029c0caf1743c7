"""`filterd words add`, `remove`, `move`, `disable`, `enable`: change lists in place.

The rest of the file stays octet for octet; what would not be a list is not written. The new file takes the old one's place at
once (rename), with its owner and mode. Exit code 0: done, 1: nothing to do (no such entry, or there already), 2: a mistake.
"""

from __future__ import annotations

import contextlib
import difflib
import fcntl
import getpass
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import click

from filterd.cli.words_lint import read_list
from filterd.config import ConfigError, Mistake
from filterd.edge.lists import read_regular_file
from filterd.words import edit
from filterd.words.flaw import Flaw
from filterd.words.wordlist import WordlistError, parse_wordlist

Change = Callable[[str, str, edit.Who], str]


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing."),
        click.option("--by", metavar="NAME", help="Who changes it; your login name unless given."),
        click.option("--why", default="", metavar="TEXT", help="Why; it is kept in the list."),
        click.argument("entries", nargs=-1, required=True, metavar="ENTRY..."),
        click.argument("file", metavar="LIST"),
    ):
        command = option(command)
    return command


@click.command
@_options
def add(**given: Any) -> None:
    """Add entries at the end of LIST, with today's date, who and why.

    \b
    Example: filterd words add words.txt "project bluebird {20}" --why "asked for by legal"
    """
    _change(edit.add, **given)


@click.command
@_options
def remove(**given: Any) -> None:
    """Take entries out of LIST; a comment tells who did it, when and why. An entry is named as it is written, or as :LINE.

    \b
    Example: filterd words remove words.txt "project bluebird" --why "published today"
    """
    _change(edit.remove, **given)


@click.command
@_options
def disable(**given: Any) -> None:
    """Switch entries of LIST off; they stay where they are. An entry is named as it is written, or as :LINE.

    \b
    Example: filterd words disable words.txt :17 --why "hits invoices"
    """
    _change(edit.disable, **given)


@click.command
@_options
def enable(**given: Any) -> None:
    """Switch entries of LIST on again. An entry is named as it is written, or as :LINE.

    \b
    Example: filterd words enable words.txt :17
    """
    _change(edit.enable, **given)


@click.command
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.argument("entries", nargs=-1, required=True, metavar="ENTRY...")
@click.option("--why", default="", metavar="TEXT", help="Why; it is kept in the lists.")
@click.option("--by", metavar="NAME", help="Who changes it; your login name unless given.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
def move(source: str, target: str, entries: tuple[str, ...], **given: Any) -> None:
    """Move entries from one list to another, with their options. First the new list is written, so that none is ever in neither.

    \b
    Example: filterd words move watch.txt block.txt "project bluebird" --why "no false hit in a month"
    """
    text = read_list(os.path.realpath(source)).decode("utf-8", "surrogateescape")
    try:
        lines = [edit.line_of(text, entry)[1].strip() for entry in entries]
    except edit.NoSuchEntry as trouble:
        click.echo(f"filterd: {source}: {trouble} → see `filterd words list`", err=True)
        sys.exit(1)
    _change(edit.add, file=target, entries=tuple(lines), **given)
    _change(edit.remove, file=source, entries=entries, **given)


def _change(change: Change, file: str, entries: tuple[str, ...], why: str, by: str | None, dry_run: bool) -> None:
    path = os.path.realpath(file)
    who = edit.Who(by or _login(), datetime.now(UTC).date(), why)
    with locked(path):
        before = read_list(path).decode("utf-8", "surrogateescape")
        after = before
        for entry in entries:
            try:
                after = change(after, entry, who)
            except (edit.NoSuchEntry, Flaw) as trouble:
                cure = getattr(trouble, "cure", "see `filterd words list`")
                click.echo(f"filterd: {file}: {getattr(trouble, 'what', trouble)} → {cure}", err=True)
                sys.exit(1)
        octets = after.encode("utf-8", "surrogateescape")
        try:
            parse_wordlist(octets, name="list", file=path, load=read_regular_file)
        except WordlistError as error:
            raise ConfigError([Mistake(one.file, one.line, "", one.what, one.cure) for one in error.mistakes]) from None
        if dry_run:
            lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
            click.echo("".join(difflib.unified_diff(*lines, file, file)), nl=False)
        else:
            write(path, octets)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


@contextlib.contextmanager
def locked(path: str) -> Iterator[None]:
    """Two editors at once would lose one's work: the folder is locked, since the file is replaced."""
    folder = os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def write(path: str, octets: bytes) -> None:
    """Put a whole new file in the place of the old one."""
    status = os.stat(path)
    descriptor, new = tempfile.mkstemp(prefix=f".{os.path.basename(path)}.", dir=os.path.dirname(path))
    try:
        with open(descriptor, "wb") as file:
            file.write(octets)
            os.fchmod(file.fileno(), stat.S_IMODE(status.st_mode))
            if os.geteuid() == 0:
                os.fchown(file.fileno(), status.st_uid, status.st_gid)
            file.flush()
            os.fsync(file.fileno())
        os.rename(new, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(new)
        raise
