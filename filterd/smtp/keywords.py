"""The EHLO reply: upstream's list ∩ ours (RFC 5321 §4.1.1.1). An allow-list: a keyword we never heard of is not passed on.

Left out on purpose: CHUNKING and BINARYMIME (RFC 3030, would pass octets we do not frame), STARTTLS (until filterd speaks
TLS), REQUIRETLS, LIMITS, BURL, PRDR, PIPECONNECT, XCLIENT and XFORWARD (ours to offer, never upstream's to hand out).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from filterd.mail.reply import Reply

PASSED = frozenset(
    b"PIPELINING 8BITMIME SMTPUTF8 ENHANCEDSTATUSCODES DSN ETRN HELP VRFY EXPN"
    b" DELIVERBY MT-PRIORITY RRVS FUTURERELEASE".split()
)
# Mechanisms without a security layer and without channel binding: the others would blind the filter after 235 or
# cannot work through anything in the middle (RFC 4954 §4, RFC 5802 §6).
MECHANISMS = frozenset(
    b"PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-224 SCRAM-SHA-256 SCRAM-SHA-384 SCRAM-SHA-512"
    b" OAUTHBEARER XOAUTH2".split()
)
NOTHING: Mapping[bytes, bytes] = MappingProxyType({})
FRONT_END_OFFERS = (b"XCLIENT NAME ADDR PORT PROTO HELO LOGIN", b"XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE")


# An upstream says the same to nearly every session, so what was made of its words is kept for the next one.
@lru_cache(16)
def offers(reply: Reply) -> Mapping[bytes, bytes]:
    """Keyword → parameters of an EHLO reply; the legacy spelling `AUTH=` counts as AUTH."""
    found: dict[bytes, bytes] = {}
    for line in reply.octets.split(b"\r\n")[1:]:
        keyword, _, parameters = line[4:].replace(b"=", b" ", 1).partition(b" ")
        if keyword:
            found.setdefault(keyword.upper(), parameters)
    return MappingProxyType(found)


@lru_cache(16)
def filter_ehlo(reply: Reply, *, message_octets: int, auth: bool, extra: tuple[bytes, ...] = ()) -> Reply:
    """The EHLO reply our client sees; the first line stays as upstream wrote it."""
    first, *lines = [line[4:] for line in reply.octets.split(b"\r\n") if line]
    kept = [first]
    for line in lines:
        passed = _pass(line, message_octets, auth)
        if passed:
            kept.append(passed)
    kept.extend(extra)
    last = len(kept) - 1
    return Reply(
        reply.code,
        b"".join(b"%d%s%s\r\n" % (reply.code, b" " if i == last else b"-", text) for i, text in enumerate(kept)),
    )


def _pass(line: bytes, message_octets: int, auth: bool) -> bytes:
    keyword, _, parameters = line.replace(b"=", b" ", 1).partition(b" ")
    name = keyword.upper()
    if name == b"SIZE":
        return b"SIZE %d" % _smaller(parameters, message_octets)
    if name == b"AUTH":
        mechanisms = [m for m in parameters.split() if m.upper() in MECHANISMS]
        return line[:5] + b" ".join(mechanisms) if auth and mechanisms else b""
    return line if name in PASSED else b""


def _smaller(parameter: bytes, ours: int) -> int:
    """Zero and nothing mean "no fixed limit" (RFC 1870 §4)."""
    digits = parameter.strip()
    theirs = int(digits) if digits.isdigit() and len(digits) < 20 else 0
    return min(theirs, ours) if theirs else ours
