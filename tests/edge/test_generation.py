"""A generation: everything or nothing, every mistake at once, and lists are files and nothing else."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import msgspec
import pytest

from filterd.config import Config, ConfigError
from filterd.config.schema import Content, Relay, Wordlist
from filterd.edge import lists
from filterd.edge.generation import build, generation_id
from filterd.edge.lists import read_regular_file
from filterd.mail.envelope import Envelope
from filterd.policy.verdict import Action
from filterd.smtp.settings import Identity
from tests.edge.supervised import configuration


def with_lists(*files: Path, config: Config | None = None) -> Config:
    lists = [Wordlist(file=str(file), name=file.stem) for file in files]
    return msgspec.structs.replace(config or configuration(), wordlist=lists)


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_it_judges(tmp_path: Path) -> None:
    built = build(with_lists(write(tmp_path / "bad.txt", "xyzzyplugh\nfoo bar\n")))
    verdict = built.engine.judge(b"Subject: hi\r\n\r\nan xyzzyplugh!\r\n", Envelope(), "REF")
    assert verdict.action is Action.REJECT
    assert (verdict.hits[0].file, verdict.hits[0].line) == (str(tmp_path / "bad.txt"), 1)
    assert list(map(str, built.lists)) == ["bad:2"]
    assert built.upstream.addresses[0][1] == ("127.0.0.1", 9)


def test_its_name_changes_with_lists_and_settings_only(tmp_path: Path) -> None:
    words = write(tmp_path / "words.txt", "foo\n")
    first = build(with_lists(words)).id
    assert build(with_lists(words)).id == first
    assert build(with_lists(words, config=configuration(scan=29))).id != first
    words.write_text("foo\nbar\n")
    assert build(with_lists(words)).id != first


def test_every_mistake_of_every_list_is_told(tmp_path: Path) -> None:
    one = write(tmp_path / "one.txt", "foo\nx\\\nbar\nb[c\n")
    other = write(tmp_path / "other.txt", "[x\n")
    with pytest.raises(ConfigError) as caught:
        build(with_lists(one, other))
    assert sorted((Path(found.file).name, found.line) for found in caught.value.mistakes) == [
        ("one.txt", 2),
        ("one.txt", 4),
        ("other.txt", 1),
    ]


def test_what_is_no_whole_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "directory").mkdir()
    files = [tmp_path / "fifo", tmp_path / "directory", Path("/dev/zero"), tmp_path / "missing"]
    with pytest.raises(ConfigError) as caught:
        build(with_lists(*files))
    assert sorted(found.file for found in caught.value.mistakes) == sorted(map(str, files))


def test_a_list_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "LIST_OCTETS", 10)
    assert read_regular_file(str(write(tmp_path / "a", "x" * 10))) == b"x" * 10
    with pytest.raises(OSError, match="larger than 10"):
        read_regular_file(str(write(tmp_path / "b", "x" * 11)))


def test_a_list_that_is_being_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a", "foo\n")
    looks = iter([(4, 1), (4, 2)])
    monkeypatch.setattr(lists, "_look", lambda status: next(looks))
    with pytest.raises(OSError, match="changed while it was read"):
        read_regular_file(str(path))


def test_the_relay_gets_its_settings() -> None:
    relay = Relay(local_domains=["bücher.example", ".Example.ORG"], relay_clients=["10.0.0.0/8"])
    config = configuration()
    upstream = msgspec.structs.replace(config.upstream, identity="xclient", helo_name="mx.example.org")
    built = build(msgspec.structs.replace(config, relay=relay, upstream=upstream))
    settings = built.relay_settings
    assert settings.relay_control.local_domains == {"bücher.example", "xn--bcher-kva.example", ".example.org"}
    assert settings.relay_control.is_relay_client("10.1.2.3")
    assert (settings.identity, settings.host_name) == (Identity.XCLIENT, "mx.example.org")


def test_an_upstream_without_address() -> None:
    with pytest.raises(ConfigError, match="has no address"):
        build(configuration(upstream="nowhere.invalid:25"))


def test_it_tells_what_it_was_read_from_and_when_other_entries_count(tmp_path: Path) -> None:
    write(tmp_path / "more.txt", "bar\n")
    words = write(tmp_path / "words.txt", "@include more.txt\nfoo {expires=2999-12-31}\n")
    built = build(with_lists(words))
    assert built.files == (str(words), str(tmp_path / "more.txt"))
    assert str(built.next_change) == "3000-01-01"


def test_its_name_changes_with_the_day_on_which_an_entry_ends(tmp_path: Path) -> None:
    config = with_lists(write(tmp_path / "words.txt", "foo\n"))
    assert generation_id(config, [], date(2026, 1, 1)) != generation_id(config, [])


def test_mail_says_what_it_was_judged_by(tmp_path: Path) -> None:
    config = with_lists(write(tmp_path / "words.txt", "foo\n"))
    built = build(msgspec.structs.replace(config, content=Content(action="tag")))
    (edit,) = built.engine.judge(b"Subject: hi\r\n\r\nfoo\r\n", Envelope(), "REF").edits
    assert edit.octets == f"X-Filterd: tagged; lists=words; ref=REF; gen={built.id}\r\n".encode()
