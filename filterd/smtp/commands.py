"""What each client command does; `order.VERBS` says which one is called and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterd.mail.command import Command
from filterd.mail.path import Path, PathArgument, PathError, parse_path_argument
from filterd.mail.reply import Reply
from filterd.policy import alarms
from filterd.smtp import answers, identity, keywords
from filterd.smtp.hold import Hold
from filterd.smtp.order import Mode
from filterd.smtp.settings import Identity
from filterd.smtp.transaction import Recipient, Transaction

if TYPE_CHECKING:
    from filterd.smtp.relay import Relay


class Commands:
    """The verbs of one session."""

    __slots__ = ("_rcpts_due", "_relay")

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._rcpts_due = 0  # RCPT commands upstream has not answered yet

    # HELO, EHLO

    def greet(self, command: Command) -> None:
        """Passed on; the reply to EHLO is upstream's list ∩ ours."""
        self._relay.link.forward(command.line + b"\r\n", self._greeted, command)

    def _greeted(self, reply: Reply, command: Command) -> None:
        relay = self._relay
        if reply.positive:
            client, upstream = relay.client, relay.upstream
            client.helo_line, client.helo_code, client.helo_name = command.line, reply.code, command.argument
            relay.end_transaction()
            extended = command.verb == b"EHLO"
            upstream.offers = keywords.offers(reply) if extended else keywords.NOTHING
            upstream.pipelining = b"PIPELINING" in upstream.offers
            if extended:
                reply = keywords.filter_ehlo(
                    reply,
                    message_octets=relay.settings.message_octets,
                    auth=client.auth_allowed,
                    extra=keywords.FRONT_END_OFFERS if client.front_end else (),
                )
        relay.tell(reply)

    # MAIL, RCPT

    def mail(self, command: Command) -> None:
        """Passed on verbatim; a declared size over our limit is refused here (RFC 1870 §6.1)."""
        relay = self._relay
        try:
            argument = parse_path_argument(command.argument, b"FROM")
        except PathError:
            argument = PathArgument(Path(command.argument))
        size = argument.parameter(b"SIZE") if argument.parameters else None
        if size and size.isdigit() and (len(size) > 15 or int(size) > relay.settings.message_octets):
            relay.refuse(answers.TOO_BIG, alarms.TOO_BIG, command.argument)
            return
        transaction = Transaction(
            relay.next_reference(),
            command.line,
            argument.path.octets,
            smtputf8=bool(argument.parameters) and argument.parameter(b"SMTPUTF8") is not None,
        )
        self._xforward_upstream()
        relay.link.forward(command.line + b"\r\n", self._mailed, transaction)

    def _xforward_upstream(self) -> None:
        """XFORWARD attributes last for one message, so they go before each MAIL (XFORWARD_README)."""
        relay = self._relay
        if not relay.client.xforward and relay.settings.identity is not Identity.XFORWARD:
            return
        allowed = relay.upstream.offers.get(b"XFORWARD")
        if allowed is None:
            return
        attributes = relay.client.xforward_attributes(allowed, extended=bool(relay.upstream.offers))
        if attributes:
            for line in identity.commands(b"XFORWARD", attributes):
                relay.link.forward(line, self._xforwarded)

    def _xforwarded(self, reply: Reply, _: object) -> None:
        """XFORWARD only informs; what upstream thinks of it changes nothing, unless it goes."""
        if reply.code == 421:
            self._relay.tell(reply)

    def _mailed(self, reply: Reply, transaction: Transaction) -> None:
        if reply.positive:
            self._relay.end_transaction()
            transaction.mail_code = reply.code
            self._relay.transaction = transaction
        self._relay.tell(reply)

    def rcpt(self, command: Command) -> None:
        """Relay control, then passed on verbatim."""
        relay = self._relay
        try:
            path = parse_path_argument(command.argument, b"TO").path
        except PathError:
            if not relay.client.may_relay:
                relay.refuse(answers.BAD_PATH, alarms.BAD_SYNTAX, command.argument)
                return
            path = Path(command.argument)  # upstream judges the spelling of those who may send anywhere
        alarm = 0 if relay.client.may_relay else relay.settings.relay_control.refusal(path)
        if alarm:
            relay.refuse(answers.RELAYING_DENIED, alarm, path.octets)
        elif self._recipients() >= relay.settings.recipients:
            relay.refuse(answers.TOO_MANY_RECIPIENTS, alarms.TOO_MANY_RECIPIENTS, path.octets)
        else:
            self._rcpts_due += 1
            relay.link.forward(command.line + b"\r\n", self._recipient, (command.line, path.octets))

    def _recipients(self) -> int:
        transaction = self._relay.transaction
        return self._rcpts_due + (len(transaction.recipients) if transaction else 0)

    def _recipient(self, reply: Reply, sent: tuple[bytes, bytes]) -> None:
        self._rcpts_due -= 1
        transaction = self._relay.transaction
        if transaction and reply.positive:
            transaction.recipients.append(Recipient(*sent, reply.code))
        elif transaction:
            transaction.refuse(reply)
        self._relay.tell(reply)

    # DATA

    def data(self, command: Command) -> None:
        """Our own 354 where upstream accepted a recipient; otherwise upstream's refusal."""
        relay = self._relay
        if command.argument:
            relay.refuse(answers.DATA_ARGUMENT, alarms.BAD_SYNTAX)
        elif relay.transaction and relay.transaction.recipients:
            relay.hold = Hold(relay, relay.transaction)
        else:
            relay.link.forward(b"DATA\r\n", self._data_refused)

    def _data_refused(self, reply: Reply, _: object) -> None:
        if 300 <= reply.code < 400:
            # Upstream would read data although nobody is to get it. Leave it without an end of data.
            self._relay.end_transaction()
            self._relay.link.to_client(answers.NO_RECIPIENTS.octets)
            self._relay.upstream.drop(abort=True)
            self._relay.upstream.reopen_between()
        else:
            self._relay.tell(reply)

    # RSET and the verbs that change nothing here

    def rset(self, command: Command) -> None:
        """Ends the transaction once upstream says so."""
        self._relay.link.forward(command.line + b"\r\n", self._was_reset)

    def _was_reset(self, reply: Reply, _: object) -> None:
        if reply.positive:
            self._relay.end_transaction()
        self._relay.tell(reply)

    def pass_on(self, command: Command) -> None:
        """NOOP, VRFY, EXPN, HELP, ETRN: upstream's business."""
        self._relay.link.forward(command.line + b"\r\n", self._passed_on)

    def _passed_on(self, reply: Reply, _: object) -> None:
        self._relay.tell(reply)

    # AUTH (RFC 4954)

    def auth(self, command: Command) -> None:
        """Passed on where cleartext is allowed, with mechanisms that leave the session readable."""
        relay = self._relay
        mechanism = command.argument.split(None, 1)[:1]
        if not relay.client.auth_allowed:
            relay.refuse(answers.AUTH_REFUSED, alarms.AUTH_REFUSED)
        elif mechanism and mechanism[0].upper() not in keywords.MECHANISMS:
            relay.refuse(answers.MECHANISM_REFUSED, alarms.AUTH_REFUSED, mechanism[0])
        else:
            relay.mode = Mode.AUTH
            relay.link.forward(command.line + b"\r\n", self._authenticating)

    def auth_line(self, line: bytes) -> None:
        """One line of the exchange; only after a 334."""
        self._relay.link.forward(line + b"\r\n", self._authenticating)

    def _authenticating(self, reply: Reply, _: object) -> None:
        if reply.code == 334:
            self._relay.link.to_client(reply.octets)
            return
        self._relay.mode = Mode.COMMANDS
        if reply.code == 235:
            self._relay.client.authenticated = True
        self._relay.tell(reply)

    # QUIT

    def quit(self, command: Command) -> None:
        """Upstream says good-bye first."""
        self._relay.link.forward(command.line + b"\r\n", self._quitted)

    def _quitted(self, reply: Reply, _: object) -> None:
        self._relay.tell(reply)
        self._relay.close()

    # Answered here

    def bdat(self, command: Command) -> None:
        """What follows is raw message content, so nothing more may be read (RFC 3030 §2)."""
        self._relay.hang_up(answers.BDAT, alarms.BDAT)

    def forbidden(self, command: Command) -> None:
        """Somebody speaks another protocol."""
        self._relay.hang_up(answers.FORBIDDEN_PROTOCOL, alarms.FORBIDDEN_PROTOCOL)

    def not_implemented(self, command: Command) -> None:
        """Known to the field, not done here."""
        self._relay.refuse(answers.NOT_IMPLEMENTED, alarms.NOT_IMPLEMENTED, command.verb)

    def xforward(self, command: Command) -> None:
        """Ends here; goes on before the next MAIL, if upstream takes it."""
        attributes = self._attributes(command, identity.XFORWARD_ATTRIBUTES)
        if attributes:
            self._relay.client.xforward.update(attributes)
            self._relay.link.answer(answers.XFORWARD_OK)

    def xclient(self, command: Command) -> None:
        """A front end says who the client is: upstream is opened anew for that client (XCLIENT_README)."""
        relay = self._relay
        if relay.client.front_end and relay.transaction:
            relay.refuse(answers.IN_TRANSACTION, alarms.BAD_SEQUENCE)
            return
        attributes = self._attributes(command, identity.XCLIENT_ATTRIBUTES)
        if attributes:
            relay.client.become(attributes)
            relay.upstream.drop(abort=False)
            relay.upstream.open()

    def _attributes(self, command: Command, known: frozenset[bytes]) -> dict[bytes, bytes]:
        """What a front end says of its client; empty after a refusal (never otherwise)."""
        relay = self._relay
        if not relay.client.front_end:
            relay.refuse(answers.XCLIENT_REFUSED, alarms.XCLIENT_REFUSED, command.verb)
            return {}
        try:
            return identity.parse_attributes(command.argument, known)
        except identity.BadAttribute:
            relay.refuse(answers.BAD_ATTRIBUTE, alarms.BAD_SYNTAX, command.argument)
            return {}
