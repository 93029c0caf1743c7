"""Paths of MAIL and RCPT (RFC 5321 §4.1.2): read to decide, kept verbatim to pass on.

Null reverse-path, source routes (§4.1.1.3, appendix C), quoted local parts, address literals and UTF-8 (RFC 6531) are
read. A missing pair of angle brackets and blanks after the colon are forgiven, as every MTA forgives them. What cannot be
read raises `PathError`; nothing is guessed.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# Nearly every argument: a plain address, or the null path. What it does not match is read step by step, to the same end.
_USUAL = re.compile(rb"([A-Za-z]+):<((?:([\w.!#$%&'*+/=?^`{|}~-]+)@([A-Za-z0-9.-]+))?)>( [ -~]*)?")
_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKETED = re.compile(rb'<((?:[^<>"\\]|\\.|"(?:[^"\\]|\\.)*")*)>(?=[ \t]|\Z)', re.DOTALL)
_ROUTE = re.compile(rb"(@(?:[^@:,\[\]]+|\[[^\]]*\])(?:,@(?:[^@:,\[\]]+|\[[^\]]*\]))*):", re.DOTALL)


class PathError(ValueError):
    """The argument of MAIL or RCPT cannot be read."""


class Path(NamedTuple):
    """`octets` stand between `<` and `>` as sent; `route`, `local_part` and `domain` are slices of them.

    `domain` is empty for the null path and for an unqualified mailbox.
    """

    octets: bytes
    route: bytes = b""
    local_part: bytes = b""
    domain: bytes = b""


class PathArgument(NamedTuple):
    """A path and its ESMTP parameters, each as sent (`SIZE=10`)."""

    path: Path
    parameters: tuple[bytes, ...] = ()

    def parameter(self, keyword: bytes) -> bytes | None:
        """The value of a parameter (empty if it has none); None where it does not stand."""
        for parameter in self.parameters:
            name, _, value = parameter.partition(b"=")
            if name.upper() == keyword:
                return value
        return None


def parse_path(octets: bytes) -> Path:
    """The path between `<` and `>`; raises PathError."""
    route = b""
    mailbox = octets
    if octets.startswith(b"@"):
        found = _ROUTE.match(octets)
        if not found:
            raise PathError("source route without its end")
        route, mailbox = found.group(1), octets[found.end() :]
    local_part, domain = _split_mailbox(mailbox)
    if route and not domain:
        raise PathError("source route to no domain")
    return Path(octets, route, local_part, domain)


def _split_mailbox(mailbox: bytes) -> tuple[bytes, bytes]:
    if mailbox.startswith(b'"'):
        quoted = _QUOTED.match(mailbox)
        if not quoted:
            raise PathError("quoted local part without its end")
        rest = mailbox[quoted.end() :]
        if rest and not rest.startswith(b"@"):
            raise PathError("octets between quoted local part and @")
        return quoted.group(), rest[1:]
    local_part, at, domain = mailbox.rpartition(b"@")
    return (local_part, domain) if at else (mailbox, b"")


def parse_path_argument(argument: bytes, keyword: bytes) -> PathArgument:
    """`FROM:<a@b> SIZE=10` with its keyword (`FROM` or `TO`); raises PathError."""
    usual = _USUAL.fullmatch(argument)
    if usual and usual[1].upper() == keyword:
        _, octets, local_part, domain, rest = usual.groups(b"")
        return PathArgument(Path(octets, b"", local_part, domain), tuple(rest.split()))
    head, colon, rest = argument.partition(b":")
    if not colon or head.strip().upper() != keyword:
        raise PathError(f"{keyword.decode()}: is missing")
    rest = rest.lstrip(b" \t")
    if rest.startswith(b"<"):
        found = _BRACKETED.match(rest)
        if not found:
            raise PathError("no end of the path")
        octets, rest = found.group(1), rest[found.end() :]
    else:
        words = rest.split(None, 1)
        if not words or b"<" in words[0] or b">" in words[0]:
            raise PathError("no path")
        octets, rest = words[0], words[1] if len(words) > 1 else b""
    return PathArgument(parse_path(octets), tuple(rest.split()))
