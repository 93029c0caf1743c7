"""Addresses as readers of them see them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.mail.urls import data_text, decoded, idn, in_text, punycode, readable, unquote


@pytest.mark.parametrize(
    ("label", "text"),
    [  # RFC 3492 §7.1 and names in use
        ("bcher-kva", "bücher"),
        ("80ak6aa92e", "аррӏе"),
        ("ihqwcrb4cv8a8dqg056pqjye", "他们为什么不说中文"),
        ("egbpdaj6bu4bxfgehfvwxn", "ليهمابتكلموشعربي؟"),
        ("PorqunopuedensimplementehablarenEspaol-fmd56a", "PorquénopuedensimplementehablarenEspañol"),
        ("-> $1.00 <--", "-> $1.00 <-"),
        ("99999999", ""),
        ("a" * 64, ""),
        ("", ""),
    ],
)
def test_punycode(label: str, text: str) -> None:
    """RFC 3492."""
    assert punycode(label) == text


@given(st.text(max_size=12).filter(lambda text: text and not any(0xD800 <= ord(letter) < 0xE000 for letter in text)))
def test_punycode_undoes_what_python_does(text: str) -> None:
    """Python's codec encodes short labels right."""
    label = text.encode("punycode").decode("ascii")
    assert len(label) > 63 or punycode(label) == text


@given(st.text(alphabet="ab-019zZé%xn.:/", max_size=70))
def test_any_address(text: str) -> None:
    """Nothing raises; an address is not worth many."""
    assert punycode(text) is not None
    assert sum(map(len, decoded(text))) <= 4 * len(text) + 4
    assert len(readable(text)) == len(text)
    idn(text)


@pytest.mark.parametrize(
    ("url", "meanings"),
    [
        ("http://a.example/b", []),
        ("http://a.example/%62%20c", ["http://a.example/b c"]),
        ("%2562", ["%62", "b"]),
        ("%e4%62", ["äb"]),
        ("%c3%a4", ["ä"]),
        ("100%", []),
        ("?q=a+b%20c", ["?q=a b c"]),
        ("a+b", []),
        ("http://XN--bcher-kva.example", ["http://bücher.example"]),
    ],
)
def test_decoded(url: str, meanings: list[str]) -> None:
    """Percent-encoding (RFC 3986 §2.1) in UTF-8 or what was before it, twice if need be; names (RFC 5891)."""
    assert decoded(url) == meanings


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("data:,a%20b", ("text/plain", "a b")),
        ("DATA:text/html;charset=utf-8;base64,w6Q=", ("text/html", "ä")),
        ("data:text/plain;charset=koi8-r,%d3", ("text/plain", "с")),
        ("data:text/plain;base64,Pj8-Pz8_", ("text/plain", ">?>??\x3f")),
        ("data:image/png;base64,AAAA", None),
        ("data:text/html", None),
    ],
)
def test_data(url: str, read: tuple[str, str] | None) -> None:
    """RFC 2397."""
    assert data_text(url) == read


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("http://a.example/the-ass-and-the-pig", "http://a.example/the-ass-and-the-pig"),
        ("http://a.example/?u=Ax9B-ass-Zq8Kd_d0Qz-1", "http://a.example/?u=    -   -Zq8Kd_    - "),
        ("http://a.example/Buy-iPhone12-for-half", "http://a.example/Buy-iPhone12-for-half"),
    ],
)
def test_words_by_chance(url: str, read: str) -> None:
    """A signature is no text."""
    assert readable(url) == read


def test_addresses_in_text() -> None:
    """Only those that mean something else than they say."""
    text = "see http://a.example/%62, www.b.example or 5% of mailto:c@d.example?subject=%65"
    assert [meaning for _, _, meaning in in_text(text)] == ["http://a.example/b,", "mailto:c@d.example?subject=e"]


def test_unquote_takes_anything() -> None:
    """Octets that are no UTF-8 are Windows characters."""
    assert unquote("%80%") == "€%"
