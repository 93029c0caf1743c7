"""The EHLO reply: upstream's list ∩ ours."""

import pytest

from filterd.mail.reply import Reply
from filterd.smtp.keywords import filter_ehlo, offers


def ehlo(*lines):
    """An EHLO reply with a first line."""
    return Reply.make(250, "", "mx.example hello", *lines)


@pytest.mark.parametrize(
    ("line", "auth", "kept"),
    [
        ("PIPELINING", False, "PIPELINING"),
        ("pipelining", False, "pipelining"),
        ("SIZE 100", False, "SIZE 100"),
        ("SIZE 5000", False, "SIZE 1000"),
        ("SIZE", False, "SIZE 1000"),
        ("SIZE 0", False, "SIZE 1000"),
        ("SIZE x", False, "SIZE 1000"),
        ("8BITMIME", False, "8BITMIME"),
        ("SMTPUTF8", False, "SMTPUTF8"),
        ("DSN", False, "DSN"),
        ("ENHANCEDSTATUSCODES", False, "ENHANCEDSTATUSCODES"),
        ("DELIVERBY 120", False, "DELIVERBY 120"),
        ("CHUNKING", False, None),
        ("BINARYMIME", False, None),
        ("STARTTLS", False, None),
        ("XCLIENT NAME ADDR", False, None),
        ("XFORWARD NAME", False, None),
        ("LIMITS RCPTMAX=3", False, None),
        ("BURL imap", False, None),
        ("PRDR", False, None),
        ("REQUIRETLS", False, None),
        ("X-ANYTHING", False, None),
        ("AUTH PLAIN", False, None),
        ("AUTH PLAIN GSSAPI cram-md5", True, "AUTH PLAIN cram-md5"),
        ("AUTH=LOGIN NTLM", True, "AUTH=LOGIN"),
        ("AUTH GSSAPI", True, None),
        ("AUTH", True, None),
    ],
)
def test_keyword(line, auth, kept):
    """An allow-list, order and spelling kept; the last line always ends the reply."""
    reply = filter_ehlo(ehlo(line), message_octets=1000, auth=auth)
    assert reply.octets == ehlo(*([kept] if kept else [])).octets


def test_order_and_extra():
    """Our own keywords come last."""
    reply = filter_ehlo(ehlo("DSN", "CHUNKING", "HELP"), message_octets=1, auth=False, extra=(b"XCLIENT ADDR",))
    assert reply.octets == ehlo("DSN", "HELP", "XCLIENT ADDR").octets


def test_offers():
    """Keywords in any case, the legacy AUTH= too."""
    assert offers(ehlo("pipelining", "AUTH=PLAIN X", "SIZE 5")) == {
        b"PIPELINING": b"",
        b"AUTH": b"PLAIN X",
        b"SIZE": b"5",
    }
