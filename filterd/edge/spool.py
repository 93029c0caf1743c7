"""The message in hand: in memory up to a limit, then in a private, already unlinked file (nothing stays after a crash).

`append` raises OSError when the disk is full; what was kept before is still readable then.
"""

from __future__ import annotations

import os
import tempfile
from typing import BinaryIO, cast

_CHUNKS = 1024  # pieces of two octets, one a packet, would take thirty times their size


class Spool:
    """Content in order; `octets` while it is in memory, `file` once it is not."""

    __slots__ = ("_chunks", "_memory_limit", "file", "size")

    def __init__(self, memory_limit: int) -> None:
        self._memory_limit = memory_limit
        self._chunks: list[bytes] = []
        self.file: BinaryIO | None = None
        self.size = 0

    def append(self, octets: bytes) -> None:
        """Keep these octets too."""
        if self.file is None and self.size + len(octets) > self._memory_limit:
            self._to_file()
        if self.file is None:
            self._chunks.append(octets)
            if len(self._chunks) >= _CHUNKS:
                self._chunks = [b"".join(self._chunks)]
        else:
            self.file.write(octets)
        self.size += len(octets)

    def _to_file(self) -> None:
        self.file = cast(BinaryIO, tempfile.TemporaryFile(prefix="filterd-", buffering=0))  # noqa: SIM115 - closed by close()
        for chunk in self._chunks:
            self.file.write(chunk)
        self._chunks = []

    @property
    def octets(self) -> bytes | None:
        """All of it, None when it is in the file."""
        if self.file is not None:
            return None
        if len(self._chunks) != 1:
            self._chunks = [b"".join(self._chunks)]
        return self._chunks[0]

    def read(self, start: int, end: int) -> bytes:
        """The octets of a half-open span. Raises ValueError if they are not all there: a part must never pass for the whole."""
        if self.file is None:
            octets = self.octets
            assert octets is not None
            found = octets[start:end]
        else:
            found = os.pread(self.file.fileno(), end - start, start)  # where the next octets go stays as it is
        if len(found) != end - start:
            raise ValueError("the message is gone")
        return found

    def close(self) -> None:
        """Forget everything; harmless when told twice."""
        if self.file is not None:
            self.file.close()
            self.file = None
        self._chunks = []
        self.size = 0
