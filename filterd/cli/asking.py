"""What the commands that ask a running filterd share: where it is, and how long to wait."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from filterd.config import load_config
from filterd.edge.control_client import NoAnswer, ask, place_to_ask

_SECONDS = click.FloatRange(min=0.1)


def asking_options(command: Callable[..., None]) -> Callable[..., None]:
    """--config, --socket and --timeout."""
    for option in (
        click.option("--timeout", type=_SECONDS, default=300.0, metavar="SECONDS", help="How long to wait; 300 unless given."),
        click.option("--socket", "path", metavar="PATH", help="Its control socket."),
        click.option("--config", "file", metavar="FILE", help="Its configuration, where that names the control socket."),
    ):
        command = option(command)
    return command


def answer_of(request: dict[str, Any], file: str | None, path: str | None, seconds: float) -> dict[str, Any]:
    """What filterd says; exits with 1 if nobody does."""
    try:
        return ask(place_to_ask(path or (load_config(file).control.socket if file else "")), request, seconds)
    except NoAnswer as trouble:
        click.echo(f"filterd: {trouble}", err=True)
        sys.exit(1)
