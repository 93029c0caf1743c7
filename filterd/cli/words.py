"""`filterd words`: the tools to keep wordlists, one file a command."""

from __future__ import annotations

import importlib

import click

# command → module and the name of the click command in it
COMMANDS = {
    "add": ("filterd.cli.words_edit", "add"),
    "diff": ("filterd.cli.words_compare", "diff"),
    "disable": ("filterd.cli.words_edit", "disable"),
    "enable": ("filterd.cli.words_edit", "enable"),
    "explain": ("filterd.cli.words_compare", "explain"),
    "export": ("filterd.cli.words_import", "export"),
    "format": ("filterd.cli.words_compare", "format_list"),
    "import": ("filterd.cli.words_import", "import_list"),
    "lint": ("filterd.cli.words_lint", "lint"),
    "list": ("filterd.cli.words_query", "list_entries"),
    "move": ("filterd.cli.words_edit", "move"),
    "query": ("filterd.cli.words_query", "query"),
    "remove": ("filterd.cli.words_edit", "remove"),
    "try": ("filterd.cli.words_try", "try_list"),
}


class WordsGroup(click.Group):
    """Imports a command when it is run or listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name, for --help."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=WordsGroup)
def words() -> None:
    """Keep wordlists: check them, change them, ask them, try them on mail.

    \b
    Example: filterd words lint words.txt
             filterd words query --words words.txt "top secret"
             filterd words try words.txt ~/Maildir
    """
