"""Which files changed: told once they rest, and never missed, however a file is exchanged."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from filterd.edge.changes import Changes


def in_place(path: Path) -> None:
    path.write_text("two\n")


def by_rename(path: Path) -> None:
    other = path.with_name("other")
    other.write_text("two\n")
    other.rename(path)


def by_rename_with_its_old_date(path: Path) -> None:
    """As `rsync -t` and `cp -p` do."""
    times = path.stat()
    by_rename(path)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def deleted_and_created(path: Path) -> None:
    path.unlink()
    path.write_text("two\n")


def deleted(path: Path) -> None:
    path.unlink()


def folder_swapped(path: Path) -> None:
    """As Kubernetes mounts a ConfigMap: ..data is a symbolic link to a folder, and is replaced by a rename."""
    fresh = path.parent / "fresh"
    fresh.mkdir()
    (fresh / "words").write_text("two\n")
    (path.parent / "link").symlink_to(fresh)
    (path.parent / "link").rename(path.parent / "data")


WAYS = [in_place, by_rename, by_rename_with_its_old_date, deleted_and_created, deleted, folder_swapped]


@pytest.fixture
def words(tmp_path: Path) -> Path:
    """A list behind two symbolic links."""
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "words").write_text("one\n")
    (tmp_path / "data").symlink_to(tmp_path / "first")
    (tmp_path / "words").symlink_to(tmp_path / "data" / "words")
    os.utime(tmp_path / "first" / "words", ns=(0, 0))
    return tmp_path / "words"


def watching(path: Path) -> Changes:
    changes = Changes()
    changes.begin([str(path)])
    changes.settle()
    return changes


@pytest.mark.parametrize("change", WAYS)
def test_a_change_is_due_once_it_rests(words: Path, change: Callable[[Path], None]) -> None:
    changes = watching(words)
    assert not changes.are_due(100.0)
    change(words)
    assert not changes.are_due(100.5), "looked at not even a second ago"
    assert not changes.are_due(101.0), "seen now for the first time"
    assert changes.are_due(102.0)
    assert changes.are_due(103.0), "until it was read"
    changes.begin([str(words)])
    changes.settle()
    assert not changes.are_due(110.0)


def test_what_is_written_again_and_again_is_waited_for(words: Path) -> None:
    changes = watching(words)
    for second in range(100, 105):
        words.write_text("x" * second)
        assert not changes.are_due(float(second))
    assert changes.are_due(105.0)


@pytest.mark.parametrize("change", WAYS)
def test_what_changes_while_it_is_read_is_due_afterwards(words: Path, change: Callable[[Path], None]) -> None:
    changes = Changes()
    changes.begin([str(words)])
    assert changes.disturbed() == []
    change(words)
    assert changes.disturbed() == [str(words)]
    changes.settle()
    assert [changes.are_due(second) for second in (100.0, 101.0, 102.0)][-1]


def test_a_file_named_by_a_list_is_due_again_if_it_was_written_meanwhile(words: Path, tmp_path: Path) -> None:
    """Nobody looked at it before it was read, so it cannot be known."""
    changes = Changes()
    changes.begin([])
    included = tmp_path / "included"
    included.write_text("two\n")
    changes.settle([str(included)])
    assert [changes.are_due(second) for second in (100.0, 101.0, 102.0)][-1]


def test_what_comes_back_as_it_was_is_no_change(words: Path) -> None:
    """A link that was swapped and swapped back."""
    changes = watching(words)
    words.rename(words.with_name("away"))
    assert not changes.are_due(100.0)
    words.with_name("away").rename(words)
    assert not any(changes.are_due(second) for second in (101.0, 102.0, 103.0))
