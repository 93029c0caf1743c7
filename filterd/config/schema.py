"""The configuration as one tree of frozen, validated values; its documentation stands beside each key.

Defaults are safe ones: loopback only, fail closed (4xx), nothing added to mail.
Sizes are octets, times are seconds.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta


def _doc(text: str, *, ge: int | None = None, le: int | None = None) -> Meta:
    return Meta(description=text, ge=ge, le=le)


Seconds = Annotated[int, Meta(ge=1, le=86400)]
Count = Annotated[int, Meta(ge=1)]
ActionName = Literal["reject", "tag", "observe"]
LevelName = Literal["exact", "case", "fold", "disguise"]


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of every table: frozen, unknown keys refused."""


class Proxy(Section, frozen=True):
    """[proxy]: where clients connect."""

    listen: Annotated[list[str], _doc("Addresses to listen on, host:port; IPv6 in brackets: [::1]:2525.")] = (
        msgspec.field(default_factory=lambda: ["127.0.0.1:2525"])
    )
    workers: Annotated[int, _doc("Worker processes; 0 means one a core.", ge=0, le=64)] = 0
    front_ends: Annotated[
        list[str], _doc("Networks whose XCLIENT and XFORWARD commands are believed (an MTA in front of filterd).")
    ] = msgspec.field(default_factory=list)
    proxy_protocol_from: Annotated[
        list[str], _doc("Networks that must begin each connection with a PROXY v1 or v2 header (a load balancer).")
    ] = msgspec.field(default_factory=list)
    allow_cleartext_auth: Annotated[bool, _doc("Relay AUTH on listeners that are not loopback, without TLS.")] = False
    allow_laundering: Annotated[
        bool, _doc("Start although upstream on this machine would take every client for this machine. Dangerous.")
    ] = False


class Upstream(Section, frozen=True):
    """[upstream]: the MTA that mail is relayed to."""

    address: Annotated[str, _doc("host:port of the MTA behind filterd.")] = "127.0.0.1:25"
    identity: Annotated[
        Literal["none", "xclient", "proxy", "xforward"],
        _doc("How upstream learns the real client: XCLIENT, PROXY protocol v2, XFORWARD (log only), or not at all."),
    ] = "none"
    helo_name: Annotated[str, _doc("Name filterd gives in an EHLO of its own; empty means this host's name.")] = ""


class Relay(Section, frozen=True):
    """[relay]: who may send to where."""

    local_domains: Annotated[list[str], _doc("Domains anybody may send to; .example.org means every subdomain.")] = (
        msgspec.field(default_factory=list)
    )
    relay_clients: Annotated[list[str], _doc("Networks that may send to any domain.")] = msgspec.field(
        default_factory=lambda: ["127.0.0.0/8", "::1/128"]
    )


class Content(Section, frozen=True):
    """[content]: what happens to messages."""

    action: Annotated[ActionName, _doc("What a hit asks for unless its list says otherwise.")] = "reject"
    level: Annotated[
        LevelName,
        _doc("What entries see through: exact (nothing), case, fold (accents, invisible and odd letters), disguise."),
    ] = "fold"
    unscannable: Annotated[
        Literal["defer", "reject", "accept"], _doc("What happens to a message that could not be scanned.")
    ] = "defer"
    header: Annotated[bool, _doc("Add X-Filterd to every message scanned; incoming copies are removed.")] = False
    mode: Annotated[Literal["enforce", "watch"], _doc("watch: judge and log, but let every word through.")] = "enforce"
    bare_newline: Annotated[
        Literal["normalize", "reject"], _doc("Bare CR or LF in message data: make it CRLF and blank, or refuse.")
    ] = "normalize"


class Wordlist(Section, frozen=True):
    """[[wordlist]]: one list of words."""

    file: Annotated[str, _doc("Path of the list; relative to the configuration file.")]
    name: Annotated[str, _doc("Name in replies and logs; default is the file's name without its ending.")] = ""
    action: Annotated[ActionName | None, _doc("Overrides content.action for this list.")] = None
    thresholds: Annotated[
        dict[str, ActionName], _doc("What single thresholds of the list ask for; the others ask for `action`.")
    ] = msgspec.field(default_factory=dict)
    mode: Annotated[
        Literal["enforce", "watch"] | None, _doc("Overrides content.mode; what the list itself says (@mode) goes first.")
    ] = None
    level: Annotated[LevelName | None, _doc("Overrides content.level for this list.")] = None
    areas: Annotated[
        list[str],
        _doc(
            "Where its entries count, empty means everywhere: subject, header, header:Name, address, body, hidden, attribute, "
            "filename, attachment, url, raw."
        ),
    ] = msgspec.field(default_factory=list)
    first_lines: Annotated[int, _doc("Lines of a body in which its entries count; 0 means all.", ge=0)] = 0


class Limits(Section, frozen=True):
    """[limits]: bounds of everything that grows, holding across all workers."""

    sessions: Annotated[Count, _doc("Sessions in all; each pins an upstream session, and Postfix allows 100.")] = 90
    sessions_per_address: Annotated[Count, _doc("Sessions of one client address (front ends excepted).")] = 50
    recipients: Annotated[Count, _doc("Recipients of one message; over it 452 4.5.3.")] = 1000
    command_octets: Annotated[int, _doc("Length of a command line.", ge=512, le=65536)] = 4096
    message_octets: Annotated[Count, _doc("Size of a message; over it 552 5.3.4.")] = 50 * 1024 * 1024
    memory_octets: Annotated[Count, _doc("A message larger than this is spooled to a private file.")] = 1024 * 1024
    inflight_octets: Annotated[Count, _doc("Messages in hand, of all workers; over it 452 4.3.1.")] = 1024 * 1024 * 1024
    header_octets: Annotated[Count, _doc("Header section; over it the message is unscannable.")] = 256 * 1024
    header_fields: Annotated[Count, _doc("Header fields of one section; over it unscannable.")] = 1000
    mime_depth: Annotated[Count, _doc("Nesting of MIME parts; over it unscannable.")] = 32
    mime_parts: Annotated[Count, _doc("MIME parts; over it unscannable.")] = 1000
    received_fields: Annotated[Count, _doc("Received fields; over it 554 5.4.6, a mail loop.")] = 50
    hits: Annotated[Count, _doc("Hits recorded of one message.")] = 1000
    errors: Annotated[Count, _doc("Errors of one session before 421.")] = 20
    scan_memory_octets: Annotated[Count, _doc("Address space of one scan process.")] = 2 * 1024 * 1024 * 1024


class Timeouts(Section, frozen=True):
    """[timeouts]: how long filterd waits; each inner one is shorter than the outer one."""

    command: Annotated[Seconds, _doc("A client between two commands.")] = 300
    data: Annotated[Seconds, _doc("A client between two octets of message data.")] = 180
    session: Annotated[Seconds, _doc("A whole session.")] = 3600
    upstream_connect: Annotated[Seconds, _doc("Connecting to upstream.")] = 10
    upstream_greeting: Annotated[Seconds, _doc("Upstream's greeting.")] = 30
    upstream_reply: Annotated[Seconds, _doc("Any reply of upstream but the last.")] = 300
    upstream_final: Annotated[
        Seconds, _doc("Upstream's reply to the end of data; Postfix in front of filterd waits 100 s for ours.")
    ] = 90
    scan: Annotated[Seconds, _doc("Scanning one message; then it is unscannable.")] = 30
    drain: Annotated[Seconds, _doc("Messages in hand when told to stop.")] = 90


class Log(Section, frozen=True):
    """[log]: the mail log."""

    to: Annotated[Literal["stderr", "syslog"], _doc("stderr (the journal takes it) or syslog, facility mail.")] = (
        "stderr"
    )
    matched_text: Annotated[bool, _doc("Log the words that were found; off, since logs are read by many.")] = False


class Control(Section, frozen=True):
    """[control]: asking a running filterd (`filterd status`, `filterd reload`); a change needs a restart."""

    socket: Annotated[
        str,
        _doc('Path of the control socket; empty means control.sock in the runtime directory (/run/filterd), "none" none.'),
    ] = ""
    group: Annotated[str, _doc("Group that may ask, too; else only filterd's user and root may.")] = ""


class Config(Section, frozen=True):
    """The whole file."""

    proxy: Proxy = msgspec.field(default_factory=Proxy)
    upstream: Upstream = msgspec.field(default_factory=Upstream)
    relay: Relay = msgspec.field(default_factory=Relay)
    content: Content = msgspec.field(default_factory=Content)
    wordlist: list[Wordlist] = msgspec.field(default_factory=list)
    limits: Limits = msgspec.field(default_factory=Limits)
    timeouts: Timeouts = msgspec.field(default_factory=Timeouts)
    log: Log = msgspec.field(default_factory=Log)
    control: Control = msgspec.field(default_factory=Control)
