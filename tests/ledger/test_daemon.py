"""The ledger of the real daemon under load: told to stop, and its workers killed, while messages are in hand."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest

from tests.bench.processes import tree
from tests.ledger.load import Load
from tests.support.ledger import Campaign
from tests.support.processes import wait_for
from tests.support.proxy import Filterd, filterd
from tests.support.scripted_upstream import ScriptedUpstream, scripted_upstream

KILLS = 5
WORKERS = {"proxy.workers": 2}


def workers(instance: Filterd) -> list[int]:
    """The processes that run an event loop."""
    assert instance.process is not None
    return [pid for pid in tree(instance.process.child.pid) if _has_loop(pid)]


def scanners(instance: Filterd) -> list[int]:
    """The other children."""
    assert instance.process is not None
    return sorted(set(tree(instance.process.child.pid)[1:]) - set(workers(instance)))


def _has_loop(pid: int) -> bool:
    try:
        names = [os.readlink(entry.path) for entry in os.scandir(f"/proc/{pid}/fd")]
    except OSError:
        return False
    return "anon_inode:[eventpoll]" in names


def _wait_commits(upstream: ScriptedUpstream, more: int) -> None:
    wanted = len(upstream.committed) + more
    wait_for(f"{wanted} messages upstream", lambda: len(upstream.committed) >= wanted, 60)


@pytest.mark.parametrize("round_", range(3))
def test_told_to_stop_under_load(tmp_path: Path, campaign: Campaign, round_: int) -> None:
    """SIGTERM: messages in hand are finished, the others hear 421, nothing is lost and nothing is left in doubt."""
    with scripted_upstream() as upstream, filterd(tmp_path, upstream.port, WORKERS) as instance:
        load = Load(instance.port)
        with load.running():
            _wait_commits(upstream, 20 + 37 * round_)
            assert instance.process is not None
            instance.process.signal(signal.SIGTERM)
            instance.process.child.wait(30)
        load.judge(campaign, upstream)
    assert instance.process.child.returncode == 0
    assert not [trial.name for trial in load.trials if trial.killed and any(t.whole for t in trial.told.values())]
    campaign.check()
    assert campaign.figures["DUPWIN"] == 0


def test_workers_killed_under_load(tmp_path: Path, campaign: Campaign) -> None:
    """SIGKILL of one worker after the other: replaced at once, and only what was past our end of data can be in doubt."""
    with scripted_upstream() as upstream, filterd(tmp_path, upstream.port, WORKERS) as instance:
        load = Load(instance.port)
        with load.running():
            for number in range(KILLS):
                _wait_commits(upstream, 25 + 7 * number)
                victims = wait_for("two workers", lambda: found if len(found := workers(instance)) == 2 else None, 30)
                os.kill(victims[number % 2], signal.SIGKILL)
            _wait_commits(upstream, 25)
        wait_for("upstream to be left", lambda: all(connection.over for connection in upstream.connections), 30)
        load.judge(campaign, upstream)
        lost = re.findall(r"event=transaction-lost .*outcome=unknown", instance.log)
        assert len(re.findall(r"event=process-lost", instance.log)) == KILLS, instance.log[-2000:]
    campaign.check()
    assert campaign.figures["DUPWIN"] <= len(lost)
    assert any(trial.killed for trial in load.trials), "no worker had a session in hand: the test showed nothing"


def test_scan_processes_killed_under_load(tmp_path: Path, campaign: Campaign) -> None:
    """SIGKILL of one scan process after the other: what it had in hand is 451 or scanned again, and no session is harmed."""
    with scripted_upstream() as upstream, filterd(tmp_path, upstream.port, WORKERS) as instance:
        load = Load(instance.port, lines=3000)
        with load.running():
            for number in range(KILLS):
                _wait_commits(upstream, 20 + 7 * number)
                found = wait_for("two scan processes", lambda: found if len(found := scanners(instance)) == 2 else None, 30)
                os.kill(found[number % 2], signal.SIGKILL)
            _wait_commits(upstream, 20)
        load.judge(campaign, upstream)
    campaign.check()
    assert campaign.figures["DUPWIN"] == 0
    assert not [trial.name for trial in load.trials if trial.killed]
