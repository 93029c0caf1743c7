"""`filterd words lint`: what is wrong or doubtful in lists, before they are used.

Exit code 0: nothing but notes; 1: warnings; 2: errors, the list would be refused.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections import Counter
from datetime import UTC, datetime

import click

from filterd.config import ConfigError, Mistake
from filterd.config.schema import LevelName
from filterd.edge.innocent import innocent_words
from filterd.edge.lists import read_regular_file
from filterd.words.guard import Guard
from filterd.words.innocent_file import folded_tokens
from filterd.words.lint import ERROR, SEVERITIES, WARNING, Finding, Ordinary
from filterd.words.lint import lint as findings_of


def read_list(file: str) -> bytes:
    """The octets of a list. Raises `ConfigError`."""
    try:
        return read_regular_file(file)
    except OSError as trouble:
        what = f"cannot be read ({trouble.strerror or trouble})"
        raise ConfigError([Mistake(file, 0, "", what, "give a file that may be read")]) from None


def _ordinary(texts: tuple[str, ...]) -> Ordinary:
    """The words that come with filterd, or those of these texts."""
    innocent = innocent_words()
    if not texts:
        return Ordinary(lambda: sorted({word for shelf in innocent.values() for word in shelf}), Guard(innocent))
    words = sorted({word for text in texts for word in folded_tokens(read_list(text).decode("utf-8", "replace"))})
    return Ordinary(lambda: words, Guard({"": frozenset(words), **innocent}))


@click.command
@click.argument("files", nargs=-1, required=True, metavar="LIST...")
@click.option(
    "--level", type=click.Choice(("exact", "case", "fold", "disguise")), default="fold", help="Of entries that say none."
)
@click.option("--text", "texts", multiple=True, metavar="FILE", help="Try entries on the words of this text, not on filterd's.")
@click.option("--no-notes", is_flag=True, help="Only warnings and errors.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a finding, for programs.")
def lint(files: tuple[str, ...], level: LevelName, texts: tuple[str, ...], no_notes: bool, as_json: bool) -> None:
    """Check lists for mistakes, duplicates, entries that find too much or nothing, slow expressions, look-alike letters.

    Entries that may lie inside longer words are tried on the ordinary words that come with filterd. Exit code 0: nothing but
    notes, 1: warnings, 2: errors.

    \b
    Example: filterd words lint /etc/filterd/*.txt
             filterd words lint --text /usr/share/dict/words words.txt
             filterd words lint --json words.txt | jq -r .code | sort | uniq -c
    """
    today = datetime.now(UTC).date()
    ordinary = _ordinary(texts)
    found: list[Finding] = []
    for file in files:
        found += findings_of(
            read_list(file), file, today=today, load=read_regular_file, level=level, ordinary=ordinary
        )
    for one in found:
        if as_json:
            click.echo(json.dumps(dataclasses.asdict(one), ensure_ascii=False))
        elif one.severity in (ERROR, WARNING) or not no_notes:
            click.echo(str(one))
    counts = Counter(one.severity for one in found)
    if not as_json:
        click.echo(", ".join(f"{counts[severity]} {severity}s" for severity in SEVERITIES), err=True)
    sys.exit(2 if counts[ERROR] else 1 if counts[WARNING] else 0)
