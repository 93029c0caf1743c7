"""Runs CPython's own test_smtplib with filterd between its clients and its servers (`python -m tests.peers.run_smtplib`)."""

from __future__ import annotations

import smtplib
import socket
import unittest
import warnings
from typing import Any

from tests.peers.switchboard import Switchboard


class Outcomes(unittest.TestResult):
    """How each test ended, by its name."""

    def __init__(self) -> None:
        super().__init__()
        self.outcomes: dict[str, str] = {}

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self.outcomes[test.id()] = "passed"

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:
        super().addFailure(test, err)
        self.outcomes[test.id()] = "failed"

    def addError(self, test: unittest.TestCase, err: Any) -> None:
        super().addError(test, err)
        self.outcomes[test.id()] = "failed"

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: Any) -> None:
        super().addSubTest(test, subtest, err)
        if err:
            self.outcomes[test.id()] = "failed"

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        super().addSkip(test, reason)
        self.outcomes[test.id()] = "skipped"


def redirect(switchboard: Switchboard) -> None:
    """Every SMTP client that opens a real socket is sent through filterd."""
    get_socket = smtplib.SMTP._get_socket

    def through(self: smtplib.SMTP, host: str, port: int, timeout: float) -> Any:
        if smtplib.socket is socket:  # some tests put a mock there, which reaches no network
            host, port = switchboard.to((host, port))
        return get_socket(self, host, port, timeout)

    smtplib.SMTP._get_socket = through


def main() -> None:
    """Run all of it and write down the outcomes."""
    warnings.simplefilter("ignore")
    from test import test_smtplib

    switchboard = Switchboard()
    redirect(switchboard)
    result = Outcomes()
    unittest.defaultTestLoader.loadTestsFromModule(test_smtplib).run(result)
    for test, text in (*result.failures, *result.errors):
        print(f"--- {test.id()}\n{text}")
    switchboard.report(result.outcomes)


if __name__ == "__main__":
    main()
