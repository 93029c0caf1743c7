"""What a worker and its scan process say to each other, over a SOCK_SEQPACKET pair.

A packet's first octet names its kind (a job's number follows); the rest travels as files: the first descriptor holds
the value (MessagePack of a dataclass; never pickle), the second, with a job, the message. So no packet has a size to
overflow. A new scan process says hello with the number of the last job that its predecessors took: a later one still
waits in the channel.
"""

from __future__ import annotations

import mmap
import os
import socket
from dataclasses import replace
from typing import Any, TypeVar

import msgspec

from filterd.mail.envelope import Envelope
from filterd.policy.verdict import Verdict

HELLO, JOB, ANSWER = b"h", b"j", b"a"
ANSWER_OCTETS = 8 * 1024 * 1024
T = TypeVar("T")


class Job(msgspec.Struct, frozen=True):
    """Judge the message that comes along."""

    number: int
    envelope: Envelope
    reference: str


class Answer(msgspec.Struct, frozen=True):
    """`condition` is empty when there is a verdict, else why there is none. `retiring`: a fresh process follows."""

    number: int
    verdict: Verdict | None = None
    condition: str = ""
    detail: str = ""
    retiring: bool = False


class BrokenPacket(Exception):
    """The other side sent what it should not."""


def memory_file(octets: bytes) -> int:
    """A descriptor of an anonymous file with these octets."""
    descriptor = os.memfd_create("filterd", os.MFD_CLOEXEC)
    try:
        view = memoryview(octets)
        while view:
            view = view[os.write(descriptor, view) :]
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def send(channel: socket.socket, kind: bytes, value: Any, *descriptors: int) -> None:
    """Send a value, and descriptors along with it (they stay ours to close)."""
    payload = memory_file(_encoded(value))
    try:
        socket.send_fds(channel, [kind], [payload, *descriptors])
    finally:
        os.close(payload)


def send_hello(channel: socket.socket, last_taken: int) -> None:
    """A scan process is there."""
    channel.send(HELLO + b"%d" % last_taken)


def job_packet(number: int) -> bytes:
    """The kind of a job's packet tells its number, so that it can be read before the job is taken."""
    return JOB + b"%d" % number


def next_job(channel: socket.socket) -> int:
    """Wait for a packet and leave it there: the number of the job it holds, 0 when the other side is gone."""
    packet = channel.recv(32, socket.MSG_PEEK)
    return int(packet[1:]) if packet.startswith(JOB) and packet[1:].isdigit() else 0


def receive(channel: socket.socket) -> tuple[bytes, list[int]]:
    """The packet and its descriptors (ours to close); empty when the other side is gone."""
    packet, descriptors, _, _ = socket.recv_fds(channel, 32, 4)
    return packet, descriptors


def decoded(descriptor: int, kind: type[T]) -> T:
    """The value in a received file, validated against its type."""
    size = os.fstat(descriptor).st_size
    if size > ANSWER_OCTETS:
        raise BrokenPacket(f"a value of {size} octets")
    try:
        return msgspec.msgpack.decode(os.pread(descriptor, size, 0), type=kind)
    except (msgspec.MsgspecError, ValueError) as mistake:
        raise BrokenPacket(str(mistake)) from None


def mapped(descriptor: int) -> mmap.mmap | bytes:
    """The message in a received file, not copied."""
    size = os.fstat(descriptor).st_size
    return mmap.mmap(descriptor, size, prot=mmap.PROT_READ) if size else b""


def close_all(descriptors: list[int]) -> None:
    """Give received descriptors back."""
    for descriptor in descriptors:
        os.close(descriptor)


def _encoded(value: Any) -> bytes:
    try:
        return msgspec.msgpack.encode(value)
    except UnicodeEncodeError:  # half a surrogate pair in what stood in the message
        verdict = value.verdict
        hits = tuple(replace(hit, text=hit.text.encode("utf-8", "replace").decode()) for hit in verdict.hits)
        return msgspec.msgpack.encode(msgspec.structs.replace(value, verdict=replace(verdict, hits=hits)))
