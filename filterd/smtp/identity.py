"""Who the client really is, as XCLIENT and XFORWARD say it (Postfix XCLIENT_README, XFORWARD_README).

Values are xtext (RFC 3461 §4); what is not known is `[UNAVAILABLE]`. One command holds at most 512 octets, so attributes are
split over several; ADDR goes last in XCLIENT, since authorisation is looked at again there.
"""

from __future__ import annotations

import re

UNAVAILABLE = b"[UNAVAILABLE]"
_XTEXT_HEX = re.compile(rb"\+([0-9A-Fa-f]{2})")
_NOT_XTEXT = re.compile(rb"[^\x21-\x2a\x2c-\x3c\x3e-\x7e]")
_LINE_OCTETS = 510
XCLIENT_ATTRIBUTES = frozenset(b"NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT REVERSE_NAME".split())
XFORWARD_ATTRIBUTES = frozenset(b"NAME ADDR PORT PROTO HELO IDENT SOURCE".split())


class BadAttribute(ValueError):
    """An attribute of XCLIENT or XFORWARD cannot be read."""


def parse_attributes(argument: bytes, known: frozenset[bytes]) -> dict[bytes, bytes]:
    """`NAME=a ADDR=b` → upper-case name → decoded value; raises BadAttribute."""
    found: dict[bytes, bytes] = {}
    for word in argument.split():
        name, equals, value = word.partition(b"=")
        if not equals or name.upper() not in known:
            raise BadAttribute(name.decode("latin-1"))
        found[name.upper()] = _XTEXT_HEX.sub(lambda m: bytes([int(m.group(1), 16)]), value)
    if not found:
        raise BadAttribute("no attribute")
    return found


def xtext(value: bytes) -> bytes:
    """Nothing that could end a line or a word survives."""
    return _NOT_XTEXT.sub(lambda m: b"+%02X" % m.group()[0], value)


def address_attribute(address: str) -> bytes:
    """`192.0.2.1`, `IPV6:2001:db8::1`, or unavailable."""
    if not address:
        return UNAVAILABLE
    return (b"IPV6:" if ":" in address else b"") + address.encode("ascii", "replace")


def address_of(attribute: bytes) -> str:
    """The address in an ADDR attribute; empty if unavailable."""
    text = attribute.decode("ascii", "replace")
    if text.upper().startswith("IPV6:"):
        text = text[5:]
    return "" if text.startswith("[") or not text else text


def commands(verb: bytes, attributes: dict[bytes, bytes]) -> list[bytes]:
    """The command lines, CRLF included, that carry the attributes in their order."""
    lines: list[bytes] = []
    line = verb
    for name, value in attributes.items():
        word = b" %s=%s" % (name, value if value == UNAVAILABLE else xtext(value))
        if len(line) + len(word) > _LINE_OCTETS and line != verb:
            lines.append(line + b"\r\n")
            line = verb
        line += word[:_LINE_OCTETS - len(verb)]
    lines.append(line + b"\r\n")
    return lines
