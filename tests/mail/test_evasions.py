"""Hiding a word in a mail's structure or encoding does not help: some client shows it, so it is found.

Each case is a message that parsers read in different ways; the word stands in a payload that is base64 or quoted-printable in
every octet, so that only who reads the message as that client does can see it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from filterd.engine import Engine
from filterd.mail.envelope import Envelope
from filterd.words.wordlist import parse_wordlist

TEXT = b"Dear reader, here stands the forbidden word, for you to see.\r\n"
ENGINE = Engine([parse_wordlist(b"forbidden\n", name="w", file="w", action="reject")])
START = b"From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
PLAIN = b"Content-Type: text/plain\r\n"
MIXED = b"Content-Type: multipart/mixed; boundary=bound\r\n"


class Payload:
    """One encoding of the text."""

    def __init__(self, name: bytes, body: bytes) -> None:
        self.name, self.body = name, body
        self.field = b"Content-Transfer-Encoding: " + name + b"\r\n"
        self.part = b"--bound\r\n" + PLAIN + self.field + b"\r\n" + body
        self.whole = START + PLAIN + self.field + b"\r\n" + body


BASE64 = Payload(b"base64", base64.encodebytes(TEXT).replace(b"\n", b"\r\n"))
QUOTED = Payload(
    b"quoted-printable",
    b"".join((b"=\r\n" if at and at % 20 == 0 else b"") + b"=%02X" % octet for at, octet in enumerate(TEXT)),
)
PAYLOADS = {"base64": BASE64, "qp": QUOTED}
Case = Callable[[Payload], bytes]


def field(line: str) -> Case:
    """A leaf whose transfer encoding is given by this line; @@ stands for its name."""
    return lambda payload: START + PLAIN + line.encode("latin-1").replace(b"@@", payload.name) + b"\r\n\r\n" + payload.body


def header(text: str) -> Case:
    """A leaf with this header section, blank line included; @@ and CTE stand for the encoding's name and the whole field."""
    return lambda payload: (
        START + text.encode("latin-1").replace(b"CTE", payload.field[:-2]).replace(b"@@", payload.name) + payload.body
    )


def multipart(head: str, inside: str = "--bound\r\nPART\r\n--bound--\r\n") -> Case:
    """A multipart with this header section (its blank line is added); PART stands for a leaf with the payload."""

    def build(payload: Payload) -> bytes:
        leaf = PLAIN + payload.field + b"\r\n" + payload.body
        text = inside.encode("latin-1")
        half = payload.body.index(b"\n", len(payload.body) // 3) + 1
        halves = payload.body[:half] + b"--bound\r\n" + payload.body[half:]
        leaves = PLAIN + payload.field + b"\r\n" + halves
        for mark, octets in (
            (b"HALVES", leaves), (b"PART", leaf), (b"CTE", payload.field[:-2]), (b"BODY", payload.body), (b"@@", payload.name),
        ):  # fmt: skip
            text = text.replace(mark, octets)
        return START + head.encode("latin-1").replace(b"CTE", payload.field[:-2]) + b"\r\n\r\n" + text

    return build


def all_of(encoder: Callable[[bytes], bytes], inner: Case, head: bytes) -> Case:
    """A message of which the whole content is encoded once more."""
    return lambda payload: START + head + b"\r\n" + encoder(inner(payload))


def b64(octets: bytes) -> bytes:
    return base64.encodebytes(octets).replace(b"\n", b"\r\n")


def qp(octets: bytes) -> bytes:
    return b"".join((b"=\r\n" if at and at % 20 == 0 else b"") + b"=%02X" % octet for at, octet in enumerate(octets))


TRANSFER_ENCODINGS = {
    "plain": "Content-Transfer-Encoding: @@",
    "lower name": "content-transfer-encoding: @@",
    "upper name": "CONTENT-TRANSFER-ENCODING: @@",
    "no blank": "Content-Transfer-Encoding:@@",
    "tab": "Content-Transfer-Encoding:\t@@",
    "many blanks": "Content-Transfer-Encoding:         @@",
    "trailing blank": "Content-Transfer-Encoding: @@ ",
    "trailing tab": "Content-Transfer-Encoding: @@\t",
    "trailing semicolon": "Content-Transfer-Encoding: @@;",
    "trailing parameter": "Content-Transfer-Encoding: @@; x=y",
    "trailing comma": "Content-Transfer-Encoding: @@, 7bit",
    "leading comma": "Content-Transfer-Encoding: 7bit, @@",
    "quoted": 'Content-Transfer-Encoding: "@@"',
    "half quoted": 'Content-Transfer-Encoding: "@@',
    "comment before": "Content-Transfer-Encoding: (x) @@",
    "comment behind": "Content-Transfer-Encoding: @@ (x)",
    "comment with encoding": "Content-Transfer-Encoding: (7bit) @@",
    "comment glued": "Content-Transfer-Encoding: @@(7bit)",
    "comment inside": "Content-Transfer-Encoding: (a(b)c)@@",
    "two words": "Content-Transfer-Encoding: @@ x",
    "junk glued": "Content-Transfer-Encoding: @@5",
    "junk before": "Content-Transfer-Encoding: x@@",
    "nul behind": "Content-Transfer-Encoding: @@\0",
    "nul before": "Content-Transfer-Encoding: \0@@",
    "nul behind and junk": "Content-Transfer-Encoding: @@\0junk",
    "nul after name": "Content-Transfer-Encoding\0: @@",
    "nul before name": "\0Content-Transfer-Encoding: @@",
    "nul inside name": "Content-Transfer\0-Encoding: @@",
    "control before name": "\x01Content-Transfer-Encoding: @@",
    "blank after name": "Content-Transfer-Encoding : @@",
    "tab after name": "Content-Transfer-Encoding\t: @@",
    "blanks after name": "Content-Transfer-Encoding    : @@",
    "blank before name": " Content-Transfer-Encoding: @@",
    "tab before name": "\tContent-Transfer-Encoding: @@",
    "encoded word q": "Content-Transfer-Encoding: =?us-ascii?q?@@?=",
    "folded": "Content-Transfer-Encoding:\r\n @@",
    "folded by tab": "Content-Transfer-Encoding:\r\n\t@@",
    "folded twice": "Content-Transfer-Encoding:\r\n \r\n @@",
    "folded before colon": "Content-Transfer-Encoding\r\n : @@",
    "folded without blank": "Content-Transfer-Encoding:\r\n@@",
    "folded behind": "Content-Transfer-Encoding: @@\r\n ",
    "folded behind with junk": "Content-Transfer-Encoding: @@\r\n x",
    "folded by cr": "Content-Transfer-Encoding:\r @@",
    "folded by lf": "Content-Transfer-Encoding:\n @@",
    "twice, right first": "Content-Transfer-Encoding: @@\r\nContent-Transfer-Encoding: 7bit",
    "twice, right last": "Content-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: @@",
    "twice, odd last": "Content-Transfer-Encoding: @@\r\nContent-Transfer-Encoding: -",
    "twice, odd first": "Content-Transfer-Encoding: x-y\r\nContent-Transfer-Encoding: @@",
    "twice, empty": "Content-Transfer-Encoding:\r\nContent-Transfer-Encoding: @@",
    "thrice": "Content-Transfer-Encoding: 8bit\r\nContent-Transfer-Encoding: @@\r\nContent-Transfer-Encoding: binary",
    "both encodings": "Content-Transfer-Encoding: base64\r\nContent-Transfer-Encoding: quoted-printable",
    "both encodings turned": "Content-Transfer-Encoding: quoted-printable\r\nContent-Transfer-Encoding: base64",
    "unknown": "Content-Transfer-Encoding: x-foo",
    "dash": "Content-Transfer-Encoding: -",
    "hexa": "Content-Transfer-Encoding: hexa",
    "8bit plus": "Content-Transfer-Encoding: 8bit+",
    "empty": "Content-Transfer-Encoding:",
    "7bit": "Content-Transfer-Encoding: 7bit",
    "8bit": "Content-Transfer-Encoding: 8bit",
    "missing": "X: y",
    "no field": "Content-Transfer-Encoding @@",
    "other field": "Content-Encoding: @@",
    "uuencode": "Content-Transfer-Encoding: x-uuencode",
    "bare cr before": "X: y\rContent-Transfer-Encoding: @@",
    "bare lf before": "X: y\nContent-Transfer-Encoding: @@",
    "bare cr behind": "Content-Transfer-Encoding: @@\rX: y",
    "lfcr before": "X: y\n\rContent-Transfer-Encoding: @@",
    "lfcr behind": "Content-Transfer-Encoding: @@\n\rX: y",
    "crcrlf before": "X: y\r\r\nContent-Transfer-Encoding: @@",
    "crcrlf behind": "Content-Transfer-Encoding: @@\r\r\nX: y",
    "cr junk lf before": "X: y\rjunk\nContent-Transfer-Encoding: @@",
    "cr junk lf behind": "Content-Transfer-Encoding: @@\rjunk\nX: y",
    "line that is no field": "this is no field\r\nContent-Transfer-Encoding: @@",
    "line that is no field behind": "Content-Transfer-Encoding: @@\r\nthis is no field",
    "colon alone": ":\r\nContent-Transfer-Encoding: @@",
    "nameless": ": x\r\nContent-Transfer-Encoding: @@",
    "blank line before": "\r\nContent-Transfer-Encoding: @@",
    "blank line and fields": "\r\nX: y\r\nContent-Transfer-Encoding: @@",
    "line of blanks before": "  \r\nContent-Transfer-Encoding: @@",
    "line of blanks behind": "Content-Transfer-Encoding: @@\r\n  ",
    "line of tabs": "\t\r\nContent-Transfer-Encoding: @@\r\nX: y",
    "mbox line": "From x\r\nContent-Transfer-Encoding: @@",
    "mbox line quoted": ">From x\r\nContent-Transfer-Encoding: @@",
}

HEADERS = {
    "lf blank line": "Content-Type: text/plain\r\nCTE\r\n\n",
    "cr blank line": "Content-Type: text/plain\r\nCTE\r\n\r",
    "lf lf": "Content-Type: text/plain\r\nCTE\n\n",
    "cr cr": "Content-Type: text/plain\r\nCTE\r\r",
    "lfcr lfcr": "Content-Type: text/plain\n\rCTE\n\r\n\r",
    "crcrlf twice": "Content-Type: text/plain\r\r\nCTE\r\r\n\r\r\n",
    "all bare cr": "Content-Type: text/plain\rCTE\r\r",
    "all bare lf": "Content-Type: text/plain\nCTE\n\n",
    "no blank line": "Content-Type: text/plain\r\nCTE\r\n",
    "blank line with blanks": "Content-Type: text/plain\r\nCTE\r\n  \r\n",
    "blank line with tab": "Content-Type: text/plain\r\nCTE\r\n\t\r\n",
    "blank line with nul": "Content-Type: text/plain\r\nCTE\r\n\0\r\n",
    "blank line with junk": "Content-Type: text/plain\r\nCTE\r\n\rjunk\n",
    "two blank lines": "Content-Type: text/plain\r\nCTE\r\n\r\n\r\n",
    "blank lines inside": "\r\nContent-Type: text/plain\r\n\r\nCTE\r\n\r\n",
    "blank line first": "X: y\r\n\r\nContent-Type: text/plain\r\nCTE\r\n\r\n",
    "type twice": "Content-Type: text/plain\r\nContent-Type: image/png\r\nCTE\r\n\r\n",
    "type twice, binary first": "Content-Type: image/png\r\nContent-Type: text/plain\r\nCTE\r\n\r\n",
    "type unknown": "Content-Type: x-y/z\r\nCTE\r\n\r\n",
    "type without slash": "Content-Type: text\r\nCTE\r\n\r\n",
    "type empty": "Content-Type:\r\nCTE\r\n\r\n",
    "type octet-stream": "Content-Type: application/octet-stream\r\nCTE\r\n\r\n",
    "type missing": "CTE\r\n\r\n",
    "type with comment": "Content-Type: (x) text/plain (y)\r\nCTE\r\n\r\n",
    "type with nul": "Content-Type: text\0/plain\r\nCTE\r\n\r\n",
    "type partial": "Content-Type: message/partial; id=x; number=1; total=1\r\nCTE\r\n\r\n",
    "attachment": "Content-Type: text/plain\r\nContent-Disposition: attachment; filename=x.txt\r\nCTE\r\n\r\n",
    "boundary on a leaf": "Content-Type: text/plain; boundary=bound\r\nCTE\r\n\r\n",
    "charset unknown": "Content-Type: text/plain; charset=x-none\r\nCTE\r\n\r\n",
    "charset twice": "Content-Type: text/plain; charset=us-ascii; charset=utf-16\r\nCTE\r\n\r\n",
    "charset lies": "Content-Type: text/plain; charset=utf-16\r\nCTE\r\n\r\n",
    "charset ebcdic": "Content-Type: text/plain; charset=cp037\r\nCTE\r\n\r\n",
    "charset utf-7": "Content-Type: text/plain; charset=utf-7\r\nCTE\r\n\r\n",
    "multipart type on a text": "Content-Type: multipart/mixed; boundary=bound\r\nCTE\r\n\r\n",
    "multipart type without boundary": "Content-Type: multipart/mixed\r\nCTE\r\n\r\n",
    "message type on a text": "Content-Type: message/rfc822\r\nCTE\r\n\r\n",
    "no version": "Content-Type: text/plain\r\nMIME-Version: 9\r\nCTE\r\n\r\n",
}

BOUNDARIES = {
    "plain": "Content-Type: multipart/mixed; boundary=bound",
    "quoted": 'Content-Type: multipart/mixed; boundary="bound"',
    "half quoted": 'Content-Type: multipart/mixed; boundary="bound',
    "half quoted behind": 'Content-Type: multipart/mixed; boundary=bound"',
    "half quoted and more": 'Content-Type: multipart/mixed; boundary="bound; x=y',
    "single quotes": "Content-Type: multipart/mixed; boundary='bound'",
    "quoted in part": 'Content-Type: multipart/mixed; boundary=bo"un"d',
    "escaped": 'Content-Type: multipart/mixed; boundary="bo\\und"',
    "twice, right first": "Content-Type: multipart/mixed; boundary=bound; boundary=other",
    "twice, right last": "Content-Type: multipart/mixed; boundary=other; boundary=bound",
    "twice, quoted": 'Content-Type: multipart/mixed; boundary="other"; boundary="bound"',
    "two fields, right first": "Content-Type: multipart/mixed; boundary=bound\r\nContent-Type: multipart/mixed; boundary=other",
    "two fields, right last": "Content-Type: multipart/mixed; boundary=other\r\nContent-Type: multipart/mixed; boundary=bound",
    "two fields, text first": "Content-Type: text/plain\r\nContent-Type: multipart/mixed; boundary=bound",
    "two fields, text last": "Content-Type: multipart/mixed; boundary=bound\r\nContent-Type: text/plain",
    "blank behind": 'Content-Type: multipart/mixed; boundary="bound "',
    "blanks around": "Content-Type: multipart/mixed; boundary = bound",
    "nul behind": "Content-Type: multipart/mixed; boundary=bound\0",
    "nul and junk": "Content-Type: multipart/mixed; boundary=bound\0junk",
    "nul inside": "Content-Type: multipart/mixed; boundary=bo\0und",
    "nul quoted": 'Content-Type: multipart/mixed; boundary="bound\0junk"',
    "comment behind": "Content-Type: multipart/mixed; boundary=bound(comment)",
    "comment before": "Content-Type: multipart/mixed; boundary=(comment)bound",
    "comment before name": "Content-Type: multipart/mixed; (x) boundary=bound",
    "comment inside": "Content-Type: multipart/mixed; boundary=bo(x)und",
    "comment with boundary": "Content-Type: multipart/mixed; (boundary=other) boundary=bound",
    "comma": "Content-Type: multipart/mixed, boundary=bound",
    "comma behind": "Content-Type: multipart/mixed; boundary=bound, x=y",
    "no semicolon": "Content-Type: multipart/mixed boundary=bound",
    "semicolons": "Content-Type: multipart/mixed;;;; boundary=bound;;",
    "semicolon quoted": 'Content-Type: multipart/mixed; x=";boundary=other"; boundary=bound',
    "folded": "Content-Type: multipart/mixed;\r\n boundary=bound",
    "folded in name": "Content-Type: multipart/mixed; boundary\r\n =bound",
    "folded in value": "Content-Type: multipart/mixed; boundary=\r\n bound",
    "folded without blank": "Content-Type: multipart/mixed;\r\nboundary=bound",
    "folded by cr": "Content-Type: multipart/mixed;\rboundary=bound",
    "rfc 2231": "Content-Type: multipart/mixed; boundary*=us-ascii''bound",
    "rfc 2231 percent": "Content-Type: multipart/mixed; boundary*=us-ascii''%62ound",
    "rfc 2231 in pieces": "Content-Type: multipart/mixed; boundary*0=bo; boundary*1=und",
    "rfc 2231 in pieces turned": "Content-Type: multipart/mixed; boundary*1=und; boundary*0=bo",
    "rfc 2231 and plain": "Content-Type: multipart/mixed; boundary=other; boundary*=us-ascii''bound",
    "plain and rfc 2231": "Content-Type: multipart/mixed; boundary*=us-ascii''other; boundary=bound",
    "percent": "Content-Type: multipart/mixed; boundary=%62ound",
    "encoded word": "Content-Type: multipart/mixed; boundary==?us-ascii?q?bound?=",
    "encoded word quoted": 'Content-Type: multipart/mixed; boundary="=?us-ascii?q?bound?="',
    "encoded word base64": "Content-Type: multipart/mixed; boundary==?us-ascii?b?Ym91bmQ=?=",
    "missing": "Content-Type: multipart/mixed",
    "empty": "Content-Type: multipart/mixed; boundary=",
    "empty quoted": 'Content-Type: multipart/mixed; boundary=""',
    "declared but absent": "Content-Type: multipart/mixed; boundary=other",
    "upper case": "Content-Type: multipart/mixed; BOUNDARY=bound",
    "type in capitals": "CONTENT-TYPE: MULTIPART/MIXED; boundary=bound",
    "type odd": "Content-Type: multipart/x-odd; boundary=bound",
    "type blank": "Content-Type: multipart / mixed; boundary=bound",
    "type only multipart": "Content-Type: multipart; boundary=bound",
    "type text": "Content-Type: text/plain; boundary=bound",
    "type text, no boundary": "Content-Type: text/plain",
    "type missing": "X: y",
    "alternative": "Content-Type: multipart/alternative; boundary=bound",
    "related": "Content-Type: multipart/related; boundary=bound",
    "signed": 'Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary=bound',
    "report": "Content-Type: multipart/report; report-type=delivery-status; boundary=bound",
    "blank before colon": "Content-Type : multipart/mixed; boundary=bound",
    "nul before colon": "Content-Type\0: multipart/mixed; boundary=bound",
    "stray line": "no field\r\nContent-Type: multipart/mixed; boundary=bound",
    "blank line first": "\r\nContent-Type: multipart/mixed; boundary=bound",
    "base64 declared": "Content-Type: multipart/mixed; boundary=bound\r\nContent-Transfer-Encoding: base64",
    "qp declared": "Content-Type: multipart/mixed; boundary=bound\r\nContent-Transfer-Encoding: quoted-printable",
}

DELIMITERS = {
    "blanks behind": "--bound  \r\nPART\r\n--bound--\r\n",
    "tab behind": "--bound\t\r\nPART\r\n--bound--\r\n",
    "nul behind": "--bound\0\r\nPART\r\n--bound--\r\n",
    "junk behind": "--bound junk\r\nPART\r\n--bound--\r\n",
    "junk glued": "--boundjunk\r\nPART\r\n--bound--\r\n",
    "junk on the second": "--bound\r\n\r\nx\r\n--boundjunk\r\nPART\r\n--bound--\r\n",
    "not closed": "--bound\r\nPART\r\n",
    "closed first": "--bound--\r\n--bound\r\nPART\r\n--bound--\r\n",
    "closed twice": "--bound\r\n\r\nx\r\n--bound--\r\n--bound\r\nPART\r\n--bound--\r\n",
    "preamble": "PART\r\n--bound\r\n\r\nx\r\n--bound--\r\n",
    "epilogue": "--bound\r\n\r\nx\r\n--bound--\r\nPART",
    "epilogue without header": "--bound\r\n\r\nx\r\n--bound--\r\n\r\nBODY",
    "preamble without header": "BODY\r\n--bound\r\n\r\nx\r\n--bound--\r\n",
    "no header": "--bound\r\n\r\nBODY\r\n--bound--\r\n",
    "no blank line": "--bound\r\nContent-Type: text/plain\r\nCTE\r\nBODY\r\n--bound--\r\n",
    "blank line before the header": "--bound\r\n\r\nContent-Type: text/plain\r\nCTE\r\n\r\nBODY\r\n--bound--\r\n",
    "bare cr": "--bound\rContent-Type: text/plain\rCTE\r\rBODY\r\n--bound--\r\n",
    "bare lf": "--bound\nContent-Type: text/plain\nCTE\n\nBODY\n--bound--\n",
    "crcrlf": "--bound\r\r\nContent-Type: text/plain\r\r\nCTE\r\r\n\r\r\nBODY\r\r\n--bound--\r\r\n",
    "cr before the delimiter": "x\r--bound\r\nPART\r\n--bound--\r\n",
    "lfcr before the delimiter": "x\n\r--bound\r\nPART\r\n--bound--\r\n",
    "blank before the delimiter": "x\r\n --bound\r\nPART\r\n --bound--\r\n",
    "one dash": "-bound\r\nPART\r\n-bound--\r\n",
    "nested": "--bound\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\nPART\r\n--in--\r\n--bound--\r\n",
    "nested by the same boundary":
        "--bound\r\nContent-Type: multipart/mixed; boundary=bound\r\n\r\n--bound\r\nPART\r\n--bound--\r\n--bound--\r\n",
    "nested by a longer boundary":
        "--bound\r\nContent-Type: multipart/mixed; boundary=bound1\r\n\r\n--bound1\r\nPART\r\n--bound1--\r\n--bound--\r\n",
    "nested by a shorter boundary":
        "--bound\r\nContent-Type: multipart/mixed; boundary=bo\r\n\r\n--bo\r\nPART\r\n--bo--\r\n--bound--\r\n",
    "nested, not closed": "--bound\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\nPART\r\n--bound--\r\n",
    "nested, with an outer delimiter inside":
        "--bound\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\nHALVES\r\n--in--\r\n--bound--\r\n",
    "nested without boundary": "--bound\r\nContent-Type: multipart/mixed\r\n\r\n--in\r\nPART\r\n--in--\r\n--bound--\r\n",
    "message": "--bound\r\nContent-Type: message/rfc822\r\n\r\nSubject: y\r\nPART\r\n--bound--\r\n",
    "message of odd type": "--bound\r\nContent-Type: message/x-odd\r\n\r\nSubject: y\r\nPART\r\n--bound--\r\n",
    "message by its name":
        "--bound\r\nContent-Type: application/octet-stream; name=a.eml\r\n\r\nSubject: y\r\nPART\r\n--bound--\r\n",
    "message global": "--bound\r\nContent-Type: message/global\r\n\r\nSubject: y\r\nPART\r\n--bound--\r\n",
    "delivery status": "--bound\r\nContent-Type: message/delivery-status\r\n\r\nX: y\r\n\r\nBODY\r\n--bound--\r\n",
    "header of a message": "--bound\r\nContent-Type: text/rfc822-headers\r\n\r\nX: y\r\nPART\r\n--bound--\r\n",
}  # fmt: skip
DIGEST = "Content-Type: multipart/digest; boundary=bound"

WRAPPED: dict[str, Case] = {
    "message in base64": all_of(
        b64, lambda payload: payload.whole, b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n"
    ),
    "message in qp": all_of(
        qp, lambda payload: payload.whole, b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: quoted-printable\r\n"
    ),
    "message twice in base64": all_of(
        b64,
        all_of(b64, lambda payload: payload.whole, b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n"),
        b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n",
    ),
    "multipart in base64": all_of(
        b64, lambda payload: payload.part + b"\r\n--bound--\r\n", MIXED + b"Content-Transfer-Encoding: base64\r\n"
    ),
    "multipart in qp": all_of(
        qp, lambda payload: payload.part + b"\r\n--bound--\r\n", MIXED + b"Content-Transfer-Encoding: quoted-printable\r\n"
    ),
    "message in base64 by its name": all_of(
        b64,
        lambda payload: payload.whole,
        b"Content-Type: application/octet-stream; name=x.eml\r\nContent-Transfer-Encoding: base64\r\n",
    ),
    "encoded twice": all_of(b64, lambda payload: payload.body, PLAIN + b"Content-Transfer-Encoding: base64\r\n"),
    "encoded thrice": all_of(
        b64, lambda payload: b64(payload.body), PLAIN + b"Content-Transfer-Encoding: base64\r\n"
    ),
    "digest": multipart(DIGEST, "--bound\r\n\r\nSubject: y\r\nPART\r\n--bound--\r\n"),
    "digest with types": multipart(DIGEST, "--bound\r\nPART\r\n--bound--\r\n"),
    "empty message": lambda payload: payload.body,
    "only a header": lambda payload: START + payload.field + payload.body,
    "in a line of text": lambda payload: START + b"\r\nsee this: " + payload.body.replace(b"\r\n", b"") + b" there\r\n",
    "quoted": lambda payload: START + b"\r\n> " + payload.body.rstrip().replace(b"\r\n", b"\r\n> ") + b"\r\n",
    "indented": lambda payload: START + b"\r\n   " + payload.body.rstrip().replace(b"\r\n", b"\r\n   ") + b"\r\n",
    "between text": lambda payload: START + b"\r\nSee below what I mean.\r\n\r\n" + payload.body + b"\r\nAs I said.\r\n",
}

CASES: dict[str, Case] = {
    **{f"encoding: {name}": field(line) for name, line in TRANSFER_ENCODINGS.items()},
    **{f"header: {name}": header(text) for name, text in HEADERS.items()},
    **{f"boundary: {name}": multipart(text) for name, text in BOUNDARIES.items()},
    **{f"delimiter: {name}": multipart(BOUNDARIES["plain"], text) for name, text in DELIMITERS.items()},
    **{f"wrapped: {name}": case for name, case in WRAPPED.items()},
}


def is_found(message: bytes) -> bool:
    return bool(ENGINE.judge(message, Envelope(), "r").hits)


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("case", CASES)
def test_the_word_is_found(case: str, payload: str) -> None:
    """Whatever is odd about the message."""
    message = CASES[case](PAYLOADS[payload])
    assert b"forbidden" not in message
    assert is_found(message)
