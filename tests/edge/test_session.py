"""A client session over real sockets: room, PROXY header, spooling, our own faults."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest

from filterd.config import schema
from filterd.config.addresses import parse_upstream
from filterd.edge.board import Board
from filterd.edge.generation import Generation, Upstream, relay_settings
from filterd.edge.session import ClientSession
from filterd.edge.slots import Bounds, WorkerBoard
from filterd.edge.spool import Spool
from filterd.edge.worker import WorkerContext
from filterd.smtp.proxy_header import SIGNATURE
from filterd.smtp.relay import Relay
from tests.ledger.street import Judge, Log
from tests.support.mta import Step
from tests.support.scripted_upstream import ScriptedUpstream

ROOMY = Bounds(90, 50, 1 << 30)


class Stand:
    """filterd's sessions in this loop, before a scripted upstream."""

    def __init__(self, script=None, bounds=ROOMY, **proxy):
        self.upstream = ScriptedUpstream(script)
        self.log = Log()
        self.refused: list[int] = []
        self.log.session_refused = lambda address, alarm, detail="": self.refused.append(alarm)
        self._bounds, self._proxy = bounds, proxy
        self.port = 0

    async def __aenter__(self):
        await self.upstream.start()
        limits = schema.Limits(memory_octets=1 << 16)
        config = schema.Config(limits=limits, proxy=schema.Proxy(**self._proxy))
        place = (socket.AF_INET, ("127.0.0.1", self.upstream.port))
        generation = Generation(
            id="test",
            config=config,
            relay_settings=relay_settings(config),
            engine=Judge(),
            upstream=Upstream(parse_upstream(f"127.0.0.1:{self.upstream.port}"), (place,)),
            bounds=self._bounds,
            lists=(),
        )
        loop = asyncio.get_running_loop()
        self.board = WorkerBoard(Board(areas=1, slots=128), 0, self._bounds)
        self.context = WorkerContext(generation, self.board, Judge(), self.log, loop)
        server = await loop.create_server(lambda: ClientSession(self.context, None), "127.0.0.1", 0)
        self.port, self._server = server.sockets[0].getsockname()[1], server
        return self

    async def __aexit__(self, *_):
        self._server.close()
        for session in list(self.context.sessions):
            session.abort()
        await self.upstream.stop()

    @contextlib.asynccontextmanager
    async def client(self) -> AsyncIterator[Client]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            yield Client(reader, writer)
        finally:
            writer.close()


class Client:
    """Says lines, hears replies."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    async def say(self, octets: bytes) -> bytes:
        """Send, then read one reply."""
        self.writer.write(octets)
        return await self.hear()

    async def hear(self) -> bytes:
        """One reply, its last line."""
        while True:
            line = await asyncio.wait_for(self.reader.readline(), 10)
            if line[3:4] != b"-":
                return line

    async def send_message(self, content: bytes) -> bytes:
        """A whole transaction; the reply to the end of data."""
        assert (await self.say(b"MAIL FROM:<a@b>\r\n"))[:3] == b"250"
        assert (await self.say(b"RCPT TO:<c@d>\r\n"))[:3] == b"250"
        assert (await self.say(b"DATA\r\n"))[:3] == b"354"
        return await self.say(content + b".\r\n")


def run(scenario):
    """Each scenario in a loop of its own."""
    asyncio.run(asyncio.wait_for(scenario, 30))


V1 = b"PROXY TCP4 192.0.2.7 198.51.100.1 4711 25\r\n"
V2 = SIGNATURE + b"\x21\x11\x00\x0c\xc0\x00\x02\x07\x7f\x00\x00\x01\x12\x67\x00\x19"


@pytest.mark.parametrize("header", [V1, V2], ids=["v1", "v2"])
@pytest.mark.parametrize("cut", [1, 1000])
def test_proxy_header_is_believed_from_listed_addresses(header, cut):
    """The client is who the header says: a stranger, who may not relay. SMTP may follow in the same segment."""

    async def scenario():
        async with Stand(proxy_protocol_from=["127.0.0.0/8"]) as stand, stand.client() as client:
            octets = header + b"MAIL FROM:<a@b>\r\nRCPT TO:<c@elsewhere.example>\r\n"
            for at in range(0, len(octets), cut):
                client.writer.write(octets[at : at + cut])
                await client.writer.drain()
            assert (await client.hear())[:3] == b"220"
            assert (await client.hear())[:3] == b"250"
            assert await client.hear() == b"550 5.7.1 Relaying denied\r\n"
            assert stand.log.records[0].client_address == "192.0.2.7"

    run(scenario())


def test_proxy_header_is_mandatory_from_listed_addresses():
    """Without it: 421, and upstream never hears of it."""

    async def scenario():
        async with Stand(proxy_protocol_from=["127.0.0.0/8"]) as stand, stand.client() as client:
            assert (await client.say(b"EHLO c\r\n"))[:3] == b"421"
            assert await client.reader.read() == b""
            assert stand.refused == [109]
            assert not stand.upstream.connections

    run(scenario())


def test_proxy_header_from_others_is_no_command():
    """Nobody else can claim an address."""

    async def scenario():
        async with Stand() as stand, stand.client() as client:
            await client.hear()
            assert (await client.say(V1))[:3] == b"500"
            assert stand.upstream.commands == []

    run(scenario())


def test_room_is_limited_and_given_back():
    """The session too many hears 421; when one goes, there is room again."""

    async def scenario():
        async with Stand(bounds=Bounds(2, 2, 1 << 30)) as stand:
            async with stand.client() as first, stand.client() as second:
                assert (await first.hear())[:3] == (await second.hear())[:3] == b"220"
                async with stand.client() as third:
                    assert (await third.hear())[:3] == b"421"
                assert stand.refused == [101]
                await first.say(b"QUIT\r\n")
                while len(stand.context.sessions) > 1:
                    await asyncio.sleep(0.01)
                async with stand.client() as fourth:
                    assert (await fourth.hear())[:3] == b"220"
            while stand.context.sessions:
                await asyncio.sleep(0.01)
            assert sum(stand.board.sessions) == 0

    run(scenario())


def test_a_large_message_is_spooled_and_identical():
    """Through the file and in pieces, octet for octet, twice in one session."""
    content = b"Subject: x\r\n\r\n" + b"".join(b".%07d %s\r\n" % (i, b"x" * (i % 300)) for i in range(12000))

    async def scenario():
        async with Stand() as stand, stand.client() as client:
            await client.hear()
            for _ in range(2):
                assert (await client.send_message(content.replace(b"\r\n.", b"\r\n..")))[:3] == b"250"
            assert stand.upstream.committed == [content, content]
            assert sum(stand.board.octets) == 0

    run(scenario())


def test_no_room_for_the_message():
    """Messages in hand are limited over all sessions: 452 after the end of data, and the session goes on."""

    async def scenario():
        async with Stand(bounds=Bounds(9, 9, 1000)) as stand, stand.client() as client:
            await client.hear()
            assert (await client.send_message(b"x" * 2000 + b"\r\n"))[:9] == b"452 4.3.1"
            assert (await client.send_message(b"small\r\n"))[:3] == b"250"
            assert stand.upstream.committed == [b"small\r\n"]
            assert sum(stand.board.octets) == 0

    run(scenario())


def test_a_full_disk_is_our_trouble(monkeypatch):
    """The spool fails: 452, nothing upstream."""

    def full(self):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Spool, "_to_file", full)

    async def scenario():
        async with Stand() as stand, stand.client() as client:
            await client.hear()
            assert (await client.send_message(b"x" * 70000 + b"\r\n"))[:9] == b"452 4.3.1"
            assert stand.upstream.committed == []

    run(scenario())


@pytest.mark.parametrize("method", ["client_octets", "upstream_octets", "verdict_reached", "content_sent"])
def test_a_fault_of_ours_ends_one_session(monkeypatch, method):
    """An exception anywhere: 421 for this client, no end of data upstream, no slot kept, and the log names the place."""
    usual = getattr(Relay, method)

    def faulty(self, *arguments):
        if self.client.helo_name == b"faulty" and (self.hold or method != "upstream_octets"):
            raise RuntimeError("planted")
        return usual(self, *arguments)

    monkeypatch.setattr(Relay, method, faulty)

    async def scenario():
        async with Stand() as stand:
            async with stand.client() as other, stand.client() as client:
                await other.hear()
                await client.hear()
                client.writer.write(b"EHLO faulty\r\n")
                with contextlib.suppress(AssertionError, ConnectionError):
                    await client.hear()
                    await client.send_message(b"hello\r\n")
                rest = await client.reader.read()
                assert b"250" not in rest
                assert (await other.send_message(b"fine\r\n"))[:3] == b"250"
            assert stand.log.errors
            while stand.context.sessions:
                await asyncio.sleep(0.01)
            assert sum(stand.board.sessions) == 0
            if method != "content_sent":  # planted after the end of data was written
                assert stand.upstream.committed == [b"fine\r\n"]

    run(scenario())


def test_upstream_is_not_there():
    """421 at once, and the log says why."""

    async def scenario():
        async with Stand() as stand:
            await stand.upstream.stop()
            async with stand.client() as client:
                assert (await client.hear())[:9] == b"421 4.3.2"
            assert [record.alarm for record in stand.log.records] == [601]

    run(scenario())


def test_half_close_after_quit_is_no_fault():
    """Everything at once, then FIN: every reply still comes."""

    async def scenario():
        async with Stand({"DATA": Step(b"354 go\r\n", slowly=True)}) as stand, stand.client() as client:
            client.writer.write(b"EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nhello\r\n.\r\nQUIT\r\n")
            client.writer.write_eof()
            heard = [(await client.hear())[:3] for _ in range(7)]
            assert heard == [b"220", b"250", b"250", b"250", b"354", b"250", b"221"]
            assert await client.reader.read() == b""
            assert stand.upstream.committed == [b"hello\r\n"]

    run(scenario())


def test_a_client_that_does_not_read_keeps_its_place_only_so_long():
    """Its last replies are stuck: the place on the board stays taken until the connection is ended by force."""

    async def scenario():
        help_reply = Step(b"".join(b"214-%s\r\n" % (b"x" * 900) for _ in range(60)) + b"214 end\r\n")
        async with Stand({"HELP": help_reply}) as stand:
            sock = socket.socket()
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            sock.setblocking(False)
            loop = asyncio.get_running_loop()
            await loop.sock_connect(sock, ("127.0.0.1", stand.port))
            await loop.sock_sendall(sock, b"EHLO c\r\n" + b"HELP\r\n" * 200 + b"QUIT\r\n")
            while not stand.context.sessions:
                await asyncio.sleep(0.01)
            (session,) = stand.context.sessions
            for now in range(1000, 3000, 3):
                session.tick(float(now))
                await asyncio.sleep(0)
                if not stand.context.sessions:
                    break
            while stand.context.sessions:
                await asyncio.sleep(0.01)
            assert sum(stand.board.sessions) == 0
            sock.close()

    run(scenario())


@pytest.mark.parametrize("line", [b"BDAT 3 LAST\r\n", b"GET / HTTP/1.1\r\n"])
def test_hanging_up_is_no_fault(line):
    """The client hears why, and the log knows of no internal error."""

    async def scenario():
        async with Stand() as stand, stand.client() as client:
            await client.hear()
            assert (await client.say(line))[:3] in (b"521", b"421")
            assert await client.reader.read() == b""
            assert not stand.log.errors

    run(scenario())


def test_a_client_behind_a_balancer_is_no_front_end():
    """Who is a front end is decided by the client the PROXY header names; a client of unknown address is nobody."""

    async def scenario():
        everyone = ["127.0.0.0/8"]
        async with Stand(proxy_protocol_from=everyone, front_ends=everyone) as stand:
            async with stand.client() as client:
                client.writer.write(V1)
                await client.hear()
                assert (await client.say(b"XCLIENT ADDR=127.0.0.1\r\n"))[:3] == b"550"
            async with stand.client() as client:
                client.writer.write(b"PROXY UNKNOWN\r\n")
                await client.hear()
                await client.say(b"MAIL FROM:<a@b>\r\n")
                assert await client.say(b"RCPT TO:<c@elsewhere.example>\r\n") == b"550 5.7.1 Relaying denied\r\n"

    run(scenario())
