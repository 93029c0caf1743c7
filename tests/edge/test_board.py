"""The board and its slots: limits counted over all areas, remains of the dead, poison."""

from __future__ import annotations

import os

import pytest

from filterd.edge.board import Board
from filterd.edge.poison import PLACES, PoisonTable
from filterd.edge.slots import Bounds, Refusal, Slot, WorkerBoard


def two_workers(sessions: int = 10, per_address: int = 4, octets: int = 1000) -> tuple[Board, WorkerBoard, WorkerBoard]:
    board = Board(areas=4, slots=16)
    bounds = Bounds(sessions, per_address, octets)
    return board, WorkerBoard(board, 0, bounds), WorkerBoard(board, 3, bounds)


def claimed(worker: WorkerBoard, address: str, exempt: bool = False) -> Slot:
    slot = worker.claim(address, exempt)
    assert isinstance(slot, Slot)
    return slot


def test_sessions_in_all_count_over_workers() -> None:
    board, one, other = two_workers(sessions=6)
    slots = [claimed((one, other)[n % 2], f"10.0.0.{n}") for n in range(6)]
    assert one.claim("10.0.1.1") is other.claim("10.0.1.2") is Refusal.TOO_MANY_SESSIONS
    slots[0].release()
    claimed(other, "10.0.1.1")
    assert board.total("sessions") == 6


def test_sessions_of_an_address_count_over_workers() -> None:
    board, one, other = two_workers()
    slots = [claimed((one, other)[n % 2], "192.0.2.1") for n in range(4)]
    assert one.claim("192.0.2.1") is Refusal.TOO_MANY_FROM_ADDRESS
    claimed(one, "192.0.2.2")
    claimed(one, "192.0.2.1", exempt=True)
    slots[1].release()
    slots[3].release()
    claimed(other, "192.0.2.1")
    assert board.total("sessions") == 5


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8::1", "2001:db8::2", True),  # one /64 is one host's to use as it likes
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("10.0.0.1", "10.0.0.2", False),
        ("fe80::1%eth0", "fe80::1", True),
        ("", "", True),
    ],
)
def test_what_counts_as_one_address(first: str, second: str, same: bool) -> None:
    _, one, other = two_workers(per_address=1)
    claimed(one, first)
    assert (other.claim(second) is Refusal.TOO_MANY_FROM_ADDRESS) == same


def test_a_refused_claim_leaves_nothing() -> None:
    board, one, _ = two_workers(per_address=1)
    claimed(one, "10.0.0.1")
    for _ in range(50):
        assert one.claim("10.0.0.1") is Refusal.TOO_MANY_FROM_ADDRESS
    assert board.total("sessions") == 1
    assert len(one.free) == 15


def test_no_free_slot_is_a_refusal_too() -> None:
    _, one, _ = two_workers(sessions=100)
    for n in range(16):
        claimed(one, f"10.0.0.{n}")
    assert one.claim("10.0.1.1") is Refusal.TOO_MANY_SESSIONS


def test_octets_in_hand_count_over_workers_and_come_back() -> None:
    board, one, other = two_workers(octets=1000)
    a, b = claimed(one, "10.0.0.1"), claimed(other, "10.0.0.2")
    assert a.reserve(600)
    assert not b.reserve(500)
    assert b.reserve(400)
    a.give_back()
    assert b.reserve(600)
    b.release()
    assert board.total("octets") == 0
    b.release()
    assert board.total("sessions") == 1


def test_the_supervisor_reads_what_a_dead_worker_had_in_hand() -> None:
    board, one, other = two_workers()
    board.take(0, 4711)
    for address, stage in [("192.0.2.7", "dot-sent"), ("2001:db8::1", "data"), ("10.0.0.1", "idle")]:
        claimed(one, address).stage(stage, f"REF-{stage}")
    claimed(other, "10.0.0.9").stage("data", "OTHER")
    found = [(open.client_address, open.reference, open.stage) for open in board.open_transactions(0)]
    assert found == [("192.0.2.7", "REF-dot-sent", "dot-sent"), ("2001:db8::1", "REF-data", "data")]
    board.clear(0)
    assert not list(board.open_transactions(0))
    assert (board.total("sessions"), board.free_area()) == (1, 0)


def test_long_references_are_cut() -> None:
    board, one, _ = two_workers()
    claimed(one, "10.0.0.1").stage("data", "R" * 100 + "\N{SNOWMAN}")
    assert [open.reference for open in board.open_transactions(0)] == ["R" * 32]


def test_a_watch_is_seen_by_another_process() -> None:
    board, one, _ = two_workers()
    child = os.fork()
    if not child:
        one.inline.begin(b"d" * 16)
        os._exit(0)
    os.waitpid(child, 0)
    assert board.inline[0].digest == b"d" * 16
    assert board.inline[0].since
    one.inline.end()
    assert (board.inline[0].digest, board.inline[0].since) == (b"", 0)


def test_claims_of_many_processes_never_exceed_the_limit() -> None:
    board = Board(areas=4, slots=64)
    bounds = Bounds(20, 15, 1)
    children = []
    for area in range(4):
        if not (child := os.fork()):
            worker = WorkerBoard(board, area, bounds)
            over = 0
            for n in range(3000):
                slot = worker.claim("10.0.0.1" if n % 2 else f"10.1.{area}.{n % 250}")
                held = [slot] if isinstance(slot, Slot) else []
                extra = [worker.claim("10.0.0.1") for _ in range(8)]
                held += [one for one in extra if isinstance(one, Slot)]
                granted = len(held) == 9
                over += granted and board.total("sessions") > 20 + 4  # four claims may stand entered, not granted
                for one in held:
                    one.release()
            os._exit(min(over, 1))
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    assert board.total("sessions") == 0


def test_poison_is_counted_and_the_oldest_forgotten() -> None:
    table = PoisonTable(memoryview(bytearray(PoisonTable.OCTETS)))
    first = bytes(16)
    assert table.deaths(first) == 0
    assert [table.add(first), table.add(first)] == [1, 2]
    assert table.is_lethal(first)
    for n in range(PLACES - 1):
        table.add(b"%016d" % n)
    assert table.is_lethal(first)
    table.add(b"the last straw..")
    assert table.deaths(first) == 0
    assert table.deaths(b"the last straw..") == 1
