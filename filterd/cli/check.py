"""`filterd check`: is this configuration, with all its lists, one that filterd would start with?

Exit code 0: yes; warnings are only said. 2: no; every mistake of the file and of every list has a line of its own.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from filterd.config import Config, ConfigError, Mistake, check_start, load_config, warnings
from filterd.edge.lists import ListFile, parse_list
from filterd.words.wordlist import WordlistError, WordlistMistake

_PARTS = ("file", "line", "column", "key", "what", "cure")


@dataclass
class Findings:
    """What was found out about a configuration."""

    mistakes: list[Mistake | WordlistMistake] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    lists: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> str:
        """The same for programs."""
        mistakes = [{part: getattr(mistake, part, "") for part in _PARTS} for mistake in self.mistakes]
        found = {"ok": not mistakes, "mistakes": mistakes, "warnings": self.warnings, "lists": self.lists}
        return json.dumps(found, ensure_ascii=False, indent=2)


def examine(file: str) -> Findings:
    """Load the file, look up what starting would look up, read every list."""
    found = Findings()
    try:
        config = load_config(file)
    except ConfigError as error:
        found.mistakes += error.mistakes
        return found
    found.warnings = warnings(config)
    try:
        check_start(config, file)
    except ConfigError as error:
        found.mistakes += error.mistakes
    _read_lists(config, found)
    return found


def _read_lists(config: Config, found: Findings) -> None:
    for given in config.wordlist:
        action = given.action or config.content.action
        try:
            wordlist = parse_list(config, ListFile(given, Path(given.file).read_bytes()))
        except WordlistError as error:
            found.mistakes += error.mistakes
        else:
            entries = len(wordlist.entries)
            found.lists.append({"name": given.name, "file": given.file, "action": action, "entries": entries})


@click.command
@click.option("--config", "file", metavar="FILE", required=True, help="The configuration to check.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found for a program to read.")
def check(file: str, as_json: bool) -> None:
    """Check a configuration and every list it names.

    Prints one line a mistake, with file, line, key and cure, and exits with 2; with 0 if filterd would start.

    \b
    Example: filterd check --config /etc/filterd/filterd.toml
    """
    found = examine(file)
    if as_json:
        click.echo(found.as_json())
    else:
        _say(file, found)
    sys.exit(2 if found.mistakes else 0)


def _say(file: str, found: Findings) -> None:
    for mistake in found.mistakes:
        click.echo(str(mistake), err=True)
    for warning in found.warnings:
        click.echo(f"{file}: warning: {warning}", err=True)
    for one in found.lists:
        click.echo(f"list {one['name']}: {one['entries']} entries, {one['action']} ({one['file']})")
    if not found.mistakes:
        click.echo(f"{file}: good" + (f", {len(found.warnings)} warnings" if found.warnings else ""))
