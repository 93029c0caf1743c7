"""Clients that send without a pause, each message with its token, until they are told to stop or nobody listens any more."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
from collections.abc import Iterator

from tests.ledger.client import LedgerClient
from tests.support.ledger import Campaign, Message, Trial, token_of
from tests.support.scripted_upstream import ScriptedUpstream

_NUMBERS = itertools.count()


class Load:
    """`clients` threads, one session of three messages after the other."""

    def __init__(self, port: int, *, clients: int = 8, lines: int = 0) -> None:
        self._lines = lines  # of the first message of each session, to have it scanned apart
        self.trials: list[Trial] = []
        self._port = port
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(bool(i % 2),)) for i in range(clients)]

    @contextlib.contextmanager
    def running(self) -> Iterator[Load]:
        """For the time of a `with` block; afterwards every session has ended."""
        for thread in self._threads:
            thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join(60)

    def _run(self, pipelined: bool) -> None:
        while not self._stop.is_set():
            number = next(_NUMBERS)
            messages = (Message(f"l{number}a", lines=self._lines), Message(f"l{number}b", forbidden=True), Message(f"l{number}c"))
            trial = Trial(f"session {number}", messages)
            try:
                self._session(trial, LedgerClient(messages, pipelined=pipelined))
            except ConnectionRefusedError:
                return
            self.trials.append(trial)

    def _session(self, trial: Trial, client: LedgerClient) -> None:
        with socket.create_connection(("127.0.0.1", self._port), timeout=60) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            trial.killed = True  # unless the session ends as sessions do
            with contextlib.suppress(ConnectionResetError, BrokenPipeError):
                while not client.finished:
                    octets = connection.recv(65536)
                    if not octets:
                        break
                    connection.sendall(client.feed(octets))
        trial.killed = not client.finished
        trial.told = client.told

    def judge(self, campaign: Campaign, upstream: ScriptedUpstream) -> None:
        """Every session is one trial; upstream never lost a reply."""
        owners = {message.token: trial for trial in self.trials for message in trial.messages}
        for content in upstream.committed:
            token = token_of(content)
            assert token in owners, f"upstream has {content[:80]!r}, which nobody sent"
            owners[token].commit(content)
            owners[token].final_reply_seen[token] = 1
        for trial in self.trials:
            campaign.add(trial)
