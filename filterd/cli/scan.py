"""`filterd scan`: the verdict that the proxy would give, and why, for mail in files, directories, mbox, Maildir, stdin.

Exit code 0: nothing found. 1: something would be acted on, that is, any message has an alarm: a hit of any list (observe
and tag included), or it could not be scanned, is too large, goes in circles. 2: a mistake of the user, a path that
could not be read, or a message on which filterd failed; 2 goes before 1. 130: interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any, get_args

import click

from filterd.cli.scan_output import Output, Style
from filterd.cli.scan_summary import Summary
from filterd.cli.scan_text import Texts
from filterd.config import Config, config_from_flags, load_config
from filterd.config.schema import ActionName, LevelName
from filterd.edge.lists import make_engine, parse_lists, read_lists
from filterd.edge.offline import Offline, Report
from filterd.engine import Engine
from filterd.store.places import Place, Trouble, places

FEW_MESSAGES, FEW_OCTETS = 16, 2 * 1024 * 1024  # of so few, a process of its own would cost more than it saves
HITS_SHOWN = 20  # of one message, to people


@click.command
@click.argument("paths", metavar="PATH…", nargs=-1, required=True)
@click.option("--words", multiple=True, metavar="FILE", help="A list of forbidden words; may be given again.")
@click.option("--config", "file", metavar="FILE", help="Lists and limits as in this configuration of the proxy.")
@click.option("--action", type=click.Choice(get_args(ActionName)), help="What a hit does; reject unless given.")
@click.option("--level", type=click.Choice(get_args(LevelName)), help="What entries see through; fold unless given.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a message, for programs.")
@click.option("--text", "as_text", is_flag=True, help="Show what filterd sees of a mail instead, area by area.")
@click.option("--reveal", is_flag=True, help="Show what confidential lists have and find.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes; one a core unless given.")
@click.option("-v", "--verbose", is_flag=True, help="Tell of clean messages too.")
@click.option("-q", "--quiet", is_flag=True, help="No summary and no progress, only what was found.")
def scan(paths: tuple[str, ...], file: str | None, as_json: bool, as_text: bool, verbose: bool, **flags: Any) -> None:
    """Look for forbidden words in mail that lies on disk, and explain what is found.

    PATH is a message, an mbox, a Maildir, any directory of these, or - for standard input. The verdict is the proxy's;
    nothing is changed, nothing is sent, no name is looked up. Exit code 0: nothing found, 1: something would be acted
    on, 2: an error.

    \b
    Example: filterd scan --words words.txt message.eml
             filterd scan --words words.txt --level disguise ~/Maildir
             filterd scan --config /etc/filterd/filterd.toml --json /var/mail/anna | jq .hits
             filterd scan --text message.eml
    """
    quiet, jobs, reveal = flags.pop("quiet"), flags.pop("jobs"), flags.pop("reveal")
    config = _config(file, flags, needs_lists=not as_text)
    output = Output(_style(as_json, verbose, quiet, paths), HITS_SHOWN)
    try:
        if as_text:
            code = Texts(output, config, as_json).show(places(paths))
        else:
            engine = _engine(config, reveal)
            offline = Offline(engine, config.limits.message_octets, config.timeouts.scan, 0 if as_json else HITS_SHOWN)
            code = _scan(config, paths, output, offline, jobs or len(os.sched_getaffinity(0)))
    except KeyboardInterrupt:
        output.close()
        code = 130
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    sys.exit(code)


def _style(as_json: bool, verbose: bool, quiet: bool, paths: Sequence[str]) -> Style:
    return Style(as_json, verbose, quiet, is_single=len(paths) == 1 and not os.path.isdir(paths[0]))


def _config(file: str | None, flags: dict[str, Any], *, needs_lists: bool) -> Config:
    if file is not None:
        given = [f"--{name}" for name, value in flags.items() if value not in (None, ())]
        if given:
            raise click.UsageError(f"{', '.join(given)} cannot go with --config: write it into the file")
        config = load_config(file)
        if needs_lists and not config.wordlist:
            raise click.UsageError(f"{file} names no list: add [[wordlist]], or give --words FILE instead")
        return config
    if needs_lists and not flags["words"]:
        raise click.UsageError("give --words FILE or --config FILE: there is nothing to look for")
    return config_from_flags(words=flags["words"], action=flags["action"] or "reject", level=flags["level"] or "fold")


def _engine(config: Config, reveal: bool) -> Engine:
    lists = parse_lists(config, read_lists(config.wordlist))
    return make_engine(config, lists, today=datetime.now(UTC).date(), reveal=reveal)


def _scan(config: Config, paths: Sequence[str], output: Output, offline: Offline, jobs: int) -> int:
    """Judge everything, tell it, sum it up; the exit code."""
    summary = Summary()
    try:
        with output.progress(paths) as progress:
            for result in results(offline, places(paths), jobs, config.limits.scan_memory_octets):
                summary.add(result)
                output.result(result)
                progress.step(result)
    finally:  # when interrupted, what was done till then
        output.summary(summary)
    return summary.exit_code


def results(offline: Offline, found: Iterator[Place | Trouble], jobs: int, memory: int) -> Iterator[Report | Trouble]:
    """In this process if there is little to do; else in others, where a crash or a hang takes nothing along."""
    first = list(islice(found, FEW_MESSAGES + 1))
    if len(first) <= FEW_MESSAGES and sum(map(_octets, first)) <= FEW_OCTETS:
        for place in first:
            yield place if isinstance(place, Trouble) else offline.report_here(place)
        return
    from filterd.edge.pool import Pool  # late: most scans are of one message

    pool = Pool(offline.report, offline.failed, jobs, offline.seconds, memory)
    try:
        yield from pool.run(chain(first, found))
    finally:
        pool.close()


def _octets(place: Place | Trouble) -> int:
    if isinstance(place, Trouble):
        return 0
    if place.end >= 0:
        return place.end - place.start
    try:
        return os.stat(place.opened).st_size
    except OSError:
        return 0
