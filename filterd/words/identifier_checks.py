"""Is it one? Each check takes letters (capitals) and digits without separators."""

from __future__ import annotations

# ISO 13616 / SWIFT IBAN registry: country and length.
_IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29, "BY": 28,
    "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
    "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HN": 28, "HR": 21, "HU": 28,
    "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20,
    "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28,
    "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24,
    "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26,
    "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}  # fmt: skip

# Issuers' ranges (ISO/IEC 7812-1 numbers as the card schemes publish them): first and last prefix, lengths.
_ISSUERS = (
    ("4", "4", (13, 16, 19)),
    ("51", "55", (16,)),
    ("2221", "2720", (16,)),
    ("34", "34", (15,)),
    ("37", "37", (15,)),
    ("300", "305", (14,)),
    ("36", "36", (14,)),
    ("38", "39", (14, 16)),
    ("6011", "6011", (16, 19)),
    ("644", "649", (16, 19)),
    ("65", "65", (16, 19)),
    ("3528", "3589", (16, 19)),
    ("62", "62", (16, 17, 18, 19)),
    ("2200", "2204", (16, 19)),
    ("5018", "5018", (12, 13, 14, 15, 16, 17, 18, 19)),
    ("5020", "5020", (12, 13, 14, 15, 16, 17, 18, 19)),
    ("5038", "5038", (12, 13, 14, 15, 16, 17, 18, 19)),
    ("6304", "6304", (12, 13, 14, 15, 16, 17, 18, 19)),
    ("6759", "6763", (12, 13, 14, 15, 16, 17, 18, 19)),
)
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_NOT_GIVEN_OUT = frozenset({"078051120", "219099999"})  # printed in advertisements


def luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1 annex B."""
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + at % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _digits(text: str, *lengths: int) -> bool:
    return len(text) in lengths and text.isdecimal()


def is_card(text: str) -> bool:
    """A number of an issuer, of a length that it gives, with a right check digit; not one digit over and over.

    Of 13 digits (old Visa numbers) one in ten article numbers (EAN-13, GS1) would be one as well.
    """
    if not text.isdecimal() or len(set(text)) < 2 or not luhn(text) or (len(text) == 13 and is_ean(text)):
        return False
    return any(
        first <= text[: len(first)] <= last and len(text) in lengths for first, last, lengths in _ISSUERS
    )


def is_ean(text: str) -> bool:
    """GS1: weights 1 and 3, mod 10."""
    return sum(int(digit) * (1 + 2 * (at % 2)) for at, digit in enumerate(text)) % 10 == 0


def is_iban(text: str) -> bool:
    """Of the country's length, and 1 modulo 97 (ISO 7064)."""
    if _IBAN_LENGTHS.get(text[:2]) != len(text) or not text[2:4].isdecimal() or not text.isascii():
        return False
    return int("".join(str(int(letter, 36)) for letter in text[4:] + text[:4])) % 97 == 1


def is_ssn(text: str) -> bool:
    """Of an area that is given out (SSA: not 000, 666, 900–999), with group and serial."""
    if not _digits(text, 9) or text in _NOT_GIVEN_OUT:
        return False
    area, group, serial = text[:3], text[3:5], text[5:]
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


def is_nhs(text: str) -> bool:
    """NHS data dictionary: weights 10 to 2, mod 11."""
    if not _digits(text, 10) or len(set(text)) < 2:
        return False
    check = -sum(int(digit) * weight for digit, weight in zip(text, range(10, 1, -1), strict=False)) % 11
    return check == int(text[9])


def is_sin(text: str) -> bool:
    """ESDC: Luhn; 0 and 8 are not given to persons."""
    return _digits(text, 9) and text[0] not in "08" and luhn(text) and len(set(text)) > 1


def is_dni(text: str) -> bool:
    """Real Decreto 1553/2005: the letter is the number modulo 23; X, Y, Z stand for 0, 1, 2."""
    number = text[:-1]
    if number[:1] in ("X", "Y", "Z"):
        number = str("XYZ".index(number[0])) + number[1:]
    return _digits(number, 8) and len(set(number)) > 1 and text[-1:] == _DNI_LETTERS[int(number) % 23]


def is_cpf(text: str) -> bool:
    """Receita Federal: two check digits, weights from 10 and from 11, mod 11."""
    if not _digits(text, 11) or len(set(text)) < 2:
        return False
    for length in (9, 10):
        total = sum(int(digit) * (length + 1 - at) for at, digit in enumerate(text[:length]))
        if total * 10 % 11 % 10 != int(text[length]):
            return False
    return True


def is_bsn(text: str) -> bool:
    """RvIG: the test of eleven, weights 9 to 2 and −1."""
    if not _digits(text, 9) or len(set(text)) < 2:
        return False
    return sum(int(digit) * weight for digit, weight in zip(text, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)) % 11 == 0


def is_steuer_id(text: str) -> bool:
    """BZSt: ISO/IEC 7064 mod 11, 10; the first is not 0, and among the first ten just one digit is there twice or three times."""
    if not _digits(text, 11) or text[0] == "0":
        return False
    repeated = [digit for digit in set(text[:10]) if text[:10].count(digit) > 1]
    if len(repeated) != 1 or text[:10].count(repeated[0]) > 3 or repeated[0] * 3 in text[:10]:
        return False
    product = 10
    for digit in text[:10]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(text[10])


def is_aba(text: str) -> bool:
    """American Bankers Association: weights 3, 7, 1; the first two digits are a Federal Reserve district's."""
    if not _digits(text, 9) or not (text[:2] <= "12" or "21" <= text[:2] <= "32" or "61" <= text[:2] <= "72" or text[:2] == "80"):
        return False
    return text[:2] != "00" and sum(int(digit) * weight for digit, weight in zip(text, (3, 7, 1) * 3, strict=True)) % 10 == 0
