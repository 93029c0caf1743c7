"""A worker short of descriptors: nobody spins, and those who are in stay in. Real processes."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.edge.supervised import Client, configuration, supervised
from tests.support.processes import wait_for


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), Client(port) as client:
        return client.greeting.startswith("220")
    return False


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_no_descriptors_left_is_waited_out(loop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILTERD_LOOP", loop)
    with supervised(configuration(workers=1)) as running, Client(running.port) as client:
        used = len(os.listdir(f"/proc/{client.worker}/fd"))
        limits = resource.prlimit(client.worker, resource.RLIMIT_NOFILE)
        resource.prlimit(client.worker, resource.RLIMIT_NOFILE, (used + 1, limits[1]))
        crowd = [socket.create_connection(("127.0.0.1", running.port)) for _ in range(10)]
        before, began = cpu_seconds(client.worker), time.monotonic()
        while time.monotonic() < began + 1.2:
            assert client.ask("PING").startswith("pong")
            time.sleep(0.05)
        assert cpu_seconds(client.worker) - before < 0.5
        for one in crowd:
            one.close()
        resource.prlimit(client.worker, resource.RLIMIT_NOFILE, limits)
        wait_for("room again", lambda: answers(running.port))
        assert running.log.count("alarm=704") < 5


def test_a_worker_told_to_go_by_somebody_else_is_replaced() -> None:
    with supervised(configuration(workers=1)) as running, Client(running.port) as client:
        os.kill(client.worker, signal.SIGTERM)
        assert client.line() == "421 draining"
        running.wait_log('process=worker pid=\\d+ why="exit 0"')
        wait_for("another", lambda: answers(running.port))


def test_the_terminals_signals_are_for_the_supervisor() -> None:
    with supervised() as running, Client(running.port) as client:
        for child in running.children():
            os.kill(child, signal.SIGHUP)
            os.kill(child, signal.SIGINT)
        assert client.ask("PING").startswith("pong")
        os.killpg(running.pid, signal.SIGINT)
        assert client.line() == "421 draining"
        assert running.wait_end() == 0
        assert "process-lost" not in running.log
