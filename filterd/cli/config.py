"""`filterd config`: the configuration, as it is in force or as it could be written."""

from __future__ import annotations

import click

from filterd.config import load_config
from filterd.config.document import effective, page, sample


@click.command
@click.option("--config", "file", metavar="FILE", help="Print the values that this file puts in force.")
@click.option("--changed", is_flag=True, help="With --config: only what differs from the defaults.")
@click.option("--defaults", is_flag=True, help="Print a sample file: every key, commented, with its default.")
@click.option("--markdown", is_flag=True, help="Print the reference page.")
def config(file: str | None, changed: bool, defaults: bool, markdown: bool) -> None:
    """Print the configuration in force, or one to start from.

    \b
    Example: filterd config --defaults > filterd.toml
             filterd config --config filterd.toml --changed
    """
    if defaults + markdown + (file is not None) != 1:
        raise click.UsageError("give one of --config FILE, --defaults, --markdown")
    if changed and file is None:
        raise click.UsageError("--changed goes with --config FILE")
    if file is not None:
        click.echo(effective(load_config(file), changed=changed), nl=False)
    else:
        click.echo(page() if markdown else sample(), nl=False)
