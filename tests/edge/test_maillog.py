"""The mail log: greppable, and nothing that came from outside can forge, hide or flood it."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.edge import outlet
from filterd.edge.maillog import LINE_OCTETS, MailLog, alarm_name, escaped, queue_id
from filterd.mail.reply import Reply
from filterd.policy.verdict import Action, Hit, Verdict
from filterd.smtp.effects import Record

REFUSAL = Reply.make(550, "5.7.1", "refused: profanity (ref K7Q)")
HIT = Hit("profanity", "/etc/filterd/profanity.txt", 12, "darn", "1.2", "body", "exact", (3, 7), "DARN it")


def record(**changes: object) -> Record:
    values: dict[str, object] = {
        "reference": "K7Q.1",
        "outcome": "delivered",
        "alarm": 0,
        "client_address": "192.0.2.7",
        "client_name": "",
        "helo_name": b"mail.example.net",
        "reverse_path": b"a@example.net",
        "forward_paths": (b"b@example.org",),
        "size": 1234,
        "verdict": Verdict(),
        "reply": Reply(250, b"250 2.0.0 Ok: queued as 4XyZ12abC\r\n"),
        "upstream_reply": Reply(250, b"250 2.0.0 Ok: queued as 4XyZ12abC\r\n"),
        "detail": "",
    }
    return Record(**{**values, **changes})  # type: ignore[arg-type]


def line(one: Record, *, matched_text: bool = False) -> str:
    lines: list[str] = []
    MailLog(lambda level, text: lines.append(text), matched_text=matched_text).transaction(one, 12, "ab12cd34ef")
    (only,) = lines
    return only


def test_a_delivered_message() -> None:
    assert line(record()) == (
        "event=transaction ref=K7Q.1 qid=4XyZ12abC outcome=delivered client=192.0.2.7 from=<a@example.net> "
        'to=<b@example.org> nrcpt=1 size=1234 verdict=accept reply="250 2.0.0 Ok: queued as 4XyZ12abC" '
        "upstream=same helo=mail.example.net ms=12 gen=ab12cd34ef"
    )


def test_what_nobody_answered_was_not_answered_by_upstream() -> None:
    assert "upstream=" not in line(record(outcome="aborted", reply=None, upstream_reply=None))


def test_a_refused_message_names_list_and_place_but_not_what_it_said() -> None:
    refused = record(
        outcome="refused",
        alarm=501,
        verdict=Verdict(Action.REJECT, 501, REFUSAL, hits=(HIT, HIT)),
        reply=REFUSAL,
        upstream_reply=None,
    )
    text = line(refused)
    for part in (
        "alarm=501(forbidden-word)",
        "verdict=reject",
        "list=profanity",
        "entry=/etc/filterd/profanity.txt:12",
        "part=1.2",
        "area=body",
        "hits=2",
        'reply="550 5.7.1 refused: profanity (ref K7Q)"',
    ):
        assert f" {part} " in text
    assert "DARN" not in text
    assert 'text="DARN it | DARN it"' in line(refused, matched_text=True)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("250 2.0.0 Ok: queued as 4XyZ12abC", "4XyZ12abC"),
        ("250 2.0.0 39BDx1aT012345 Message accepted for delivery", "39BDx1aT012345"),
        ("250 OK id=1rKXYZ-0001Ab-2C", "1rKXYZ-0001Ab-2C"),
        ("250 2.0.0: 1a2b3c4d Message accepted for delivery", "1a2b3c4d"),
        ("250 2.0.0 Ok", ""),
        ("451 4.3.0 queued as 4XyZ12abC", ""),
    ],
)
def test_the_queue_id_of_several_upstreams(reply: str, expected: str) -> None:
    assert queue_id(Reply(int(reply[:3]), reply.encode() + b"\r\n")) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ("two words", '"two words"'),
        (b"a\r\nevent=forged", '"a\\x0d\\x0aevent=forged"'),
        ('say "x" \\', '"say \\"x\\" \\\\"'),
        (b"\xff\x80", '"\\\\xff\\\\x80"'),
        ("\u202eabc\u2028", '"\\u202eabc\\u2028"'),
        ("\U000e0041\ud800", '"\\U000e0041\\ud800"'),
        ("bücher.example", '"bücher.example"'),
    ],
)
def test_escaping(value: object, expected: str) -> None:
    assert escaped(value) == expected


@given(st.binary(max_size=400), st.text(max_size=400))
def test_no_value_makes_a_second_line_or_field(octets: bytes, text: str) -> None:
    only = line(record(reverse_path=octets, helo_name=text.encode("utf-8", "surrogatepass"), detail=text))
    assert only.isprintable()
    assert len(only.encode()) <= LINE_OCTETS + 30
    assert only.count("event=transaction ref=K7Q.1") >= 1
    assert only.startswith("event=transaction ref=K7Q.1 qid=4XyZ12abC outcome=delivered client=192.0.2.7 from=")


def test_many_recipients_are_counted_and_some_are_shown() -> None:
    text = line(record(forward_paths=tuple(b"%d@example.org" % n for n in range(1000))))
    assert "to=<0@example.org>,<1@example.org>,<2@example.org>,<3@example.org> nrcpt=1000" in text


def test_a_line_is_bounded_and_keeps_reference_and_queue_id() -> None:
    huge = record(reverse_path=b"\x01" * 9999, forward_paths=(b"\x02" * 9999,) * 9, detail="\x03" * 9999)
    text = line(huge)
    assert len(text.encode()) <= LINE_OCTETS + 30
    assert text.endswith("truncated=1")
    assert "ref=K7Q.1 qid=4XyZ12abC" in text


def test_a_flood_of_refusals_is_counted_not_written() -> None:
    lines: list[str] = []
    log = MailLog(lambda level, text: lines.append(text))
    for _ in range(1000):
        log.session_refused("192.0.2.7", 102)
    assert 20 <= len(lines) <= 60
    assert lines[0] == "event=session-refused client=192.0.2.7 alarm=102(too-many-from-address)"


def test_an_internal_error_is_one_line_with_its_place() -> None:
    lines: list[str] = []
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        MailLog(lambda level, text: lines.append(text)).internal_error("somewhere", error)
    (only,) = lines
    assert 'error="ValueError: two\\x0alines at test_maillog.py:' in only
    assert "alarm=704(internal-error)" in only


def test_every_alarm_has_a_name() -> None:
    assert alarm_name(606) == "identity-refused"
    assert alarm_name(999) == "unknown"


def test_a_full_pipe_drops_lines_and_tells_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    monkeypatch.setattr(outlet, "_STDERR", writer)
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    write = outlet.open_outlet("stderr")
    for number in range(200):
        write(outlet.INFO, f"n={number} " + "x" * 1000)
    assert write.dropped > 100
    seen = os.read(reader, 1 << 20)
    write(outlet.INFO, "n=last")
    assert f"n=last dropped={write.dropped or 0}".encode() not in seen
    last = os.read(reader, 1 << 20).decode()
    assert "n=last dropped=1" in last
    assert os.get_blocking(writer), "the pipe is also somebody else's"


def test_a_stream_that_is_the_journal_has_priorities_and_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, journal = socket.socketpair()
    monkeypatch.setattr(outlet, "_STDERR", ours.fileno())
    status = os.fstat(ours.fileno())
    monkeypatch.setenv("JOURNAL_STREAM", f"{status.st_dev}:{status.st_ino}")
    outlet.open_outlet("stderr")(outlet.WARNING, "event=x")
    assert journal.recv(100) == b"<4>event=x\n"


def test_a_file_gets_time_and_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "log").open("wb") as file:
        monkeypatch.setattr(outlet, "_STDERR", file.fileno())
        outlet.open_outlet("stderr")(outlet.WARNING, "event=x")
    text = (tmp_path / "log").read_text()
    assert text.endswith(f" filterd[{os.getpid()}]: event=x\n")
    assert text[4] == "-"


def test_syslog_gets_facility_mail_and_survives_its_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log"
    monkeypatch.setattr(outlet, "_SYSLOG", str(path))
    write = outlet.open_outlet("syslog")
    write(outlet.INFO, "nobody hears")
    for number in range(2):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as syslogd:
            syslogd.bind(str(path))
            syslogd.settimeout(5)
            write(outlet.INFO, "event=x")
            write(outlet.INFO, "event=y")
            heard = [syslogd.recv(200).decode() for _ in range(2 - number)]
            assert heard[0].startswith(f"<22>filterd[{os.getpid()}]: event=")
            assert "dropped=1" in heard[0]
        path.unlink()


def test_a_full_syslog_does_not_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log"
    monkeypatch.setattr(outlet, "_SYSLOG", str(path))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as syslogd:
        syslogd.bind(str(path))
        write = outlet.open_outlet("syslog")
        thread = threading.Thread(target=lambda: [write(outlet.INFO, "x" * 1000) for _ in range(2000)], daemon=True)
        thread.start()
        thread.join(10)
        assert not thread.is_alive()
        assert write.dropped


_OCTETS = st.one_of(st.binary(max_size=30), st.sampled_from([b"", b"a@b.example", b"x" * 300, b'"a b"@c', b"a,b@c"]))
_REPLIES = [
    b"250 2.0.0 Ok: queued as 4XyZ12abC\r\n",
    b"250 \r\n",
    b'451 "a"\r\n',
    b"250-a\r\n250 b\r\n",
    b"250 %b\r\n" % (b"y" * 400),
]


@given(
    _OCTETS,
    st.lists(_OCTETS, max_size=6),
    _OCTETS,
    st.sampled_from(["", "", "why", "\n"]),
    st.sampled_from([0, 301]),
    st.sampled_from(_REPLIES),
    st.sampled_from(["", "192.0.2.7", "2001:db8::1", "x y\n"]),
)
def test_the_short_way_writes_the_same_line(
    sender: bytes, recipients: list[bytes], helo: bytes, detail: str, alarm: int, reply: bytes, client: str
) -> None:
    """Transactions without hits take a shorter way to the very same line."""
    told = Reply(int(reply[:3]), reply)
    given_record = record(
        reverse_path=sender,
        forward_paths=tuple(recipients),
        helo_name=helo,
        detail=detail,
        alarm=alarm,
        reply=told,
        upstream_reply=told,
        client_address=client,
    )
    written: list[str] = []
    log = MailLog(lambda level, text: written.append(text))
    log.transaction(given_record, 12, "ab12cd34ef")
    fields = [*log._transaction(given_record), ("ms", 12), ("gen", "ab12cd34ef")]
    log._event(6, "transaction", fields)
    assert written[0] == written[1]


def test_the_usual_line_takes_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the test before this one would compare the long way with itself."""
    monkeypatch.setattr(MailLog, "_event", lambda *_: pytest.fail("the long way"))
    line(record())
