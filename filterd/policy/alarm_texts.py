"""What each alarm means and what an administrator can do about it, in words.

Kept apart from the numbers (`policy/alarms.py`), which the code uses, so that each file can be read alone. Names in
backquotes are keys of the configuration file or commands.
"""

from __future__ import annotations

# number → (meaning, cure)
TEXTS: dict[int, tuple[str, str]] = {
    # 1xx: sessions
    101: (
        "All of `limits.sessions` are in use; the client was told 421 and will come again.",
        "Look for one client that takes many (the log has addresses). Raise `limits.sessions` only together with the "
        "number of sessions upstream allows (Postfix: `default_process_limit`).",
    ),
    102: (
        "One address holds `limits.sessions_per_address` sessions; the next one was told 421.",
        "If the address is a relay or a gateway of yours, list it in `proxy.front_ends`, or raise the limit; else leave it.",
    ),
    103: (
        "The client sent no command for `timeouts.command` seconds and was told 421.",
        "Nothing to do, unless it is a client of yours: then its network loses packets or the client hangs.",
    ),
    104: (
        "The client made `limits.errors` mistakes in one session and was told 421.",
        "Mostly a harvester of addresses or a broken client. The lines before, with the same reference, show what it sent.",
    ),
    105: (
        "The client sent 64 KiB without a line end outside message data; the connection was closed.",
        "Nothing to do: no SMTP client does this.",
    ),
    106: (
        "The session lasted `timeouts.session` seconds and was told 421 between two messages.",
        "Nothing to do; raise the limit if a sender of yours keeps its connection open for longer.",
    ),
    107: (
        "The client spoke HTTP, TLS or another protocol; the connection was closed.",
        "Somebody scans the port, or a client is set to TLS from the first octet (port 465), which filterd does not speak.",
    ),
    108: (
        "filterd was told to stop or to reload; the client was told 421 4.3.2 and comes again.",
        "Nothing to do.",
    ),
    109: (
        "A connection from `proxy.proxy_protocol_from` did not begin with a PROXY v1 or v2 header.",
        "Have the load balancer send the header, or take its address out of the list.",
    ),
    110: (
        "Message data paused for `timeouts.data` seconds or came slower than 500 octets a second for a minute.",
        "Nothing to do, unless it is a client of yours: look at the network between.",
    ),
    111: (
        "The connection broke in the middle of a transaction; nothing of the message was sent to upstream.",
        "Nothing to do: the client still has the message. If it happens often, look at the network between.",
    ),
    # 2xx: commands
    201: (
        "The client sent a command that filterd does not know: 500. Nothing of it reached upstream.",
        "Nothing to do, unless a client of yours needs the command.",
    ),
    202: (
        "The client sent a command that filterd knows but does not relay (STARTTLS, for example): 502.",
        "Have the client use only what the EHLO reply offers.",
    ),
    203: (
        "The client sent BDAT, which is not offered: 521, and the connection was closed, since what follows cannot be "
        "told from commands.",
        "Nothing to do: a client that uses CHUNKING without asking is broken, or looks for a way around the filter.",
    ),
    204: (
        "A command's argument could not be read: 501 or 555.",
        "The log line shows the command. If a client of yours sends it, its address or parameter is misspelt.",
    ),
    205: (
        "A command line was longer than `limits.command_octets`: 500.",
        "Nothing to do; raise the limit if a client of yours has very long parameters.",
    ),
    206: (
        "A command came where SMTP does not allow it: 503.",
        "Nothing to do; the client is broken or careless.",
    ),
    207: (
        "AUTH over a connection that is neither loopback nor encrypted, with a mechanism that cannot pass a filter, "
        "or in the wrong place.",
        "Have clients log in on a trusted network and set `proxy.allow_cleartext_auth`, or log in at upstream directly.",
    ),
    208: (
        "A client that is not in `proxy.front_ends` wanted to say who it is: 550.",
        "If it is the MTA in front of filterd, list its address in `proxy.front_ends`.",
    ),
    # 3xx: who may send to where
    301: (
        "A client that is neither in `relay.relay_clients` nor logged in wanted to send to a domain that is not in "
        "`relay.local_domains`: 550 5.7.1.",
        "If the domain is yours, add it to `relay.local_domains`; if the client is, add its network to `relay.relay_clients`.",
    ),
    302: (
        "The local part of a recipient holds `%`, `!` or `@`, which an MTA may read as an order to send it on; the "
        "client is not one that may relay: 550.",
        "Nothing to do: such addresses went out of use long ago, and are tried to find open relays.",
    ),
    303: (
        "A recipient without domain, other than postmaster, from a client that may not relay: 550.",
        "Have the client write whole addresses.",
    ),
    304: (
        "The message has more than `limits.recipients` recipients; the rest was told 452 4.5.3 and comes in another message.",
        "Nothing to do; raise the limit if your mailing lists need it and upstream takes as many.",
    ),
    # 4xx: the message as a whole
    401: (
        "The message is larger than `limits.message_octets` or than upstream takes: 552 5.3.4.",
        "Raise the limit if such messages are wanted, with `limits.inflight_octets` and the disk in mind.",
    ),
    402: (
        "Message data held a CR or LF alone, and `content.bare_newline` is `reject`: 550 5.5.2.",
        "Have the sender mend its software, or set `content.bare_newline` to `normalize`.",
    ),
    403: (
        "Message data held a NUL next to a dot at the start of a line, which hides an end of data from some MTAs: 550.",
        "Nothing to do: somebody tries to smuggle a message past the filter.",
    ),
    404: (
        "The message has more than `limits.received_fields` Received fields: 554 5.4.6.",
        "Look at the Received fields for two hosts that send to each other; often upstream sends to filterd again.",
    ),
    405: (
        "The messages in hand have reached `limits.inflight_octets`, or the disk of the spool is nearly full: 452 4.3.1.",
        "Give the spool's disk (TMPDIR) room, or raise the limit; clients come again by themselves.",
    ),
    # 5xx: what the message says
    501: (
        "The message holds an entry of a list whose action is `reject`: 550 5.7.1.",
        "If it should have passed: the log names list, file, line and part. Take the entry out, or make it more precise.",
    ),
    502: (
        "The message holds an entry of a list whose action is `tag`; it was marked with an X-Filterd field and passed on.",
        "Nothing to do; the field is for the rules of those behind.",
    ),
    503: (
        "The message holds an entry of a list whose action is `observe`; it passed unchanged.",
        "Nothing to do; set the list's action to `reject` when the log shows only what you want to stop.",
    ),
    511: (
        "The message could not be read as far as the limits demand (header too large, too many parts, nested too "
        "deep). `content.unscannable` says what happened to it.",
        "The log names the limit. Raise it if such messages are wanted; do not set `content.unscannable` to `accept` "
        "without need: it is a way around the filter.",
    ),
    512: (
        "Scanning was not done within `timeouts.scan` or its budget of work; `content.unscannable` applied.",
        "Look at the machine's load first. Keep such a message: it may show a fault of filterd.",
    ),
    513: (
        "The process that scanned the message died; `content.unscannable` applied.",
        "Look for the kernel's words about memory (`limits.scan_memory_octets`). Keep such a message: it may show a "
        "fault of filterd.",
    ),
    514: (
        "A message that ended two scanning processes came again; it was not scanned a third time, `content.unscannable` applied.",
        "Keep the message and report it: it shows a fault of filterd or of a library.",
    ),
    # 6xx: upstream
    601: (
        "No connection to `upstream.address` within `timeouts.upstream_connect`; the client was told 421 or 451.",
        "Is upstream running, and at this address? `nc -v HOST PORT` from this machine must greet.",
    ),
    602: (
        "Upstream gave no 220 within `timeouts.upstream_greeting`.",
        "Its own log tells why: too many processes, a look-up of our name that hangs, or it refuses our address.",
    ),
    603: (
        "Upstream closed the connection in the middle of a session; the message in hand was not sent, and the client "
        "was told 4yz.",
        "Its own log tells why. Postfix hangs up after `smtpd_junk_command_limit` NOOPs or `smtpd_timeout`.",
    ),
    604: (
        "Upstream did not reply in time (`timeouts.upstream_reply`, `timeouts.upstream_final`).",
        "Look at its load and its own filters. A larger time limit must stay below what the clients wait.",
    ),
    605: (
        "Upstream sent something that is no SMTP reply; the connection was given up.",
        "Is it an SMTP server that listens at `upstream.address`?",
    ),
    606: (
        "`upstream.identity` is set, but upstream does not offer XCLIENT or refused it; the client was told 421, "
        "since going on would make it look like this machine.",
        "Postfix: `smtpd_authorized_xclient_hosts` must hold filterd's address. Or set `upstream.identity` to what upstream has.",
    ),
    607: (
        "The connection to upstream broke after the whole message was sent and before the reply came. The client was "
        "told 4yz and sends again: upstream may get it twice.",
        "Upstream's log shows whether it took the message. Repeated: look at what breaks the connection.",
    ),
    608: (
        "Upstream was lost while a message was held; on the second connection it answered differently, so the client "
        "was told 451.",
        "Nothing to do: the client comes again. Repeated: see 603.",
    ),
    609: (
        "Upstream refused the message or all of its recipients; its words were passed on to the client.",
        "Its own log has the reason; filterd has no part in it.",
    ),
    # 7xx: operation
    701: (
        "The new configuration or a list has a mistake, or a list lost more than half of its entries; what was before stays.",
        "The log names file, line and cure. `filterd check --config FILE` says it again. The corrected file is read by itself.",
    ),
    702: (
        "A worker process died and was replaced; what it had in hand is logged with unknown outcome.",
        "Look for the kernel's words about memory. Repeated: report it, with the lines before.",
    ),
    703: (
        "A message could not be written to the spool; the client was told 452 and comes again.",
        "Give the disk of TMPDIR room, and filterd's user the right to write there.",
    ),
    704: (
        "A fault of filterd; the client was told 451 and comes again.",
        "Report it, with the lines of the log around.",
    ),
    705: (
        "filterd listens beyond this machine, and upstream sees every client as this machine; "
        "`proxy.allow_laundering` says that this is wanted.",
        "Set `upstream.identity` to `xclient` or `proxy`; else make sure that upstream trusts nothing for filterd's address.",
    ),
}
