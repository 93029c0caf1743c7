"""An administrator's own innocent words: a file with one word a line, and comments behind `#`."""

from __future__ import annotations

from filterd.words.canonical import canonical
from filterd.words.flaw import Flaw
from filterd.words.tokens import token_spans


def folded_tokens(text: str) -> tuple[str, ...]:
    """The words of a text as innocent words are written: folded."""
    form = canonical(text)
    return tuple(form[start:end].casefold() for start, end in token_spans(form))


def read_innocent(octets: bytes, column: int) -> frozenset[str]:
    """The words, folded. Raises `Flaw` at this column of the directive that named the file."""
    words: set[str] = set()
    for number, line in enumerate(octets.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        try:
            text = line.decode("utf-8").partition("#")[0].strip()
        except UnicodeDecodeError:
            raise Flaw(column, f"line {number} of the file is not UTF-8", "save it as UTF-8") from None
        tokens = folded_tokens(text)
        if len(tokens) > 1:
            what = f"line {number} of the file, {text[:40]!r}, is more than one word"
            raise Flaw(column, what, "write one word a line; a phrase is allowed by an entry of the list, `+ phrase`")
        words.update(tokens)
    return frozenset(words)
