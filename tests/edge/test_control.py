"""The control socket: who may ask, what is answered, and that asking badly does no harm."""

from __future__ import annotations

import grp
import json
import os
import socket
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from filterd.edge import control_client
from filterd.edge.control import CONNECTIONS, REQUEST_SECONDS, Control, Reply
from filterd.edge.control_client import NoAnswer, place_to_ask, place_to_listen


class Desk:
    """Echoes what it is asked; keeps the reply to {"do": "wait"} for later."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.waiting: list[Reply] = []
        self.control = Control(str(path), "", self.handle)

    def handle(self, request: dict[str, Any], reply: Reply) -> None:
        if request.get("do") == "wait":
            self.waiting.append(reply)
        else:
            reply({"asked": request, "pages": "x" * request.get("octets", 0)})

    def round(self) -> None:
        """As the supervisor does, with everything that is there."""
        self.control.serve(set(self.control.descriptors()))

    def connect(self) -> socket.socket:
        client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        client.settimeout(10)
        client.connect(str(self.path))
        self.round()
        return client

    def hear(self, client: socket.socket) -> bytes:
        """All that comes until the end."""
        octets, deadline = b"", time.monotonic() + 10
        client.setblocking(False)
        while time.monotonic() < deadline:
            self.round()
            try:
                more = client.recv(65536)
            except BlockingIOError:
                continue
            if not more:
                return octets
            octets += more
        raise AssertionError(f"it is still open after {octets!r}")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "control.sock")
    yield desk
    desk.control.close()


def test_a_request_is_answered_and_the_connection_ends(desk: Desk) -> None:
    client = desk.connect()
    client.sendall(b'{"do": ')
    desk.round()
    client.sendall(b'"x"}\n')
    assert json.loads(desk.hear(client)) == {"asked": {"do": "x"}, "pages": ""}


def test_an_answer_may_come_later_and_be_long(desk: Desk) -> None:
    waiting, other = desk.connect(), desk.connect()
    waiting.sendall(b'{"do": "wait"}\n')
    other.sendall(b'{"octets": 3000000}\n')
    assert len(desk.hear(other)) > 3_000_000
    (reply,) = desk.waiting
    reply({"ok": True})
    reply({"ok": False})
    assert json.loads(desk.hear(waiting)) == {"ok": True}


@pytest.mark.parametrize(
    "octets", [b"\n", b"status\n", b"[1]\n", b"\xff\xfe\n", b"[" * 3000 + b"\n", b"x" * 5000], ids=lambda octets: repr(octets[:9])
)
def test_nonsense_is_told_so(desk: Desk, octets: bytes) -> None:
    client = desk.connect()
    client.sendall(octets)
    assert json.loads(desk.hear(client))["ok"] is False


def test_who_says_nothing_is_left(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    client = desk.connect()
    later = time.monotonic() + REQUEST_SECONDS + 1
    monkeypatch.setattr("filterd.edge.control.time.monotonic", lambda: later)
    desk.round()
    assert client.recv(1) == b""


def test_who_leaves_while_waiting_is_forgotten(desk: Desk) -> None:
    client = desk.connect()
    client.sendall(b'{"do": "wait"}\n')
    desk.round()
    client.close()
    desk.round()
    desk.waiting[0]({"ok": True})
    assert len(desk.control.descriptors()) == 1


def test_a_crowd_pushes_out_its_oldest(desk: Desk) -> None:
    crowd = [desk.connect() for _ in range(CONNECTIONS + 1)]
    assert len(desk.control.descriptors()) == CONNECTIONS + 1
    assert crowd[0].recv(1) == b""
    crowd[-1].sendall(b"{}\n")
    assert json.loads(desk.hear(crowd[-1]))["asked"] == {}
    for client in crowd:
        client.close()


def test_it_belongs_to_its_owner_alone(desk: Desk) -> None:
    assert stat.S_IMODE(desk.path.stat().st_mode) == 0o600


def test_a_group_may_be_let_in(tmp_path: Path) -> None:
    own = grp.getgrgid(os.getgid()).gr_name
    control = Control(str(tmp_path / "sock"), own, lambda request, reply: None)
    assert stat.S_IMODE((tmp_path / "sock").stat().st_mode) == 0o660
    control.close()
    assert not (tmp_path / "sock").exists()


def test_a_group_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="there is no group nobodys-group"):
        Control(str(tmp_path / "sock"), "nobodys-group", lambda request, reply: None)


def test_what_a_killed_one_left_is_replaced(tmp_path: Path) -> None:
    left = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    left.bind(str(tmp_path / "control.sock"))
    left.close()
    Desk(tmp_path / "control.sock").control.close()


def test_a_living_one_keeps_its_socket(desk: Desk) -> None:
    with pytest.raises(OSError, match="another filterd serves it"):
        Desk(desk.path)
    client = desk.connect()
    client.sendall(b"{}\n")
    assert desk.hear(client)


def test_a_file_is_never_removed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("dear")
    with pytest.raises(OSError, match="something else"):
        Desk(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "dear"


def test_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNTIME_DIRECTORY", f"{tmp_path}/run:/run/more")
    assert place_to_listen("none") == ""
    assert place_to_listen("/x/sock") == "/x/sock"
    assert place_to_listen("") == f"{tmp_path}/run/control.sock"
    Path(place_to_listen("")).touch()
    assert place_to_ask("") == f"{tmp_path}/run/control.sock"


@pytest.mark.parametrize("configured", ["none", "/nowhere/control.sock"])
def test_nobody_there_is_told(configured: str) -> None:
    with pytest.raises(NoAnswer):
        place_to_ask(configured)


def test_one_who_never_answers_is_given_up(desk: Desk) -> None:
    with pytest.raises(NoAnswer, match="no answer within"):
        control_client.ask(str(desk.path), {}, 0.1)
