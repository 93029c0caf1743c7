"""`filterd words import` and `export`: lists of other systems.

Exit code 0: everything was carried over, 1: something was not (standard error says what, and why), 2: a mistake.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator

import click

from filterd.cli.words_lint import read_list
from filterd.config import ConfigError, Mistake
from filterd.edge.lists import read_regular_file
from filterd.words.foreign import COLUMNS, READERS, Lost, lost_in_table, plain_word, read_csv, rows
from filterd.words.wordlist import WordlistError, parse_wordlist


@click.command("import")
@click.argument("file", metavar="FILE")
@click.option("--from", "kind", type=click.Choice(tuple(READERS)), default="plain", help="Whose list it is; plain unless given.")
@click.option("--column", default="", metavar="NAME", help="Of a csv: the column with the words.")
@click.option("--title", default="", help="What the new list is called.")
def import_list(file: str, kind: str, column: str, title: str) -> None:
    """Print FILE as a list of ours; - reads standard input.

    What cannot be carried over is told on standard error, with its line and the reason. Exit code 0: nothing was lost, 1:
    something was.

    \b
    Example: filterd words import --from spamassassin local.cf > local.txt
             filterd words import --from csv --column text profanity.csv > profanity.txt
    """
    octets = sys.stdin.buffer.read() if file == "-" else read_list(file)
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        raise ConfigError([Mistake(file, line, "", "is not UTF-8", "save it as UTF-8")]) from None
    made: Iterator[str | Lost] = read_csv(text, column) if kind == "csv" else READERS[kind](text)
    lost = kept = 0
    seen: set[str] = set()
    if title:
        click.echo(f"@title {title}")
    click.echo(f"@source {file} ({kind})")
    for one in made:
        if isinstance(one, Lost):
            lost += 1
            click.echo(f"{file}:{one.line}: not carried over: {one.what[:100]} → {one.why}", err=True)
        elif one not in seen:
            seen.add(one)
            kept += 1
            click.echo(one)
    click.echo(f"{kept} entries, {lost} lines not carried over", err=True)
    sys.exit(1 if lost else 0)


@click.command
@click.argument("file", metavar="LIST")
@click.option("--to", "kind", type=click.Choice(("plain", "csv")), default="csv", help="csv unless given.")
def export(file: str, kind: str) -> None:
    """Print LIST, with what it includes, as a table or as plain words.

    What the format cannot say is told on standard error. Exit code 0: nothing was lost, 1: something was.

    \b
    Example: filterd words export words.txt > words.csv
    """
    try:
        wordlist = parse_wordlist(read_list(file), name="list", file=file, load=read_regular_file)
    except WordlistError as error:
        raise ConfigError([Mistake(one.file, one.line, "", one.what, one.cure) for one in error.mistakes]) from None
    lost = 0
    table = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    if kind == "csv":
        table.writeheader()
    for entry, row in zip(wordlist.entries, rows(wordlist.entries), strict=True):
        word = plain_word(entry)
        missing = lost_in_table(entry) if kind == "csv" else "" if word else entry.shown
        if kind == "csv":
            table.writerow(row)
        elif word:
            click.echo(word)
        if missing:
            lost += 1
            click.echo(f"{entry.file}:{entry.line}: not carried over: {missing}", err=True)
    sys.exit(1 if lost else 0)
