"""Identifiers: numbers that say by their check digits, or by rules, that they are what they look like.

`REGISTRY` has them by name; a new one is a `Kind` in `_KINDS`. `Kind.find` takes time linear in the text: each expression is
bounded and begins where a run of letters or digits does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from filterd.words.identifier_checks import (
    is_aba,
    is_bsn,
    is_card,
    is_cpf,
    is_dni,
    is_iban,
    is_nhs,
    is_sin,
    is_ssn,
    is_steuer_id,
)

_AROUND = 64  # characters before a bare number in which a word may say what it is
_MAY_HAVE = re.compile(r"\d\D{0,3}\d\D{0,3}\d\D{0,3}\d")
_BEFORE, _AFTER = r"(?<![^\W_])(?<![-.,]\d)(?<!\d[-.,])", r"(?![^\W_])(?![-.,]?\d)"


@dataclass(frozen=True, slots=True)
class Kind:
    """`pattern` finds what looks like one, `check` says of its letters and digits (capitals, no separators) whether it is one.

    `bare` is what it may look like without separators, only where `context` stands before it.
    """

    name: str
    title: str
    about: str
    pattern: re.Pattern[str]
    check: Callable[[str], bool]
    bare: re.Pattern[str] | None = None
    context: re.Pattern[str] | None = None

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Where they stand, in characters of the text."""
        for found in self.pattern.finditer(text):
            yield from self._checked(text, found.start(), found.group())
        if self.bare and self.context and self.context.search(text):
            for found in self.bare.finditer(text):
                before = text[max(found.start() - _AROUND, 0) : found.start()]
                if self.context.search(before) and self.check(found.group().upper()):
                    yield found.span()

    def _checked(self, text: str, start: int, found: str) -> Iterator[tuple[int, int]]:
        """The first groups of what was found that are one: other numbers may follow it."""
        while found:
            if self.check(_SEPARATORS.sub("", found).upper()):
                yield start, start + len(found)
                return
            found = _LAST_GROUP.sub("", found, count=1) if _SEPARATORS.search(found) else ""


_SEPARATORS = re.compile(r"[ .\u00a0/-]")
_LAST_GROUP = re.compile(r"[ .\u00a0/-][^\W_]+\Z")


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(f"{_BEFORE}(?:{pattern}){_AFTER}")


_KINDS = (
    Kind(
        "card",
        "payment card number",
        "12 to 19 digits that begin as an issuer's do, in groups or in one run, with a right check digit (ISO/IEC 7812-1, Luhn)",
        _compiled(r"\d{12,19}|\d{4}(?:[ .\u00a0-]\d{2,7}){2,5}"),
        is_card,
    ),
    Kind(
        "iban",
        "bank account (IBAN)",
        "country, check digits and as many characters as the country has, in groups of four or in one run (ISO 13616, mod 97)",
        _compiled(r"[A-Za-z]{2}\d{2}(?:[A-Za-z0-9]{11,30}|(?:[ \u00a0-][A-Za-z0-9]{1,4}){3,8})"),
        is_iban,
    ),
    Kind(
        "ssn",
        "United States social security number",
        "three, two and four digits with signs between, of an area that is given out; bare where `SSN` or `social security` "
        "stands before it",
        _compiled(r"\d{3}-\d{2}-\d{4}|\d{3} \d{2} \d{4}"),
        is_ssn,
        _compiled(r"\d{9}"),
        re.compile(r"(?i)\bssn\b|social[ -]security"),
    ),
    Kind(
        "nhs",
        "NHS number (England, Wales)",
        "three, three and four digits with a right check digit (mod 11); bare where `NHS` stands before it",
        _compiled(r"\d{3}[ -]\d{3}[ -]\d{4}"),
        is_nhs,
        _compiled(r"\d{10}"),
        re.compile(r"(?i)\bnhs\b"),
    ),
    Kind(
        "sin",
        "Canadian social insurance number",
        "three groups of three digits with a right check digit (Luhn); bare where `SIN` or `social insurance` stands before it",
        _compiled(r"\d{3}[ -]\d{3}[ -]\d{3}"),
        is_sin,
        _compiled(r"\d{9}"),
        re.compile(r"\bSIN\b|(?i:social[ -]insurance)"),
    ),
    Kind(
        "dni",
        "Spanish DNI or NIE",
        "eight digits, or X, Y or Z and seven, and the letter that follows from them (mod 23)",
        _compiled(r"(?:\d{8}|[XYZxyz][- ]?\d{7})[- ]?[A-Za-z]"),
        is_dni,
    ),
    Kind(
        "cpf",
        "Brazilian CPF",
        "000.000.000-00 with two right check digits (mod 11); bare where `CPF` stands before it",
        _compiled(r"\d{3}\.\d{3}\.\d{3}-\d{2}"),
        is_cpf,
        _compiled(r"\d{11}"),
        re.compile(r"(?i)\bcpf\b"),
    ),
    Kind(
        "bsn",
        "Dutch BSN",
        "nine digits with a right check (mod 11) where `BSN` or `burgerservicenummer` stands before them",
        _compiled(r"(?!)"),
        is_bsn,
        _compiled(r"\d{9}|\d{4}[. ]\d{2}[. ]\d{3}"),
        re.compile(r"(?i)\bbsn\b|burgerservicenummer"),
    ),
    Kind(
        "steuer-id",
        "German tax identification number",
        "eleven digits with a right check digit (ISO/IEC 7064 mod 11, 10), in groups (2 3 3 3), or where its name stands before "
        "it",
        _compiled(r"\d{2} \d{3} \d{3} \d{3}"),
        is_steuer_id,
        _compiled(r"\d{11}"),
        re.compile(r"(?i)steuer|\bidnr\b|\btin\b"),
    ),
    Kind(
        "aba",
        "ABA routing number",
        "nine digits with a right check digit where `routing` or `ABA` stands before them",
        _compiled(r"(?!)"),
        is_aba,
        _compiled(r"\d{9}"),
        re.compile(r"\bABA\b|(?i:routing)"),
    ),
)
REGISTRY = {kind.name: kind for kind in _KINDS}


def may_have(text: str) -> bool:
    """A first look: are there four digits near each other at all? All kinds need that."""
    return _MAY_HAVE.search(text) is not None
