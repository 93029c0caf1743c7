"""Real clients send through filterd into smtp-sink: swaks, curl, smtp-source, smtplib; and swaks dies at every stage."""

from __future__ import annotations

import re
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.clients import RECIPIENT, SENDER, forbidden_mail, mail, token
from tests.support.processes import ROOT, free_port, program, running, wait_for, wait_quiet
from tests.support.proxy import Filterds
from tests.support.smtp_sink import SmtpSink, smtp_sink

pytestmark = pytest.mark.xdist_group("clients")


@pytest.fixture(scope="module")
def sink() -> Iterator[SmtpSink]:
    """An upstream that takes everything and writes it down."""
    with smtp_sink() as instance:
        yield instance


@pytest.fixture
def port(sink: SmtpSink, filterds: Filterds) -> int:
    """Where filterd listens before the sink."""
    return filterds(sink.port).port


def run(*command: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """A client to its end, with what it said."""
    path = program(command[0])
    return subprocess.run([path, *command[1:]], input=stdin, capture_output=True, timeout=60, check=False)


def swaks(port: int, file: Path, content: bytes, *options: str) -> subprocess.CompletedProcess[bytes]:
    """swaks with a message from a file, whose last line it ends by itself."""
    file.write_bytes(content.removesuffix(b"\r\n"))
    server = ("--server", "127.0.0.1", "--port", str(port), "--helo", "client.example", "--from", SENDER)
    return run("swaks", *server, "--to", RECIPIENT, "--data", f"@{file}", *options)


def curl(port: int, content: bytes) -> subprocess.CompletedProcess[bytes]:
    """curl with a message from its standard input."""
    url = f"smtp://127.0.0.1:{port}/client.example"
    return run("curl", "-sv", url, "--mail-from", SENDER, "--mail-rcpt", RECIPIENT, "-T", "-", stdin=content)


def assert_stored(sink: SmtpSink, mark: str, content: bytes, *recipients: str) -> None:
    """Exactly one message with the token, with these octets, for these recipients."""
    wait_for(f"smtp-sink to hold {mark}", lambda: sink.holding(mark))
    [stored] = sink.holding(mark)
    assert stored.content == content.replace(b"\r\n", b"\n")
    assert stored.recipients == tuple(f"<{name}>" for name in recipients or (RECIPIENT,))


CONTENT = ("Hello.", ".", "..dots", "", "trailing  ", "x" * 900, "", "")


def test_swaks_sends(sink: SmtpSink, port: int, tmp_path: Path) -> None:
    """swaks ends with 0 and its message arrives as it was."""
    content = mail(mark := token(), *CONTENT)
    assert swaks(port, tmp_path / "mail", content).returncode == 0
    assert_stored(sink, mark, content)


def test_swaks_pipelines(sink: SmtpSink, port: int, tmp_path: Path) -> None:
    """The same with --pipeline, which sends the envelope as one group."""
    content = mail(mark := token(), *CONTENT)
    result = swaks(port, tmp_path / "mail", content, "--pipeline")
    assert result.returncode == 0, result.stdout
    assert_stored(sink, mark, content)


def test_swaks_is_refused(sink: SmtpSink, port: int, tmp_path: Path) -> None:
    """swaks shows the refusal and ends with its code for a refused message (26)."""
    result = swaks(port, tmp_path / "mail", forbidden_mail(mark := token()))
    assert result.returncode == 26
    assert b"<** 550 5.7.1 " in result.stdout
    wait_quiet(sink.port)
    assert sink.holding(mark) == []


def test_an_authenticated_client_may_relay(filterds: Filterds, tmp_path: Path) -> None:
    """AUTH passes on a loopback listener, its 235 makes the session a relay client, and no secret is logged."""
    port = free_port()
    stranger = ("--local-interface", "127.0.0.77", "--to", "7@outside.example")
    secret = ("--auth", "PLAIN", "--auth-user", "somebody", "--auth-password", "s3cret-w0rd")
    content = mail(token())
    command = (sys.executable, "-m", "tests.support.file_sink", str(port), str(tmp_path))
    with running(*command, log=tmp_path / "log", ports=(port,), cwd=ROOT):
        proxy = filterds(port, {"relay.relay_clients": ["127.0.0.1/32"]})
        assert b"<** 550 5.7.1 " in swaks(proxy.port, tmp_path / "mail", content, *stranger).stdout
        assert not (tmp_path / "7").exists()
        result = swaks(proxy.port, tmp_path / "mail", content, *stranger, *secret)
    assert result.returncode == 0, result.stdout
    assert (tmp_path / "7").read_bytes() == content
    assert not re.search("s3cret|AHNvbWVib2R5|somebody", proxy.log)


def test_curl_sends(sink: SmtpSink, port: int) -> None:
    """curl ends with 0 and its message arrives as it was."""
    content = mail(mark := token(), *CONTENT)
    result = curl(port, content)
    assert result.returncode == 0, result.stderr
    assert_stored(sink, mark, content)


def test_curl_is_refused(sink: SmtpSink, port: int) -> None:
    """curl reports the refusal in filterd's words."""
    result = curl(port, forbidden_mail(mark := token()))
    assert result.returncode != 0
    assert b"< 550 5.7.1 " in result.stderr
    assert sink.holding(mark) == []


@pytest.mark.parametrize("reuse", [["-d"], []], ids=["sessions reused", "a session each"])
def test_smtp_source_sends_many(sink: SmtpSink, port: int, reuse: list[str]) -> None:
    """Fifty messages in five parallel sessions: fifty arrive, three recipients each."""
    mark = token()
    options = ["-s", "5", "-m", "50", "-l", "3000", "-r", "3", "-S", mark, *reuse]
    result = run("smtp-source", *options, f"127.0.0.1:{port}")
    assert result.returncode == 0, result.stderr
    wait_quiet(sink.port)
    stored = sink.holding(mark)
    assert len(stored) == 50
    assert {len(message.recipients) for message in stored} == {3}


def test_smtplib_sends(sink: SmtpSink, port: int) -> None:
    """The standard library's client sends twice in one session, to several recipients."""
    names = [RECIPIENT, "second@local.example", "third@elsewhere.example"]
    with smtplib.SMTP("127.0.0.1", port, local_hostname="client.example") as client:
        for _ in range(2):
            content = mail(mark := token(), *CONTENT)
            assert client.sendmail(SENDER, names, content) == {}
            assert_stored(sink, mark, content, *names)


def test_smtplib_is_refused_and_goes_on(sink: SmtpSink, port: int) -> None:
    """SMTPDataError with 550 for the forbidden message; the next one in the session arrives."""
    with smtplib.SMTP("127.0.0.1", port, local_hostname="client.example") as client:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.sendmail(SENDER, [RECIPIENT], forbidden_mail(token()))
        assert refused.value.smtp_code == 550
        assert refused.value.smtp_error.startswith(b"5.7.1 ")
        content = mail(mark := token())
        client.sendmail(SENDER, [RECIPIENT], content)
    assert_stored(sink, mark, content)


DEATHS = [
    *(("--drop-after", stage) for stage in ("connect", "banner", "first-helo", "mail", "rcpt", "data", "dot")),
    *(("--drop-after-send", stage) for stage in ("first-helo", "mail", "rcpt", "data", "dot")),
]


@pytest.mark.parametrize(("how", "stage"), DEATHS)
def test_swaks_dies(sink: SmtpSink, port: int, tmp_path: Path, how: str, stage: str) -> None:
    """A client that dies before its final dot leaves nothing upstream; one that dies after it has sent one message."""
    swaks(port, tmp_path / "mail", content := mail(mark := token()), how, stage)
    if stage == "dot":
        assert_stored(sink, mark, content)
    wait_quiet(sink.port)
    assert len(sink.holding(mark)) == (stage == "dot")
