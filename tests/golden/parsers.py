"""What other parsers found in their own test mails: every text that a reader of such a mail could see."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from tests.golden.texts import html_chunks

# Fields that only machines read, which filterd leaves out (docs/wordlist-format.md).
MACHINES = frozenset({
    "message_id", "date", "received", "in_reply_to", "references", "mime_version", "return_path", "content_id",
    "content_transfer_encoding", "resent_date", "resent_message_id", "list_id", "list_archive", "list_help", "list_owner",
    "list_post", "list_subscribe", "list_unsubscribe", "content_location", "content_language", "dkim_signature",
    "arc_authentication_results", "arc_message_signature", "arc_seal", "rfc_822_name",
})  # fmt: skip
_TEXT_PARAMETERS = ("name", "filename")
_TAG = re.compile(r"<(?:html|body|p|br|a href=[^>]*|h1)>", re.IGNORECASE)
_SHORTEST = 5  # letters of a line in octets that are no text as a whole


def stalwart(golden: Path) -> Iterator[tuple[str, str]]:
    """What stalwart's mail-parser found: (where, text)."""
    yield from _message(json.loads(golden.read_text()), "")


def _message(found: dict, path: str) -> Iterator[tuple[str, str]]:  # type: ignore[type-arg]
    for number, part in enumerate(found["parts"]):
        here = f"{path}{number}"
        for field in part["headers"]:
            for text in _field(field):
                yield f"{here} {field['name']}", text
        ((kind, body),) = part["body"].items()
        if kind == "Message":
            yield from _message(body, f"{here}.")
        elif kind == "Html":
            yield f"{here} html", html_chunks(body)
        elif kind == "Text":
            yield f"{here} text", body
        elif kind in ("Binary", "InlineBinary"):
            yield f"{here} octets", text_of(bytes(body))


def _field(field: dict) -> Iterator[str]:  # type: ignore[type-arg]
    name = field["name"]
    key = (name["other"] if isinstance(name, dict) else name).lower().replace("-", "_")
    value = field["value"]
    if key in MACHINES or not isinstance(value, dict):
        return
    ((kind, inner),) = value.items()
    if kind == "Text":
        yield inner
    elif kind == "TextList":
        yield from inner
    elif kind == "Address":
        yield from _addresses(inner)
    elif kind == "ContentType":
        for attribute in inner["attributes"] or ():
            if attribute["name"] in _TEXT_PARAMETERS:
                yield attribute["value"]


def _addresses(found: object) -> Iterator[str]:
    if isinstance(found, dict):
        for key, value in found.items():
            if key in ("name", "address") and isinstance(value, str):
                yield value
            else:
                yield from _addresses(value)
    elif isinstance(found, list):
        for value in found:
            yield from _addresses(value)


def mime4j(message: Path) -> Iterator[tuple[str, str]]:
    """What mime4j found: the decoded octets of every leaf lie beside the message."""
    for leaf in sorted(message.parent.glob(f"{message.stem}_decoded_*")):
        if leaf.suffix in (".txt", ".bin"):
            text = text_of(leaf.read_bytes())
            yield leaf.name, html_chunks(text) if _TAG.search(text) else text


def text_of(octets: bytes) -> str:
    """The text that these octets plainly are, or nothing."""
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        lines = [line.decode() for line in octets.splitlines() if line.isascii() and len(line) >= _SHORTEST]
        return "\n".join(line for line in lines if _is_plain(line))
    return text if _is_plain(text) else ""


def _is_plain(text: str) -> bool:
    return all(letter.isprintable() or letter in "\r\n\t\f\ufeff" for letter in text)
