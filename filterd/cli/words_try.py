"""`filterd words try LIST PATH…`: what a list would do to mail that lies on disk, compared with the lists in force.

Exit code 0: no message changes its verdict, 1: some do, 2: a mistake, or a message that could not be judged.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, get_args

import click
import msgspec

from filterd.cli.scan import results
from filterd.cli.scan_output import Output, Style
from filterd.config import Config, config_from_flags, load_config
from filterd.config.schema import ActionName, LevelName
from filterd.edge.lists import make_engine, parse_lists, read_lists
from filterd.edge.offline import Offline, Report
from filterd.store.places import Place, Trouble, places


@dataclass(frozen=True, slots=True)
class Pair:
    """Judges each message by both engines."""

    before: Offline
    after: Offline
    seconds: float

    def report(self, place: Place) -> Report | Trouble:
        """The report under the proposed lists; `would` has the action under those in force."""
        return _compared(self.before.report(place), self.after.report(place))

    def failed(self, place: Place, condition: str, detail: str) -> Report:
        """The report when judging came to no end."""
        return replace(self.after.failed(place, condition, detail), would="")

    def report_here(self, place: Place) -> Report | Trouble:
        """The same in this process."""
        return _compared(self.before.report_here(place), self.after.report_here(place))


def _compared(before: Report | Trouble, after: Report | Trouble) -> Report | Trouble:
    if isinstance(before, Trouble) or isinstance(after, Trouble):
        return after
    return replace(after, would=before.action, error=after.error or before.error, contexts=())


@click.command("try")
@click.argument("file", metavar="LIST")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--against", multiple=True, metavar="OLD", help="The list that is in force; may be given again.")
@click.option("--config", metavar="FILE", help="The lists that are in force; one of the same name is replaced by LIST.")
@click.option("--action", default="reject", type=click.Choice(("reject", "tag", "observe")), help="What LIST asks for.")
@click.option(
    "--level", default="fold", type=click.Choice(get_args(LevelName)), help="What entries see through."
)
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes; one a core unless given.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a message whose verdict changes.")
def try_list(file: str, paths: tuple[str, ...], as_json: bool, jobs: int | None, **given: Any) -> None:
    """Judge stored mail under the lists in force and under LIST, and tell which messages change their verdict, by which entry.

    PATH is a message, an mbox, a Maildir, or a directory of these. Exit code 0: nothing changes, 1: something does, 2: a mistake.

    \b
    Example: filterd words try new.txt --against words.txt ~/Maildir
             filterd words try profanity.txt --config /etc/filterd/filterd.toml /var/mail/archive
    """
    before, after = _configs(file, **given)
    pair = Pair(_offline(before), _offline(after), after.timeouts.scan)
    output = Output(Style(as_json, False, as_json, is_single=False), 0)
    changes: Counter[tuple[str, str]] = Counter()
    entries: Counter[str] = Counter()
    seen = troubles = 0
    with output.progress(paths) as progress:
        for result in results(pair, places(paths), jobs or len(os.sched_getaffinity(0)), after.limits.scan_memory_octets):  # type: ignore[arg-type]
            seen += 1
            if isinstance(result, Trouble) or result.error:
                troubles += 1
            elif result.would != result.action:
                changes[result.would, result.action] += 1
                entries.update({f"{hit.file}:{hit.line}: {hit.entry}" for hit in result.hits})
                _tell(result, as_json)
            progress.step(result)
    if not as_json:
        _sum_up(seen, changes, entries)
    sys.exit(2 if troubles else 1 if changes else 0)


def _configs(
    file: str, against: tuple[str, ...], config: str | None, action: ActionName, level: LevelName
) -> tuple[Config, Config]:
    if against and config:
        raise click.UsageError("give --against or --config, not both")
    new = config_from_flags(words=(file,), action=action, level=level)
    if config:
        before = load_config(config)
        kept = [one for one in before.wordlist if one.name != new.wordlist[0].name]
        after = msgspec.structs.replace(before, wordlist=[*kept, new.wordlist[0]])
        return before, after
    return config_from_flags(words=against, action=action, level=level), new


def _offline(config: Config) -> Offline:
    lists = parse_lists(config, read_lists(config.wordlist))
    engine = make_engine(config, lists, today=datetime.now(UTC).date())
    return Offline(engine, config.limits.message_octets, config.timeouts.scan)


def _tell(report: Report, as_json: bool) -> None:
    hits = [f"{hit.file}:{hit.line}: {hit.entry}" for hit in report.hits]
    if as_json:
        found = {"path": report.place.path, "before": report.would, "after": report.action, "score": report.score}
        click.echo(json.dumps({**found, "entries": sorted(set(hits))}, ensure_ascii=False))
    else:
        click.echo(
            f"{report.place.path}: {report.would} → {report.action}{''.join(f'; {hit}' for hit in dict.fromkeys(hits[:5]))}"
        )


def _sum_up(seen: int, changes: Counter[tuple[str, str]], entries: Counter[str]) -> None:
    click.echo(f"{seen} messages, {sum(changes.values())} would change", err=True)
    for (old, new), count in changes.most_common():
        click.echo(f"  {old} → {new}: {count}", err=True)
    for entry, count in entries.most_common(10):
        click.echo(f"  {count:6} {entry}", err=True)
