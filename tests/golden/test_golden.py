"""Golden mails: small ones, each with the texts that a reader sees, area by area (NAME.eml and NAME.toml in mails/)."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from filterd.mail.limits import ReadLimits
from filterd.mail.message import Message
from tests.golden.texts import normal, texts

MAILS = sorted((Path(__file__).parent / "mails").glob("*.eml"))


def contents(mail: Path) -> list[bytes]:
    """The mail with either line end."""
    octets = mail.read_bytes()
    return [octets, octets.replace(b"\n", b"\r\n")]


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.stem)
def test_golden_mails_are_read_as_people_read_them(mail: Path) -> None:
    """Every text stands in its part and area; nothing stands where it must not; the conditions are told."""
    golden = tomllib.loads(mail.with_suffix(".toml").read_text(encoding="utf-8"))
    for content in contents(mail):
        found = texts(content)
        for wanted in golden.get("text", []):
            assert any(_holds(wanted, key, text) for key, text in found.items()), (wanted, found)
        for unwanted in golden.get("absent", []):
            assert not any(_holds(unwanted, key, text) for key, text in found.items()), (unwanted, found)
        assert set(golden.get("conditions", [])) <= conditions(content)


def conditions(content: bytes) -> set[str]:
    """What was remarkable."""
    message = Message(content, ReadLimits())
    for _ in message.slices():
        pass
    return set(message.conditions)


def _holds(wanted: dict[str, str], key: tuple[str, str, str, tuple[str, ...]], text: str) -> bool:
    part, area, _, _ = key
    return wanted.get("part", part) == part and wanted.get("area", area) == area and normal(wanted["has"]) in normal(text)


def test_every_mail_has_its_texts() -> None:
    """A mail without expectations would prove nothing."""
    assert len(MAILS) >= 10
    assert all(mail.with_suffix(".toml").exists() for mail in MAILS)
