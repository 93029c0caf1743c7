"""Every reply of filterd's own, with its enhanced status code (RFC 3463). Our trouble is 4yz, never 5yz."""

from __future__ import annotations

from filterd.mail.reply import Reply

GO_AHEAD = Reply.make(354, "", "End data with <CR><LF>.<CR><LF>")
XFORWARD_OK = Reply.make(250, "2.0.0", "Ok")
CLOSING = Reply.make(221, "2.0.0", "Bye")

UNKNOWN_COMMAND = Reply.make(500, "5.5.2", "Error: command not recognized")
EMPTY_COMMAND = Reply.make(500, "5.5.2", "Error: bad syntax")
CONTROL_OCTET = Reply.make(500, "5.5.2", "Error: control character in command")
BARE_LINE_FEED = Reply.make(500, "5.5.2", "Error: bare <LF> in command")
LINE_TOO_LONG = Reply.make(500, "5.5.2", "Error: line too long")
NOT_IMPLEMENTED = Reply.make(502, "5.5.1", "Error: command not implemented")
BDAT = Reply.make(521, "5.5.1", "Error: BDAT is not offered here, closing connection")
FORBIDDEN_PROTOCOL = Reply.make(421, "4.7.0", "Error: this is an SMTP port")
DATA_ARGUMENT = Reply.make(501, "5.5.4", "Syntax: DATA")
BAD_PATH = Reply.make(501, "5.1.3", "Error: bad address syntax")
BAD_SENDER = Reply.make(501, "5.1.7", "Error: bad address syntax")
AUTH_REFUSED = Reply.make(538, "5.7.11", "Encryption required for authentication")
MECHANISM_REFUSED = Reply.make(504, "5.5.4", "Authentication mechanism not supported")
XCLIENT_REFUSED = Reply.make(550, "5.7.0", "Error: insufficient authorization")
BAD_ATTRIBUTE = Reply.make(501, "5.5.4", "Error: bad attribute")
IN_TRANSACTION = Reply.make(503, "5.5.1", "Error: MAIL transaction in progress")
ONLY_QUIT = Reply.make(503, "5.5.1", "Error: only QUIT is accepted")

RELAYING_DENIED = Reply.make(550, "5.7.1", "Relaying denied")
TOO_MANY_RECIPIENTS = Reply.make(452, "4.5.3", "Error: too many recipients")
NO_RECIPIENTS = Reply.make(554, "5.5.1", "Error: no valid recipients")
TOO_BIG = Reply.make(552, "5.3.4", "Message size exceeds fixed limit")
BARE_NEWLINE = Reply.make(550, "5.5.2", "Error: bare <CR> or <LF> in message")
NUL_BESIDE_DOT = Reply.make(550, "5.6.0", "Error: NUL beside a dot at the start of a line")
STORE_FULL = Reply.make(452, "4.3.1", "Insufficient system storage")

INTERNAL_ERROR = Reply.make(451, "4.3.0", "Error: internal error, try again later")
UPSTREAM_LOST = Reply.make(451, "4.4.2", "Error: connection to upstream lost, try again later")
OUTCOME_UNKNOWN = Reply.make(451, "4.4.2", "Error: upstream did not confirm the message, try again later")
REPLAY_DIFFERS = Reply.make(451, "4.3.0", "Error: upstream changed its mind, try again later")
UPSTREAM_BAD_REPLY = Reply.make(451, "4.3.0", "Error: upstream answered nonsense, try again later")

UNAVAILABLE = Reply.make(421, "4.3.2", "Service not available, try again later")
SHUTTING_DOWN = Reply.make(421, "4.3.2", "Service shutting down, try again later")
TOO_MANY_SESSIONS = Reply.make(421, "4.7.0", "Too many connections, try again later")
TOO_MANY_ERRORS = Reply.make(421, "4.7.0", "Error: too many errors")
LINE_FLOOD = Reply.make(421, "4.7.0", "Error: line without end")
TIMEOUT = Reply.make(421, "4.4.2", "Error: timeout exceeded")
SESSION_TOO_LONG = Reply.make(421, "4.4.2", "Error: session too long, try again later")
TOO_SLOW = Reply.make(421, "4.4.2", "Error: message data comes too slowly")
PROXY_HEADER = Reply.make(421, "4.7.0", "Error: PROXY header expected")
SESSION_BROKEN = Reply.make(421, "4.3.0", "Error: connection to upstream lost, try again later")
