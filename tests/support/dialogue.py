"""SMTP conversations written top to bottom, played against a Relay without any socket.

A dialogue is text. Each line begins with who sends what to whom:

    C: EHLO client            the client sends this line (CRLF is added; `\\x00`-style escapes are understood)
    S: 250 ok                 the client receives this line
    -> EHLO client            upstream receives this line
    <- 250 ok                 upstream sends this line
    # text                    a comment
    ! client-eof              an event: client-eof, client-lost, upstream-lost, upstream-opened, client-closed, drain,
                              tick SECONDS (advances the clock)
    @ name=value              a setting of RelaySettings, `client=ADDRESS`, `front_end=yes`, `auth=yes`, or `lockstep`
                              (the client must wait for replies: not played all at once)

`C:` ending in ` \\` sends without CRLF. The same dialogue is played line by line, octet by octet, and with everything the
client sends given at once; what each side receives must be the same every time.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

from filterd.mail.reply import Reply
from filterd.policy.verdict import Action, Verdict
from filterd.smtp import effects
from filterd.smtp.relay import Relay
from filterd.smtp.settings import BareNewline, Identity, RelaySettings
from filterd.smtp.transparency import DataWriter, edited_pieces

MODES = ("line by line", "octet by octet", "all at once")


def judge(content: bytes, reference: str) -> Verdict:
    """A stand-in for the engine: one forbidden word."""
    if b"forbidden" in content:
        reply = Reply.make(550, "5.7.1", f"Message refused by content policy (list test, ref {reference})")
        return Verdict(Action.REJECT, 501, reply)
    return Verdict()


class Stage:
    """A Relay with a pretended edge: what each side was sent, what was recorded."""

    def __init__(self, relay: Relay, judge: Callable[[bytes, str], Verdict] = judge) -> None:
        self.relay = relay
        self.judge = judge
        self.to_client = b""
        self.to_upstream = b""
        self.records: list[effects.Record] = []
        self.opened = 0
        self.upstream_open = False
        self.upstream_aborted = False
        self.client_closed = False
        self.content = b""
        self.log: list[effects.Effect] = []

    def perform(self, todo: list[effects.Effect]) -> None:
        """What an edge would do, at once."""
        for effect in todo:
            self.log.append(effect)
            match effect:
                case effects.SendToClient(octets):
                    assert not self.client_closed
                    self.to_client += octets
                case effects.SendToUpstream(octets):
                    assert self.upstream_open, f"{octets!r} sent to nobody"
                    self.to_upstream += octets
                case effects.OpenUpstream():
                    self.opened += 1
                    self.upstream_open = True
                    self.upstream_aborted = False
                    todo.extend(self.relay.upstream_opened())
                case effects.CloseUpstream(abort):
                    self.upstream_open, self.upstream_aborted = False, abort
                case effects.CloseClient():
                    self.client_closed = True
                case effects.KeepContent(octets):
                    self.content += octets
                case effects.DropContent():
                    self.content = b""
                case effects.ScanMessage(_, reference):
                    todo.extend(self.relay.verdict_reached(self.judge(self.content, reference)))
                case effects.SendContent(edits):
                    assert self.upstream_open
                    content, writer = self.content, DataWriter()
                    pieces = edited_pieces(lambda a, b, c=content: c[a:b], len(content), edits)
                    self.to_upstream += b"".join([*map(writer.write, pieces), writer.finish()])
                    todo.extend(self.relay.content_sent())
                case effects.Record():
                    self.records.append(effect)


@dataclasses.dataclass
class Script:
    """One parsed dialogue."""

    name: str
    lines: list[tuple[str, bytes]]
    settings: dict[str, str]

    @property
    def lockstep(self) -> bool:
        return "lockstep" in self.settings

    def stream(self, mark: str) -> bytes:
        """Everything one mark says, as octets."""
        return b"".join(octets for kind, octets in self.lines if kind == mark)


def parse(name: str, text: str) -> Script:
    """Text → Script; raises ValueError at a line that is neither of the kinds above."""
    lines: list[tuple[str, bytes]] = []
    settings: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        kind, _, rest = line.partition(" ")
        if kind == "@":
            key, _, value = rest.partition("=")
            settings[key.strip()] = value.strip()
        elif kind == "!":
            lines.append((kind, rest.strip().encode()))
        elif kind in ("C:", "S:", "->", "<-"):
            lines.append((kind, _octets(rest)))
        else:
            raise ValueError(f"{name}:{number}: {line!r}")
    return Script(name, lines, settings)


def _octets(text: str) -> bytes:
    end = b"\r\n"
    if text.endswith(" \\"):
        text, end = text[:-2], b""
    raw = re.sub(r"\\x([0-9a-fA-F]{2})", lambda m: chr(int(m[1], 16)), text.replace("\\r", "\r").replace("\\n", "\n"))
    if all(ord(c) < 256 for c in raw) and "\\x" in text:
        return raw.encode("latin-1") + end
    return raw.encode("utf-8") + end


def relay_for(script: Script) -> Relay:
    """A Relay with the dialogue's settings."""
    given = dict(script.settings)
    client = given.pop("client", "127.0.0.1")
    front_end, auth = given.pop("front_end", "") == "yes", given.pop("auth", "") == "yes"
    given.pop("lockstep", None)
    values: dict[str, object] = {"host_name": "filterd.test"}
    for key, value in given.items():
        if key == "identity":
            values[key] = Identity(value)
        elif key == "bare_newline":
            values[key] = BareNewline(value)
        elif key == "local_domains":
            control = RelaySettings().relay_control
            values["relay_control"] = dataclasses.replace(control, local_domains=frozenset(value.split()))
        else:
            values[key] = int(value)
    return Relay(RelaySettings(**values), "REF", client, 4711, front_end=front_end, auth_allowed=auth)  # type: ignore[arg-type]


def play(script: Script, mode: str) -> Stage:
    """Play the dialogue in one mode and compare what each side received."""
    stage = Stage(relay_for(script))
    stage.perform(stage.relay.start())
    if mode == "all at once" and not script.lockstep:
        _play_at_once(script, stage)
    else:
        _play_in_order(script, stage, 1 if mode == "octet by octet" else 0)
    assert _shown(stage.to_client) == _shown(script.stream("S:")), f"{script.name}, {mode}: what the client received"
    assert _shown(stage.to_upstream) == _shown(script.stream("->")), f"{script.name}, {mode}: what upstream received"
    return stage


def _play_in_order(script: Script, stage: Stage, cut: int) -> None:
    now = 1000.0
    for kind, octets in script.lines:
        if kind == "C:":
            for piece in _cut(octets, cut):
                stage.perform(stage.relay.client_octets(piece))
        elif kind == "<-":
            for piece in _cut(octets, cut):
                stage.perform(stage.relay.upstream_octets(piece))
        elif kind == "!":
            now = _event(stage, octets.decode(), now)


def _cut(octets: bytes, cut: int) -> list[bytes]:
    return [octets[i : i + cut] for i in range(0, len(octets), cut)] if cut else [octets]


def _play_at_once(script: Script, stage: Stage) -> None:
    """Client octets up to the next event come in one piece; upstream answers as soon as it has read its lines."""
    upstream = _Upstream(script, stage)
    upstream.answer()
    now, burst = 1000.0, b""
    for kind, octets in [*script.lines, ("!", b"end")]:
        if kind == "C:":
            burst += octets
        elif kind == "!":
            if burst:
                stage.perform(stage.relay.client_octets(burst))
                burst = b""
            upstream.answer()
            now = _event(stage, octets.decode(), now)
            upstream.pass_event()
            upstream.answer()


class _Upstream:
    """Plays upstream's lines: a reply is sent once everything before it was received."""

    def __init__(self, script: Script, stage: Stage) -> None:
        self._stage = stage
        self._lines = [line for line in script.lines if line[0] in ("->", "<-", "!")]
        self._due = b""

    def answer(self) -> None:
        while self._lines and self._lines[0][0] != "!":
            kind, octets = self._lines[0]
            if kind == "->":
                self._due += octets
            elif self._stage.to_upstream[: len(self._due)] == self._due:
                del self._lines[0]
                self._stage.perform(self._stage.relay.upstream_octets(octets))
                continue
            else:
                return
            del self._lines[0]

    def pass_event(self) -> None:
        if self._lines:
            del self._lines[0]


def _event(stage: Stage, event: str, now: float) -> float:
    relay = stage.relay
    name, _, argument = event.partition(" ")
    if name == "tick":
        stage.perform(relay.tick(now))
        now += float(argument)
        stage.perform(relay.tick(now))
    elif name == "upstream-lost":
        stage.upstream_open = False
        stage.perform(relay.upstream_lost())
    elif name == "client-eof":
        stage.perform(relay.client_eof())
    elif name == "client-lost":
        stage.perform(relay.client_lost())
    elif name == "drain":
        stage.perform(relay.drain())
    elif name == "client-closed":
        assert stage.client_closed, "the client's connection should be closed here"
    elif name == "upstream-closed":
        assert not stage.upstream_open, "upstream's connection should be closed here"
    elif name != "end":
        raise ValueError(event)
    return now


def _shown(octets: bytes) -> list[str]:
    return octets.decode("latin-1").splitlines(keepends=True)
