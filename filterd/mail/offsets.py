"""From characters of decoded text back to its octets, for any charset of the table.

Made only for text in which something was found: one pass in blocks notes where each began, and the way from there is
gone octet by octet. Decoding in blocks gives the same text as decoding at once.
"""

from __future__ import annotations

import codecs
from bisect import bisect_right

from filterd.mail import charset

_BLOCKS = (32, 256)  # octets, at least and at most: so long is the way that is gone octet by octet
_MARKS = 512  # blocks of a text, if it has octets enough


class Offsets:
    """The places of characters in `octets`, which were decoded by `charset.decode(octets, codec)`."""

    def __init__(self, octets: bytes, codec: str) -> None:
        if codec == "iso-2022-cn":
            octets, codec = charset.shifted(octets), "gb18030"
        self._octets = octets
        self._codec = codec
        # In a charset of one octet a character both counts are the same; none of the others makes up for what it joins.
        self._is_plain = charset.is_ascii_text(octets, codec) or len(charset.decode(octets, codec)) == len(octets)
        self._characters: list[int] = [0]
        self._blocks: list[tuple[int, object]] = []
        if not self._is_plain:
            self._note_blocks()

    def _note_blocks(self) -> None:
        decoder = codecs.getincrementaldecoder(self._codec)("replace")
        self._blocks.append((0, decoder.getstate()))
        try:
            size = min(max(len(self._octets) // _MARKS, _BLOCKS[0]), _BLOCKS[1])
            for at in range(size, len(self._octets), size):
                length = len(decoder.decode(self._octets[at - size : at]))
                self._characters.append(self._characters[-1] + length)
                self._blocks.append((at, decoder.getstate()))
        except UnicodeError:  # stateful codecs give up on some noise; what follows is placed in the last block
            self._blocks = self._blocks[: len(self._characters)]

    def offset(self, character: int) -> int:
        """Where the octets of this character begin; the end of the octets for a character behind the last."""
        if self._is_plain:
            return min(character, len(self._octets))
        block = bisect_right(self._characters, character) - 1
        try:
            return self._within(block, character)
        except UnicodeError:
            return self._blocks[block][0]

    def _within(self, block: int, character: int) -> int:
        at, state = self._blocks[block]
        decoder = codecs.getincrementaldecoder(self._codec)("replace")
        decoder.setstate(state)  # type: ignore[arg-type]
        seen, start = self._characters[block], at - len(state[0])  # type: ignore[index]
        for index in range(at, len(self._octets)):
            length = len(decoder.decode(self._octets[index : index + 1]))
            if length:
                if seen + length > character:  # of several, the last are octets that did not go on with what came before
                    return start if character == seen else max(start, index + 1 - (seen + length - character))
                seen, start = seen + length, index + 1 - len(decoder.getstate()[0])
        return start if seen >= character else len(self._octets)
