"""The man pages, made of what --help says: `python scripts/man.py FOLDER` writes filterd*.1 there."""

from __future__ import annotations

import re
import sys
from inspect import cleandoc
from pathlib import Path

import click
from click_man.core import generate_man_page

import filterd
from filterd.cli.main import group

_VERBATIM = re.compile(r"^\x08\n(.*?)(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)  # click's mark: do not fill these lines


def pages() -> dict[str, str]:
    """File name → page, for the program and each of its commands."""
    program = click.Context(group, info_name="filterd")
    commands = {name: group.get_command(program, name) for name in group.list_commands(program)}
    group.commands = {name: command for name, command in commands.items() if command}  # loaded late, all of them now
    contexts = [click.Context(each, info_name=name, parent=program) for name, each in group.commands.items()]
    return {f"{context.command_path.replace(' ', '-')}.1": _page(context) for context in [*contexts, program]}


def _page(context: click.Context) -> str:
    command, text = context.command, cleandoc(context.command.help or "")
    command.short_help = text.partition("\n\n")[0].replace("\n", " ")
    command.help = _VERBATIM.sub(r".nf\n\1\n.fi", text)
    return generate_man_page(context, version=filterd.__version__, date=" ").rstrip() + "\n"


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    for stale in folder.glob("*.1"):
        stale.unlink()
    for name, page in pages().items():
        (folder / name).write_text(page, encoding="utf-8")
