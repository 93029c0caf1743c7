"""An upstream that fails in every way it can, at every step: what the client is told, and that no ledger contradicts another."""

from __future__ import annotations

import asyncio
import socket

import pytest

from filterd.smtp import keywords
from tests.ledger.street import Street
from tests.ledger.test_sockets import trial_of
from tests.support.ledger import Campaign, Trial
from tests.support.mta import CLOSE, EVERYTHING, HANG, RESET, Script, Step

DOT = b"250 2.0.0 Ok: queued\r\n"
STEPS = ("connect", "EHLO", "MAIL", "RCPT", "DATA", ".")


def codes(script: Script | None, campaign: Campaign, *, connect_to: int = 0) -> tuple[Trial, list[int]]:
    """One session of three messages (clean, forbidden, clean) against that upstream; every reply code the client heard."""
    trial = trial_of(script)

    async def main() -> list[int]:
        async with Street(script, connect_to=connect_to) as street:
            await street.run(trial, silent=True)
            return [int(line[:3]) for line in street.heard if line[3:4] != b"-"]

    heard = asyncio.run(main())
    campaign.add(trial)
    campaign.check()
    return trial, heard


def told(trial: Trial) -> list[int | None]:
    """What the client heard about each message."""
    return [trial.told[message.token].code for message in trial.messages]


def test_upstream_refuses_connections(campaign: Campaign) -> None:
    """Nobody listens: the client hears 421 instead of a greeting."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # bound, but not listening
        _, heard = codes(None, campaign, connect_to=silent.getsockname()[1])
    assert heard == [421]


def test_upstream_is_a_black_hole(campaign: Campaign) -> None:
    """The connection is never made: the client hears 421 within the time limit for connecting."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):  # the only place in the queue
            _, heard = codes(None, campaign, connect_to=port)
    assert heard == [421]


@pytest.mark.parametrize(
    ("greeting", "heard"),
    [
        (Step(then=HANG), [421]),
        (Step(b"421 4.3.2 Not now\r\n", CLOSE), [421]),
        (Step(b"554 5.7.1 Never\r\n"), [554]),
        (Step(b"220-many\r\n220 lines\r\n", slowly=True), None),
        (Step(b"SSH-2.0-OpenSSH_9.2\r\n"), [421]),
    ],
    ids=["silence", "421", "554", "slow", "not SMTP"],
)
def test_greeting(greeting: Step, heard: list[int] | None, campaign: Campaign) -> None:
    """Upstream's greeting, or 421 where there is none that a client could be shown."""
    trial, found = codes({"connect": greeting}, campaign)
    assert found == heard if heard else told(trial) == [250, 550, 250]


@pytest.mark.parametrize("then", [CLOSE, RESET, HANG])
@pytest.mark.parametrize("verb", STEPS)
def test_upstream_dies(verb: str, then: str, campaign: Campaign) -> None:
    """Whichever command it dies of, nothing is upstream and the client hears no 2yz about a message."""
    trial, heard = codes({verb: Step(then=then)}, campaign)
    assert not trial.committed
    assert not any(code and code < 400 for code in told(trial))
    assert heard[-1] in (421, 451, 221)


@pytest.mark.parametrize("verb", STEPS[1:])
def test_upstream_dies_once(verb: str, campaign: Campaign) -> None:
    """What dies once and comes back costs one message at most."""
    trial, _ = codes({verb: [Step(then=RESET)]}, campaign)
    assert told(trial)[-1] in (250, None)


@pytest.mark.parametrize("then", [CLOSE, RESET, HANG])
def test_outcome_unknown(then: str, campaign: Campaign) -> None:
    """Upstream took the message and its reply is lost: 451, and the log says that the outcome is unknown."""
    trial, _ = codes({".": [Step(then=then, commit=True)]}, campaign)
    first = trial.messages[0].token
    assert told(trial)[0] == 451
    assert trial.logged[first] == ["unknown"]
    assert campaign.figures["DUPWIN"] == 1


@pytest.mark.parametrize(
    ("script", "heard"),
    [
        ({"MAIL": [Step(b"451 4.3.0 Later\r\n")]}, [451, 550, 250]),
        ({"RCPT": [Step(b"450 4.2.0 Later\r\n")]}, [450, 550, 250]),
        ({"RCPT": [Step(b"550 5.1.1 Unknown\r\n")]}, [550, 550, 250]),
        ({"DATA": [Step(b"451 4.3.0 Later\r\n")]}, [451, 550, 250]),
        ({".": [Step(b"452 4.3.1 Full\r\n")]}, [452, 550, 250]),
        ({".": [Step(b"554 5.7.1 No\r\n")]}, [554, 550, 250]),
        ({".": [Step(b"421 4.3.2 Bye\r\n", CLOSE)]}, [421, None, None]),
    ],
    ids=["MAIL 451", "RCPT 450", "RCPT 550", "DATA 451", "dot 452", "dot 554", "dot 421"],
)
def test_upstream_refuses(script: Script, heard: list[int | None], campaign: Campaign) -> None:
    """Upstream's refusal is the client's, and the session goes on with the next message."""
    trial, _ = codes(script, campaign)
    assert told(trial) == heard


@pytest.mark.parametrize(
    ("reply", "heard"),
    [
        (Step(DOT, CLOSE), 250),
        (Step(DOT, RESET), 250),
        (Step(DOT, slowly=True), 250),
        (Step(b"250-2.0.0 first\r\n250-2.0.0 second\r\n250 2.0.0 queued\r\n"), 250),
        (Step(DOT + b"250 2.0.0 and again\r\n"), 250),
        (Step(b"250 2.0.0 N\x00UL and C\rR queued\r\n"), 250),
        (Step(b"250 2.0.0 " + b"x" * 100_000 + b"\r\n", commit=True), 451),
        (Step(b"250-2.0.0 more\r\n" * 20_000, commit=True), 451),
        (Step(b"250-2.0.0 one\r\n550 another\r\n", commit=True), 451),
        (Step(b"hello\r\n", commit=True), 451),
        (Step(b"\r\n", commit=True), 451),
        (Step(b"354 go on\r\n", commit=True), 451),
        (Step(b"150 wait\r\n", commit=True), 451),
    ],
    ids=[
        "250 and FIN", "250 and RST", "octet by octet", "many lines", "two replies", "NUL and CR", "100 kB line",
        "320 kB reply", "two codes", "no code", "empty line", "354", "150",
    ],
)  # fmt: skip
def test_replies_to_the_end_of_data(reply: Step, heard: int, campaign: Campaign) -> None:
    """A reply that can be read is passed on; one that cannot is 451, outcome unknown, never a guess."""
    trial, _ = codes({".": [reply]}, campaign)
    assert told(trial)[0] == heard
    assert trial.logged[trial.messages[0].token] == ["delivered" if heard == 250 else "unknown"]


def test_two_replies_in_one_write_never_answer_the_next_message(campaign: Campaign) -> None:
    """A second 250 that nobody asked for ends that upstream connection instead of being taken for a later answer."""
    trial, _ = codes({".": [Step(DOT + DOT)], "MAIL": [Step(b"250 2.1.0 Ok\r\n"), Step(b"451 4.3.0 Later\r\n")]}, campaign)
    assert told(trial)[0] == 250
    assert 250 not in told(trial)[1:] or trial.committed[-1][0] == trial.messages[2].token


def test_offers_are_the_intersection(campaign: Campaign) -> None:
    """An upstream that advertises everything there is: the client is offered what filterd can filter, and nothing else."""
    offered: list[bytes] = []

    async def main() -> None:
        async with Street({"EHLO": Step(EVERYTHING)}) as street:
            trial = trial_of("offers")
            await street.run(trial)
            campaign.add(trial)
            offered.extend(line[4:] for line in street.heard if line.startswith(b"250-") or line == b"250 NO-SOLICITING")

    asyncio.run(main())
    names = {line.replace(b"=", b" ").split()[0] for line in offered[1:]}
    assert names <= keywords.PASSED | {b"SIZE", b"AUTH"}
    assert not any(b"GSSAPI" in line or b"PLUS" in line or b"DIGEST" in line for line in offered)
    campaign.check()
