"""Base64 (RFC 2045 §6.8) as mail clients read it, and the way back from decoded octets to the letters. Never raises.

Clients agree about clean base64. About the rest there are three views: letters that are no base64 are skipped and behind
padding a new stream begins (`BASE64`); padding is skipped too (`BASE64_JOINED`); `-` and `_` are letters (`BASE64_URL`).
"""

from __future__ import annotations

import binascii
import re

BASE64, BASE64_JOINED, BASE64_URL = "base64", "base64 joined", "base64 url"

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_LETTERS = {BASE64: _ALPHABET, BASE64_JOINED: _ALPHABET, BASE64_URL: _ALPHABET + b"-_"}
_JUNK = {
    view: bytes(octet for octet in range(256) if octet not in letters and (view == BASE64_JOINED or octet != 0x3D))
    for view, letters in _LETTERS.items()
}
_URL = bytes.maketrans(b"-_", b"+/")
_RUNS = {
    BASE64: re.compile(rb"[A-Za-z0-9+/]+|=+"),
    BASE64_JOINED: re.compile(rb"[A-Za-z0-9+/]+"),
    BASE64_URL: re.compile(rb"[A-Za-z0-9+/_-]+|=+"),
}
_BLANK_INSIDE = re.compile(rb"[ \t](?<=[A-Za-z0-9+/=][ \t])[A-Za-z0-9+/=]")  # of a line
_LETTERS_AND_BLANKS = _ALPHABET + b"= \t\r\n\v\f"
_INNER_PADDING = re.compile(rb"=\s*[A-Za-z0-9+/]")  # the last `=` of a run: linear
_URL_LETTER = re.compile(rb"[-_]")


def decode_base64(octets: bytes, view: str = BASE64) -> bytes:
    """The octets in one view; a letter that is no whole octet is dropped."""
    letters = octets.translate(None, _JUNK[view])
    if view == BASE64_URL:
        letters = letters.translate(_URL)
    body = letters.rstrip(b"=")
    if b"=" not in body:
        return _stream(body)
    return b"".join(_stream(stream) for stream in body.split(b"=") if stream)


def _stream(letters: bytes) -> bytes:
    rest = len(letters) & 3
    if rest == 1:  # six bits are no octet
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"==" if rest > 1 else letters)


def base64_views(octets: bytes) -> list[str]:
    """The other views that can differ for these octets."""
    views = [BASE64_JOINED] if _INNER_PADDING.search(octets) else []
    return [*views, BASE64_URL] if _URL_LETTER.search(octets) else views


def looks_base64(sample: bytes) -> bool:
    """Is it base64, whatever its label says?"""
    if sample.translate(None, _LETTERS_AND_BLANKS):
        return False
    return (b" " not in sample and b"\t" not in sample) or not _BLANK_INSIDE.search(sample)


def base64_cut(octets: bytes, view: str) -> int:
    """Before the letters that begin a quantum which goes on; 0 if all of them do."""
    alphabet = _LETTERS[view]
    tail = octets if view == BASE64_JOINED else octets[octets.rfind(b"=") + 1 :]
    letters = len(tail.translate(None, _JUNK[view]))
    cut = len(octets)
    for _ in range(letters & 3):
        cut -= 1
        while cut > 0 and octets[cut] not in alphabet:
            cut -= 1
    return max(cut, 0)


def base64_span(octets: bytes, view: str, start: int, end: int) -> tuple[int, int]:
    """The letters that carry a bit of the decoded octets `start` to `end`."""
    first, last = -1, -1
    decoded = letters = 0
    for found in _RUNS[view].finditer(octets):
        if octets[found.start()] == 0x3D:  # "="
            decoded, letters = decoded + letters * 6 // 8, 0
            continue
        count = found.end() - found.start()
        if first < 0:
            at = _letter(start - decoded)
            if at < letters + count and start >= decoded:
                first = found.start() + max(at - letters, 0)
        at = _letter(end - 1 - decoded) + 1
        if at < letters + count:
            last = found.start() + max(at - letters, 0)
            break
        letters += count
    return max(first, 0), (last + 1 if last >= 0 else len(octets))


def _letter(index: int) -> int:
    """The first letter with bits of octet `index`."""
    quantum, place = divmod(index, 3)
    return quantum * 4 + place
