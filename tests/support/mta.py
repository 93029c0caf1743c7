"""A strict MTA as a state machine: octets in, steps out; a script says where it misbehaves.

It commits a message at CRLF.CRLF only, and notes every octet that no MTA should have to see (a bare CR or LF). A script
maps a verb (or `connect`, or `.` for the end of data) to what is done instead of the usual reply: one step for ever, or
a list of steps for the first times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

STAY, CLOSE, RESET, HANG = "stay", "close", "reset", "hang"
EHLO_REPLY = (
    b"250-upstream.example\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n"
    b"250-ENHANCEDSTATUSCODES\r\n250 DSN\r\n"
)
EVERYTHING = (
    b"250-upstream.example\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-VRFY\r\n250-ETRN\r\n250-STARTTLS\r\n"
    b"250-AUTH PLAIN LOGIN GSSAPI DIGEST-MD5 EXTERNAL SCRAM-SHA-256-PLUS\r\n250-AUTH=PLAIN GSSAPI\r\n"
    b"250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-DSN\r\n250-SMTPUTF8\r\n250-CHUNKING\r\n250-BINARYMIME\r\n"
    b"250-BURL imap\r\n250-XCLIENT NAME ADDR\r\n250-XFORWARD NAME ADDR\r\n250-REQUIRETLS\r\n250-LIMITS RCPTMAX=5\r\n"
    b"250-PRDR\r\n250-X-UNHEARD-OF yes\r\n250 NO-SOLICITING\r\n"
)


@dataclass(frozen=True)
class Step:
    """What upstream does at one point: its reply, sent whole or octet by octet, and what becomes of the connection.

    `commit` says whether an end of data counts; without it, a reply of 2yz does.
    """

    reply: bytes = b""
    then: str = STAY
    slowly: bool = False
    commit: bool | None = None


Script = Mapping[str, Step | Sequence[Step]]
_USUAL = {
    "connect": Step(b"220 upstream.example ESMTP\r\n"),
    "EHLO": Step(EHLO_REPLY),
    "HELO": Step(b"250 upstream.example\r\n"),
    "RSET": Step(b"250 2.0.0 Ok\r\n"),
    "NOOP": Step(b"250 2.0.0 Ok\r\n"),
    "QUIT": Step(b"221 2.0.0 Bye\r\n", CLOSE),
    "MAIL": Step(b"250 2.1.0 Ok\r\n"),
    "RCPT": Step(b"250 2.1.5 Ok\r\n"),
    "DATA": Step(b"354 End data with <CR><LF>.<CR><LF>\r\n"),
    ".": Step(b"250 2.0.0 Ok: queued\r\n"),
}
_BAD_ORDER = Step(b"503 5.5.1 Error: bad sequence\r\n")
_UNKNOWN = Step(b"500 5.5.2 Error: command not recognized\r\n")


@dataclass
class Play:
    """A script being played; shared by all connections, so that `[a, b]` means the first and the second time."""

    script: Script = field(default_factory=dict)
    played: dict[str, int] = field(default_factory=dict)

    def step(self, verb: str) -> Step | None:
        """What the script says for this time; None: the usual."""
        steps = self.script.get(verb)
        if steps is None or isinstance(steps, Step):
            return steps
        number = self.played.get(verb, 0)
        self.played[verb] = number + 1
        return steps[number] if number < len(steps) else None


class Mta:
    """One session. `commands` are the lines it saw; `committed` the contents, after transparency, it took."""

    def __init__(self, play: Play | None = None) -> None:
        self.commands: list[bytes] = []
        self.committed: list[bytes] = []
        self.complaints: list[str] = []
        self.data_begun = 0  # how often it said 354
        self._play = play or Play()
        self._octets = b""
        self._reading_data = False
        self._mail = False
        self._recipients = 0

    def connect(self) -> Step:
        """The greeting."""
        return self._step("connect")

    def feed(self, octets: bytes) -> list[Step]:
        """What arrived, cut anywhere; what is done about it, in order."""
        self._octets += octets
        steps = []
        while (step := self._data() if self._reading_data else self._command()) is not None:
            steps.append(step)
        return steps

    def _step(self, verb: str) -> Step:
        return self._play.step(verb) or _USUAL.get(verb, _UNKNOWN)

    def _command(self) -> Step | None:
        line, end, rest = self._octets.partition(b"\n")
        if not end:
            return None
        self._octets = rest
        if not line.endswith(b"\r") or b"\r" in line[:-1]:
            self.complaints.append(f"line end in command: {line!r}")
        line = line.removesuffix(b"\r")
        self.commands.append(line)
        verb = line[:4].upper().decode("latin-1").strip()
        step = self._step(verb)
        if not step.reply.startswith(b"2") and not step.reply.startswith(b"3"):
            return step
        return self._accepted(verb, step)

    def _accepted(self, verb: str, step: Step) -> Step:
        if verb == "MAIL":
            if self._mail:
                return _BAD_ORDER
            self._mail = True
        elif verb == "RCPT":
            if not self._mail:
                return _BAD_ORDER
            self._recipients += 1
        elif verb == "DATA":
            if not self._recipients:
                return _BAD_ORDER
            self._reading_data = step.reply.startswith(b"354")
            self.data_begun += self._reading_data
            self._octets = b"\r\n" + self._octets
        elif verb in ("RSET", "EHLO", "HELO"):
            self._mail, self._recipients = False, 0
        return step

    def _data(self) -> Step | None:
        raw, end, rest = self._octets.partition(b"\r\n.\r\n")
        if not end:
            return None
        self._octets, self._reading_data = rest, False
        self._mail, self._recipients = False, 0
        content = (raw + b"\r\n").replace(b"\r\n.", b"\r\n")[2:]
        if content.count(b"\r\n") != content.count(b"\n") or content.count(b"\r") != content.count(b"\n"):
            self.complaints.append(f"bare newline in data: {content[:80]!r}")
        step = self._step(".")
        if step.commit or (step.commit is None and step.reply.startswith(b"2")):
            self.committed.append(content)
        return step
