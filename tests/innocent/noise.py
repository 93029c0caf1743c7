"""Attachments that are no text: random octets, JPEG-like and zip files, in messages of 1 to 20 MB. The same every time."""

from __future__ import annotations

import base64
import io
import random
import zipfile
from collections.abc import Iterator

MB = 1_000_000
KINDS = ("random", "jpeg", "zip")
ENCODINGS = ("base64", "8bit", "binary")


def octets_of(kind: str, size: int, source: random.Random) -> bytes:
    """A file of about this size."""
    if kind == "jpeg":
        return _jpeg(size, source)
    if kind == "zip":
        return _zip(size, source)
    return source.randbytes(size)


def _jpeg(size: int, source: random.Random) -> bytes:
    """Segments as a camera writes them, then scans: 0xFF is always followed by 0."""
    exif = b"Exif\0\0II*\0" + b"NIKON CORPORATION\0NIKON D70\0Ver.1.00 \0" + b"2004:05:27 10:11:12\0"
    head = b"\xff\xd8\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif
    for number in range(4):
        head += b"\xff\xdb\x00\x43" + bytes([number]) + source.randbytes(64)
    return head + b"\xff\xda\x00\x0c" + source.randbytes(size).replace(b"\xff", b"\xff\x00") + b"\xff\xd9"


def _zip(size: int, source: random.Random) -> bytes:
    """Members that are compressed, of octets that hardly can be."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        while file.tell() < size:
            piece = source.randbytes(100_000) + b"".join(b"%d," % source.randrange(10**6) for _ in range(20_000))
            archive.writestr(zipfile.ZipInfo(f"data/{source.randrange(10**8)}.bin"), piece, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def message(kind: str, encoding: str, octets: bytes) -> bytes:
    """A mail with the file."""
    type_ = {"jpeg": b"image/jpeg; name=dsc_0001.jpg", "zip": b"application/zip", "random": b"application/octet-stream"}[kind]
    body = base64.encodebytes(octets).replace(b"\n", b"\r\n") if encoding == "base64" else octets
    return (
        b"From: a@a.example\r\nSubject: the file\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"=_x\"\r\n\r\n"
        b"--=_x\r\nContent-Type: text/plain\r\n\r\nHere it is.\r\n--=_x\r\nContent-Type: " + type_ + b"\r\n"
        b"Content-Transfer-Encoding: " + encoding.encode() + b"\r\n\r\n" + body + b"\r\n--=_x--\r\n"
    )  # fmt: skip


def messages(total: int, seed: int = 1) -> Iterator[tuple[str, bytes]]:
    """Mails with `total` octets of attachments in all: (what it is, message)."""
    source = random.Random(seed)
    number = 0
    while total > 0:
        size = min(source.randint(1 * MB, 20 * MB), total)
        kind, encoding = KINDS[number % 3], ENCODINGS[number // 3 % 3]
        octets = octets_of(kind, size, source)
        yield f"{kind}, {encoding}, {len(octets):,} octets", message(kind, encoding, octets)
        total -= len(octets)
        number += 1
