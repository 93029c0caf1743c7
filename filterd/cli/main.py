"""`filterd`: finds the command and turns every mistake a user can make into lines on stderr and exit code 2.

Exit codes: 0 done, 1 the command's own bad news, 2 a mistake in the command line, the configuration or a list,
130 interrupted.
"""

from __future__ import annotations

import importlib
import io
import sys

import click

import filterd
from filterd.config.mistakes import ConfigError

# command → module; each module holds a click command of the same name
COMMANDS = {
    "alarms": "filterd.cli.alarms",
    "check": "filterd.cli.check",
    "config": "filterd.cli.config",
    "demo": "filterd.cli.demo",
    "proxy": "filterd.cli.proxy",
    "reload": "filterd.cli.reload",
    "scan": "filterd.cli.scan",
    "status": "filterd.cli.status",
    "words": "filterd.cli.words",
}


class LazyGroup(click.Group):
    """Imports a command when it is run or listed, so that none of them pays for the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name, for --help."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None, on which click says that there is none and what is near."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name]), cmd_name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(filterd.__version__, prog_name="filterd")
def group() -> None:
    """Keep forbidden words out of mail.

    \b
    Watch it work:          filterd demo
    Look through mail:      filterd scan --words words.txt ~/Maildir
    Try it before your MTA: filterd proxy --listen 127.0.0.1:2525 --upstream 127.0.0.1:25 --words words.txt
    """


def main(arguments: list[str] | None = None) -> None:
    """Entry point of the `filterd` script."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that knows no arrows shows ?
    try:
        group.main(arguments, prog_name="filterd", standalone_mode=True)
    except ConfigError as error:
        for mistake in error.mistakes:
            click.echo(f"filterd: {mistake}", err=True)
        sys.exit(2)
