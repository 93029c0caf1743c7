"""How far a message is read. Over a limit, reading goes on as well as it can and a named condition tells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Counts and octets; `decoded_ratio` bounds all decoded octets by the size of the message."""

    header_octets: int = 256 * 1024
    header_fields: int = 1000
    mime_depth: int = 32
    mime_parts: int = 1000
    parameters: int = 100
    decoded_ratio: int = 4
