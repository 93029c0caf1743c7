"""A real `filterd proxy`, started from a configuration file and stopped with SIGTERM.

`FILTERD_THROUGH=bare` puts a byte relay in its place: the tests that show what filterd prevents must then fail, and
those that show that it changes nothing must pass.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.support.byte_relay import ByteRelay, byte_relay
from tests.support.processes import ROOT, Process, free_port, wait_for

FORBIDDEN = "xyzzyplugh"  # the word that every filterd of these tests refuses
Settings = Mapping[str, object]
DEFAULTS: Settings = {"proxy.workers": 2, "relay.local_domains": ["local.example"]}


def configuration(port: int, upstream: int, settings: Settings) -> str:
    """A configuration file; keys are dotted (`upstream.identity`), values those that TOML and JSON share."""
    values = {
        "proxy.listen": [f"127.0.0.1:{port}"],
        "upstream.address": f"127.0.0.1:{upstream}",
        **DEFAULTS,
        **settings,
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    return "\n".join([*lines, "", "[[wordlist]]", 'file = "words.txt"', 'name = "words"', ""])


class Filterd:
    """A running filterd: `port` is where it listens, `log` what it has written."""

    def __init__(self, home: Path, port: int, upstream: int, settings: Settings, words: Sequence[str]) -> None:
        self.port, self.upstream = port, upstream
        self.words = home / "words.txt"
        self.words.write_text("".join(f"{word}\n" for word in words))
        self.config = home / "filterd.toml"
        self.config.write_text(configuration(port, upstream, settings))
        self.process: Process | None = None
        self._home = home

    def start(self) -> None:
        """Start it and wait until it listens."""
        command = [sys.executable, "-m", "filterd", "proxy", "--config", str(self.config)]
        self.process = Process(command, self._home / "filterd.log", cwd=ROOT)
        self.process.wait_listening(self.port)

    def stop(self) -> None:
        """SIGTERM: it must end by itself, with exit code 0, and must not have lost its composure before."""
        assert self.process
        code = self.process.stop(seconds=20)
        assert "Traceback" not in self.log, self.log
        assert code == 0, f"filterd ended with {code}:\n{self.log}"

    @property
    def log(self) -> str:
        """All it has written so far."""
        return self.process.output if self.process else ""

    def wait_log(self, pattern: str, since: int = 0, seconds: float = 5.0) -> re.Match[str]:
        """The first match of a regular expression in the log after offset `since`."""
        return wait_for(f"{pattern!r} in filterd's log", lambda: re.search(pattern, self.log[since:], re.MULTILINE), seconds)


class Bare:
    """Stands where a filterd would, and relays octets."""

    log = ""

    def __init__(self, relay: ByteRelay) -> None:
        self.port = relay.port

    def wait_log(self, pattern: str, since: int = 0, seconds: float = 5.0) -> re.Match[str]:
        """A byte relay logs nothing."""
        raise AssertionError(f"a byte relay has no log to hold {pattern!r}")


@contextlib.contextmanager
def filterd(
    home: Path,
    upstream: int,
    settings: Settings | None = None,
    words: Sequence[str] = (FORBIDDEN,),
    port: int = 0,
) -> Iterator[Filterd]:
    """A filterd before the MTA at port `upstream`, for the time of a `with` block."""
    port = port or free_port()
    if os.environ.get("FILTERD_THROUGH") == "bare":
        with byte_relay(("127.0.0.1", upstream), port) as relay:
            yield Bare(relay)  # type: ignore[misc]
        return
    home.mkdir(parents=True, exist_ok=True)
    instance = Filterd(home, port, upstream, settings or {}, words)
    try:
        instance.start()
        yield instance
        instance.stop()
    finally:
        if instance.process:
            instance.process.stop(seconds=0)


class Filterds:
    """The filterds of one test module: the same configuration is started once."""

    def __init__(self, home: Path, stack: contextlib.ExitStack) -> None:
        self._home, self._stack = home, stack
        self._running: dict[str, Filterd] = {}
        self._numbers = itertools.count()

    def __call__(self, upstream: int, settings: Settings | None = None, port: int = 0) -> Filterd:
        """A running filterd before that upstream with these settings."""
        key = f"{upstream} {port} {json.dumps(settings)}"
        if key not in self._running:
            home = self._home / f"filterd-{next(self._numbers)}"
            self._running[key] = self._stack.enter_context(filterd(home, upstream, settings, port=port))
        return self._running[key]
