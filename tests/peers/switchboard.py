"""What a peer's suite and filterd meet at: the suite says which server its next client talks to.

A suite starts a server a test, on changing ports. filterd has one upstream: this switchboard, a byte relay that hands
every connection on to the server named last. So one filterd, the real program, serves a whole suite.

`PEERS_SWITCHBOARD` is the port where the switchboard listens, `PEERS_VIA` the port that clients are sent to: filterd's,
or the switchboard's own when the method is measured without filterd. `PEERS_RESULTS` is the file for the outcomes.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.support.byte_relay import Address, ByteRelay

VIA = ("127.0.0.1", int(os.environ.get("PEERS_VIA", "0")))


class Switchboard:
    """Listens in the suite's process, and counts what came through."""

    def __init__(self) -> None:
        self._target: Address = ("127.0.0.1", 9)
        self.connections = 0
        self._relay = ByteRelay(self._next, int(os.environ["PEERS_SWITCHBOARD"]))

    def _next(self) -> Address:
        self.connections += 1
        return self._target

    def to(self, target: Address) -> Address:
        """From now on connections go to `target`; returns the address that clients must use for it."""
        self._target = target
        return VIA

    def report(self, outcomes: dict[str, str]) -> None:
        """Write down how each test ended."""
        result = {"connections": self.connections, "outcomes": outcomes}
        Path(os.environ["PEERS_RESULTS"]).write_text(json.dumps(result, indent=1))
