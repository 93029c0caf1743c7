"""`filterd words diff`, `explain`, `format`: compare lists, say what an entry means, write a list in one spelling."""

from __future__ import annotations

import difflib
import json
import os
import sys
from typing import Any

import click

from filterd.cli.words_edit import locked, write
from filterd.cli.words_lint import read_list
from filterd.cli.words_query import about
from filterd.config import ConfigError, Mistake
from filterd.edge.lists import read_regular_file
from filterd.words.differ import differences
from filterd.words.edit import NoSuchEntry, line_of
from filterd.words.explain import explain as sentences
from filterd.words.formatter import tidy
from filterd.words.options import write_options
from filterd.words.wordlist import Wordlist, WordlistError, parse_wordlist


def parse(octets: bytes, file: str) -> Wordlist:
    """The list, all its mistakes as those of a configuration. Raises `ConfigError`."""
    try:
        return parse_wordlist(octets, name=os.path.basename(file), file=file, load=read_regular_file)
    except WordlistError as error:
        raise ConfigError([Mistake(one.file, one.line, "", one.what, one.cure) for one in error.mistakes]) from None


@click.command
@click.argument("before", metavar="OLD")
@click.argument("after", metavar="NEW")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a difference, for programs.")
def diff(before: str, after: str, as_json: bool) -> None:
    """Tell which entries were added, removed and changed, whatever their order, comments and spacing.

    Exit code, as of diff: 0 none, 1 some, 2 a mistake.

    \b
    Example: filterd words diff words.txt words.new.txt
    """
    old, new = parse(read_list(before), before), parse(read_list(after), after)
    found = 0
    for one in differences(old, new):
        found += 1
        if as_json:
            known: dict[str, Any] = {"kind": one.kind}
            known["before"] = about(old, one.before) if one.before else None
            known["after"] = about(new, one.after) if one.after else None
            click.echo(json.dumps(known, ensure_ascii=False))
            continue
        entry = one.after or one.before
        assert entry is not None
        said = [f"{side.shown} {write_options(side.options)}".strip() for side in (one.before, one.after) if side]
        sign = {"added": "+", "removed": "-", "changed": "~"}[one.kind]
        click.echo(f"{sign} {' → '.join(said)}  ({entry.file}:{entry.line})")
    sys.exit(1 if found else 0)


@click.command
@click.argument("entry", metavar="ENTRY")
@click.option("--words", metavar="LIST", help="The list in which it stands; it may then be named as :LINE.")
def explain(entry: str, words: str | None) -> None:
    """Say in plain words what ENTRY finds and what it does.

    \b
    Example: filterd words explain "<merger> near 5 words <price> {20}"
             filterd words explain --words words.txt :17
    """
    if not words:
        (known,) = parse(f"{entry}\nfiller entry\n".encode(), "ENTRY").entries[:1]
    else:
        octets = read_list(words)
        try:
            number, _ = line_of(octets.decode("utf-8", "replace"), entry)
        except NoSuchEntry as trouble:
            click.echo(f"filterd: {words}: {trouble} → see `filterd words list`", err=True)
            sys.exit(1)
        known = next(one for one in parse(octets, words).entries if one.line == number and one.file == words)
    for sentence in sentences(known):
        click.echo(sentence)


@click.command("format")
@click.argument("files", nargs=-1, required=True, metavar="LIST...")
@click.option(
    "--dry-run", "--check", is_flag=True, help="Show what would change, and change nothing; exit code 1 if anything would."
)
def format_list(files: tuple[str, ...], dry_run: bool) -> None:
    """Write lists in one spelling: options in one order, single blanks, LF. Order, comments and meaning stay.

    \b
    Example: filterd words format words.txt
             filterd words format --check *.txt
    """
    changed = False
    for file in files:
        path = os.path.realpath(file)
        with locked(path):
            octets = read_list(path)
            parse(octets, file)
            before = octets.decode("utf-8")
            after = tidy(before)
            changed |= after != before
            if after != before and dry_run:
                lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
                click.echo("".join(difflib.unified_diff(*lines, file, file)), nl=False)
            elif after != before:
                write(path, after.encode())
    sys.exit(1 if changed and dry_run else 0)
