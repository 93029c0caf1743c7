"""`filterd status` and `filterd reload` asked of a real supervisor."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from filterd.cli.main import main
from filterd.config import load_config
from filterd.edge.generation import build
from tests.edge.supervised import UPSTREAM, Client, Supervised, supervised


class Ran(NamedTuple):
    code: object
    out: str
    err: str


class Place(NamedTuple):
    """A filterd with one list of three words, and its control socket."""

    running: Supervised
    words: Path
    source: Path
    socket: str


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    words, source = tmp_path / "words.txt", tmp_path / "filterd.toml"
    words.write_text("foo\nbar\nbaz\n")
    source.write_text(
        f'[proxy]\nlisten = ["127.0.0.1:0"]\nworkers = 1\n[upstream]\naddress = "{UPSTREAM}"\n'
        f'[control]\nsocket = "control.sock"\n[[wordlist]]\nfile = "{words}"\n'
    )
    with supervised(load_config(source), source, build=build) as running:
        yield Place(running, words, source, str(tmp_path / "control.sock"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    def run(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        return Ran(ended.value.code, *capsys.readouterr())

    return run


def test_status_tells_how_it_stands(place: Place, run: Callable[..., Ran]) -> None:
    found = json.loads(run("status", "--config", str(place.source), "--json").out)
    assert found["generation"] in place.running.log
    assert found["lists"] == [{"name": "words", "file": str(place.words), "entries": 3}]
    assert found["workers"] == {"wanted": 1, "serving": 1, "draining": 0}
    assert (found["sessions"], found["last_reload"]) == (0, None)
    with Client(place.running.port):
        shown = run("status", "--socket", place.socket)
    assert shown.code == 0
    assert f"list         words: 3 entries ({place.words})" in shown.out
    assert "sessions     1\n" in shown.out
    assert "last reload  none since filterd was started" in shown.out


def test_reload_waits_until_the_new_lists_serve(place: Place, run: Callable[..., Ran]) -> None:
    before = json.loads(run("status", "--socket", place.socket, "--json").out)
    place.words.write_text("foo\nbar\nbaz\nqux\n")
    outcome = json.loads(run("reload", "--socket", place.socket, "--json").out)
    after = json.loads(run("status", "--socket", place.socket, "--json").out)
    assert outcome == {"ok": True, "generation": after["generation"]}
    assert after["generation"] != before["generation"]
    assert after["lists"][0]["entries"] == 4
    assert after["last_reload"]["ok"]


def test_reload_tells_every_mistake_with_its_place(place: Place, run: Callable[..., Ran]) -> None:
    place.words.write_text("foo\nb[r\nbaz\n[x\n")
    told = run("reload", "--socket", place.socket)
    assert (told.code, told.out) == (2, "")
    assert [line.partition(": ")[2].partition(": ")[0] for line in told.err.splitlines()] == [
        f"{place.words}:2",
        f"{place.words}:4",
    ]
    shown = run("status", "--socket", place.socket)
    assert "words: 3 entries" in shown.out
    assert f"refused:\n  {place.words}:2" in shown.out


def test_a_list_that_lost_most_of_its_entries_has_to_be_forced(place: Place, run: Callable[..., Ran]) -> None:
    place.words.write_text("foo\n")
    refused = run("reload", "--socket", place.socket)
    assert refused.code == 2
    assert "1 entries now, and had 3" in refused.err
    assert run("reload", "--socket", place.socket, "--force").code == 0
    assert "words: 1 entries" in run("status", "--socket", place.socket).out


def test_nobody_waits_for_a_filterd_that_stops(place: Place, run: Callable[..., Ran]) -> None:
    with Client(place.running.port) as busy:
        assert busy.ask("HOLD") == "held"
        place.running.signal(signal.SIGTERM)
        place.running.wait_log("event=stopping")
        assert "filterd is stopping" in run("reload", "--socket", place.socket).err
    assert place.running.wait_end() == 0
    assert not Path(place.socket).exists()
    told = run("status", "--socket", place.socket)
    assert told.code == 1
    assert "is filterd running?" in told.err


def test_silent_and_noisy_peers_hinder_nobody(place: Place, run: Callable[..., Ran]) -> None:
    peers = [socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) for _ in range(50)]
    for number, peer in enumerate(peers):
        peer.settimeout(10)
        peer.connect(place.socket)
        if number % 2:
            peer.sendall(b"\0" * 3000)
        if number % 16 == 15:
            assert run("status", "--socket", place.socket).code == 0
    with Client(place.running.port) as client:
        assert client.ask("PING").startswith("pong")
    for peer in peers:
        peer.close()
