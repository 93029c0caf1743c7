"""When a child is taken for hanging, and when it is replaced; the clock is ours."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from filterd.edge.backoff import LONGEST, Backoff
from filterd.edge.board import Board
from filterd.edge.notify import notify
from filterd.edge.slots import Bounds, WorkerBoard
from filterd.edge.watchman import INLINE_SECONDS, LOOP_SECONDS, Watchman


def rounds(watchman: Watchman, board: Board, seconds: float, *, beating: bool = True, scan: float = 30) -> list[str]:
    """What is found in so many seconds, four looks a second."""
    found = []
    for number in range(int(seconds * 4)):
        if beating:
            board.words["beat"][0] += 1
        watchman.look(number / 4)
        found.append(watchman.trouble(0, scan))
    return found


def a_worker() -> tuple[Watchman, Board, WorkerBoard]:
    board = Board(1, 4)
    return Watchman(board), board, WorkerBoard(board, 0, Bounds(1, 1, 1))


@pytest.mark.parametrize("scan", [30, 2])
def test_an_inline_scan_without_end(scan: float) -> None:
    watchman, board, worker = a_worker()
    worker.inline.begin(b"d" * 16)
    found = rounds(watchman, board, 10, scan=scan)
    limit = min(scan, INLINE_SECONDS)
    assert not any(found[: int(limit * 4)])
    assert found[int(limit * 4) + 2] == "a scan did not end"


def test_one_scan_after_the_other_is_no_standstill() -> None:
    watchman, board, worker = a_worker()
    for number in range(100):
        worker.inline.begin(b"d" * 16)
        board.inline[0]._since[0] = number + 1
        board.words["beat"][0] += 1
        watchman.look(number / 4)
        assert not watchman.trouble(0, 30)


def test_a_loop_that_stands_still() -> None:
    watchman, board, _ = a_worker()
    found = rounds(watchman, board, LOOP_SECONDS + 2, beating=False)
    assert not any(found[: int(LOOP_SECONDS * 4)])
    assert found[-1] == "its loop stood still"


def test_a_pause_of_the_whole_machine_is_nobodys_fault() -> None:
    watchman, _, worker = a_worker()
    worker.inline.begin(b"d" * 16)
    for now in (0.0, 0.25, 3600.0, 3600.25, 7200.0):
        watchman.look(now)
        assert not watchman.trouble(0, 30)


def test_crashes_are_replaced_at_once_and_crash_loops_slower_and_slower() -> None:
    backoff = Backoff()
    delays = []
    for number in range(12):
        backoff.crashed(float(number))
        delays.append(backoff.delay(float(number)))
    assert delays[:3] == [0, 0, 0]
    assert delays[3:7] == [0.5, 1, 2, 4]
    assert delays[-1] == LONGEST
    assert not backoff.allows(11.0 + LONGEST - 0.1)
    assert backoff.allows(11.0 + LONGEST)
    assert backoff.delay(100.0) == 0


@pytest.mark.parametrize("abstract", [False, True])
def test_systemd_is_told(abstract: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"@filterd-test-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(name.replace("@", "\0", 1))
        systemd.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", name)
        notify("READY=1", "STATUS=serving")
        assert systemd.recv(100) == b"READY=1\nSTATUS=serving"


@pytest.mark.parametrize("address", ["", "/nowhere", "relative"])
def test_no_systemd_no_matter(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    notify("READY=1")
