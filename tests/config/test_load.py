"""What a good configuration becomes: complete, checked, and the same from a file as from flags."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from filterd.config import Config, ConfigError, check_start, config_from_flags, load_config


@pytest.fixture
def words(tmp_path: Path) -> Path:
    """A list to point at."""
    path = tmp_path / "my words.txt"
    path.write_text("word\n")
    return path


def write(folder: Path, text: str) -> Path:
    """A configuration file in the folder."""
    path = folder / "filterd.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_empty_file_is_the_defaults(tmp_path: Path) -> None:
    """Every key has a default."""
    assert load_config(write(tmp_path, "")) == Config()


def test_lists_are_completed(tmp_path: Path, words: Path) -> None:
    """A list's file is relative to the configuration, not to where filterd was started, and its name follows it."""
    config = load_config(write(tmp_path, f'[[wordlist]]\nfile = "{words.name}"\n'))
    assert config.wordlist[0].file == str(words)
    assert config.wordlist[0].name == "my-words"


def test_domains_are_folded(tmp_path: Path) -> None:
    """Domains compare without regard to case and to the dot at the end."""
    config = load_config(write(tmp_path, '[relay]\nlocal_domains = ["Example.ORG.", ".Sub.example.org", "bücher.example"]\n'))
    assert config.relay.local_domains == ["example.org", ".sub.example.org", "bücher.example"]


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_files_of_other_editors_are_read(tmp_path: Path, mark: bytes) -> None:
    """A byte order mark and CRLF are no mistakes."""
    path = tmp_path / "filterd.toml"
    path.write_bytes(mark + b"[proxy]\r\nworkers = 3\r\n")
    assert load_config(path).proxy.workers == 3


@pytest.mark.parametrize(
    ("make", "what"),
    [(lambda path: None, "does not exist"), (lambda path: path.mkdir(), "is no file")],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, make, what: str) -> None:
    """Missing or no file at all: told like every other mistake."""
    path = tmp_path / "filterd.toml"
    make(path)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    (mistake,) = caught.value.mistakes
    assert (mistake.file, mistake.what) == (str(path), what)


def test_flags_are_a_configuration(words: Path) -> None:
    """Flags alone say the same as a file with the same values."""
    config = config_from_flags(
        ["127.0.0.1:2525", "[::1]:2525"],
        "127.0.0.1:25",
        [str(words)],
        "tag",
        workers=2,
        local_domains=["Example.org"],
        relay_clients=["192.0.2.0/24"],
    )
    text = f"""
        proxy = {{ listen = ["127.0.0.1:2525", "[::1]:2525"], workers = 2 }}
        upstream.address = "127.0.0.1:25"
        relay = {{ local_domains = ["example.org"], relay_clients = ["192.0.2.0/24"] }}
        content.action = "tag"
        [[wordlist]]
        file = '{words}'
    """
    assert config == load_config(write(words.parent, text))


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ({"listen": ["127.0.0.1"], "upstream": "h:25"}, '--listen: "127.0.0.1" has no port'),
        ({"upstream": "h"}, '--upstream: "h" has no port'),
        ({"upstream": "h:25", "words": ["/nowhere"]}, '--words: "/nowhere" does not exist'),
        ({"upstream": "h:25", "local_domains": ["a b"]}, '--local-domain: "a b" is no domain'),
        ({"upstream": "h:25", "relay_clients": ["x"]}, '--relay-clients: "x" is no network'),
        ({"upstream": "127.0.0.1:2525"}, "--upstream: 127.0.0.1:2525 is filterd's own listener"),
        ({"listen": ["0.0.0.0:25"], "upstream": "127.0.0.1:26"}, "--listen: listens on 0.0.0.0:25, and clients"),
    ],
)
def test_mistakes_in_flags_name_the_flag(flags: dict, said: str) -> None:
    """There is no file to point at, so the flag is named."""
    with pytest.raises(ConfigError) as caught:
        config_from_flags(**flags)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([], 'the name "mta.example" has no address'),
        (["127.0.0.1"], "upstream.address: 127.0.0.1:2525 is filterd's own listener 127.0.0.1:2525"),
        (["192.0.2.1"], ""),
    ],
)
def test_starting_looks_the_name_up(tmp_path: Path, monkeypatch, answers: list[str], said: str) -> None:
    """A name that leads back to our own listener, or nowhere, is refused before a socket is opened."""
    path = write(tmp_path, '\nupstream.address = "mta.example:2525"\n')
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 2525)) for address in answers]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    config = load_config(path)
    if not said:
        check_start(config, str(path))
        return
    with pytest.raises(ConfigError) as caught:
        check_start(config, str(path))
    assert said in str(caught.value)
    assert caught.value.mistakes[0].line == 2


def test_starting_sees_an_upstream_named_here(tmp_path: Path, monkeypatch) -> None:
    """A public listener before a name that means this machine would launder every client, as 127.0.0.1 would."""
    path = write(tmp_path, '[proxy]\nlisten = ["0.0.0.0:2525"]\n[upstream]\naddress = "mta.example:10025"\n')
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 10025))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    config = load_config(path)
    with pytest.raises(ConfigError, match="an open relay"):
        check_start(config, str(path))


@pytest.mark.parametrize(
    "text",
    [
        '[proxy]\nlisten = ["0.0.0.0:2525"]\n[upstream]\nidentity = "xclient"\n',
        '[proxy]\nlisten = ["0.0.0.0:2525"]\n[upstream]\nidentity = "proxy"\n',
        '[proxy]\nlisten = ["0.0.0.0:2525"]\nallow_laundering = true\n',
        '[proxy]\nlisten = ["0.0.0.0:2525"]\n[upstream]\naddress = "192.0.2.1:25"\n',
        '[proxy]\nlisten = ["0.0.0.0:2525"]\n[upstream]\naddress = "mta.example:25"\n',
        '[proxy]\nlisten = ["127.0.0.1:25"]\n[upstream]\naddress = "[::1]:25"\n',
        '[proxy]\nlisten = ["127.0.0.1:0", "127.0.0.1:0"]\n',
        '[proxy]\nlisten = ["[::]:25"]\n[upstream]\naddress = "127.0.0.1:25"\nidentity = "proxy"\n',
    ],
)
def test_what_is_safe_is_accepted(tmp_path: Path, text: str) -> None:
    """The checks stop mistakes, not configurations."""
    load_config(write(tmp_path, text))
