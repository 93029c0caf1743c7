"""`filterd words query` and `list`: which entries would hit a text, and what a list has.

Exit code of `query`, as of `postmap -q`: 0 something was found, 1 nothing was, 2 a mistake.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import Any, get_args

import click

from filterd.config import Config, config_from_flags, load_config
from filterd.config.schema import LevelName
from filterd.edge.lists import guard_of, parse_lists, read_lists
from filterd.words.entry import Combination, Entry
from filterd.words.find import Work
from filterd.words.matcher import Matcher
from filterd.words.options import write_options
from filterd.words.scan import Scan
from filterd.words.wordlist import Wordlist

_WORK = 1_000_000


def read(words: tuple[str, ...], config: str | None, level: LevelName | None) -> list[Wordlist]:
    """The lists that were named. Raises `ConfigError`."""
    if bool(words) == bool(config):
        raise click.UsageError("give --words FILE or --config FILE")
    given: Config = load_config(config) if config else config_from_flags(words=words, action="reject", level=level or "fold")
    return parse_lists(given, read_lists(given.wordlist))


_LISTS = (
    click.option("--words", multiple=True, metavar="FILE", help="A list; may be given again."),
    click.option("--config", metavar="FILE", help="The lists of this configuration."),
    click.option("--level", type=click.Choice(get_args(LevelName)), help="What entries see through that say nothing."),
    click.option("--json", "as_json", is_flag=True, help="One JSON object an entry, for programs."),
)


def _lists(command: Any) -> Any:
    for option in reversed(_LISTS):
        command = option(command)
    return command


@click.command
@_lists
@click.argument("text", metavar="TEXT")
def query(words: tuple[str, ...], config: str | None, level: LevelName | None, as_json: bool, text: str) -> None:
    """Say which entries would hit TEXT, and why; - reads standard input.

    Exit code 0: something was found, 1: nothing, 2: a mistake.

    \b
    Example: filterd words query --words words.txt "t0p s3cret" --level disguise
             filterd words query --config /etc/filterd/filterd.toml - < draft.txt
    """
    given = sys.stdin.buffer.read().decode("utf-8", "replace") if text == "-" else text
    lists = read(words, config, level)
    matcher = Matcher(lists, today=datetime.now(UTC).date(), guard=guard_of(lists))
    found = list(Scan(matcher, Work(_WORK + len(given))).feed(given, final=True))
    for hit in found:
        owner = hit.term.owner or hit.term.entry
        place = {**about(hit.term.wordlist, owner), "text": hit.text, "view": hit.view, "span": [hit.start, hit.end]}
        if hit.term.owner:
            place["term"] = hit.term.entry.shown
        if as_json:
            click.echo(json.dumps(place, ensure_ascii=False))
        else:
            of = f", the term <{hit.term.entry.shown}> of it" if hit.term.owner else ""
            weight = f", weight {owner.weight}" if owner.weight != 1 else ""
            click.echo(
                f"{owner.file}:{owner.line}: {owner.shown}{of} ({hit.term.wordlist.name}{weight}): {hit.text!r}, {hit.view}"
            )
    sys.exit(0 if found else 1)


@click.command("list")
@_lists
def list_entries(words: tuple[str, ...], config: str | None, level: LevelName | None, as_json: bool) -> None:
    """Show the entries of lists, those of included ones too, with what they say of themselves.

    \b
    Example: filterd words list --words words.txt
             filterd words list --config /etc/filterd/filterd.toml --json | jq 'select(.weight > 10)'
    """
    for wordlist in read(words, config, level):
        for entry in wordlist.entries:
            if as_json:
                click.echo(json.dumps(about(wordlist, entry), ensure_ascii=False))
            else:
                said = write_options(entry.options)
                allow = "+ " if entry.allow else ""
                click.echo(f"{entry.file}:{entry.line}: {allow}{entry.shown}{f'  {said}' if said else ''}")


def about(wordlist: Wordlist, entry: Entry) -> dict[str, Any]:
    """The JSON object of an entry."""
    options = entry.options
    return {
        "list": wordlist.name,
        "file": entry.file,
        "line": entry.line,
        "entry": entry.shown,
        "kind": "combination" if isinstance(entry, Combination) else type(entry).__name__.lower(),
        "allow": entry.allow,
        "level": entry.level,
        "areas": entry.areas,
        "weight": entry.weight,
        "role": options.role,
        "off": options.off,
        "watch": options.watch,
        "note": options.note,
        "owner": options.owner,
        "category": options.category,
        "added": options.added.isoformat() if options.added else "",
        "expires": options.expires.isoformat() if options.expires else "",
    }
