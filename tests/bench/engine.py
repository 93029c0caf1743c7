"""`make bench-engine DATA=DIR`: what it costs to judge a message, beside SpamAssassin and beside the bare automaton.

10,000 entries of a fixed seed; real messages of DIR/mail, the first 500 by name of each kind. Each message is judged several
times and its best time counts, in CPU time and by the clock; the figure is the median over the messages. SpamAssassin gets a
`body` rule for each entry and runs in one Perl process (Debian's package; without it that column stays empty). The automaton
alone searches the text that filterd reads, made lower case beforehand.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import ahocorasick
from rich.console import Console
from rich.table import Table

from filterd.engine import Engine
from filterd.mail.envelope import Envelope
from filterd.words.wordlist import parse_wordlist
from tests.bench import report
from tests.bench.engine_samples import corpus, decoded_text, entries, large_attachment

LEVELS = ("fold", "disguise")
PLAIN_MS, ALTERNATIVE_MS, LARGE_SECONDS = 0.25, 0.6, 1.5
LARGE = 25_000_000
ASSASSIN_SETTINGS = "loadplugin Mail::SpamAssassin::Plugin::Check\nutil_rb_tld com net org\n"
ASSASSINATED = 40  # messages that SpamAssassin is given: it is slow

Judge = Callable[[bytes], object]


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds a message, the best of some runs each: CPU time and by the clock."""

    cpu: list[float]
    wall: list[float]

    @property
    def milliseconds(self) -> float:
        """The median CPU time."""
        return statistics.median(self.cpu) * 1e3

    def __str__(self) -> str:
        return f"{self.milliseconds:.3f} ({statistics.median(self.wall) * 1e3:.3f})"


def timed(judge: Judge, messages: Sequence[bytes], runs: int) -> Times:
    """The best of `runs` of each message."""
    cpu, wall = [], []
    for message in messages:
        best_cpu = best_wall = float("inf")
        for _ in range(runs):
            begun, clock = time.process_time(), time.perf_counter()
            judge(message)
            best_cpu = min(best_cpu, time.process_time() - begun)
            best_wall = min(best_wall, time.perf_counter() - clock)
        cpu.append(best_cpu)
        wall.append(best_wall)
    return Times(cpu, wall)


def judge_at(level: str, words: Sequence[str]) -> Judge:
    """The engine with all words at this level."""
    wordlist = parse_wordlist("\n".join(words).encode(), name="bench", file="bench.txt", action="observe", level=level)
    engine = Engine([wordlist])
    return lambda message: engine.judge(message, Envelope(), "REF")


def bare_automaton(words: Sequence[str]) -> Callable[[str], int]:
    """pyahocorasick over text, nothing else."""
    automaton = ahocorasick.Automaton()
    for word in words:
        automaton.add_word(word, word)
    automaton.make_automaton()
    return lambda text: sum(1 for _ in automaton.iter(text))


def assassin_times(words: Sequence[str], messages: Sequence[bytes]) -> Times | None:
    """SpamAssassin's `body` rules of the same words, or None if it is not installed."""
    perl = shutil.which("perl")
    if not perl or subprocess.run([perl, "-MMail::SpamAssassin", "-e1"], capture_output=True, check=False).returncode:
        return None
    with tempfile.TemporaryDirectory(prefix="filterd-bench-") as name:
        home = Path(name)
        rules = ASSASSIN_SETTINGS + "".join(
            f"body W_{n} /\\b{re.escape(word)}\\b/i\nscore W_{n} 0.01\n" for n, word in enumerate(words)
        )
        (home / "words.cf").write_text(rules, encoding="utf-8")
        for number, message in enumerate(messages):
            (home / f"{number:04}.eml").write_bytes(message.replace(b"\r\n", b"\n"))
        files = sorted(str(path) for path in home.glob("*.eml"))
        script = str(Path(__file__).with_name("spamassassin_body.pl"))
        done = subprocess.run([perl, script, str(home), *files[:1], *files], capture_output=True, text=True, check=False)
    rows = [line.split() for line in done.stdout.splitlines()[1:]]
    if len(rows) != len(messages):
        print(f"SpamAssassin failed: {done.stderr.strip()[-500:]}", file=sys.stderr)
        return None
    return Times([float(cpu) for cpu, _, _ in rows], [float(wall) for _, wall, _ in rows])


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that was measured of one kind of message."""

    name: str
    messages: int
    octets: int
    levels: dict[str, Times]
    bare: Times
    assassin: Times | None


def figures(name: str, messages: list[bytes], words: list[str], judges: dict[str, Judge], runs: int, assassin: bool) -> Figures:
    """Every way to judge these messages."""
    texts = [decoded_text(message) for message in messages]
    search = bare_automaton(words)
    return Figures(
        name,
        len(messages),
        sum(map(len, messages)),
        {level: timed(judge, messages, runs) for level, judge in judges.items()},
        timed(search, texts, runs),  # type: ignore[arg-type]
        assassin_times(words, messages[:ASSASSINATED]) if assassin else None,
    )


def small_table(found: Sequence[Figures]) -> Table:
    """Milliseconds a message."""
    table = Table("messages", "octets, median", "fold", "disguise", "automaton alone", "SpamAssassin body rules")
    table.title = "Milliseconds a message: median CPU time (by the clock)"
    for row in found:
        size = f"{row.octets // max(row.messages, 1):,}"
        levels = [str(row.levels[level]) for level in LEVELS]
        table.add_row(f"{row.messages} {row.name}", size, *levels, str(row.bare), str(row.assassin or "not run"))
    return table


def whole_table(name: str, messages: list[bytes], words: list[str], judges: dict[str, Judge], assassin: Times | None) -> Table:
    """Messages and octets a second of one core, over everything."""
    octets = sum(map(len, messages))
    table = Table(
        "what", "messages/s", "MB/s", "CPU s", title=f"{name}: {len(messages)} messages, {octets / 1e6:.1f} MB, one core"
    )
    for level, judge in judges.items():
        seconds = sum(timed(judge, messages, 1).cpu)
        table.add_row(f"filterd, {level}", f"{len(messages) / seconds:,.0f}", f"{octets / seconds / 1e6:.1f}", f"{seconds:.2f}")
    texts = [decoded_text(message) for message in messages]
    seconds = sum(timed(bare_automaton(words), texts, 1).cpu)  # type: ignore[arg-type]
    table.add_row("automaton alone", f"{len(messages) / seconds:,.0f}", f"{octets / seconds / 1e6:.1f}", f"{seconds:.2f}")
    if assassin:
        seconds = statistics.mean(assassin.cpu)
        table.add_row("SpamAssassin, of its sample", f"{1 / seconds:,.0f}", "", "")
    return table


def targets(small: Sequence[Figures], large: float) -> list[report.Target]:
    """What was promised, at the level fold."""
    plain, alternative = (figure.levels["fold"].milliseconds for figure in small)
    return [
        report.Target("plain, 4 to 6 KB", f"< {PLAIN_MS} ms", f"{plain:.3f} ms", plain < PLAIN_MS),
        report.Target("alternative, 6 KB", f"< {ALTERNATIVE_MS} ms", f"{alternative:.3f} ms", alternative < ALTERNATIVE_MS),
        report.Target("25 MB of text in base64", f"< {LARGE_SECONDS} s", f"{large:.2f} s", large < LARGE_SECONDS),
    ]


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python tests/bench/engine.py", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a folder with mail/ham and mail/spam in it")
    parser.add_argument("--runs", type=int, default=5, help="runs of each message of which the best counts (default 5)")
    parser.add_argument("--no-assassin", action="store_true", help="without SpamAssassin, which takes minutes")
    parser.add_argument("--no-corpus", action="store_true", help="without the whole corpus")
    return parser.parse_args()


def main() -> None:
    """Measure, tell."""
    options = arguments()
    console = Console(width=None if sys.stdout.isatty() else 130)
    words = entries()
    console.print("  ".join(f"{name} {value}" for name, value in report.machine().items()))
    console.print(f"{len(words):,} entries; other processes take their share: load {os.getloadavg()[0]:.1f}", highlight=False)
    mail = corpus(options.data)
    judges = {level: judge_at(level, words) for level in LEVELS}
    kinds = (("plain", mail.plain), (f"alternative, {mail.real_alternatives} of them real", mail.alternative))
    small = [figures(name, messages, words, judges, options.runs, not options.no_assassin) for name, messages in kinds]
    console.print(small_table(small))
    if not options.no_corpus:
        console.print(whole_table("whole corpus", mail.all, words, judges, small[0].assassin))
    attachment = large_attachment(mail.all, LARGE)
    large = {level: timed(judge, [attachment], 2) for level, judge in judges.items()}
    text = decoded_text(attachment)
    bare = timed(bare_automaton(words), [text], 2)  # type: ignore[arg-type]
    shown = ", ".join(f"{level} {times.milliseconds / 1e3:.2f} s" for level, times in large.items())
    console.print(f"25 MB of text in base64: {shown}, automaton alone {bare.milliseconds / 1e3:.2f} s", highlight=False)
    report.show_targets(console, targets(small, large["fold"].milliseconds / 1e3))


if __name__ == "__main__":
    main()
