"""Results of a scan for people, plain or on a terminal, and for programs; the bar that shows how far it is.

Everything that comes from mail or from a file's name goes through `harmless` on its way to people; JSON escapes by itself.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from filterd.cli.harmless import one_line
from filterd.cli.scan_lines import Line, report_lines
from filterd.cli.scan_summary import Summary
from filterd.edge.offline import Report
from filterd.policy.verdict import Hit
from filterd.store.places import Trouble, total_octets

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

PATIENCE_SECONDS = 2.0  # before a bar is worth its line
_STEP_SECONDS = 0.1
_FLUSH_SECONDS = 0.5  # whoever reads our output sees it while the scan goes on


@dataclass(frozen=True, slots=True)
class Style:
    """How results are told."""

    as_json: bool = False
    verbose: bool = False
    quiet: bool = False
    is_single: bool = False  # one file was asked about: it is told of in any case, unless it is an mbox


class Output:
    """One for a scan. Colours and the bar only where a terminal is; rich is loaded only then."""

    def __init__(self, style: Style, hits_shown: int) -> None:
        self._style = style
        self._hits_shown = hits_shown
        self._screen: Console | None = _console(stderr=False) if sys.stdout.isatty() else None
        self._bar: Bar | None = None
        self._flushed = time.monotonic()

    def result(self, result: Report | Trouble) -> None:
        """Tell it, if there is anything to tell."""
        if isinstance(result, Trouble):
            self.error(f"{result.path}: {result.what} → {result.cure}")
            return
        if result.error:
            self.error(f"{result.place.path}: could not be scanned ({result.error}) → tell filterd's authors, with the message")
        if self._style.as_json:
            self.json(report_object(result))
        elif result.alarm or self._style.verbose or (self._style.is_single and not result.place.number):
            for line in report_lines(result, self._hits_shown):
                self.line(line)

    def json(self, value: dict[str, Any]) -> None:
        """One line. Lone surrogates, as in file names that are not UTF-8, are escaped as any letter is."""
        self.line([("", json.dumps(value, separators=(",", ":")))])

    def line(self, line: Line) -> None:
        """Fragments, (style, text) each, that are harmless already."""
        if self._screen is None:
            sys.stdout.write("".join([text for _, text in line]) + "\n")
            now = time.monotonic()
            if now - self._flushed > _FLUSH_SECONDS:
                sys.stdout.flush()
                self._flushed = now
        else:
            from rich.text import Text

            self._screen.print(Text.assemble(*((text, style) for style, text in line)), soft_wrap=True)

    def error(self, text: str) -> None:
        """A line on stderr."""
        self._say(f"filterd: {one_line(text)}")

    def summary(self, summary: Summary) -> None:
        """On stderr, so that stdout holds results only."""
        sys.stdout.flush()
        if not self._style.quiet:
            for line in summary.lines():
                self._say(line)

    def _say(self, line: str) -> None:
        if self._bar is not None and self._bar.console is not None:
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            print(line, file=sys.stderr)

    @contextmanager
    def progress(self, paths: Sequence[str]) -> Iterator[Bar]:
        """While it lasts, `step` after each result."""
        wanted = sys.stderr.isatty() and not self._style.quiet
        self._bar = Bar(paths, self._screen or _console(stderr=True) if wanted else None)
        try:
            yield self._bar
        finally:
            self._bar.close()
            self._bar = None

    def close(self) -> None:
        """Nothing more will come."""
        sys.stdout.flush()


class Bar:
    """A progress bar that comes up when the work turns out to be long. What there is in all is found out beside the work."""

    def __init__(self, paths: Sequence[str], console: Console | None) -> None:
        self.console = console
        self._paths = paths
        self._started = self._shown = time.monotonic()
        self._messages = self._octets = 0
        self._progress: Progress | None = None
        self._total: int | None = None

    def step(self, result: Report | Trouble) -> None:
        """One more is done."""
        if isinstance(result, Report):
            self._messages += 1
            self._octets += result.octets
        now = time.monotonic()
        if self.console is not None and now - self._shown > _STEP_SECONDS:
            self._shown = now
            if self._progress is not None or now - self._started > PATIENCE_SECONDS:
                self._show(now)

    def _show(self, now: float) -> None:
        if self._progress is None:
            self._progress = self._begin()
        rate = f"{self._messages / (now - self._started):,.0f}/s"
        self._progress.update(
            self._progress.task_ids[0], completed=self._octets, total=self._total, messages=self._messages, rate=rate
        )

    def _begin(self) -> Progress:
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

        threading.Thread(target=self._measure, daemon=True).start()
        progress = Progress(
            TextColumn("{task.fields[messages]:,} messages"),
            BarColumn(),
            DownloadColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(compact=True),
            console=self.console,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        progress.add_task("scan", total=None, messages=0, rate="")
        progress.start()
        return progress

    def _measure(self) -> None:
        try:
            self._total = total_octets(self._paths)
        except OSError:
            self._total = None  # something vanished meanwhile: a bar without an end

    def close(self) -> None:
        """Take it away again."""
        if self._progress is not None:
            self._progress.stop()


def report_object(report: Report) -> dict[str, Any]:
    """The JSON object of one message; docs/scan.md has its keys."""
    found: dict[str, Any] = {
        "path": report.place.path,
        "action": report.action,
        "score": report.score,
        "hits": [_hit_object(hit) for hit in report.hits],
        "lists": [dataclasses.asdict(one) for one in report.lists],
        "would": report.would,
        "conditions": report.conditions,
        "alarm": report.alarm,
        "offset": report.place.start,
        "octets": report.octets,
    }
    return {**found, "error": report.error} if report.error else found


def _hit_object(hit: Hit) -> dict[str, Any]:
    return {
        "list": hit.list,
        "file": hit.file,
        "line": hit.line,
        "entry": hit.entry,
        "part": hit.part,
        "area": hit.area,
        "view": hit.view,
        "weight": hit.weight,
        "text": hit.text,
        "span": hit.span,
        "field": hit.field,
        "chain": hit.chain,
        "reading": hit.reading,
        "alternative": hit.alternative,
        "masked": hit.masked,
    }


def _console(*, stderr: bool) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, markup=False, soft_wrap=True)
