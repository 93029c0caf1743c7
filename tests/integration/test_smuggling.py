"""SMTP smuggling: two programs must never disagree about where a message ends (CVE-2023-51764 and its relatives).

Each sequence stands in the middle of a message, in front of a second one that somebody would like to slip in. The
Postfix behind filterd is one that can be fooled: its own defence does not apply to clients in its `mynetworks`.
"""

from __future__ import annotations

import time

import pytest

from tests.support.clients import RECIPIENT, SENDER, Client, mail, stuffed, token
from tests.support.postfix import Postfix
from tests.support.proxy import Filterds

pytestmark = pytest.mark.xdist_group("postfix")

ENDINGS = {
    "LF . LF": b"\n.\n",
    "LF . CRLF": b"\n.\r\n",
    "CRLF . LF": b"\r\n.\n",
    "CR . CR": b"\r.\r",
    "CR . LF": b"\r.\n",
    "LF . CR": b"\n.\r",
    "CR . CRLF": b"\r.\r\n",
    "CRLF . CR": b"\r\n.\r",
    "CRLF . CRCRLF": b"\r\n.\r\r\n",
    "CRCRLF . CRCRLF": b"\r\r\n.\r\r\n",
    "CRLF . CR NUL LF": b"\r\n.\r\x00\n",
    "LFCR . LFCR": b"\n\r.\n\r",
}
NULS = {
    "CRLF NUL . CRLF": b"\r\n\x00.\r\n",
    "LF NUL . LF": b"\n\x00.\n",
    "CRLF . NUL CRLF": b"\r\n.\x00\r\n",
}
FOOLS_POSTFIX = ["LF . LF", "LF . CRLF", "CRLF . LF", "CRLF . CRCRLF", "CRCRLF . CRCRLF"]
REJECT = {"content.bare_newline": "reject"}


def _attempt(port: int, ending: bytes, mark: str) -> list[str]:
    """Send one message with another one behind `ending`; returns all replies after the 354."""
    inner = b"MAIL FROM:<%s>\r\nRCPT TO:<%s>\r\nDATA\r\n" % (SENDER.encode(), RECIPIENT.encode())
    with Client(port) as client:
        client.ehlo()
        client.envelope()
        client.send(mail(mark, "Outer.").removesuffix(b"\r\n") + ending + inner)
        client.send(mail(mark, "Inner.") + b".\r\nQUIT\r\n")
        return list(iter(client.reply, ""))


@pytest.mark.parametrize("name", [*ENDINGS, *NULS])
@pytest.mark.parametrize("mode", ["normalize", "reject"])
def test_at_most_one_message_reaches_upstream(mta: Postfix, filterds: Filterds, name: str, mode: str) -> None:
    """One message with odd octets in it, or none; under `normalize` exactly one, unless a NUL stands beside the dot."""
    proxy = filterds(mta.ports["plain"], {"content.bare_newline": mode})
    replies = _attempt(proxy.port, {**ENDINGS, **NULS}[name], mark := token())
    arrived = mta.deliveries(mark)
    assert [reply[:3] for reply in replies] == ["250" if arrived else "550", "221"]
    assert len(arrived) <= 1
    assert all(b"Outer." in found.stored and b"Inner." in found.stored for found in arrived)
    if mode == "normalize":
        assert len(arrived) == (0 if name in NULS else 1)
    else:
        assert arrived == []


@pytest.mark.parametrize("name", FOOLS_POSTFIX)
def test_postfix_alone_takes_two(mta: Postfix, name: str) -> None:
    """Without filterd this Postfix takes these endings for the end of data: filterd must not leave it to upstream."""
    _attempt(mta.ports["plain"], ENDINGS[name], mark := token())
    assert len(mta.deliveries(mark)) == 2


STRAY = {
    "LF in the body": (b"one\ntwo\r\n", b"one\ntwo\n"),
    "CR in the body": (b"one\rtwo\r\n", b"one two\n"),
    "CR before CRLF": (b"one\r\r\n", b"one \n"),
    "LF before a dot": (b"one\n.two\r\n", b"one\n.two\n"),
    "LF at the end": (b"one\n\r\n", b"one\n\n"),
    "many LF": (b"\n\n\n\r\n", b"\n\n\n\n"),
}


@pytest.mark.parametrize("name", STRAY)
def test_stray_line_ends_are_made_regular(mta: Postfix, filterds: Filterds, name: str) -> None:
    """A bare LF becomes CRLF, a bare CR a blank, and a line that then begins with a dot keeps its dot."""
    sent, expected = STRAY[name]
    content = mail(mark := token(), "Before.")
    with Client(filterds(mta.ports["plain"]).port) as client:
        client.ehlo()
        client.envelope()
        client.send(content + sent + b"After.\r\n.\r\n")
        assert client.reply().startswith("250")
    assert mta.delivery(mark).content() == content.replace(b"\r\n", b"\n") + expected + b"After.\n"


@pytest.mark.parametrize("name", STRAY)
def test_stray_line_ends_can_be_refused(mta: Postfix, filterds: Filterds, name: str) -> None:
    """Under `reject` the message is refused after its dot, and the session goes on."""
    with Client(filterds(mta.ports["plain"], REJECT).port) as client:
        client.ehlo()
        client.envelope()
        client.send(mail(refused := token()) + STRAY[name][0] + b".\r\n")
        assert client.reply().startswith("550 5.")
        assert client.deliver(mail(mark := token())).startswith("250")
    assert mta.delivery(mark)
    assert mta.deliveries(refused) == []


def test_the_end_of_data_may_be_cut_anywhere(mta: Postfix, filterds: Filterds) -> None:
    """However the last octets are cut into segments, the message ends where it ends."""
    last = b"Bye\r\n.\r\n"
    marks = {cut: token() for cut in range(len(last))}
    with Client(filterds(mta.ports["plain"]).port) as client:
        client.ehlo()
        for cut, mark in marks.items():
            client.envelope()
            client.send(mail(mark) + last[:cut])
            time.sleep(0.02)  # so that the cut is seen as one
            client.send(last[cut:])
            assert client.reply().startswith("250")
    for mark in marks.values():
        assert mta.delivery(mark).content() == (mail(mark) + b"Bye\r\n").replace(b"\r\n", b"\n")


def test_commands_behind_the_dot_are_the_next_transaction(mta: Postfix, filterds: Filterds) -> None:
    """A real end of data is one, also when the next MAIL stands in the same segment."""
    replies = _attempt(filterds(mta.ports["plain"]).port, b"\r\n.\r\n", mark := token())
    assert [reply[:3] for reply in replies] == ["250", "250", "250", "354", "250", "221"]
    outer, inner = sorted(mta.deliveries(mark), key=lambda found: b"Inner." in found.stored)
    assert b"Inner." not in outer.stored and b"Outer." not in inner.stored


def test_lines_of_dots_keep_their_dots(mta: Postfix, filterds: Filterds) -> None:
    """Transparency is undone once and done once (RFC 5321 §4.5.2)."""
    content = mail(mark := token(), *["." * count for count in range(1, 6)], ".a", "..b", " .c")
    with Client(filterds(mta.ports["plain"]).port) as client:
        client.ehlo()
        client.envelope()
        client.send(stuffed(content))
        assert client.reply().startswith("250")
    assert mta.delivery(mark).content() == content.replace(b"\r\n", b"\n")
