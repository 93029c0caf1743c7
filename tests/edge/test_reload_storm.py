"""Lists rewritten again and again, well and badly, under load: each message is judged by exactly one version of all lists."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from filterd.config import load_config
from filterd.edge import control_client
from filterd.edge.generation import build
from tests.edge.supervised import UPSTREAM, Client, Supervised, supervised

REWRITES = 40
FILLER = "".join(f"filler{number}\n" for number in range(20))
LISTS = ("one", "two", "three")


class Folder:
    """Lists in a folder behind a symbolic link, all exchanged at once by swapping the link."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.source = home / "filterd.toml"
        lists = "".join(f'[[wordlist]]\nfile = "data/{name}.txt"\n' for name in LISTS)
        self.source.write_text(
            f'[proxy]\nlisten = ["127.0.0.1:0"]\nworkers = 2\n[upstream]\naddress = "{UPSTREAM}"\n'
            f'[control]\nsocket = "control.sock"\n{lists}'
        )

    def write(self, version: int, bad: str | None = None) -> None:
        """Every list holds the mark of its version; one of them is `bad` if that is given."""
        fresh = self.home / f"version{version}"
        fresh.mkdir()
        for name in LISTS:
            (fresh / f"{name}.txt").write_text(f"mark{version}\n{FILLER}")
        if bad is not None:
            (fresh / "two.txt").write_text(bad)
        link = self.home / "link"
        link.symlink_to(fresh.name)
        link.rename(self.home / "data")
        shutil.rmtree(self.home / f"version{version - 2}", ignore_errors=True)


def badness(version: int) -> str | None:
    """What is written to one of the lists instead, each second time: nothing, half of it, one with a mistake."""
    ways = ("", f"mark{version}\nfill", f"mark{version}\n{FILLER}b[d\n")
    return ways[version // 2 % 3] if version % 2 else None


class Load(threading.Thread):
    """A client that has messages judged without a pause; turned away, it comes again with the same message, as an MTA does."""

    def __init__(self, running: Supervised) -> None:
        super().__init__()
        self._port = running.port
        self._message = "FOUND " + " ".join(f"mark{version}" for version in range(REWRITES + 1))
        self.over = threading.Event()
        self.answers: list[str] = []
        self.lost: list[str] = []

    def run(self) -> None:
        client = Client(self._port)
        while not self.over.is_set():
            try:
                answer = client.ask(self._message)
            except ConnectionError:
                answer = "421 draining"
            if answer == "421 draining":
                client.close()
                client = Client(self._port)
            elif not answer:
                self.lost.append("a connection ended without a word")
                client = Client(self._port)
            else:
                self.answers.append(answer)
        client.close()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    folder.write(0)
    return folder


def test_every_message_sees_exactly_one_version_of_all_lists(folder: Folder) -> None:
    committed = {0}
    with supervised(load_config(folder.source), folder.source, build=build) as running:
        clients = [Load(running) for _ in range(3)]
        for client in clients:
            client.start()
        for version in range(1, REWRITES + 1):
            content = badness(version)
            folder.write(version, content)
            outcome = control_client.ask(str(folder.home / "control.sock"), {"do": "reload"}, 30)
            assert outcome["ok"] is (content is None), outcome
            if content is None:
                committed.add(version)
        for client in clients:
            client.over.set()
            client.join(30)
        answers = [answer for client in clients for answer in client.answers]
        assert "process-lost" not in running.log
        assert [loss for client in clients for loss in client.lost] == []
    versions: dict[str, set[str]] = {}
    for answer in answers:
        name, *found = answer.split()
        versions.setdefault(name, set()).add(" ".join(found))
    expected = {" ".join(sorted(f"{name}:mark{version}" for name in LISTS)) for version in committed}
    assert all(len(found) == 1 for found in versions.values()), "a generation never changes"
    seen = set().union(*versions.values())
    assert seen <= expected
    assert len(seen) > len(expected) // 2, "the load saw most of them"
