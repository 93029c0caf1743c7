"""Identifiers: numbers that say by their check digits, or by rules, that they are what they look like.

`REGISTRY` has them by name; a new one is a `Kind` in `_KINDS`. Looked for are ASCII letters and digits: those of other scripts
and widths are found in the canonical form of a text. Finding takes time linear in the text: what looks like a number is bounded,
and where it is none, looking goes on behind its first group.
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

_AROUND = 64  # characters before a number in which a word may say what it is, or what else it is
_WRAP = r"[ \t]?\r?\n[ \t]?(?:>[ \t]?){0,4}"  # a line that ends inside a number, quoted or not
# Not inside a longer number: neither beside a letter or digit nor joined by a sign to one; CSV has commas, decimals begin with 0.
_BEFORE = r"(?<![^\W_])(?<!\d[-.])(?<!\b0,)"
_AFTER = r"(?![^\W_])(?![-.]\d)"
_SEPARATORS = re.compile(r"[\s.>/-]+")
_GROUP = re.compile(r"[0-9A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Kind:
    """`pattern` finds what looks like one, `check` says of its letters and digits (capitals, no separators) whether it is one.

    `look` matches, whatever stands around, somewhere in everything that `pattern` or `bare` does: it is cheap, and nearly always
    says no. `bare` is what it may look like without separators, only where `context` stands before it. Where `unless` stands
    before a number it is something else.
    """

    name: str
    title: str
    about: str
    look: re.Pattern[str]
    pattern: re.Pattern[str]
    check: Callable[[str], bool]
    bare: re.Pattern[str] | None = None
    context: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None

    def may_be_in(self, text: str) -> bool:
        """Might one stand in this text, or in one that is a part of it?"""
        return self.look.search(text) is not None

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Where they stand, in characters of the text."""
        if self.may_be_in(text):
            yield from self._in_groups(text)
            if self.bare and self.context:
                for found in self.bare.finditer(text):
                    if self._follows(self.context, text, found.start()) and self.check(_SEPARATORS.sub("", found.group())):
                        yield found.span()

    def _in_groups(self, text: str) -> Iterator[tuple[int, int]]:
        at = 0
        while found := self.pattern.search(text, at):
            start, end = found.start(), self._end(found.group())
            at = start + (end or len(_first_group(found.group())))
            if end and not (self.unless and self._follows(self.unless, text, start)):
                yield start, start + end

    def _end(self, found: str) -> int:
        """How much of what was found is one: other groups may follow it."""
        ends = [group.end() for group in _GROUP.finditer(found)]
        number = _SEPARATORS.sub("", found).upper()
        size = len(number)
        for at in range(len(ends) - 1, -1, -1):
            if self.check(number[:size]) and _is_written_alike(found[: ends[at]]):
                return ends[at]
            size -= len(_SEPARATORS.sub("", found[ends[at - 1] if at else 0 : ends[at]]))
        return 0

    def _follows(self, word: re.Pattern[str], text: str, at: int) -> bool:
        return word.search(text, max(at - _AROUND, 0), at) is not None


def _first_group(found: str) -> str:
    group = _GROUP.match(found)
    return group.group() if group else found


def _is_written_alike(found: str) -> bool:
    """Is the same sign between all groups, and at most one line end? A column of numbers is no number."""
    signs = {sign for sign in found if sign in " \u00a0.-"} if "\n" not in found else set()
    return (len(signs) < 2 or signs == {".", "-"}) and found.count("\n") < 2


def _look(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(f"{_BEFORE}(?:{pattern}){_AFTER}")


def _digits(number: int, first: str = "[0-9]") -> re.Pattern[str]:
    """A first look: so many digits, with few signs between them."""
    return _look(rf"{first}(?:(?:[ .\u00a0-]|{_WRAP})?[0-9]){{{number - 1}}}")


_KINDS = (
    Kind(
        "card",
        "payment card number",
        "12 to 19 digits that begin as an issuer's do, in groups or in one run, with a right check digit (ISO/IEC 7812-1, Luhn); "
        "not an article number (EAN), nor a part of a longer number in groups of four",
        _digits(12, "[2-6]"),
        _compiled(rf"[2-6][0-9]{{11,18}}|(?<![0-9]{{4}}[ \u00a0])[2-6][0-9]{{3}}(?:(?:[ .\u00a0-]|{_WRAP})[0-9]{{2,7}}){{2,5}}"),
        is_card,
    ),
    Kind(
        "iban",
        "bank account (IBAN)",
        "country, check digits and as many characters as the country has, in groups of four or in one run (ISO 13616, mod 97)",
        _look(rf"[0-9]{{2}}(?<=[A-Za-z]{{2}}[0-9]{{2}})(?:[ \u00a0-]|{_WRAP})?[A-Za-z0-9]{{3}}"),
        _compiled(
            rf"[A-Za-z]{{2}}[0-9]{{2}}(?:[A-Za-z0-9]{{11,30}}|(?:(?:[ \u00a0-]|{_WRAP})[A-Za-z0-9]{{4}}){{2,8}}"
            rf"(?:(?:[ \u00a0-]|{_WRAP})[A-Za-z0-9]{{1,3}})?)"
        ),
        is_iban,
    ),
    Kind(
        "ssn",
        "United States social security number",
        "three, two and four digits with dashes or blanks between, of an area that is given out (SSA); without signs only where "
        "`SSN` or `social security` stands before it",
        _look("[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}"),
        _compiled("[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]{3} [0-9]{2} [0-9]{4}"),
        is_ssn,
        _compiled("[0-9]{9}"),
        re.compile(r"(?i)\bssn\b|social[ -]security"),
    ),
    Kind(
        "nhs",
        "NHS number (England, Wales)",
        "three, three and four digits with blanks between and a right check digit (mod 11); without, or with dashes, which "
        "telephone numbers have, only where `NHS` stands before it",
        _look("[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}"),
        _compiled("[0-9]{3} [0-9]{3} [0-9]{4}"),
        is_nhs,
        _compiled("[0-9]{10}|[0-9]{3}-[0-9]{3}-[0-9]{4}"),
        re.compile(r"(?i)\bnhs\b"),
        re.compile(r"(?i)\b(?:tel|fax|phone|mobile|call)\b"),
    ),
    Kind(
        "sin",
        "Canadian social insurance number",
        "three groups of three digits with a right check digit (Luhn), not a French SIREN; in one run only where `SIN` or "
        "`social insurance` stands before it",
        _look("[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}"),
        _compiled("[0-9]{3} [0-9]{3} [0-9]{3}|[0-9]{3}-[0-9]{3}-[0-9]{3}"),
        is_sin,
        _compiled("[0-9]{9}"),
        re.compile(r"\bSIN\b|(?i:social[ -]insurance)"),
        re.compile(r"(?i)\b(?:siren|siret|rcs|tva)\b"),
    ),
    Kind(
        "dni",
        "Spanish DNI or NIE",
        "eight digits, or X, Y or Z and seven, and the letter that follows from them (mod 23)",
        _look("[0-9]{7}[- ]?[0-9A-Za-z]"),
        _compiled("(?:[0-9]{8}|[XYZxyz][- ]?[0-9]{7})(?:-?[A-Za-z]| [A-Z])"),
        is_dni,
    ),
    Kind(
        "cpf",
        "Brazilian CPF",
        "000.000.000-00 with two right check digits (mod 11); without signs only where `CPF` stands before it",
        _look(r"[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}-?[0-9]{2}"),
        _compiled(r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}"),
        is_cpf,
        _compiled("[0-9]{11}"),
        re.compile(r"(?i)\bcpf\b"),
    ),
    Kind(
        "bsn",
        "Dutch BSN",
        "nine digits with a right check (mod 11) where `BSN` or `burgerservicenummer` stands before them",
        _look("[0-9]{4}[. ]?[0-9]{2}[. ]?[0-9]{3}"),
        _compiled("(?!)"),
        is_bsn,
        _compiled("[0-9]{9}|[0-9]{4}[. ][0-9]{2}[. ][0-9]{3}"),
        re.compile(r"(?i)\bbsn\b|burgerservicenummer"),
    ),
    Kind(
        "steuer-id",
        "German tax identification number",
        "eleven digits with a right check digit (ISO/IEC 7064 mod 11, 10), in groups (2 3 3 3), or where its name stands before "
        "it",
        _look("[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}"),
        _compiled("[0-9]{2} [0-9]{3} [0-9]{3} [0-9]{3}"),
        is_steuer_id,
        _compiled("[0-9]{11}"),
        re.compile(r"(?i)steuer|\bidnr\b|\btin\b"),
    ),
    Kind(
        "aba",
        "ABA routing number",
        "nine digits with a right check digit where `routing` or `ABA` stands before them",
        _look("[0-9]{9}"),
        _compiled("(?!)"),
        is_aba,
        _compiled("[0-9]{9}"),
        re.compile(r"\bABA\b|(?i:routing)"),
    ),
)
REGISTRY = {kind.name: kind for kind in _KINDS}
