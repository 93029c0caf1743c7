"""A pytest plugin (`-p scripts.no_skips`): a test that was expected to run and was skipped fails the run.

An MTA that could not be installed would otherwise turn half of the proof into silence. What may be skipped stands
in ALLOWED, with the reason.
"""

from __future__ import annotations

from fnmatch import fnmatch

import pytest

# pattern over node ids → why it may be skipped in continuous integration
ALLOWED: dict[str, str] = {
    "tests/test_packaging.py::*systemd_analyze*": "systemd is not part of a container",
}


def is_allowed(node: str) -> bool:
    """May this test (or test file) be skipped?"""
    return any(fnmatch(node, pattern) for pattern in ALLOWED)


class NoSkips:
    """Collects what was skipped, and turns the run red if it should have run."""

    def __init__(self) -> None:
        self.skipped: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test, its set-up or its tear-down ended."""
        if report.skipped and not hasattr(report, "wasxfail"):
            self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file was read; it may have skipped itself as a whole."""
        if report.skipped:
            self._note(report)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Runs before pytest takes the exit status."""
        if self.skipped and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say which, and why, before pytest's last line."""
        if self.skipped:
            terminalreporter.section("skipped, but expected to run: this fails the run", red=True)
            for node, reason in sorted(self.skipped.items()):
                terminalreporter.line(f"{node}: {reason}")

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if not is_allowed(report.nodeid):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            self.skipped[report.nodeid] = reason.removeprefix("Skipped: ")


def pytest_configure(config: pytest.Config) -> None:
    """In the process that reports; workers of xdist only run tests."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(NoSkips(), "no-skips")
