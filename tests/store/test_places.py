"""Where messages lie: files, directories, Maildir, mbox, pipes, and what is none of these."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path

import pytest

from filterd.store.content import read_content
from filterd.store.places import Place, Trouble, places, total_octets

FROM = b"From anna@example.org Mon Jul 29 11:28:02 2002\n"


def write(path: Path, octets: bytes = b"Subject: x\n\nbody\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(octets)
    return path


def found(*paths: Path | str) -> list[str]:
    return [place.path for place in places(map(str, paths))]


def test_a_file_is_one_message(tmp_path: Path) -> None:
    assert list(places([str(write(tmp_path / "a.eml"))])) == [Place(str(tmp_path / "a.eml"))]


@pytest.mark.parametrize("octets", [b"", b"no mail at all", b"From here on\n", bytes(range(256))])
def test_whatever_it_holds(tmp_path: Path, octets: bytes) -> None:
    assert found(write(tmp_path / "a", octets)) == [str(tmp_path / "a")]


def test_one_from_line_makes_no_number(tmp_path: Path) -> None:
    path = write(tmp_path / "a", FROM + b"A: 1\n\none\n")
    assert list(places([str(path)])) == [Place(str(path), len(FROM), path.stat().st_size, 0, True)]


def test_messages_of_an_mbox_are_numbered(tmp_path: Path) -> None:
    octets = FROM + b"A: 1\n\none\n\n" + FROM + b"B: 2\n\ntwo\n"
    path = write(tmp_path / "inbox", octets)
    both = list(places([str(path)]))
    assert [place.path for place in both] == [f"{path}#1", f"{path}#2"]
    assert [octets[place.start : place.end] for place in both if isinstance(place, Place)] == [b"A: 1\n\none\n", b"B: 2\n\ntwo\n"]


def test_a_directory_is_walked_in_order(tmp_path: Path) -> None:
    for name in ("b/2", "b/1", "b.txt", "a", ".hidden", "c/d/e"):
        write(tmp_path / name)
    (tmp_path / "b" / "again").symlink_to(tmp_path, target_is_directory=True)  # a circle
    assert [os.path.relpath(path, tmp_path) for path in found(tmp_path)] == [".hidden", "a", "b.txt", "b/1", "b/2", "c/d/e"]


def test_a_maildir_is_its_cur_and_new_and_its_folders(tmp_path: Path) -> None:
    mail = ["new/2", "cur/1:2,S", ".Sent/new/5", ".Sent/cur/4"]
    for name in (*mail, "tmp/3", "dovecot-uidlist", ".Sent/tmp/6", ".Sent/maildirfolder"):
        write(tmp_path / name)
    assert [os.path.relpath(path, tmp_path) for path in found(tmp_path)] == mail


def test_a_maildir_may_be_in_use(tmp_path: Path) -> None:
    """Between listing and reading a message is seen, or gets another flag; only what is deleted is missing."""
    for name in ("new/1", "new/2", "cur/3:2,", "cur/4:2,"):
        write(tmp_path / name, name.encode())
    listed = places([str(tmp_path)])
    first = next(listed)
    (tmp_path / "new/1").rename(tmp_path / "cur/1:2,S")
    (tmp_path / "new/2").rename(tmp_path / "cur/2:2,")
    (tmp_path / "cur/3:2,").rename(tmp_path / "cur/3:2,RS")
    (tmp_path / "cur/4:2,").unlink()
    found = [first, *listed]
    assert [type(place) for place in found] == [Place, Place, Place, Trouble]
    read = [read_content(place, 100).stored for place in found if isinstance(place, Place)]
    assert read == [b"new/1", b"new/2", b"cur/3:2,"]


def test_what_is_no_mail_in_a_directory_is_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
    assert found(write(tmp_path / "a").parent) == [str(tmp_path / "a")]


def test_what_cannot_be_read_has_a_cure_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("nowhere")
    good = write(tmp_path / "z")
    missing, null, broken, last = places([str(tmp_path / "x"), "/dev/null", str(tmp_path)])  # type: ignore[misc]
    assert missing == Trouble(
        str(tmp_path / "x"), "cannot be read (No such file or directory)", "correct the path; `-` is standard input"
    )
    assert isinstance(null, Trouble)
    assert "neither" in null.what
    assert broken == Trouble(str(tmp_path / "link"), "is a link that leads nowhere", "mend it or take it away")
    assert last == Place(str(good))
    (nul,) = places(["a\0b"])
    assert isinstance(nul, Trouble)


def test_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    octets = FROM + b"A: 1\n\none\n\n" + FROM + b"B: 2\n\ntwo\n"
    writer = threading.Thread(target=(tmp_path / "fifo").write_bytes, args=(octets,))
    writer.start()
    both = list(places([str(tmp_path / "fifo")]))
    writer.join()
    assert [place.path for place in both] == [f"{tmp_path}/fifo#1", f"{tmp_path}/fifo#2"]
    read = [Path(place.opened).read_bytes()[place.start : place.end] for place in both if isinstance(place, Place)]
    assert read == [b"A: 1\n\none\n", b"B: 2\n\ntwo\n"]


def test_names_that_are_not_utf_8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xe4.eml"
    Path(os.fsdecode(path)).write_bytes(b"x")
    assert found(tmp_path) == [os.fsdecode(path)]
    assert os.fsencode(found(tmp_path)[0]) == path


def test_a_large_directory_is_begun_before_it_is_all_looked_at(tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path / name)
    lazily = places([str(tmp_path)])
    assert next(lazily).path == str(tmp_path / "a")
    (tmp_path / "b").unlink()
    assert [type(place) for place in lazily] == [Trouble, Place]


def test_the_total_is_that_of_the_files(tmp_path: Path) -> None:
    write(tmp_path / "a", b"x" * 10)
    write(tmp_path / "cur/b", b"x" * 20)
    assert total_octets([str(tmp_path), str(tmp_path / "none"), "-"]) == 30
