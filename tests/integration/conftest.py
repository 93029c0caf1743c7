"""The MTAs, started once for all tests that need them, and filterd, started once a module for each configuration."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from tests.support.postfix import Postfix, postfix
from tests.support.processes import free_port
from tests.support.proxy import Filterds
from tests.support.sendmail import Sendmail, sendmail

# The port where filterd stands between the front Postfix and the second one; both must know it beforehand.
BEHIND_FRONT = free_port()


def _map(*pairs: str) -> str:
    return "inline:{ " + ", ".join(f"{{ {pair} }}" for pair in pairs) + " }"


SERVICES = {
    "plain": {},
    "xclient": {"smtpd_authorized_xclient_hosts": "127.0.0.1", "mynetworks": "127.0.0.1"},
    "proxied": {"smtpd_upstream_proxy_protocol": "haproxy", "mynetworks": "127.0.0.1"},
    "impatient": {"smtpd_timeout": "3s"},
    "small": {"message_size_limit": "20000"},
    "seven": {"smtpd_discard_ehlo_keywords": "8bitmime, smtputf8, dsn"},
    "strict": {
        "smtpd_sender_restrictions": "check_sender_access "
        + _map("never@refused.example = 554 5.7.1 We do not like you", "later@refused.example = 450 4.7.1 Later please"),
        "smtpd_recipient_restrictions": "check_recipient_access "
        + _map("never@local.example = 551 5.1.6 Moved away", "later@local.example = 452 4.2.2 Mailbox full")
        + ", permit_mynetworks, reject",
        "smtpd_data_restrictions": "check_sender_access " + _map("nodata@refused.example = 554 5.5.0 No data of yours"),
        "smtpd_end_of_data_restrictions": "check_sender_access "
        + _map("nodot@refused.example = 554 5.6.9 Seen and refused", "busy@refused.example = 451 4.3.9 Ask again"),
    },
    "second": {
        "smtpd_authorized_xforward_hosts": "127.0.0.1",
        "smtpd_recipient_restrictions": "check_recipient_access "
        + _map("never@local.example = 551 5.1.6 Moved away")
        + ", permit_mynetworks, reject",
    },
    "front": {"smtpd_proxy_filter": f"127.0.0.1:{BEHIND_FRONT}", "smtpd_proxy_timeout": "20s"},
}


@pytest.fixture(scope="session")
def mta() -> Iterator[Postfix]:
    """One Postfix with a port for each of SERVICES."""
    with postfix(SERVICES) as instance:
        yield instance


@pytest.fixture(scope="session")
def sendmail_mta() -> Iterator[Sendmail]:
    """One Sendmail with its two ports."""
    with sendmail() as instance:
        yield instance


@pytest.fixture(scope="module")
def filterds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filterds]:
    """Starts a filterd on demand; each must have stopped in good order when the module ends."""
    with contextlib.ExitStack() as stack:
        yield Filterds(tmp_path_factory.mktemp("filterd"), stack)
