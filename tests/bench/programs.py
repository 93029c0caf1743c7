"""The programs of a run: the sink, filterd, the reference relay; each started, found listening, and taken down again."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.processes import tree
from tests.support.processes import ROOT, free_port, program, running

HOST = "127.0.0.1"
SESSIONS = 1500
_CONFIG = """\
[proxy]
listen = ["{host}:{port}"]
workers = {workers}

[upstream]
address = "{host}:{upstream}"

[[wordlist]]
file = "{words}"

[limits]
sessions = {sessions}
sessions_per_address = {sessions}

[log]
to = "stderr"
"""


@dataclass(frozen=True)
class Subject:
    """Something that mail can be sent to: the sink itself, or what stands before it."""

    name: str
    port: int
    root_pid: int = 0
    log: Path | None = None

    @property
    def pids(self) -> list[int]:
        """Its processes, the first one first."""
        return tree(self.root_pid) if self.root_pid else []

    @property
    def log_tail(self) -> str:
        """The last it has said, for when something went wrong."""
        return self.log.read_text(errors="replace")[-2000:] if self.log else ""


Start = contextlib.AbstractContextManager[Subject]


@dataclass(frozen=True)
class Setting:
    """What the subjects are started with."""

    directory: Path
    words: Path
    workers: int = 2


@contextlib.contextmanager
def sink(directory: Path) -> Iterator[Subject]:
    """smtp-sink, taking everything."""
    port = free_port()
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    command = [program("smtp-sink"), *user, "-m", "4000", f"{HOST}:{port}", "1000"]
    with running(*command, log=directory / "sink.log", ports=(port,)):
        yield Subject("direct", port)


@contextlib.contextmanager
def forking_sink(directory: Path) -> Iterator[Subject]:
    """An upstream in which no session waits for another."""
    port = free_port()
    command = [sys.executable, str(ROOT / "tests/bench/forking_sink.py"), str(port)]
    with running(*command, log=directory / "forking_sink.log", ports=(port,)):
        yield Subject("direct", port)


@contextlib.contextmanager
def filterd(setting: Setting, upstream: Subject) -> Iterator[Subject]:
    """The daemon itself, as an administrator starts it."""
    port = free_port()
    config = setting.directory / "filterd.toml"
    config.write_text(
        _CONFIG.format(
            host=HOST,
            port=port,
            workers=setting.workers,
            upstream=upstream.port,
            words=setting.words,
            sessions=SESSIONS,
        )
    )
    command = [sys.executable, "-m", "filterd", "proxy", "--config", str(config)]
    with running(*command, log=setting.directory / "filterd.log", ports=(port,), cwd=ROOT) as process:
        yield Subject("filterd", port, process.child.pid, process.log)


@contextlib.contextmanager
def reference(setting: Setting, upstream: Subject, scanning: bool) -> Iterator[Subject]:
    """The bare relay, or the same with an automaton run over what passes."""
    port = free_port()
    name = "relay+scan" if scanning else "relay"
    command = [sys.executable, str(ROOT / "tests/bench/reference.py"), f"--listen={port}"]
    command += [f"--upstream={upstream.port}", f"--workers={setting.workers}"]
    command += [f"--words={setting.words}"] if scanning else []
    with running(*command, log=setting.directory / f"{name}.log", ports=(port,)) as process:
        yield Subject(name, port, process.child.pid, process.log)
