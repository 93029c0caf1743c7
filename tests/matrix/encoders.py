"""Octets as mail carries them: every spelling of the transfer encodings that some client reads."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable


def crlf(octets: bytes) -> bytes:
    """Every line end CRLF."""
    return octets.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def b64(octets: bytes, width: int = 76) -> bytes:
    """In lines of `width` letters."""
    letters = base64.b64encode(octets)
    return b"\r\n".join(letters[at : at + width] for at in range(0, len(letters), width)) + b"\r\n"


def b64_one_letter_lines(octets: bytes) -> bytes:
    """A line each letter."""
    return b64(octets, 1)


def b64_junk(octets: bytes) -> bytes:
    """Signs between the letters that RFC 2045 §6.8 has ignored."""
    return re.sub(rb"(.{7})", rb"\1 .", b64(octets, 60)).replace(b"\r\n", b"-\r\n")


def b64_pieces(octets: bytes) -> bytes:
    """Several streams one after the other, each with its padding."""
    return b"".join(base64.b64encode(octets[at : at + 4]) for at in range(0, len(octets), 4)) + b"\r\n"


def b64_unpadded(octets: bytes) -> bytes:
    """Without `=`."""
    return base64.b64encode(octets).rstrip(b"=") + b"\r\n"


def qp(octets: bytes) -> bytes:
    """As usual: what need not be encoded is not."""
    lines = []
    for line in octets.split(b"\r\n"):
        quoted = re.sub(rb"[^ -<>-~\t]|[ \t]$", lambda found: b"=%02X" % found[0][0], line)
        lines.append(re.sub(rb"(.{60,70}(?<!=)(?<!=.))(?=.)", rb"\1=\r\n", quoted))
    return b"\r\n".join(lines) + b"\r\n"


def qp_all(octets: bytes) -> bytes:
    """Every octet encoded, in lower case."""
    return (
        b"=\r\n".join(b"".join(b"=%02x" % octet for octet in octets[at : at + 24]) for at in range(0, len(octets), 24)) + b"\r\n"
    )


def _soft(break_: bytes) -> Callable[[bytes], bytes]:
    def encode(octets: bytes) -> bytes:
        units = re.findall(rb"[ -<>-~\t]|\r\n|.", octets, re.DOTALL)
        lines, count = bytearray(), 0
        for unit in units:
            lines += unit if len(unit) == 2 or (32 <= unit[0] < 127 and unit != b"=") or unit == b"\t" else b"=%02X" % unit[0]
            count = 0 if unit == b"\r\n" else count + 1
            if count and count % 3 == 0:
                lines += break_
        return bytes(lines) + b"\r\n"

    return encode


qp_soft = _soft(b"=\r\n")  # a soft line break behind every third octet, and so inside every word
qp_soft_blanks = _soft(b"= \t\r\n")  # with blanks behind the `=` (RFC 2045 §6.7, rule 3)


def uu(octets: bytes, name: bytes = b"report.txt") -> bytes:
    """With begin and end."""
    lines = [binascii.b2a_uu(octets[at : at + 45]).rstrip(b"\n") for at in range(0, len(octets), 45)]
    return b"\r\n".join([b"begin 644 " + name, *lines, b"`", b"end", b""])


def begin_base64(octets: bytes) -> bytes:
    """What `uuencode -m` makes."""
    return b"begin-base64 644 report.txt\r\n" + b64(octets) + b"====\r\n"


def word_b(text: str, charset: str = "utf-8") -> str:
    """One encoded word (RFC 2047)."""
    return f"=?{charset}?B?{base64.b64encode(text.encode(charset)).decode()}?="


def q(octets: bytes) -> str:
    """The Q encoding of these octets."""
    letters = (chr(octet) if chr(octet).isascii() and chr(octet).isalnum() else f"={octet:02X}" for octet in octets)
    return "".join(letters).replace("=20", "_")


def word_q(text: str, charset: str = "utf-8") -> str:
    """One encoded word in the Q encoding."""
    return f"=?{charset}?Q?{q(text.encode(charset))}?="


def words_b(text: str, size: int, charset: str = "utf-8", between: str = "\r\n ") -> str:
    """Encoded words of `size` octets each, whether characters end there or not."""
    octets = text.encode(charset)
    pieces = [octets[at : at + size] for at in range(0, len(octets), size)]
    return between.join(f"=?{charset}?B?{base64.b64encode(piece).decode()}?=" for piece in pieces)


def words_q(text: str, size: int, charset: str = "utf-8", between: str = " ") -> str:
    """The same in the Q encoding, of `size` characters each."""
    return between.join(f"=?{charset}?q?{q(text[at : at + size].encode(charset))}?=" for at in range(0, len(text), size))


def percent(text: str) -> str:
    """Percent-encoded UTF-8, letters and digits of ASCII as they are."""
    return "".join(chr(octet) if chr(octet).isascii() and chr(octet).isalnum() else f"%{octet:02X}" for octet in text.encode())


def utf7(text: str) -> bytes:
    """UTF-7 with every letter in shifted sequences (RFC 2152)."""
    words = (
        word if word.isascii() and word.isspace() else "+" + base64.b64encode(word.encode("utf-16-be")).decode().rstrip("=") + "-"
        for word in re.findall(r"[ \t\r\n]+|[^ \t\r\n]+", text)
    )
    return "".join(words).encode()
