"""An upstream with a process for each connection: a large message in one never makes another wait, as in smtp-sink.

Run: `forking_sink.py PORT`. It understands just enough to take mail.
"""

from __future__ import annotations

import os
import signal
import socket
import sys

END = b"\r\n.\r\n"


def serve(client: socket.socket) -> None:
    """One session, until QUIT or the end of the connection."""
    client.sendall(b"220 sink.example ESMTP\r\n")
    octets = b""
    while True:
        line, end, rest = octets.partition(b"\r\n")
        if not end:
            more = client.recv(65536)
            if not more:
                return
            octets += more
            continue
        octets = rest
        verb = line[:4].upper()
        if verb == b"DATA":
            client.sendall(b"354 Go ahead\r\n")
            octets = skip_data(client, octets)
            client.sendall(b"250 2.0.0 Ok\r\n")
        elif verb == b"EHLO":
            client.sendall(b"250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
        else:
            client.sendall(b"221 2.0.0 Bye\r\n" if verb == b"QUIT" else b"250 2.0.0 Ok\r\n")
            if verb == b"QUIT":
                return


def skip_data(client: socket.socket, octets: bytes) -> bytes:
    """Read to the end of data; what follows it."""
    tail = b"\r\n" + octets
    while END not in tail:
        more = client.recv(262144)
        if not more:
            raise SystemExit(1)
        tail = tail[-4:] + more
    return tail.partition(END)[2]


def main() -> None:
    """Accept and fork."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=100)
    while True:
        client, _ = listener.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if os.fork() == 0:
            serve(client)
            os._exit(0)
        client.close()


if __name__ == "__main__":
    main()
