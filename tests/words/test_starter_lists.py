"""The lists that come with filterd can be used, say what they are, and leave ordinary mail alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from filterd.engine import Engine
from filterd.mail.envelope import Envelope
from filterd.words.lint import ERROR, lint
from filterd.words.wordlist import parse_wordlist

LISTS = sorted((Path(__file__).parents[2] / "wordlists").glob("*.txt"))
ORDINARY = (
    "Dear all, the minutes of Tuesday's class are attached. Scunthorpe and Essex will send their analysis by Friday.",
    "Please find the invoice 4711-12 over 1,250.00 EUR; our bank is the same as last year. Call me under 020 7946 0018.",
    "Sehr geehrte Frau Schwanz, die Nummer war falsch. Bitte senden Sie die Unterlagen für das Klassentreffen noch einmal.",
    "Bonjour, la réunion du comité est reportée à lundi. Le document confirme la décision de la semaine dernière.",
    "Buenos días: adjunto el informe del computador y la disputa con el proveedor. Un saludo cordial.",
    "The assassin in the cockpit of the dickensian play was Dick Cockburn of Penistone; the title was Moby Dick.",
)  # fmt: skip


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_starter_lists(path: Path) -> None:
    """Usable, headed, without an error or a double."""
    octets = path.read_bytes()
    head = parse_wordlist(octets, name=path.stem, file=path.name).head
    assert all(head.text(name) for name in ("title", "purpose", "source", "owner", "licence", "limits"))
    found = lint(octets, path.name, today=date(2026, 11, 26))
    assert [str(one) for one in found if one.severity == ERROR or one.code in ("duplicate", "never", "allows-nothing")] == []


def test_ordinary_mail_has_nothing_to_fear() -> None:
    """No list asks for anything."""
    lists = [parse_wordlist(path.read_bytes(), name=path.stem, file=path.name) for path in LISTS]
    engine = Engine(lists)
    for text in ORDINARY:
        content = f"Subject: minutes\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()
        verdict = engine.judge(content, Envelope(b"", (b"a@example.org",)), "R1")
        assert [(hit.list, hit.entry, hit.text) for hit in verdict.hits if hit.weight > 0] == []


def test_there_are_some() -> None:
    """The glob above finds them."""
    names = {path.name for path in LISTS}
    assert {"profanity.txt", "profanity-de.txt", "confidentiality.txt", "payment-and-identity.txt"} <= names
