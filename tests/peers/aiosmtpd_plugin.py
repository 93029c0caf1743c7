"""A pytest plugin (`-p tests.peers.aiosmtpd_plugin`) that puts filterd between aiosmtpd's tests and their servers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.peers.switchboard import Switchboard
from tests.support.processes import free_port

_switchboard = Switchboard()
_outcomes: dict[str, str] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After collection aiosmtpd's conftest is loaded: its one place that says where the server is, is replaced.

    So is the port where all its servers listen, 8025, since two runs on one machine would want it.
    """
    from aiosmtpd.tests.conftest import Global, HostPort

    HostPort.__new__.__defaults__ = ("localhost", free_port())

    def set_addr_from(cls: type, controller: Any) -> None:
        cls.SrvAddr = HostPort(*_switchboard.to((controller.hostname, controller.port)))

    Global.set_addr_from = classmethod(set_addr_from)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """A test counts as failed if its set-up, its call or its tear-down failed."""
    module = Path(report.location[0]).stem
    name = f"{module}::{report.nodeid.partition('::')[2]}"
    if report.failed or report.when == "call" or report.skipped:
        _outcomes[name] = "failed" if _outcomes.get(name) == "failed" else report.outcome


def pytest_sessionfinish() -> None:
    """Write down the outcomes."""
    _switchboard.report(_outcomes)
