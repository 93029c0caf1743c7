"""The supervisor with real processes: limits across workers, crashes, poison, reload, drain. No fixed sleeps."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from filterd.config import load_config
from filterd.edge import children, supervisor
from filterd.edge.generation import build
from filterd.edge.worker import Worker
from tests.edge.supervised import UPSTREAM, Client, Supervised, configuration, fake_build, supervised
from tests.support.processes import wait_for


@pytest.fixture(scope="module")
def shared() -> Iterator[Supervised]:
    """Two workers, for tests that leave them as they were."""
    with supervised(configuration(sessions=12, sessions_per_address=8, inflight_octets=52428800)) as running:
        yield running


def on_both_workers(running: Supervised) -> list[Client]:
    """Clients on two different workers: the first one's is stopped while the second client comes."""
    first = Client(running.port)
    worker = first.worker
    os.kill(worker, signal.SIGSTOP)
    try:
        second = Client(running.port)
    finally:
        os.kill(worker, signal.SIGCONT)
    assert second.worker != worker
    return [first, second]


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_serves_and_stops(loop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILTERD_LOOP", loop)
    with supervised() as running:
        with Client(running.port) as client:
            assert client.ask("PING") == f"pong {client.worker}"
            assert client.ask("SCAN FORBIDDEN") == "reject  5.7.1 9"
            assert client.ask("BIG 3000000 FORBIDDEN") == "reject  5.7.1 3000000"
        running.signal(signal.SIGTERM)
        assert running.wait_end() == 0
        assert not running.children()
        assert "event=stopped" in running.log


def test_listens_on_ipv4_and_ipv6_at_once() -> None:
    with supervised(configuration(workers=1, listen=("127.0.0.1:0", "[::1]:0"))) as running:
        ports = [int(text.rpartition(":")[2]) for text in running.listeners]
        with Client(ports[0]) as four, Client(ports[1], "::1") as six:
            assert four.worker == six.worker


def test_sessions_of_one_address_are_limited_across_workers(shared: Supervised) -> None:
    clients = [Client(shared.port) for _ in range(8)]
    try:
        with Client(shared.port) as refused:
            assert refused.greeting == "421 102"
        assert "event=session-refused client=127.0.0.1 alarm=102(too-many-from-address)" in shared.log
    finally:
        for client in clients:
            client.close()
    wait_for("room again", lambda: greets(shared.port))


def test_sessions_in_all_are_limited_across_workers(shared: Supervised) -> None:
    clients = [Client(shared.port) for _ in range(8)]
    hosts = [socket.create_connection(("127.0.0.1", shared.port), source_address=("127.0.0.9", 0)) for _ in range(5)]
    try:
        greetings = sorted(host.recv(100).split()[0:2][0] for host in hosts)
        assert greetings == [b"220"] * 4 + [b"421"]
    finally:
        for end in [*clients, *hosts]:
            end.close()
    wait_for("room again", lambda: greets(shared.port))


def greets(port: int) -> bool:
    with Client(port) as client:
        return client.greeting.startswith("220")


def test_octets_in_hand_are_limited_across_workers(shared: Supervised) -> None:
    one, other = on_both_workers(shared)
    with one, other:
        assert one.ask("RESERVE 40000000") == "True"
        assert other.ask("RESERVE 20000000") == "False"
        assert other.ask("RESERVE 10000000") == "True"


def test_a_mistake_in_one_session_ends_that_one_only(shared: Supervised) -> None:
    with Client(shared.port) as clumsy, Client(shared.port) as other:
        assert clumsy.ask("RAISE") == ""
        assert other.ask("PING").startswith("pong")
    shared.wait_log(r'event=internal-error alarm=704.*RuntimeError: the session tripped at supervised.py')


def test_an_engine_that_raises_or_answers_nonsense_never_means_clean(shared: Supervised) -> None:
    with Client(shared.port) as client:
        for octets in (0, 100_000):
            assert client.ask(f"BIG {octets} RAISE{octets}").startswith("defer scan-crashed")
            assert client.ask(f"BIG {octets} NONSENSE{octets}").startswith("defer scan-crashed")
        assert client.ask("BIG 100000 FORBIDDEN").startswith("reject")


def test_a_killed_worker_is_replaced_and_what_it_had_in_hand_is_told() -> None:
    with supervised() as running:
        one, other = on_both_workers(running)
        with one, other:
            assert one.ask("STAGE dot-sent REF123") == "ok"
            os.kill(one.worker, signal.SIGKILL)
            assert one.line() == ""
            assert other.ask("PING").startswith("pong")
        running.wait_log(r"event=process-lost alarm=702\(\S+ process=worker pid=\d+ why=SIGKILL inhand=1")
        running.wait_log(r"event=transaction-lost ref=REF123 outcome=unknown client=127.0.0.1 stage=dot-sent alarm=702")
        wait_for("two workers and two scan processes", lambda: len(running.children()) == 4)
        assert {client.worker for client in on_both_workers(running)} != {one.worker, other.worker}


def test_the_dead_workers_sessions_do_not_count_any_more() -> None:
    with supervised(configuration(workers=1, sessions=2)) as running:
        with Client(running.port) as one, Client(running.port), Client(running.port) as refused:
            assert refused.greeting == "421 101"
            os.kill(one.worker, signal.SIGKILL)
        wait_for("room again", lambda: greets(running.port))


@pytest.mark.parametrize("deed", ["CRASH", "SPIN"])
def test_poison_is_scanned_twice_and_never_a_third_time(deed: str) -> None:
    with supervised(configuration(scan=1)) as running:
        one, other = on_both_workers(running)
        with one, other:
            assert one.ask(f"SCAN {deed}") == ""  # the worker goes, the first death
            assert other.ask("PING").startswith("pong")
        running.wait_log(r"alarm=514.*ended 1 processes and is scanned apart")
        with Client(running.port) as client, Client(running.port) as bystander:
            assert client.ask(f"SCAN {deed}").startswith("defer scan-")  # the scan process goes
            running.wait_log(r"alarm=514.*ended 2 processes and is not scanned again")
            assert client.ask(f"SCAN {deed}").startswith("defer poison")
            assert client.ask("SCAN FORBIDDEN").startswith("reject")
            assert bystander.ask("PING").startswith("pong")


def test_a_large_message_that_kills_the_scan_process_hurts_no_session() -> None:
    with supervised(configuration(workers=1, scan=1)) as running, Client(running.port) as client:
        for _ in range(2):
            assert client.ask("BIG 200000 SPIN").startswith("defer scan-timeout")
            assert client.ask("BIG 200000 FORBIDDEN").startswith("reject")
        assert client.ask("BIG 200000 SPIN").startswith("defer poison")
        assert "process=worker" not in running.log


def test_a_killed_scan_process_is_replaced() -> None:
    with supervised(configuration(workers=1)) as running, Client(running.port) as client:
        for _ in range(3):
            assert client.ask("BIG 100000 FORBIDDEN").startswith("reject")
            (scanner,) = set(running.children()) - {client.worker}
            os.kill(scanner, signal.SIGKILL)
            wait_for("another", lambda gone=scanner: len(running.children()) == 2 and gone not in running.children())


def test_sigterm_lets_a_message_in_hand_finish_and_turns_the_others_away() -> None:
    with supervised() as running:
        with Client(running.port) as busy, Client(running.port) as idle:
            assert busy.ask("HOLD") == "held"
            running.signal(signal.SIGTERM)
            assert idle.line() == "421 draining"
            wait_for("closed listeners", lambda: is_closed(running.port))
            assert busy.ask("BIG 100000 FORBIDDEN").startswith("reject")
            assert busy.ask("DONE") == "250 done"
        assert running.wait_end() == 0


def is_closed(port: int) -> bool:
    try:
        Client(port).close()
    except ConnectionError:
        return True
    return False


def test_a_second_sigterm_does_not_wait() -> None:
    with supervised() as running, Client(running.port) as busy:
        assert busy.ask("HOLD") == "held"
        assert busy.ask("STAGE data REF9") == "ok"
        running.signal(signal.SIGTERM)
        running.wait_log("event=stopping")
        running.signal(signal.SIGTERM)
        assert running.wait_end() == 0
        assert "ref=REF9 outcome=unknown" in running.log


def test_the_limit_of_draining_is_kept() -> None:
    with supervised(configuration(drain=1)) as running, Client(running.port) as busy:
        assert busy.ask("HOLD") == "held"
        running.signal(signal.SIGTERM)
        assert running.wait_end() == 0
        assert busy.line() == ""


def test_children_die_with_their_supervisor() -> None:
    with supervised() as running:
        running.signal(signal.SIGKILL)
        wait_for("the children to die", lambda: not running.children())


def write(path: Path, name: str, listen: str = "127.0.0.1:0", workers: int = 2) -> None:
    path.write_text(
        f'[proxy]\nlisten = ["{listen}"]\nworkers = {workers}\n'
        f'[upstream]\naddress = "{UPSTREAM}"\nhelo_name = "{name}"\n'
    )


def generation(port: int) -> str:
    with Client(port) as client:
        return client.greeting.split()[-1]


def test_reload_brings_new_workers_and_drains_the_old(tmp_path: Path) -> None:
    source = tmp_path / "filterd.toml"
    write(source, "second", workers=1)
    with supervised(configuration(workers=1), source) as running:
        with Client(running.port) as busy, Client(running.port) as idle:
            assert busy.ask("HOLD") == "held"
            running.signal(signal.SIGHUP)
            assert idle.line() == "421 draining"
            running.wait_log("event=reloaded .*gen=second")
            assert generation(running.port) == "second"
            assert busy.ask("DONE") == "250 done"
        wait_for("the old worker to go", lambda: len(running.children()) == 2)
        assert "process-lost" not in running.log


@pytest.mark.parametrize("mistake", ["toml", "list"])
def test_a_reload_that_cannot_be_done_changes_nothing(tmp_path: Path, mistake: str) -> None:
    source = tmp_path / "filterd.toml"
    write(source, "bad")
    place = r"/lists/bad.txt:7: this is no entry"
    if mistake == "toml":
        source.write_text("\n[proxy]\nlissten = []\n")
        place = rf"{source}:3: proxy.lissten"
    with supervised(source=source) as running:
        wait_for("everybody", lambda: len(running.children()) == 4)
        before = set(running.children())
        running.signal(signal.SIGHUP)
        running.wait_log(rf'event=reload-refused alarm=701\(\S+ mistake="{place}')
        assert generation(running.port) == "first"
        assert set(running.children()) == before
        write(source, "third")
        running.signal(signal.SIGHUP)
        running.wait_log("event=reloaded .*gen=third")


def test_reload_may_move_the_listener_and_change_the_number_of_workers(tmp_path: Path) -> None:
    source = tmp_path / "filterd.toml"
    write(source, "moved", listen="127.0.0.2:0", workers=1)
    with supervised(configuration(workers=2), source) as running:
        running.signal(signal.SIGHUP)
        found = running.wait_log(r"event=reloaded .*listeners=127.0.0.2:(\d+)")
        with Client(int(found[1]), "127.0.0.2") as client:
            assert client.greeting.endswith("moved")
        wait_for("the old socket to be closed", lambda: is_closed(running.port))
        wait_for("one worker", lambda: len(running.children()) == 2)


def test_a_storm_of_reloads_ends_with_the_last_one(tmp_path: Path) -> None:
    source = tmp_path / "filterd.toml"
    with supervised(configuration(), source) as running:
        for number in range(8):
            write(source, f"gen{number}")
            running.signal(signal.SIGHUP)
            if number % 2:
                assert generation(running.port)
        wait_for("the last one to serve", lambda: "gen=gen7" in running.log)
        wait_for("the others to go", lambda: len(running.children()) == 4)
        assert "process-lost" not in running.log


def test_a_reload_waits_while_draining_workers_hold_every_place(tmp_path: Path) -> None:
    source = tmp_path / "filterd.toml"
    with supervised(configuration(workers=1), source) as running:
        busy: list[Client] = []
        for number in range(8):
            busy.append(client_of(running.port, f"gen{number - 1}" if number else "first"))
            assert busy[-1].ask("HOLD") == "held"
            write(source, f"gen{number}", workers=1)
            running.signal(signal.SIGHUP)
            if number == 7:
                running.wait_log("event=reload-waits")
                assert busy[0].ask("DONE") == "250 done"
            running.wait_log(f"event=reloaded .*gen=gen{number}")
        for client in busy:
            client.close()


def client_of(port: int, name: str) -> Client:
    """A connection to a worker of this generation; older ones may still accept for a moment."""
    for _ in range(1000):
        client = Client(port)
        if client.greeting.endswith(f" {name}"):
            return client
        client.close()
    raise AssertionError(f"nobody serves {name}")


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_a_client_accepted_while_the_word_to_drain_comes_is_turned_away_too(
    loop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FILTERD_LOOP", loop)
    with supervised(configuration(workers=1)) as running, Client(running.port) as first:
        os.kill(first.worker, signal.SIGSTOP)
        sockets = [socket.create_connection(("127.0.0.1", running.port), timeout=10) for _ in range(5)]
        running.signal(signal.SIGTERM)
        running.wait_log("event=stopping")
        os.kill(first.worker, signal.SIGCONT)
        for one in sockets:
            with contextlib.suppress(ConnectionResetError):
                assert one.makefile("rb").read().endswith((b"421 draining\n", b""))
        assert running.wait_end(8) == 0
        for one in sockets:
            one.close()


def test_no_room_for_processes_is_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    fork, failures = children.fork, iter(range(4))

    def failing(run: Callable[[], None]) -> int:
        if next(failures, None) is not None:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        return fork(run)

    monkeypatch.setattr(children, "fork", failing)
    with supervised() as running:
        assert "starting a worker" in running.log
        with Client(running.port) as client:
            assert client.ask("BIG 100000 FORBIDDEN").startswith("reject")


def test_workers_that_never_come_up_end_the_supervisor(tmp_path: Path) -> None:
    child = os.fork()
    if not child:
        log = os.open(tmp_path / "log", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        os.dup2(log, 2)
        supervisor.preload = lambda: None  # type: ignore[attr-defined]
        Worker.run = lambda *_: os._exit(3)  # type: ignore[method-assign]
        os._exit(supervisor.run(configuration(), source=None, build=fake_build))
    wait_for("its end", lambda: os.waitpid(child, os.WNOHANG)[0], 30)
    assert "event=start-failed" in (tmp_path / "log").read_text()


def test_descriptors_do_not_grow(tmp_path: Path) -> None:
    source = tmp_path / "filterd.toml"
    with supervised(configuration(), source) as running:
        before = descriptors(running.pid)
        for number in range(3):
            write(source, f"gen{number}")
            running.signal(signal.SIGHUP)
            running.wait_log(f"event=reloaded .*gen=gen{number}")
            wait_for("as many as before", lambda: descriptors(running.pid) == before)


def descriptors(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def test_files_that_change_are_read_without_being_asked(tmp_path: Path) -> None:
    source = tmp_path / "filterd.toml"
    write(source, "first")
    with supervised(source=source) as running:
        write(source, "second")
        running.wait_log("event=reloaded .*gen=second")
        source.unlink()
        running.wait_log("event=reload-refused.*does not exist")
        assert generation(running.port) == "second"
        write(source, "third")
        running.wait_log("event=reloaded .*gen=third")


def listing(path: Path, words: Path) -> Path:
    write(path, "", workers=1)
    path.write_text(path.read_text() + f'[[wordlist]]\nfile = "{words}"\n')
    return path


@pytest.mark.parametrize("content", ["", "foo\n", "# foo\n# bar\n", "foo\nb[r\nbaz\n"])
def test_a_list_that_is_emptied_cut_short_or_wrong_is_refused_until_it_is_good(tmp_path: Path, content: str) -> None:
    words = tmp_path / "words.txt"
    words.write_text("foo\nbar\nbaz\n")
    source = listing(tmp_path / "filterd.toml", words)
    with supervised(load_config(source), source, build=build) as running:
        words.write_text(content)
        running.wait_log(rf'event=reload-refused alarm=701\(\S+ mistake="{words}:')
        words.write_text("foo\nbar\n")
        running.wait_log("event=reloaded .*lists=words:2")


def test_a_file_that_a_list_includes_is_watched_too(tmp_path: Path) -> None:
    words, included = tmp_path / "words.txt", tmp_path / "more.txt"
    words.write_text("@include more.txt\nfoo\n")
    included.write_text("bar\n")
    source = listing(tmp_path / "filterd.toml", words)
    with supervised(load_config(source), source, build=build) as running:
        included.write_text("bar\nbaz\n")
        running.wait_log("event=reloaded .*lists=words:3")
