"""The command line: what it prints where, and its exit codes; a user's mistake never shows a traceback."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from filterd.cli.main import COMMANDS, main
from filterd.config import Config
from filterd.edge import supervisor

ROOT = Path(__file__).parent.parent.parent
Ran = tuple[int, str, str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run `filterd ARGUMENTS…` here: exit code, stdout, stderr."""

    def _run(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return _run


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Config, str | None]]:
    """What the supervisor would have been started with."""
    calls: list[tuple[Config, str | None]] = []
    monkeypatch.setattr(supervisor, "run", lambda config, *, source: calls.append((config, source)) or 0)
    return calls


@pytest.fixture
def words(tmp_path: Path) -> str:
    """A good list."""
    path = tmp_path / "words.txt"
    path.write_text("one\ntwo\n")
    return str(path)


@pytest.fixture
def config(tmp_path: Path, words: str) -> str:
    """A good configuration with that list."""
    path = tmp_path / "filterd.toml"
    path.write_text('proxy.workers = 3\n[[wordlist]]\nfile = "words.txt"\n')
    return str(path)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_helps_with_an_example(run: Callable[..., Ran], command: str) -> None:
    """--help says what the command does and shows a line to paste."""
    code, out, _ = run(command, "--help")
    assert code == 0
    assert f"Example: filterd {command}" in out


def test_help_lists_every_command(run: Callable[..., Ran]) -> None:
    """The overview leaves none out."""
    code, out, _ = run("--help")
    assert code == 0
    assert all(f"\n  {command} " in out for command in COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "No such command"),
        (["proxy"], "give --config FILE, or at least --upstream HOST:PORT and --words FILE"),
        (["proxy", "--config", "f", "--listen", "a:1", "--local-domain", "x"], "--listen, --local-domain cannot go with"),
        (["proxy", "--upstream", "h:25", "--action", "rejct"], "rejct"),
        (["proxy", "--config", "/nowhere.toml"], "filterd: /nowhere.toml: does not exist → "),
        (["proxy", "--upstream", "h"], 'filterd: --upstream: "h" has no port → '),
        (["check"], "--config"),
        (["config"], "give one of --config FILE, --defaults, --markdown"),
        (["config", "--defaults", "--changed"], "--changed goes with --config FILE"),
        (["alarms", "999"], 'there is no alarm "999"'),
    ],
)
def test_a_mistake_is_said_on_stderr(run: Callable[..., Ran], arguments: list[str], said: str) -> None:
    """Exit code 2, nothing on stdout, no traceback."""
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_several_mistakes_have_a_line_each(run: Callable[..., Ran], tmp_path: Path) -> None:
    """All at once, so that one round of editing is enough."""
    path = tmp_path / "filterd.toml"
    path.write_text("[log]\na = 1\nb = 2\n")
    code, _, err = run("proxy", "--config", str(path))
    assert code == 2
    assert [line.partition(": ")[2].partition(": ")[0] for line in err.splitlines()] == [f"{path}:2", f"{path}:3"]


def test_proxy_hands_the_file_to_the_supervisor(run: Callable[..., Ran], config: str, started: list) -> None:
    """The file's name goes along, to be read again at SIGHUP."""
    assert run("proxy", "--config", config)[0] == 0
    ((given, source),) = started
    assert (given.proxy.workers, source) == (3, config)


def test_proxy_starts_by_flags_alone(run: Callable[..., Ran], words: str, started: list) -> None:
    """A first try needs no file; several listeners and lists are several flags."""
    flags = ["--listen", "127.0.0.1:2525", "--listen", "[::1]:2525", "--upstream", "127.0.0.1:25", "--words", words]
    code, _, _ = run("proxy", *flags, "--action", "tag", "--relay-clients", "192.0.2.0/24", "--local-domain", "a.example")
    ((given, source),) = started
    assert (code, source) == (0, None)
    assert given.proxy.listen == ["127.0.0.1:2525", "[::1]:2525"]
    assert (given.content.action, given.wordlist[0].file) == ("tag", words)
    assert (given.relay.relay_clients, given.relay.local_domains) == (["192.0.2.0/24"], ["a.example"])


def test_check_of_a_good_configuration(run: Callable[..., Ran], config: str) -> None:
    """Exit code 0: lists are counted, and what is risky is a warning."""
    code, out, err = run("check", "--config", config)
    assert code == 0
    assert "list words: 2 entries, reject" in out
    assert out.endswith(f"{config}: good, 1 warnings\n")
    assert f"{config}: warning: upstream.identity: " in err


def test_check_reads_every_list(run: Callable[..., Ran], config: str, words: str) -> None:
    """Mistakes in lists are found as those in the file are."""
    Path(words).write_text("good\nbad[\n\n/worse\n")
    code, out, err = run("check", "--config", config)
    assert code == 2
    assert "good" not in out
    assert [line.split(" ")[0] for line in err.splitlines() if "warning" not in line] == [f"{words}:2:4:", f"{words}:4:1:"]


def test_check_for_programs(run: Callable[..., Ran], config: str, words: str) -> None:
    """--json prints the same as one object."""
    code, out, err = run("check", "--config", config, "--json")
    found = json.loads(out)
    assert (code, err, found["ok"], found["mistakes"]) == (0, "", True, [])
    assert found["lists"] == [{"name": "words", "file": words, "action": "reject", "entries": 2}]
    Path(config).write_text("[log]\nx = 1\n")
    code, out, _ = run("check", "--config", config, "--json")
    found = json.loads(out)
    assert (code, found["ok"]) == (2, False)
    assert (found["mistakes"][0]["line"], found["mistakes"][0]["key"]) == (2, "log.x")


def test_config_prints_what_is_in_force(run: Callable[..., Ran], config: str, words: str) -> None:
    """Defaults included, unless only changes are asked for."""
    code, out, _ = run("config", "--config", config)
    assert code == 0
    assert "sessions = 90" in out
    code, out, _ = run("config", "--config", config, "--changed")
    assert out == f'[proxy]\nworkers = 3\n\n[[wordlist]]\nfile = "{words}"\nname = "words"\n'


def test_alarms_can_be_asked_by_number_or_name(run: Callable[..., Ran]) -> None:
    """As they stand in a log line: alarm=606(identity-refused)."""
    assert run("alarms", "606") == run("alarms", "identity-refused")
    assert "Cure: " in run("alarms", "606")[1]
