"""The mail log: one line an event, `key=value`, greppable by our reference (`ref=`) and upstream's queue id (`qid=`).

Whatever came from outside is escaped (controls, quotes, everything that can turn or hide text), and no line is longer
than 2 KiB. Matched text stands in it only if `log.matched_text` says so. Writing never waits: see `outlet`.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterable, Iterator

from filterd.edge.outlet import ERROR, INFO, NOTICE, WARNING, Throttle
from filterd.mail.reply import Reply
from filterd.policy import alarms
from filterd.policy.verdict import Verdict
from filterd.smtp.effects import Record

LINE_OCTETS = 2048 - 128  # room for time, process name and the marks of what was cut or dropped
VALUE_CHARACTERS = 640  # of one value, escaped; a path has 256 octets at most (RFC 5321 §4.5.3.1.3)
RECIPIENTS_SHOWN = 4
HITS_SHOWN = 3
_PLAIN = re.compile(r"[!#-\[\]-~]+")
# What stands in nearly every line as it came: words that need no quotes, and a reply of one line that needs nothing in them.
_PLAIN_OCTETS = re.compile(rb"[!#-\[\]-~]*")
_PLAIN_REPLY = re.compile(rb"[2-5][0-9]{2} [ !#-\[\]-~]{0,300}\r\n")
_PLAIN_WORDS = 600  # octets of all words together
_QUEUE_ID = (
    ("queued as ", re.compile(r"\bqueued as ([0-9A-Za-z]{5,32})\b")),  # Postfix
    (" Message accepted", re.compile(r"\b([0-9A-Za-z]{8,32}) Message accepted for delivery")),  # Sendmail, OpenSMTPD
    ("id=", re.compile(r"\bid=([0-9A-Za-z-]{16,32})\b")),  # Exim
)
_NAMES = {
    number: name.lower().replace("_", "-") for name, number in vars(alarms).items() if isinstance(number, int)
}
Fields = Iterable[tuple[str, object]]


class MailLog:
    """One method an event. `write(level, line)` takes finished lines; see `outlet.open_outlet`."""

    def __init__(self, write: Callable[[int, str], None], *, matched_text: bool = False) -> None:
        self._write = write
        self._matched_text = matched_text
        self._throttle = Throttle()

    def transaction(self, record: Record, milliseconds: int, generation: str) -> None:
        """A transaction ended."""
        level = INFO if record.outcome in ("delivered", "refused") else NOTICE
        verdict = record.verdict
        if _is_plain(record, verdict):
            self._write(level, _plain_transaction(record, verdict, milliseconds, generation))
            return
        self._event(level, "transaction", [*self._transaction(record), ("ms", milliseconds), ("gen", generation)])

    def session_refused(self, client_address: str, alarm: int, detail: str = "") -> None:
        """A client was turned away before it said anything."""
        self._often(alarm, "session-refused", [("client", client_address), *_alarm(alarm), ("detail", detail)])

    def alarm(self, number: int, detail: str = "", reference: str = "", client_address: str = "") -> None:
        """Something an administrator should know, by its stable number."""
        fields = [*_alarm(number), ("ref", reference), ("client", client_address), ("detail", detail)]
        self._often(number, "alarm", fields)

    def internal_error(self, where: str, error: BaseException | None, reference: str = "") -> None:
        """A mistake of our own: the last frames in one line."""
        fields = [*_alarm(alarms.INTERNAL_ERROR), ("ref", reference), ("where", where), ("error", _frames(error))]
        self._often(alarms.INTERNAL_ERROR, "internal-error", fields)

    def process_lost(self, kind: str, pid: int, why: str, in_hand: int = 0) -> None:
        """A worker or scan process died; what it had in hand follows, one line each."""
        fields = [*_alarm(alarms.WORKER_LOST), ("process", kind), ("pid", pid), ("why", why), ("inhand", in_hand)]
        self._event(ERROR, "process-lost", fields)

    def transaction_lost(self, client_address: str, reference: str, stage: str) -> None:
        """A dead worker had this in hand; whether upstream took it cannot be known from here."""
        fields = [("ref", reference), ("outcome", "unknown"), ("client", client_address), ("stage", stage)]
        self._event(ERROR, "transaction-lost", [*fields, *_alarm(alarms.WORKER_LOST)])

    def notice(self, event: str, **fields: object) -> None:
        """Operation: started, reloaded, draining, stopped."""
        self._event(NOTICE, event, fields.items())

    def warning(self, text: str) -> None:
        """A configuration that works, but should be looked at."""
        self._event(WARNING, "warning", [("text", text)])

    def reload_refused(self, mistakes: Iterable[object]) -> None:
        """The old generation stays; one line a mistake, each with its place."""
        for mistake in mistakes:
            self._event(ERROR, "reload-refused", [*_alarm(alarms.RELOAD_REFUSED), ("mistake", mistake)])

    def _transaction(self, record: Record) -> Iterator[tuple[str, object]]:
        yield "ref", record.reference
        yield "qid", queue_id(record.upstream_reply)
        yield "outcome", record.outcome
        yield "client", f"{record.client_address}[{record.client_name}]" if record.client_name else record.client_address
        yield "from", b"<%s>" % record.reverse_path
        yield "to", b",".join(b"<%s>" % path[:256] for path in record.forward_paths[:RECIPIENTS_SHOWN])
        yield "nrcpt", len(record.forward_paths)
        yield "size", record.size
        yield from _alarm(record.alarm)
        yield from self._verdict(record.verdict)
        yield "reply", _reply(record.reply)
        yield "upstream", "same" if record.reply and record.upstream_reply == record.reply else _reply(record.upstream_reply)
        yield "helo", record.helo_name
        yield "detail", record.detail

    def _verdict(self, verdict: Verdict | None) -> Iterator[tuple[str, object]]:
        if verdict is None:
            return
        yield "verdict", verdict.action.value
        yield "conditions", ",".join(verdict.conditions)
        if not verdict.hits:
            return
        yield "would", verdict.would
        yield "score", ",".join(f"{one.list}:{one.score}" for one in verdict.lists[:HITS_SHOWN])
        first = verdict.hits[0]
        yield "list", first.list
        yield "entry", f"{first.file}:{first.line}"
        yield "part", first.part
        yield "area", first.area
        yield "hits", len(verdict.hits)
        if self._matched_text:
            yield "text", " | ".join(hit.text[:80] for hit in verdict.hits[:HITS_SHOWN])

    def _often(self, key: int, event: str, fields: Fields) -> None:
        """What a client can provoke at will is written so many times a second, and counted beyond that."""
        if self._throttle.grants(key):
            self._event(WARNING, event, [*fields, ("suppressed", self._throttle.suppressed(key) or "")])

    def _event(self, level: int, event: str, fields: Fields) -> None:
        line, room, cut = f"event={event}", LINE_OCTETS, ""
        for key, value in fields:
            if value is None or value in ("", b""):
                continue
            word = f" {key}={escaped(value)}"
            room -= len(word) if word.isascii() else len(word.encode())
            if room > 0:
                line += word
            else:
                cut = " truncated=1"
        self._write(level, line + cut)


def _is_plain(record: Record, verdict: Verdict | None) -> bool:
    """Nothing was found, nothing is long, and no value needs quotes but the reply, which is one line of upstream's own?"""
    reply, paths = record.reply, record.forward_paths
    return (
        (verdict is None or not (verdict.hits or verdict.conditions))
        and reply is not None
        and reply == record.upstream_reply
        and not (record.detail or record.client_name)
        and 0 < len(paths) <= RECIPIENTS_SHOWN
        and len(words := b"".join((record.reverse_path, record.helo_name, *paths))) <= _PLAIN_WORDS
        and max(map(len, paths)) <= 256
        and _PLAIN_OCTETS.fullmatch(words) is not None
        and (not record.client_address or _PLAIN.fullmatch(record.client_address) is not None)
        and _PLAIN_REPLY.fullmatch(reply.octets) is not None
    )


def _plain_transaction(record: Record, verdict: Verdict | None, milliseconds: int, generation: str) -> str:
    """The same line as `MailLog._transaction` makes, for most transactions; five times quicker."""
    assert record.reply is not None
    reply = record.reply.octets[:-2].decode()
    name = _queue_id(reply) if record.reply.positive else ""
    to = ">,<".join([path.decode() for path in record.forward_paths])
    return (
        f"event=transaction ref={record.reference}{f' qid={name}' if name else ''} outcome={record.outcome}"
        f"{f' client={record.client_address}' if record.client_address else ''} from=<{record.reverse_path.decode()}> to=<{to}>"
        f" nrcpt={len(record.forward_paths)} size={record.size}"
        f"{f' alarm={record.alarm}({alarm_name(record.alarm)})' if record.alarm else ''}"
        f"{f' verdict={verdict.action}' if verdict else ''}"
        f' reply="{reply}" upstream=same{f" helo={record.helo_name.decode()}" if record.helo_name else ""}'
        f" ms={milliseconds} gen={generation}"
    )


def escaped(value: object) -> str:
    """The value as one word, or in quotes; reading it never moves, hides or forges anything."""
    text = value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)
    if len(text) <= VALUE_CHARACTERS and _PLAIN.fullmatch(text):
        return text
    quoted = _quoted(text[:VALUE_CHARACTERS])
    while len(quoted) > VALUE_CHARACTERS:
        text = text[: min(len(text), VALUE_CHARACTERS) * 3 // 4]
        quoted = _quoted(text + "…")
    return quoted


def queue_id(reply: Reply | None) -> str:
    """Upstream's name for the message, where its reply tells it."""
    return _queue_id(reply.text) if reply is not None and reply.positive else ""


def _queue_id(text: str) -> str:
    return next((found[1] for sign, pattern in _QUEUE_ID if sign in text and (found := pattern.search(text))), "")


def alarm_name(number: int) -> str:
    """The name of an alarm, as docs/alarms.md has it."""
    known = alarms.ALARMS.get(number)
    return known.name if known else _NAMES.get(number, "unknown")


def _alarm(number: int) -> list[tuple[str, object]]:
    return [("alarm", f"{number}({alarm_name(number)})")] if number else []


def _reply(reply: Reply | None) -> str:
    return "" if reply is None else f"{reply.code} {reply.text}"[:320]


def _frames(error: BaseException | None) -> str:
    if error is None:
        return ""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__}: {str(error)[:200]} at {places}"


def _quoted(text: str) -> str:
    """Whatever is not printable (controls, surrogates, what turns or hides text) stands as its number."""
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return '"' + "".join(map(_escape, text)) + '"'


def _escape(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
