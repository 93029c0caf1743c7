"""The three ledgers kept outside filterd, and the six figures that compare them (docs/architecture.md, "Hold, then send").

Every message carries a token. `told` is what the client heard about it, `committed` what upstream took, `logged` what
filterd wrote in its mail log. A trial is one run of a session under one fault; a campaign is a sum of trials.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

FORBIDDEN = b"xyzzyplugh"
FIGURES = ("LOST", "CONFLICT5", "CONFLICT4", "ALTERED", "LEAK", "DUPWIN")


@dataclass(frozen=True)
class Message:
    """A message of a trial. The content has lines that try transparency: lone dots, double dots, an end without a line end."""

    token: str
    forbidden: bool = False
    lines: int = 0  # of 50 octets, to make it large

    @property
    def content(self) -> bytes:
        """What upstream must commit, octet by octet."""
        word = FORBIDDEN if self.forbidden else b"harmless"
        filler = b".line after line, so that it grows out of memory.\r\n" * self.lines
        return b"Subject: %s\r\n\r\n.\r\n..two\r\n%sa %s word\r\n" % (self.token.encode(), filler, word)

    @property
    def wire(self) -> bytes:
        """The content as the client sends it, end of data included."""
        return (b"\r\n" + self.content).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n"

    @property
    def sender(self) -> bytes:
        """The reverse-path, so that a log line can be told to belong to it."""
        return b"%s@client.example" % self.token.encode()


@dataclass
class Told:
    """What the client heard: `code` is None for nothing. `whole`: it had sent its end of data. `gone`: it left before a reply."""

    code: int | None = None
    whole: bool = False
    gone: bool = False


@dataclass
class Trial:
    """One run: the messages, and what the three ledgers say of each."""

    name: str
    messages: tuple[Message, ...]
    told: dict[str, Told] = field(default_factory=dict)
    committed: list[tuple[str, bytes]] = field(default_factory=list)
    logged: dict[str, list[str]] = field(default_factory=dict)
    final_reply_seen: Counter[str] = field(default_factory=Counter)  # upstream's reply to the end of data reached filterd
    reset_before_dot: set[str] = field(default_factory=set)  # filterd saw the client's RST before its own end of data left
    killed: bool = False  # the worker was killed: what it had sent may have been committed

    def commit(self, content: bytes) -> None:
        """Upstream said 2yz (or was about to) to this content."""
        self.committed.append((token_of(content), content))


@dataclass
class Campaign:
    """The six figures over many trials; what went wrong stays readable."""

    name: str
    trials: int = 0
    messages: int = 0
    delivered: int = 0
    figures: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)  # of DUPWIN
    violations: list[str] = field(default_factory=list)

    def add(self, trial: Trial) -> None:
        """Judge one trial."""
        self.trials += 1
        known = {message.token for message in trial.messages}
        for token, content in trial.committed:
            if token not in known:
                self._count("ALTERED", trial, token, f"upstream has {content[:80]!r}, which nobody sent")
        for message in trial.messages:
            self.messages += 1
            copies = [content for token, content in trial.committed if token == message.token]
            self.delivered += bool(copies)
            self._judge(trial, message, copies)

    def _judge(self, trial: Trial, message: Message, copies: list[bytes]) -> None:
        token, told = message.token, trial.told.get(message.token, Told())
        if any(copy != message.content for copy in copies):
            self._count("ALTERED", trial, token, f"{[copy[-200:] for copy in copies]!r}")
        if any(FORBIDDEN in copy for copy in copies):
            self._count("LEAK", trial, token, "the forbidden word is upstream")
        code_class = (told.code or 0) // 100
        if code_class == 2 and not copies:
            self._count("LOST", trial, token, f"told {told.code}, upstream has nothing")
        elif code_class == 5 and copies:
            self._count("CONFLICT5", trial, token, f"told {told.code}, upstream has it")
        elif code_class != 2 and copies:
            self._explain(trial, token, told)
        if len(copies) > 1:
            self._count("CONFLICT4", trial, token, f"upstream has {len(copies)} copies of what was sent once")

    def _explain(self, trial: Trial, token: str, told: Told) -> None:
        """Not told 2yz, but upstream has it: only three things excuse that."""
        if token in trial.reset_before_dot:
            self._count("CONFLICT4", trial, token, "the client's RST was seen before our end of data")
        elif not trial.final_reply_seen[token] and not trial.killed:
            self._window(trial, token, "upstream's final reply was lost", log="unknown")
        elif trial.killed:
            self._window(trial, token, "the worker was killed after our end of data")
        elif told.gone and told.whole:
            self._window(trial, token, "the client left after its end of data", log="delivered")
        else:
            self._count("CONFLICT4", trial, token, f"told {told.code}, upstream has it and said so")

    def _window(self, trial: Trial, token: str, cause: str, log: str = "") -> None:
        """RFC 5321 §6.1's window: a duplicate is possible, so the log must say what is known."""
        self.figures["DUPWIN"] += 1
        self.causes[cause] += 1
        if log and log not in trial.logged.get(token, []):
            self._count("CONFLICT4", trial, token, f"{cause}, but the log says {trial.logged.get(token)} instead of {log}")

    def _count(self, figure: str, trial: Trial, token: str, why: str) -> None:
        self.figures[figure] += 1
        self.violations.append(f"{figure}: {trial.name}: {token}: {why}")

    def check(self) -> None:
        """Fail with the first violations."""
        assert not self.violations, f"{len(self.violations)} violations\n" + "\n".join(self.violations[:12])

    def dump(self) -> str:
        """For `pytest`'s user properties, which must be plain text to travel between processes."""
        return json.dumps([self.name, self.trials, self.messages, self.delivered, self.figures, self.causes])


def token_of(content: bytes) -> str:
    """The token of a content, or of what is left of one."""
    return content.partition(b"Subject: ")[2].partition(b"\r")[0].decode("latin-1")


def table(dumps: Iterable[str]) -> list[str]:
    """The campaigns summed by what stands before the colon in their names, as lines of text; the sum of all last."""
    rows: dict[str, Counter[str]] = {}
    total: Counter[str] = Counter()
    causes: Counter[str] = Counter()
    for text in dumps:
        name, trials, messages, delivered, figures, why = json.loads(text)
        figures |= {"trials": trials, "messages": messages, "delivered": delivered}
        rows.setdefault(name.partition(":")[0], Counter()).update(figures)
        total.update(figures)
        causes.update(why)
    columns = ("trials", "messages", "delivered", *FIGURES)
    width = max((len(name) for name in rows), default=0) + 2
    lines = [" " * width + "".join(f"{column:>11}" for column in columns)]
    for name, sums in [*rows.items(), ("all", total)]:
        lines.append(f"{name:<{width}}" + "".join(f"{sums[column]:>11,}" for column in columns))
    return lines + [f"DUPWIN, {cause}: {count:,}" for cause, count in sorted(causes.items())]
