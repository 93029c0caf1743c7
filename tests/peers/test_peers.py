"""Other projects' own suites, with filterd between their clients and their servers.

Each suite is run once more through a byte relay in filterd's place: what fails there is not filterd's doing. What fails
through filterd stands in `expected/`, each with its reason; a test that fails and is not listed, or is listed and
passes, fails here. docs/peers.md tells the same for people.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.peers.suites import COMMANDS, Result, expected_failures, run
from tests.support.processes import free_port
from tests.support.proxy import filterd

pytestmark = [pytest.mark.peers, pytest.mark.xdist_group("peers")]

TESTS = {"aiosmtpd": 361, "smtplib": 82}
FAIL_THROUGH_BYTES = {"aiosmtpd": 4, "smtplib": 0}  # four that assert the address of the connecting socket
CONNECTIONS = {"aiosmtpd": 300, "smtplib": 50}  # at least; the others use mocks or never connect
# Not relayed yet, or only so far as it is safe in clear text: whole groups are left out of the share that must pass.
LEFT_OUT = {
    "aiosmtpd": r"test_lmtp::|test_starttls::|test_smtps::|Test(SMTPAuth|Auth\w+|RequiredAuthentication)::",
    "smtplib": r"LMTP|AUTH|[Aa]uth|testEHLO",
}
# Short time limits for the two tests whose client or server falls silent.
SETTINGS = {
    "relay.relay_clients": ["127.0.0.0/8", "::1/128"],
    "proxy.workers": 1,
    "timeouts.data": 3,
    "timeouts.upstream_greeting": 2,
}


@pytest.fixture(scope="module", params=list(COMMANDS))
def suite(request: pytest.FixtureRequest) -> str:
    """One of the suites."""
    return request.param


@pytest.fixture(scope="module")
def through_bytes(suite: str, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The suite through the switchboard alone."""
    port = free_port()
    return run(suite, port, port, tmp_path_factory.mktemp("bytes"))


@pytest.fixture(scope="module")
def through_filterd(suite: str, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The suite through filterd and the switchboard."""
    home: Path = tmp_path_factory.mktemp("filterd")
    switchboard = free_port()
    with filterd(home, switchboard, SETTINGS) as proxy:
        return run(suite, proxy.port, switchboard, home)


def test_the_method_itself_changes_nothing(suite: str, through_bytes: Result) -> None:
    """Through a byte relay the suite passes as it does without: the figures are filterd's, not the method's."""
    assert len(through_bytes.outcomes) == TESTS[suite]
    assert len(through_bytes.failed) == FAIL_THROUGH_BYTES[suite], through_bytes.output
    assert through_bytes.connections >= CONNECTIONS[suite]


def test_exactly_the_listed_tests_fail(suite: str, through_filterd: Result) -> None:
    """Every failure through filterd is known, and has a reason."""
    assert len(through_filterd.outcomes) == TESTS[suite]
    assert through_filterd.failed == set(expected_failures(suite)), through_filterd.output


def test_what_is_relayed_passes(suite: str, through_bytes: Result, through_filterd: Result) -> None:
    """At least 95 % pass of the tests that pass through a byte relay and concern what filterd relays."""
    counted = {
        name for name in through_filterd.outcomes if not re.search(LEFT_OUT[suite], name) and name not in through_bytes.failed
    }
    passed = counted - through_filterd.failed
    print(f"{suite}: {len(passed)} of {len(counted)} ({len(passed) / len(counted):.1%})")
    assert len(passed) / len(counted) >= 0.95
