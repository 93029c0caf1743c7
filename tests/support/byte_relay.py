"""A relay that understands nothing: what the tests compare filterd with.

What fails through it is not filterd's doing; what passes through it and fails through filterd is.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from collections.abc import Callable, Iterator

Address = tuple[str, int]


def _pump(left: socket.socket, right: socket.socket) -> None:
    """Carry octets both ways, half-closing what the other side half-closed, until both have ended."""
    with selectors.DefaultSelector() as selector:
        selector.register(left, selectors.EVENT_READ, right)
        selector.register(right, selectors.EVENT_READ, left)
        while selector.get_map():
            for key, _ in selector.select():
                source, sink = key.fileobj, key.data
                octets = source.recv(65536)  # type: ignore[union-attr]
                if octets:
                    sink.sendall(octets)
                else:
                    selector.unregister(source)
                    sink.shutdown(socket.SHUT_WR)


class ByteRelay:
    """Relays every connection to what `target()` says at that moment; one thread a connection."""

    def __init__(self, target: Callable[[], Address], port: int = 0) -> None:
        self.target = target
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError), socket.create_connection(self.target(), timeout=10) as upstream:
            upstream.settimeout(None)
            for leg in (client, upstream):
                leg.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _pump(client, upstream)

    def close(self) -> None:
        """Stop listening; connections that stand end with their peers."""
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


@contextlib.contextmanager
def byte_relay(target: Address, port: int = 0) -> Iterator[ByteRelay]:
    """A relay to one address for the time of a `with` block."""
    relay = ByteRelay(lambda: target, port)
    try:
        yield relay
    finally:
        relay.close()
