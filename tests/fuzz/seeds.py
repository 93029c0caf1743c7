"""Messages to begin with: our own, of the matrix and of the hostile families, and real ones if there is a folder of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.hostile.families import FAMILIES
from tests.matrix.bodies import CannotEncode
from tests.matrix.carriers import CARRIERS
from tests.matrix.terms import SCRIPTS

HERE = Path(__file__).resolve().parents[1]


def own_seeds() -> list[bytes]:
    """Every carrier with words in it, every hostile family in small, the golden mails and what once crashed us."""
    return [*_carriers(), *(family.make(2048) for family in FAMILIES), *_stored()]


def _carriers() -> Iterator[bytes]:
    for number, carrier in enumerate(CARRIERS):
        for script in (SCRIPTS[0], SCRIPTS[number % len(SCRIPTS)]):
            try:
                yield carrier.build(f"{script.before} {script.word}, {script.phrase} {script.after}", False)
            except CannotEncode:
                continue


def _stored() -> Iterator[bytes]:
    for folder in ("golden/mails", "crashers"):
        for path in sorted((HERE / folder).glob("*.eml")):
            yield path.read_bytes()


def real_seeds(data: Path) -> list[bytes]:
    """The mails of DATA/mail and DATA/mime: every fifth of the many."""
    many = sorted(path for path in (data / "mail").rglob("*") if path.is_file())[::5]
    odd = sorted((data / "mime").rglob("*.eml")) + sorted((data / "mime").rglob("*.msg"))
    return [path.read_bytes() for path in (*many, *odd)]
