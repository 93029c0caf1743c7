"""Every campaign's figures go into the test's properties, and all of them into the summary at the end of the run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.ledger import Campaign, table

PROPERTY = "ledger"


@pytest.fixture
def campaign(request: pytest.FixtureRequest) -> Iterator[Campaign]:
    """The six figures of one test."""
    name, _, parameters = request.node.name.removeprefix("test_").partition("[")
    found = Campaign(f"{name.replace('_', ' ')}: {parameters.rstrip(']')}".rstrip(": "))
    yield found
    request.node.user_properties.append((PROPERTY, found.dump()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table to quote."""
    reports = [report for found in terminalreporter.stats.values() for report in found if hasattr(report, "user_properties")]
    dumps = [
        text for report in reports if report.when == "teardown" for name, text in report.user_properties if name == PROPERTY
    ]
    if dumps:
        terminalreporter.section("ledger under faults")
        for line in table(sorted(dumps)):
            terminalreporter.write_line(line)
