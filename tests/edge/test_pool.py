"""Scanning in several processes: in order, and whatever one message does to its process, the others are reported."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from filterd.edge import pool as pools
from filterd.edge.offline import CRASHED, TIMEOUT, Report
from filterd.edge.pool import Pool
from filterd.store.places import Place, Trouble


def judge(place: Place) -> Report | Trouble:
    """A judge to whom some messages do what they are called."""
    name = place.file
    if name.startswith("crash"):
        os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("leave"):
        os._exit(7)
    if name.startswith("hang"):
        time.sleep(60)
    if name.startswith("gone"):
        return Trouble(name, "gone", "look elsewhere")
    if name.startswith("slow"):
        time.sleep(0.05)
    return Report(place, len(name))


def failed(place: Place, condition: str, detail: str) -> Report:
    return Report(place, 0, "defer", 511, conditions=(condition,), error=detail)


def run(names: list[str], jobs: int = 2, seconds: float = 30) -> list[Report | Trouble]:
    pool = Pool(judge, failed, jobs, seconds, 1 << 30)
    try:
        return list(pool.run(map(Place, names)))
    finally:
        pool.close()


def names(results: list[Report | Trouble]) -> list[str]:
    return [result.path if isinstance(result, Trouble) else result.place.path for result in results]


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_reports_come_in_order(jobs: int) -> None:
    asked = [f"{'slow' if n % 40 == 0 else 'quick'}{n}" for n in range(300)]
    assert names(run(asked, jobs)) == asked


def test_nothing_to_do() -> None:
    assert run([]) == []


@pytest.mark.parametrize(
    ("kind", "condition", "detail"),
    [("crash", CRASHED, "killed by SIGKILL"), ("leave", CRASHED, "exit code 7"), ("hang", TIMEOUT, "not done after 0.5 s")],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_only_the_culprit_is_lost(kind: str, condition: str, detail: str, jobs: int) -> None:
    """First, last, in the middle, and two in a batch."""
    culprits = {0, 40, 41, 99}
    asked = [f"{kind if n in culprits else 'good'}{n}" for n in range(100)]
    results = run(asked, jobs, 0.5)
    assert names(results) == asked
    told = {n: (r.conditions, r.error) for n, r in enumerate(results) if isinstance(r, Report) and r.error}
    assert told == dict.fromkeys(culprits, ((condition,), detail))


def test_troubles_keep_their_place() -> None:
    asked: list[Place | Trouble] = [Place("a"), Trouble("b", "x", "y"), Place("gone"), Trouble("d", "x", "y"), Place("e")]
    pool = Pool(judge, failed, 2, 30, 1 << 30)
    try:
        assert names(list(pool.run(iter(asked)))) == ["a", "b", "gone", "d", "e"]
        assert list(pool.run(iter(()))) == []
    finally:
        pool.close()


def test_places_are_asked_for_as_they_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory of a hundred thousand files is never listed ahead of the work."""
    monkeypatch.setattr(pools, "WINDOW", 2)
    taken = 0

    def _places() -> Iterator[Place]:
        nonlocal taken
        for taken in range(10_000):
            yield Place(str(taken))

    pool = Pool(judge, failed, 2, 30, 1 << 30)
    try:
        results = pool.run(_places())
        next(results)
        assert taken <= (2 * 2 + 2) * pools.BATCH
    finally:
        pool.close()


def test_closing_ends_every_process() -> None:
    pool = Pool(judge, failed, 2, 30, 1 << 30)
    results = pool.run(iter([Place("good"), *(Place("hang") for _ in range(100))]))
    children = [worker._process for worker in pool._workers]
    results.close()  # type: ignore[attr-defined]
    pool.close()
    assert not any(child.is_alive() for child in children)


def test_an_interrupt_reaches_no_worker_however_young() -> None:
    """The whole group gets Ctrl-C, also a worker that was forked an instant ago."""
    for _ in range(5):
        pool = Pool(judge, failed, 2, 30, 1 << 30)
        try:
            for worker in pool._workers:
                os.kill(worker._process.pid or 0, signal.SIGINT)
            assert names(list(pool.run(map(Place, ["a", "b"])))) == ["a", "b"]
            assert all(worker._process.is_alive() for worker in pool._workers)
        finally:
            pool.close()
