"""`filterd reload`: has the filterd that runs here read its configuration and lists, and waits for what becomes of it."""

from __future__ import annotations

import json
import sys

import click

from filterd.cli.asking import answer_of, asking_options


@click.command
@asking_options
@click.option("--force", is_flag=True, help="Take lists, too, that lost more than half of their entries.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome for a program to read.")
def reload(file: str | None, path: str | None, timeout: float, force: bool, as_json: bool) -> None:
    """Have the filterd that runs here read its configuration and lists again, now.

    Waits until workers with the new lists serve, and prints the name of the new generation. Exit code 0 then; 2 if there is a
    mistake in the configuration or a list (each has a line with its file, line and cure; what was before stays in force); 1 if
    nobody answers.

    \b
    Example: filterd reload
             filterd reload --force
    """
    outcome = answer_of({"do": "reload", "force": force}, file, path, timeout)
    mistakes = outcome.get("mistakes", [])
    if as_json:
        click.echo(json.dumps(outcome, ensure_ascii=False, indent=2))
    elif outcome["ok"]:
        click.echo(f"generation {outcome['generation']} serves")
    for text in [mistake["text"] for mistake in mistakes] or [outcome["error"]] if not outcome["ok"] else []:
        click.echo(f"filterd: {text}", err=True)
    sys.exit(0 if outcome["ok"] else 2 if mistakes else 1)
