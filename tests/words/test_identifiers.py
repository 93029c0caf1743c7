"""Numbers with check digits: what is one, what is none. They are the standards' own examples, or made up."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.words.identifier_checks import luhn
from filterd.words.identifiers import REGISTRY


def find(name: str, text: str) -> list[str]:
    found = [text[start:end] for start, end in REGISTRY[name].find(text)]
    assert not found or REGISTRY[name].may_be_in(f"x{text}1")
    return found


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("card", "4111111111111111"),
        ("card", "4111 1111 1111 1111"),
        ("card", "4111-1111-1111-1111"),
        ("card", "5555.5555.5555.4444"),
        ("card", "3782 822463 10005"),
        ("card", "378282246310005"),
        ("card", "6011111111111117"),
        ("card", "3530111333300000"),
        ("card", "30569309025904"),
        ("card", "2223003122003222"),
        ("card", "6304000000000000"),
        ("card", "6200000000000005"),
        ("iban", "DE89370400440532013000"),
        ("iban", "DE89 3704 0044 0532 0130 00"),
        ("iban", "GB29 NWBK 6016 1331 9268 19"),
        ("iban", "gb29nwbk60161331926819"),
        ("iban", "NO93 8601 1117 947"),
        ("iban", "FR14 2004 1010 0505 0001 3M02 606"),
        ("ssn", "123-45-6789"),
        ("ssn", "123 45 6789"),
        ("nhs", "943 476 5919"),
        ("sin", "130 692 544"),
        ("dni", "12345678Z"),
        ("dni", "12345678-z"),
        ("dni", "X1234567L"),
        ("cpf", "529.982.247-25"),
        ("steuer-id", "86 095 742 719"),
    ],
)
def test_numbers(name: str, number: str) -> None:
    """Alone, in a sentence, and before other numbers."""
    for text in (number, f"no. {number}, please", f"({number})", f"{number}\n12"):
        assert find(name, text) == [number], text


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("card", "4111 1111 1111 1111 123 09", "4111 1111 1111 1111"),
        ("card", "12 2026 4111 1111 1111 1111", ""),
        ("card", "no 12 4111 1111 1111 1111", "4111 1111 1111 1111"),
        ("card", "1234 4111111111111111 1226", "4111111111111111"),
        ("card", "Bob,4111111111111111,123", "4111111111111111"),
        ("card", "17,4111111111111111;x", "4111111111111111"),
        ("card", "4111 1111\r\n 1111 1111", "4111 1111\r\n 1111 1111"),
        ("card", "> 4111 1111 \n> 1111 1111", "4111 1111 \n> 1111 1111"),
        ("card", "4111\n1111\n1111\n1111", ""),
        ("iban", "DE89 3704 0044\r\n0532 0130 00", "DE89 3704 0044\r\n0532 0130 00"),
        ("iban", "DE89 3704 0044 0532 0130 00 is it", "DE89 3704 0044 0532 0130 00"),
        ("nhs", "NHS no 943-476-5919", "943-476-5919"),
        ("iban", "DE89 3704 0044 0532 0130 00 EUR", "DE89 3704 0044 0532 0130 00"),
        ("ssn", "Social Security: 123456789", "123456789"),
        ("nhs", "NHS no 9434765919", "9434765919"),
        ("sin", "SIN 130692544", "130692544"),
        ("cpf", "CPF 52998224725", "52998224725"),
        ("bsn", "BSN: 111222333", "111222333"),
        ("steuer-id", "Steuer-ID 86095742719", "86095742719"),
        ("aba", "Routing number 021000021", "021000021"),
    ],
)
def test_what_stands_around_helps(name: str, text: str, found: str) -> None:
    """Other groups may follow; a bare number needs a word that says what it is."""
    assert find(name, text) == ([found] if found else [])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("card", "4111111111111112"),
        ("card", "4444444444444444"),
        ("card", "41111111111111110000000"),
        ("card", "x4111111111111111"),
        ("card", "1234 5678 9012 3452"),
        ("card", "0.4111111111111111"),
        ("card", "4111  1111  1111  1111"),
        ("card", "4111 1111-1111 1111"),
        ("card", "0,4111111111111111"),
        ("card", "4111111111111111.25"),
        ("card", "4006381333931"),
        ("card", "9400 4111 1111 1111 1111 00"),
        ("card", "1Z4111111111111111"),
        ("nhs", "943-476-5919"),
        ("nhs", "Tel. 943 476 5919"),
        ("sin", "SIREN 732 829 320 RCS Paris"),
        ("dni", "12345678 z"),
        ("steuer-id", "Steuer-ID 11111111111"),
        ("iban", "DE88370400440532013000"),
        ("iban", "DE8937040044053201300"),
        ("iban", "XX89370400440532013000"),
        ("ssn", "000-45-6789"),
        ("ssn", "666-45-6789"),
        ("ssn", "912-45-6789"),
        ("ssn", "123-00-6789"),
        ("ssn", "078-05-1120"),
        ("ssn", "123456789"),
        ("ssn", "123-45-67890"),
        ("nhs", "943 476 5918"),
        ("sin", "130 692 545"),
        ("dni", "12345678A"),
        ("cpf", "529.982.247-26"),
        ("cpf", "111.111.111-11"),
        ("bsn", "111222333"),
        ("steuer-id", "86 095 742 718"),
        ("aba", "021000021"),
    ],
)
def test_what_is_none(name: str, text: str) -> None:
    """A wrong check digit, a longer number, or nothing that says what it is."""
    assert find(name, text) == []


@pytest.mark.parametrize(
    "flood", ["4", "41", "4111 ", "4111 1111 ", "4111-", "1 ", "DE89 ", "DE89", "DE89 3704 0044 ", "123-45-", "1\n", "4111\n> "]
)
def test_floods(flood: str) -> None:
    """Numbers without end are none; every kind is done with them in one pass."""
    for kind in REGISTRY.values():
        assert list(kind.find(flood * (50_000 // len(flood)))) == []


@given(st.text("0123456789", min_size=11, max_size=18))
def test_luhn_finds_every_wrong_digit(digits: str) -> None:
    """There is just one right check digit for each number."""
    assert sum(luhn(digits + check) for check in "0123456789") == 1


@given(st.text("0123 -.4XESDE\n", max_size=200))
def test_any_text(text: str) -> None:
    """Whatever stands there, spans are in order and nothing is found twice."""
    for kind in REGISTRY.values():
        spans = sorted(kind.find(text))
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(first[0] < second[0] for first, second in pairwise(spans))
