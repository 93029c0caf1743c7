"""The two peers whose own suites are run through filterd, and how each is started."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.processes import ROOT

HERE = Path(__file__).parent
AIOSMTPD_MODULES = ("smtp", "lmtp", "smtpsmuggling", "handlers", "starttls", "smtps")


@dataclass(frozen=True)
class Result:
    """Outcomes by test, how many connections came through, and what the suite printed."""

    outcomes: dict[str, str]
    connections: int
    output: str

    @property
    def failed(self) -> set[str]:
        """The tests that failed."""
        return {name for name, outcome in self.outcomes.items() if outcome == "failed"}


def aiosmtpd_command() -> list[str]:
    """aiosmtpd ships its tests in its wheel."""
    for module in ("aiosmtpd", "pytest_mock", "trustme", "pkg_resources"):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"the Python module {module} is not installed")
    modules = [f"aiosmtpd.tests.test_{name}" for name in AIOSMTPD_MODULES]
    options = ["-q", "--durations=6", "-rfE", "--tb=short", "-c", os.devnull, "-p", "no:cacheprovider", "-p", "no:xdist"]
    return [sys.executable, "-m", "pytest", *options, "-p", "tests.peers.aiosmtpd_plugin", "--pyargs", *modules]


def smtplib_command() -> list[str]:
    """CPython's tests come with some interpreters, and with Debian's libpython3.x-testsuite for its own."""
    script = "import test.test_smtplib"
    for python in (sys.executable, "/usr/bin/python3"):
        path = shutil.which(python)
        if path and subprocess.run([path, "-W", "ignore", "-c", script], capture_output=True).returncode == 0:
            return [path, "-W", "ignore", "-m", "tests.peers.run_smtplib"]
    pytest.skip("test.test_smtplib is not installed (Debian: libpython3.11-testsuite)")


COMMANDS = {"aiosmtpd": aiosmtpd_command, "smtplib": smtplib_command}


def run(suite: str, via: int, switchboard: int, directory: Path) -> Result:
    """A suite to its end; `via` is the port that its clients are sent to.

    aiosmtpd's suite has a fixed port of its own; where somebody held it for a moment, the run says nothing and is repeated.
    """
    for _ in range(3):
        result = _run(suite, via, switchboard, directory)
        if "address already in use" not in result.output:
            break
    return result


def _run(suite: str, via: int, switchboard: int, directory: Path) -> Result:
    results = directory / f"{suite}.json"
    ports = {"PEERS_VIA": str(via), "PEERS_SWITCHBOARD": str(switchboard), "PEERS_RESULTS": str(results)}
    environment = {**os.environ, **ports, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""}
    for name in [name for name in environment if name.startswith("PYTEST_XDIST")]:
        del environment[name]
    command = COMMANDS[suite]()
    done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, timeout=300, check=False)
    output = done.stdout + done.stderr
    (directory / f"{suite}.out").write_text(output)
    assert results.exists(), output
    found = json.loads(results.read_text())
    return Result(found["outcomes"], found["connections"], output)


def expected_failures(suite: str) -> dict[str, str]:
    """`expected/<suite>.txt`: a test, blanks, and after `#` the reason why it cannot pass through a filter."""
    lines = (HERE / "expected" / f"{suite}.txt").read_text().splitlines()
    pairs = [line.partition(" # ") for line in lines if line and not line.startswith("#")]
    return {name.strip(): reason.strip() for name, _, reason in pairs}
