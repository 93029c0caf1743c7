"""`filterd scan`: the proxy's verdict for mail at rest, told to people and to programs."""

from __future__ import annotations

import base64
import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from filterd.cli import scan_output
from filterd.cli.main import main
from filterd.cli.scan_output import Bar
from filterd.config import config_from_flags
from filterd.edge.generation import build
from filterd.edge.lists import make_engine, parse_lists, read_lists
from filterd.edge.offline import Offline, Report
from filterd.engine import Engine
from filterd.mail.envelope import Envelope
from filterd.store.places import Place

ROOT = Path(__file__).parent.parent.parent
FROM = b"From anna@example.org Mon Jul 29 11:28:02 2002\n"
CLEAN = b"Subject: lunch\n\nat noon\n"
BAD = b"Subject: news\n\nit is about Project\nBluebird, you know\n"
HTML = (
    b"Subject: =?utf-8?q?fl=69bber?=\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    + base64.encodebytes(b"<p>Between us: <b>Project</b>\n&#66;luebird starts.</p>")
)
Ran = tuple[int, str, str]
Run = Callable[..., Ran]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Run `filterd scan ARGUMENTS…` here: exit code, stdout, stderr."""

    def _run(*arguments: str | Path) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main(["scan", *map(str, arguments)])
        captured = capfd.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return _run


@pytest.fixture
def words(tmp_path: Path) -> Path:
    path = tmp_path / "lists" / "words.txt"
    path.parent.mkdir()
    path.write_text("# names\nproject bluebird\nflibber\n")
    return path


@pytest.fixture
def mail(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of mail."""

    def _mail(octets: bytes, name: str = "a.eml") -> Path:
        path = tmp_path / "mail" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(octets)
        return path

    return _mail


def objects(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_a_hit_is_explained(run: Run, words: Path, mail: Callable[..., Path]) -> None:
    """The entry, its list and line, where it stands, how it was decoded, and the text around it, on one line."""
    path = mail(HTML)
    code, out, err = run("--words", words, path)
    assert (code, err) == (1, "")
    head, *rest = out.splitlines()
    assert head == f"{path}: reject, 2 hits of words, score {objects(run('--words', words, '--json', path)[1])[0]['score']}"
    assert f"    project bluebird  {words}:2, list words" in rest
    assert any(line.startswith("        part 1, body, base64 → utf-8 → html; ") for line in rest)
    assert "        Between us: [[Project Bluebird]] starts." in rest
    assert any(line.startswith("        part 0, subject") for line in rest)


def test_json_has_what_was_promised(run: Run, words: Path, mail: Callable[..., Path]) -> None:
    path = mail(BAD)
    code, out, err = run("--json", "--words", words, path)
    (found,) = objects(out)
    (hit,) = found["hits"]
    assert (code, err) == (1, "")
    assert {key: found[key] for key in ("path", "action", "alarm", "conditions", "offset", "octets")} == {
        "path": str(path), "action": "reject", "alarm": 501, "conditions": [], "offset": 0, "octets": len(BAD),
    }  # fmt: skip
    assert {key: hit[key] for key in ("list", "file", "line", "entry", "part", "area", "chain", "reading")} == {
        "list": "words", "file": str(words), "line": 2, "entry": "project bluebird", "part": "1", "area": "body",
        "chain": ["utf-8"], "reading": "sure",
    }  # fmt: skip
    assert hit["text"].split() == ["Project", "Bluebird"]
    assert BAD[slice(*hit["span"])] == b"Project\nBluebird"
    assert {"view", "weight", "field", "alternative"} <= hit.keys()


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
@pytest.mark.parametrize("before", [b"", FROM])
def test_spans_are_octets_of_the_file(run: Run, words: Path, mail: Callable[..., Path], ends: bytes, before: bytes) -> None:
    """With `offset`: whatever the line ends, and also behind the From_ line and the quotes of an mbox."""
    octets = before + (CLEAN + b">From me\n" + b"Project Bluebird\n").replace(b"\n", ends)
    (found,) = objects(run("--json", "--words", words, mail(octets))[1])
    (hit,) = found["hits"]
    start, end = (found["offset"] + at for at in hit["span"])
    assert octets[start:end] == b"Project Bluebird"


@pytest.mark.parametrize("message", [CLEAN, BAD, HTML, b"", b"no mail", b"\n\n>flibber", b"Subject: a\n b\n\n=\nflibber"])
def test_the_verdict_is_the_proxys(words: Path, mail: Callable[..., Path], message: bytes) -> None:
    """Whatever the line ends on disk; the proxy judges CRLF."""
    config = config_from_flags(words=[str(words)])
    lists = parse_lists(config, read_lists(config.wordlist))
    offline = Offline(make_engine(config, lists), 1 << 20, 30)
    wire = message.replace(b"\n", b"\r\n")
    proxy = build(config_from_flags(words=[str(words)], upstream="127.0.0.1:9")).engine.judge(wire, Envelope(), "REF")
    assert Engine(lists).judge(wire, Envelope(), "REF") == proxy
    for octets in (message, wire):
        report = offline.report_here(Place(str(mail(octets))))
        assert report.alarm == proxy.alarm
        assert report.conditions == proxy.conditions
        assert [(hit.entry, hit.part, hit.area, hit.view, hit.text) for hit in report.hits] == [
            (hit.entry, hit.part, hit.area, hit.view, hit.text) for hit in proxy.hits
        ]


@pytest.mark.parametrize(
    ("arguments", "message", "code", "action"),
    [
        ([], CLEAN, 0, "accept"),
        ([], BAD, 1, "reject"),
        (["--action", "tag"], BAD, 1, "tag"),
        (["--action", "observe"], BAD, 1, "observe"),
        ([], b"Received: x\n" * 51 + BAD, 1, "reject"),
        ([], b"Content-Type: message/partial\n\nx\n", 1, "defer"),
    ],
)
def test_exit_codes_and_actions(
    run: Run, words: Path, mail: Callable[..., Path], arguments: list[str], message: bytes, code: int, action: str
) -> None:
    ended, out, _ = run("--json", "--words", words, *arguments, mail(message))
    assert (ended, objects(out)[0]["action"]) == (code, action)


def test_clean_mail_is_told_of_only_if_it_was_asked_for(run: Run, words: Path, mail: Callable[..., Path]) -> None:
    path = mail(CLEAN)
    assert run("--words", words, path) == (0, f"{path}: clean\n", "")
    assert run("--words", words, path.parent) == (0, "", "")
    assert run("--words", words, "-v", path.parent) == (0, f"{path}: clean\n", "")
    inbox = mail(FROM + CLEAN + b"\n" + FROM + CLEAN, "inbox")
    assert run("--words", words, inbox)[:2] == (0, "")
    assert run("--words", words, "-v", inbox)[1] == f"{inbox}#1: clean\n{inbox}#2: clean\n"


def test_the_text_around_a_hit_is_that_of_its_own_field(run: Run, words: Path, mail: Callable[..., Path]) -> None:
    path = mail(b"Comments: before\nComments: a flibber here\nComments: after\n\n")
    assert "        a [[flibber]] here\n" in run("--words", words, path)[1]


@pytest.mark.parametrize("size", [0, 65_000, 200_000])
def test_the_text_around_a_hit_far_inside(run: Run, words: Path, mail: Callable[..., Path], size: int) -> None:
    """The right one of many, whatever the pieces in which a large text is read."""
    filler = b"unflibberedly flibb\n" * (size // 20)
    text = filler + b"first flibber of them\n" + filler + b"second flibber, and Project\n\nBluebird too\n" + filler
    path = mail(b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(text))
    _, out, _ = run("--words", words, path)
    assert "first [[flibber]] of" in out
    assert "second [[flibber]], and" in out
    assert "and [[Project Bluebird]] too" in out


def test_every_message_of_an_mbox(run: Run, words: Path, mail: Callable[..., Path]) -> None:
    path = mail(FROM + CLEAN + b"\n" + FROM + BAD + b"\n" + FROM + CLEAN, "inbox")
    code, out, _ = run("--json", "--words", words, path)
    assert code == 1
    assert [(found["path"], found["action"]) for found in objects(out)] == [
        (f"{path}#1", "accept"), (f"{path}#2", "reject"), (f"{path}#3", "accept"),
    ]  # fmt: skip


@pytest.mark.parametrize("octets", [BAD, FROM + BAD])
def test_standard_input(words: Path, octets: bytes) -> None:
    done = subprocess.run(command("--words", str(words), "--json", "-"), input=octets, capture_output=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stderr) == (1, b"")
    (found,) = objects(done.stdout.decode())
    assert (found["path"], found["action"]) == ("-", "reject")


def test_standard_input_after_much_else(words: Path, mail: Callable[..., Path]) -> None:
    """Read by processes that were there before it was."""
    for number in range(40):
        mail(CLEAN, f"{number}.eml")
    asked = command("--words", str(words), "--json", str(mail(CLEAN).parent), "-")
    done = subprocess.run(asked, input=FROM + CLEAN + b"\n" + FROM + BAD, capture_output=True, check=False, cwd=ROOT)
    assert done.returncode == 1
    assert [(one["path"], one["action"]) for one in objects(done.stdout.decode())[-2:]] == [("-#1", "accept"), ("-#2", "reject")]


def test_interrupted(words: Path, mail: Callable[..., Path], tmp_path: Path) -> None:
    """Every process ends, the exit code is 130, and nobody sees a traceback."""
    for number in range(40):
        mail(CLEAN, f"{number}.eml")
    os.mkfifo(tmp_path / "fifo")  # nobody writes to it
    asked = command("--words", str(words), "-v", str(mail(CLEAN).parent), str(tmp_path / "fifo"))
    running = subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, start_new_session=True)
    writer = os.open(tmp_path / "fifo", os.O_WRONLY)  # waits until it is read: the processes are at work then
    os.killpg(running.pid, signal.SIGINT)
    _, err = running.communicate(timeout=30)
    os.close(writer)
    assert running.returncode == 130
    assert b"Traceback" not in err
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "filterd", "scan", *arguments]


def test_what_cannot_be_read_is_said_and_the_rest_goes_on(run: Run, words: Path, mail: Callable[..., Path]) -> None:
    path = mail(BAD)
    code, out, err = run("--words", words, "/no/where", path)
    assert code == 2
    assert out.startswith(f"{path}: reject")
    assert err.splitlines()[0] == (
        "filterd: /no/where: cannot be read (No such file or directory) → correct the path; `-` is standard input"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a"], "give --words FILE or --config FILE: there is nothing to look for"),
        (["--words", "w"], "Missing argument 'PATH…'"),
        (["--config", "c", "--words", "w", "--level", "case", "a"], "--words, --level cannot go with --config"),
        (["--words", "/no/where", "a"], 'filterd: --words: "/no/where" does not exist → '),
        (["--config", "/no/where", "a"], "/no/where: does not exist → "),
        (["--words", "w", "--level", "x", "a"], "'x' is not one of 'exact', 'case', 'fold', 'disguise'"),
    ],
)
def test_mistakes_are_said(run: Run, arguments: list[str], said: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_a_configuration_of_the_proxy_needs_no_network(run: Run, words: Path, mail: Callable[..., Path]) -> None:
    """Lists, actions and limits count; upstream is not even looked up."""
    config = mail(b"", "filterd.toml")
    config.write_text(
        '[upstream]\naddress = "nowhere.invalid:25"\n[limits]\nmessage_octets = 60\n'
        f'[[wordlist]]\nfile = "{words}"\naction = "tag"\n'
    )
    code, out, _ = run("--config", config, "--json", mail(BAD), mail(BAD + b"x" * 60, "b.eml"))
    small, large = objects(out)
    assert code == 1
    assert (small["action"], large["action"], large["conditions"], large["alarm"]) == ("tag", "reject", ["too-big"], 401)
    config.write_text("")
    assert "names no list" in run("--config", config, mail(BAD))[2]


def test_nothing_of_a_mail_reaches_the_terminal_as_an_order(run: Run, words: Path, mail: Callable[..., Path]) -> None:
    """Escapes, CSI, carriage returns, writing directions; in text and in file names."""
    hostile = "\x1b]0;owned\x07 \x9b2J \u202eflibber\u202c \x1b[2J\x7f\r\r\n".encode()
    path = mail(b"Content-Type: text/plain; charset=utf-8\n\n" + hostile, "a\x1b[31m\n.eml")
    for arguments in (["--words", words], ["--text"]):
        _, out, _ = run(*arguments, path)
        assert all(letter.isprintable() or letter == "\n" for letter in out)
        assert "␛]0;owned␇ \\x9b2J \\u202e" in out
    assert "\\n" not in run("--words", words, path)[1].splitlines()[0]
    assert run("--words", words, path)[1].count("\n") == 4


def test_many_messages_in_several_processes(run: Run, words: Path, mail: Callable[..., Path]) -> None:
    """In order, and summed up."""
    for number in range(100):
        mail(BAD if number % 10 == 3 else CLEAN, f"{number:03}.eml")
    folder = mail(CLEAN, "zzz.eml").parent
    code, out, err = run("--json", "--words", words, "--jobs", "3", folder)
    assert code == 1
    assert [found["path"] for found in objects(out)] == [str(path) for path in sorted(folder.iterdir())]
    assert [found["action"] for found in objects(out)].count("reject") == 10
    assert "101 messages" in err
    assert "10 hits in 10 messages" in err
    assert f"10  project bluebird  ({words}:2)" in err
    assert run("--words", words, "-q", "--jobs", "1", folder)[2] == ""


def test_a_message_on_which_filterd_fails(
    run: Run, words: Path, mail: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is reported as what it would be, and the exit code says that something is wrong with us."""

    def _judge(self: Engine, content: bytes, envelope: Envelope, reference: str) -> Any:
        if b"boom" in content:
            raise RecursionError("too deep")
        if b"segv" in content:
            os.kill(os.getpid(), signal.SIGKILL)
        return really(self, content, envelope, reference)

    really = Engine.judge
    monkeypatch.setattr(Engine, "judge", _judge)
    mail(b"Subject: boom\n\n", "050.eml")
    code, out, err = run("--json", "--words", words, mail(BAD), mail(b"boom", "b.eml"))
    assert (code, [found["action"] for found in objects(out)]) == (2, ["reject", "defer"])
    assert objects(out)[1]["conditions"] == ["scan-crashed"]
    assert "b.eml: could not be scanned (RecursionError: too deep) → " in err
    for number in range(100):
        mail(CLEAN, f"{number:03}.eml")
    folder = mail(b"segv", "050.eml").parent
    code, out, err = run("--json", "--words", words, folder)
    assert code == 2
    assert [found["path"][-7:] for found in objects(out) if "error" in found] == ["050.eml", "l/b.eml"]
    assert "050.eml: could not be scanned (killed by SIGKILL)" in err


def test_a_message_that_takes_too_long(
    run: Run, words: Path, mail: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def _judge(self: Engine, *rest: Any) -> Any:
        while True:
            pass

    monkeypatch.setattr(Engine, "judge", _judge)
    config = mail(b"", "filterd.toml")
    config.write_text(f'[timeouts]\nscan = 1\n[[wordlist]]\nfile = "{words}"\n')
    code, out, err = run("--json", "--config", config, mail(BAD))
    assert (code, objects(out)[0]["conditions"]) == (2, ["scan-timeout"])
    assert "not done after 1 s" in err


def test_names_that_are_not_utf_8_survive(run: Run, words: Path, mail: Callable[..., Path]) -> None:
    path = mail(BAD, os.fsdecode(b"\xe4.eml"))
    (found,) = objects(run("--json", "--words", words, path)[1])
    assert os.fsencode(found["path"]) == os.fsencode(path)
    assert "\\xe4.eml: reject" in run("--words", words, path)[1]


def test_what_filterd_sees(run: Run, mail: Callable[..., Path]) -> None:
    """Part by part, area by area, without any list."""
    path = mail(
        b"Subject: =?utf-8?q?gr=C3=BC=C3=9Fe?=\nContent-Type: multipart/mixed; boundary=b\n\n"
        b"--b\nContent-Type: text/html; charset=utf-8\n\n<p>seen<!-- unseen --></p>\n"
        b"--b\nContent-Disposition: attachment; filename=x.bin\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n--b--\n"
    )
    code, out, err = run("--text", path)
    assert (code, err) == (0, "")
    assert "part 0, subject\n    grüße\n" in out
    assert "part 1 text/html, body, utf-8 → html\n    seen\n" in out
    assert 'part 2 text/plain "x.bin", attachment, base64 → utf-8\n    hello\n' in out
    seen = objects(run("--text", "--json", path)[1])
    assert {"path", "part", "area", "field", "chain", "reading", "text"} == seen[0].keys()
    assert any(one["part"] == "1" and one["area"] == "hidden" and "unseen" in one["text"] for one in seen)
    assert run("--text", "/no/where")[0] == 2


def test_a_closed_pipe_is_no_tragedy(words: Path, mail: Callable[..., Path]) -> None:
    for number in range(100):
        mail(BAD, f"{number:03}.eml")
    folder = mail(BAD).parent
    shell = " ".join(command("--words", str(words), "--json", "-q", str(folder))) + " | head -n 1"
    done = subprocess.run(shell, shell=True, capture_output=True, check=False, cwd=ROOT)
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""


def test_a_terminal_gets_colours(words: Path, mail: Callable[..., Path]) -> None:
    """And nothing else from it: the hostile escape is a picture there too."""
    parent, child = pty.openpty()
    path = mail(b"Subject: x\n\n\x1b[2J flibber\n")
    environment = {**os.environ, "TERM": "xterm-256color", "NO_COLOR": ""}
    environment.pop("NO_COLOR")
    subprocess.run(command("--words", str(words), str(path)), stdout=child, stderr=child, env=environment, check=False, cwd=ROOT)
    os.close(child)
    shown = os.read(parent, 65536).decode()
    assert "␛[2J" in shown
    assert "\x1b[2J" not in shown
    assert "\x1b[1;31mreject" in shown


def test_long_work_has_a_bar(monkeypatch: pytest.MonkeyPatch, mail: Callable[..., Path]) -> None:
    """How much is done of how much, how fast, how much longer; short work has none, and it goes away at the end."""
    monkeypatch.setattr(scan_output, "_STEP_SECONDS", 0)
    path = mail(b"x" * 2000)
    screen = Console(file=io.StringIO(), force_terminal=True, width=100)
    bar = Bar([str(path), "/no/where"], screen)
    bar.step(Report(Place("a"), 1000))
    assert screen.file.getvalue() == ""  # type: ignore[attr-defined]
    monkeypatch.setattr(scan_output, "PATIENCE_SECONDS", 0)
    bar.step(Report(Place("a"), 500))
    deadline = time.monotonic() + 30
    while "1.5/2.0 kB" not in screen.file.getvalue() and time.monotonic() < deadline:  # type: ignore[attr-defined]
        bar.step(Report(Place("a"), 0))
        time.sleep(0.05)
    bar.close()
    shown = screen.file.getvalue()  # type: ignore[attr-defined]
    assert "1.5/2.0 kB" in shown
    assert re.search(r"\d messages .*\d/s.*(\d\d|--):(\d\d|--)", shown)
    assert shown.endswith("\x1b[2K")


def test_no_bar_where_no_terminal_is(run: Run, words: Path, mail: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_output, "_STEP_SECONDS", 0)
    monkeypatch.setattr(scan_output, "PATIENCE_SECONDS", 0)
    assert run("--words", words, mail(CLEAN), mail(CLEAN, "b"), "-q") == (0, "", "")
