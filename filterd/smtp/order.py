"""Session and order rules: what each verb is, in one table (RFC 5321 §4.1.4, RFC 2920 §3.1).

Rule 1: only the verbs of this table that have a way upstream reach it; every other line is answered here, and not one octet
        of it leaves.
Rule 2: `waits` verbs change what the next line means, so the next line is read only after their reply. The others may be
        sent upstream in one group, if upstream announced PIPELINING.
Rule 3: a transaction exists because upstream said 2yz to MAIL, and ends with end of data, RSET, or another greeting. Whether
        MAIL or RCPT is in order is upstream's to say: its reply is relayed.
Rule 4: BDAT is refused by hanging up, in every state: what follows it is raw message content.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Mode(IntEnum):
    """What the octets of the client mean now."""

    OPENING = 0  # upstream is not ready; nothing is read
    COMMANDS = 1  # command lines
    AUTH = 2  # lines of an AUTH exchange, one for each 334
    DATA = 3  # message data
    HOLD = 4  # end of data was seen, our answer is due; nothing is read
    CLOSED = 5  # nothing is read any more


class Rule(NamedTuple):
    """`handler` names the method of `commands.Commands`.

    `waits`: the next line is read only after upstream's reply. `alone`: acts only when upstream owes no reply.
    """

    handler: str
    waits: bool = False
    alone: bool = False


VERBS: dict[bytes, Rule] = {
    b"HELO": Rule("greet", waits=True),
    b"EHLO": Rule("greet", waits=True),
    b"MAIL": Rule("mail"),
    b"RCPT": Rule("rcpt"),
    b"DATA": Rule("data", waits=True, alone=True),
    b"RSET": Rule("rset"),
    b"NOOP": Rule("pass_on"),
    b"VRFY": Rule("pass_on"),
    b"EXPN": Rule("pass_on"),
    b"HELP": Rule("pass_on"),
    b"ETRN": Rule("pass_on"),
    b"AUTH": Rule("auth", waits=True),
    b"QUIT": Rule("quit", waits=True),
    # answered here
    b"BDAT": Rule("bdat", alone=True),
    b"XCLIENT": Rule("xclient", waits=True, alone=True),
    b"XFORWARD": Rule("xforward"),
    **dict.fromkeys((b"STARTTLS", b"BURL", b"TURN", b"ATRN", b"SEND", b"SOML", b"SAML"), Rule("not_implemented")),
    # a browser made to talk to us, or a scanner (Postfix smtpd_forbidden_commands)
    **dict.fromkeys((b"GET", b"POST", b"PUT", b"HEAD", b"OPTIONS", b"CONNECT", b"USER"), Rule("forbidden", alone=True)),
}
