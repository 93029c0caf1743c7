"""`make innocent DATA=DIR`: what filterd finds where nothing is to be found.

A thousand words that innocent words contain are looked for in the ham of DIR/mail/ham at every level. What is found at the
levels case and fold must truly stand there as a word: an independent check says so, and what it does not know is listed. What
only the level disguise finds is listed with what stands around it, for a person to judge. Then a profanity list over
attachments that are no text: there must be no hit. Exit code 1 if a hit is unproven, or stands in an attachment.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from filterd.engine import Engine
from filterd.mail.envelope import Envelope
from filterd.policy.content import ContentSettings
from filterd.words.wordlist import parse_wordlist
from tests.innocent import noise
from tests.innocent.naive import Naive, texts
from tests.innocent.words import innocent_words, profanity

ROOT = Path(__file__).resolve().parents[2]
LEVELS = ("case", "fold", "disguise")
AROUND = 40

_engine: list[Engine] = []


def engine(words: list[str]) -> Engine:
    """The same words at every level, each level a list of its own."""
    octets = "\n".join(words).encode()
    lists = [parse_wordlist(octets, name=level, file=level, action="observe", level=level) for level in LEVELS]
    return Engine(lists, ContentSettings(hits=100_000))


@dataclass
class Findings:
    """What was found in some mails."""

    counts: Counter[str] = field(default_factory=Counter)  # hits by level
    proven: Counter[str] = field(default_factory=Counter)
    unproven: list[str] = field(default_factory=list)
    disguised: list[tuple[str, str, str]] = field(default_factory=list)  # entry, view, where and what
    sample: list[str] = field(default_factory=list)


def prepare(words: list[str]) -> None:
    """Once in every process."""
    _engine[:] = [engine(words)]


def look(paths: list[Path]) -> Findings:
    """Judge these mails."""
    found = Findings()
    for path in paths:
        content = path.read_bytes()
        naive = Naive(content)
        hits = _engine[0].judge(content, Envelope(), "REF").hits
        found.counts.update(hit.list for hit in hits)
        folded = {(hit.entry, hit.span) for hit in hits if hit.list == "fold"}
        for hit in hits:
            shown = f"{path.name}: {hit.entry!r} at level {hit.list} in {hit.area} {hit.chain}: {around(content, hit.span)}"
            if hit.list == "disguise":
                if (hit.entry, hit.span) not in folded:
                    found.disguised.append((hit.entry, hit.view, shown))
            elif naive.has(hit.entry):
                found.proven[hit.list] += 1
                found.sample.append(shown)
            else:
                found.unproven.append(shown)
    return found


def around(content: bytes, span: tuple[int, int]) -> str:
    """The octets of a hit between brackets, with what stands around."""
    start, end = span
    before, hit, after = content[max(start - AROUND, 0) : start], content[start:end], content[end : end + AROUND]
    return ascii(before.decode("latin-1") + "[" + hit.decode("latin-1") + "]" + after.decode("latin-1"))[1:-1]


def ham(data: Path) -> list[Path]:
    """The mails, sorted."""
    return sorted(path for path in (data / "mail" / "ham").rglob("*") if path.is_file())


def over_ham(data: Path, jobs: int, console: Console) -> Findings:
    """All of it, in several processes."""
    paths = ham(data)
    read = track(paths[::2], "reading", console=Console(stderr=True))
    words = innocent_words((text for path in read for text in texts(path.read_bytes())[:1]), profanity(data, ROOT))
    console.print(f"{len(words)} words, {len(paths)} mails", highlight=False)
    total = Findings()
    with ProcessPoolExecutor(jobs or None, initializer=prepare, initargs=(words,)) as pool:
        waiting = [pool.submit(look, paths[at : at + 50]) for at in range(0, len(paths), 50)]
        for job in track(waiting, "judging", console=Console(stderr=True)):
            part = job.result()
            total.counts += part.counts
            total.proven += part.proven
            total.unproven += part.unproven
            total.disguised += part.disguised
            total.sample += part.sample
    return total


def show(found: Findings, console: Console) -> None:
    """Counts, a sample of what was proven, all that was not, and what only the level disguise sees."""
    table = Table("level", "hits", "proven", "unproven", title="Ham")
    for level in LEVELS:
        proven = found.proven[level]
        table.add_row(level, *(str(n) for n in (found.counts[level], proven, found.counts[level] - proven)))
    console.print(table)

    def lines(title: str, shown: Iterator[str] | list[str]) -> None:
        console.print(title, style="bold")
        for line in shown:
            console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)

    lines("a sample of what was proven", found.sample[:: max(len(found.sample) // 15, 1)][:15])
    lines(f"{len(found.unproven)} not proven", found.unproven)
    views = Counter(view for _, view, _ in found.disguised)
    entries = Counter(entry for entry, _, _ in found.disguised)
    lines(
        f"{len(found.disguised)} only at the level disguise {dict(views)} {entries.most_common(20)}",
        [s for *_, s in found.disguised],
    )


def over_noise(words: list[str], megabytes: int, console: Console) -> int:
    """Attachments that are no text; answers how many hits."""
    judge = engine(words)
    hits, octets, begun = 0, 0, time.process_time()
    for what, message in track(noise.messages(megabytes * noise.MB), "noise", console=Console(stderr=True)):
        verdict = judge.judge(message, Envelope(), "REF")
        octets += len(message)
        for hit in verdict.hits:
            hits += 1
            line = (
                f"{what}: {hit.entry!r} at level {hit.list} ({hit.view}) in {hit.area} {hit.chain} {hit.span}: {hit.text[:60]!a}"
            )
            console.print(line, markup=False, highlight=False, soft_wrap=True)
        if verdict.conditions:
            console.print(f"{what}: {' '.join(verdict.conditions)}", highlight=False)
    spent = time.process_time() - begun
    console.print(f"{octets / 1e6:.0f} MB of noise, {len(words)} words, {spent:.0f} CPU s: {hits} hits", highlight=False)
    return hits


def main() -> int:
    """Both, as far as they are wanted."""
    parser = argparse.ArgumentParser(prog="python -m tests.innocent", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a folder with mail/ham and lists/ in it")
    parser.add_argument("--only", choices=("ham", "noise"))
    parser.add_argument("--megabytes", type=int, default=200, help="of attachments (default 200)")
    parser.add_argument("--jobs", type=int, default=0, help="processes")
    options = parser.parse_args()
    console, failed = Console(), 0
    if options.only != "noise":
        found = over_ham(options.data, options.jobs, console)
        show(found, console)
        failed += len(found.unproven)
    if options.only != "ham":
        failed += over_noise(profanity(options.data, ROOT), options.megabytes, console)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
