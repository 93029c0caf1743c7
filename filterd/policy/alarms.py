"""The stable numbers of every refusal and alarm, as NTMail had them.

A number never changes its meaning; new ones are appended within their hundred. `docs/alarms.md` is generated from
this table (`filterd alarms`), so that log, reply and documentation cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass

from filterd.policy.alarm_texts import TEXTS


@dataclass(frozen=True, slots=True)
class Alarm:
    """One numbered reason: its name in the log, what it means and what an administrator can do about it."""

    number: int
    name: str
    meaning: str
    cure: str


# 1xx: sessions
TOO_MANY_SESSIONS = 101
TOO_MANY_FROM_ADDRESS = 102
CLIENT_IDLE = 103
TOO_MANY_ERRORS = 104
LINE_FLOOD = 105
SESSION_TOO_LONG = 106
FORBIDDEN_PROTOCOL = 107
SHUTTING_DOWN = 108
PROXY_HEADER = 109
DATA_TOO_SLOW = 110
CLIENT_LOST = 111
# 2xx: commands
UNKNOWN_COMMAND = 201
NOT_IMPLEMENTED = 202
BDAT = 203
BAD_SYNTAX = 204
LINE_TOO_LONG = 205
BAD_SEQUENCE = 206
AUTH_REFUSED = 207
XCLIENT_REFUSED = 208
# 3xx: who may send to where
RELAYING_DENIED = 301
AMBIGUOUS_ADDRESS = 302
UNQUALIFIED_ADDRESS = 303
TOO_MANY_RECIPIENTS = 304
# 4xx: the message as a whole
TOO_BIG = 401
BARE_NEWLINE = 402
NUL_BESIDE_DOT = 403
MAIL_LOOP = 404
STORE_FULL = 405
# 5xx: what the message says
FORBIDDEN_WORD = 501
TAGGED = 502
OBSERVED = 503
UNSCANNABLE = 511
SCAN_TIMEOUT = 512
SCAN_CRASHED = 513
POISON = 514
# 6xx: upstream
UPSTREAM_UNREACHABLE = 601
UPSTREAM_GREETING = 602
UPSTREAM_LOST = 603
UPSTREAM_TIMEOUT = 604
UPSTREAM_BAD_REPLY = 605
IDENTITY_REFUSED = 606
OUTCOME_UNKNOWN = 607
REPLAY_DIFFERS = 608
UPSTREAM_REFUSED = 609
# 7xx: operation
RELOAD_REFUSED = 701
WORKER_LOST = 702
SPOOL_FAILED = 703
INTERNAL_ERROR = 704
LAUNDERING = 705

_NAMES = {number: name for name, number in list(globals().items()) if name.isupper() and isinstance(number, int)}

ALARMS: dict[int, Alarm] = {
    number: Alarm(number, _NAMES[number].lower().replace("_", "-"), *texts) for number, texts in TEXTS.items()
}
