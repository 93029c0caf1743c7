"""Reading what the client sent: octets become lines, message data, or an AUTH exchange; rules 1 and 2 of `order`.

Nothing is read before its time: a line that must wait stays where it is, and the client is not asked for more
(`wants_octets`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from filterd.mail.command import Command, has_control, parse_command, usual_command
from filterd.policy import alarms
from filterd.smtp import answers
from filterd.smtp.commands import Commands
from filterd.smtp.lines import BareLineFeed, LineBuffer, LineFlood, LineTooLong
from filterd.smtp.order import VERBS, Mode, Rule

if TYPE_CHECKING:
    from filterd.smtp.relay import Relay

_READ_AHEAD = 65536  # client octets kept while they may not be read
_GROUP = 1000  # commands sent upstream without a reply yet
# Every octet passes here, and Python 3.11 takes ten times longer for a member of an enum than for a name.
_COMMANDS, _DATA, _AUTH = Mode.COMMANDS, Mode.DATA, Mode.AUTH
_ACTS: dict[bytes, tuple[Rule, Callable[[Commands, Command], None]]] = {
    verb: (rule, getattr(Commands, rule.handler)) for verb, rule in VERBS.items()
}


class Reader:
    """`input` is what came and was not read yet."""

    __slots__ = ("_commands", "_only_quit", "_postponed", "_relay", "_waits", "input")

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._commands = Commands(relay)
        self._postponed: Command | None = None
        self._waits = False
        self._only_quit = False
        self.input = LineBuffer()

    @property
    def wants_octets(self) -> bool:
        """Should the edge read from the client now? (Backpressure.)"""
        return self.input.empty or self._relay.mode is _DATA or len(self.input) < _READ_AHEAD

    def forget(self) -> None:
        """Nothing more of what came is to be done."""
        self.input.take_all()
        self._postponed = None

    def wait_for_upstream(self) -> None:
        """The next line is read only when upstream owes nothing."""
        self._waits = True

    def only_quit(self) -> None:
        """Upstream said 5yz instead of a greeting (RFC 5321 §3.1)."""
        self._only_quit, self._relay.mode = True, Mode.COMMANDS

    def pump(self) -> None:
        """Do all that may be done now."""
        relay = self._relay
        more = True
        while more:
            if self._postponed is not None:
                more = self._do_postponed()
            elif self.input.empty:
                break
            elif relay.mode is _COMMANDS:
                more = self._may_read_line() and self._read_command()
            elif relay.mode is _DATA and relay.hold:
                relay.hold.data(self.input.take_all())
            elif relay.mode is _AUTH:
                more = self._may_read_line() and self._read_auth_line()
            else:
                break
        if relay.eof_seen:
            self._after_eof()

    def _do_postponed(self) -> bool:
        """The command that had to wait until upstream owes nothing."""
        if self._relay.link.expected or self._relay.mode is not Mode.COMMANDS or self._postponed is None:
            return False
        command, self._postponed = self._postponed, None
        self._do(command)
        return True

    def _may_read_line(self) -> bool:
        """Rule 2 of `order`: may the next line be read before upstream's reply?"""
        relay = self._relay
        expected = relay.link.expected
        if expected and (
            self._waits
            or relay.mode is _AUTH  # a line goes on with AUTH only after 334 (RFC 4954 §4)
            or not relay.upstream.pipelining
            or len(expected) >= _GROUP
        ):
            return False
        self._waits = False
        return True

    def _read_command(self) -> bool:
        relay = self._relay
        settings = relay.settings
        try:
            line = self.input.next_line(settings.command_octets, settings.flood_octets, crlf_only=relay.client.front_end)
        except LineTooLong:
            relay.refuse(answers.LINE_TOO_LONG, alarms.LINE_TOO_LONG)
        except BareLineFeed:
            relay.refuse(answers.BARE_LINE_FEED, alarms.BAD_SYNTAX)
        except LineFlood:
            relay.hang_up(answers.LINE_FLOOD, alarms.LINE_FLOOD)
        else:
            if line is None:
                return False
            command = usual_command(line)
            if command is None and has_control(line):
                relay.refuse(answers.CONTROL_OCTET, alarms.BAD_SYNTAX)
            else:
                self._do(command or parse_command(line))
        return True

    def _read_auth_line(self) -> bool:
        settings = self._relay.settings
        try:
            line = self.input.next_line(settings.auth_octets, settings.flood_octets)
        except LineTooLong:
            line = b"*"  # upstream's "cancelled" is the client's answer (RFC 4954 §4)
        except LineFlood:
            self._relay.hang_up(answers.LINE_FLOOD, alarms.LINE_FLOOD)
            return False
        if line is None:
            return False
        self._commands.auth_line(b"*" if has_control(line) else line)
        return True

    def _do(self, command: Command) -> None:
        relay = self._relay
        known = _ACTS.get(command.verb)
        if known is None:
            answer = answers.UNKNOWN_COMMAND if command.verb else answers.EMPTY_COMMAND
            relay.refuse(answer, alarms.UNKNOWN_COMMAND, command.verb)
            return
        rule, act = known
        if rule.alone and relay.link.expected:
            self._postponed = command
        elif self._only_quit and rule.handler not in ("quit", "bdat"):
            relay.refuse(answers.ONLY_QUIT, alarms.BAD_SEQUENCE)
        elif self._only_quit and rule.handler == "quit":
            relay.hang_up(answers.CLOSING, 0)
        else:
            self._waits = rule.waits
            act(self._commands, command)

    def _after_eof(self) -> None:
        """FIN: what is whole is done, what is not is dropped."""
        relay = self._relay
        if relay.mode is Mode.DATA:
            relay.abandon("client closed before end of data")
        elif relay.mode in (Mode.COMMANDS, Mode.AUTH) and not relay.link.expected and not self._postponed:
            relay.abandon("client closed")
