"""`make golden DATA=DIR`: what other parsers find in the mails of DIR/mime, filterd has to find as well.

DIR/mime/{legacy,malformed,rfc,thirdparty} hold mails with what stalwart's mail-parser finds beside them (.json),
DIR/mime/mime4j those of Apache James mime4j with the decoded leaves. Every line of text that is missing is listed; exit code
1 if one is missing that `tests/golden/explained.py` does not explain.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from tests.golden.explained import explanation
from tests.golden.parsers import mime4j, stalwart
from tests.golden.texts import Haystack


@dataclass(frozen=True, slots=True)
class Difference:
    """A line of text that another parser found and filterd did not."""

    file: str
    where: str
    line: str
    reason: str


def mails(data: Path) -> Iterator[tuple[Path, bytes, list[tuple[str, str]]]]:
    """Every mail, with the texts the other parser found in it: as stored, and with CRLF line ends."""
    for golden in sorted(data.glob("mime/*/*.json")):
        message = golden.parent / f"{golden.name.split('.')[0]}.eml"
        content = message.read_bytes()
        if golden.name.endswith(".crlf.json"):
            content = re.sub(rb"\r?\n", b"\r\n", content)
        yield golden, content, list(stalwart(golden))
    for message in sorted(data.glob("mime/mime4j/*/*.msg")):
        yield message, message.read_bytes(), list(mime4j(message))


def differences(data: Path) -> tuple[list[Difference], int, int]:
    """What is missing, how many mails were compared, and how many texts."""
    found, count, compared = [], 0, 0
    for file, content, wanted in mails(data):
        haystack, name = Haystack(content), str(file.relative_to(data / "mime"))
        count += 1
        for where, text in wanted:
            compared += 1
            found += [Difference(name, where, line, explanation(name, where, line)) for line in haystack.lacks(text)]
    return found, count, compared


def main() -> int:
    """Compare, tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a folder with mime/ in it")
    options = parser.parse_args()
    console = Console()
    found, mails_, compared = differences(options.data)
    if not mails_:
        console.print(f"no mails under {options.data / 'mime'}")
        return 1
    for difference in found:
        reason = f"  [{difference.reason}]" if difference.reason else ""
        line = f"{difference.file}  {difference.where}:  {difference.line[:100]!a}{reason}"
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    wrong = [difference for difference in found if not difference.reason]
    console.print(
        f"{mails_} mails, {compared} texts: {len(found)} lines missing, {len(wrong)} of them unexplained", highlight=False
    )
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
