"""The engine as a whole: hits with their evidence, floods, hostile messages, large ones."""

from __future__ import annotations

import base64
import mmap
import tempfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.engine import Engine
from filterd.mail.envelope import Envelope
from filterd.mail.limits import ReadLimits
from filterd.policy.content import ContentSettings
from filterd.policy.verdict import Action, Hit, Verdict
from filterd.words.wordlist import parse_wordlist

WORDS = parse_wordlist("top secret\nforbidden\nstraße\n国家\n".encode(), name="words", file="words.txt", action="reject")
WATCHED = parse_wordlist(b"spam\nham\n", name="watched", file="watched.txt", action="observe")
ENGINE = Engine([WORDS, WATCHED])


def judge(content: bytes, engine: Engine = ENGINE) -> Verdict:
    return engine.judge(content, Envelope(), "REF")


def b64(octets: bytes) -> bytes:
    return base64.encodebytes(octets).replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    ("content", "part", "area", "octets", "chain"),
    [
        (b"Subject: a forbidden word\r\n\r\n", "0", "subject", b"forbidden", ()),
        (b"Subject: =?utf-8?q?for?= =?utf-8?q?bidden?= x\r\n\r\n", "0", "subject", b"=?utf-8?q?for?= =?utf-8?q?bidden?=", ()),
        (b"To: Forbidden <a@b.example>\r\n\r\n", "0", "address", b"Forbidden", ()),
        (b"\r\nTop\r\n> SECRET", "1", "body", b"Top\r\n> SECRET", ("utf-8",)),
        (b"\r\n\xc3\xb6 STRASSE", "1", "body", b"STRASSE", ("utf-8",)),
        (b"\r\n\xf6 forbidden", "1", "body", b"forbidden", ("cp1252",)),
        ("\r\nbig 国家局".encode(), "1", "body", "国家".encode(), ("utf-8",)),
        (b"Content-Type: a/b; name=forbidden.zip\r\n\r\n", "1", "filename", b" a/b; name=forbidden.zip", ()),
        (b"Content-Type: application/x\r\n\r\nforbidden", "1", "attachment", b"forbidden", ("utf-8",)),
        (b"Content-Type: text/html\r\n\r\nfor<b>bid</b>d&#101;n", "1", "body", b"for<b>bid</b>d&#101;n", ("utf-8", "html")),
        (b"Content-Type: text/html\r\n\r\n<!-- forbidden -->", "1", "hidden", b"forbidden", ("utf-8", "html")),
        (b"Content-Type: text/html\r\n\r\n<p title=forbidden>", "1", "attribute", b"forbidden", ("utf-8", "html")),
        (
            b"Content-Transfer-Encoding: quoted-printable\r\n\r\nx f=6Frbid=\r\nden.", "1", "body", b"f=6Frbid=\r\nden",
            ("quoted-printable", "utf-8"),
        ),
        (
            b"Content-Transfer-Encoding: base64\r\n\r\nZm9yYmlkZGVu\r\n", "1", "body", b"Zm9yYmlkZGVu", ("base64", "utf-8"),
        ),
    ],
)  # fmt: skip
def test_a_hit_explains_itself(content: bytes, part: str, area: str, octets: bytes, chain: tuple[str, ...]) -> None:
    """Part, area, decode chain, and exactly the octets that decode to what was found."""
    (hit,) = judge(content).hits
    assert (hit.part, hit.area, content[hit.span[0] : hit.span[1]], hit.chain) == (part, area, octets, chain)
    assert (hit.list, hit.file) == ("words", "words.txt")


def test_a_hit_names_its_entry() -> None:
    """File and line, the entry as written, what stood there and the folding it needed."""
    (hit,) = judge(b"\r\nTOP SECRET").hits
    assert hit == Hit(
        "words", "words.txt", 1, "top secret", "1", "body", "case", (2, 12), "TOP SECRET", ("utf-8",)
    )
    assert judge(b"\r\nforbidden").hits[0].view == "exact"


def test_lists_are_named_and_counted() -> None:
    """What the generation needs: how many entries, and a digest that only lists and settings change."""
    assert ENGINE.entries == 6
    assert Engine([WORDS, WATCHED]).digest == ENGINE.digest
    assert Engine([WORDS]).digest != ENGINE.digest
    assert Engine([WORDS, WATCHED], ContentSettings(header=True)).digest != ENGINE.digest
    assert Engine([WORDS, WATCHED], limits=ReadLimits(mime_depth=3)).digest != ENGINE.digest


def test_no_lists_find_nothing() -> None:
    """filterd with nothing to look for is a relay."""
    assert judge(b"Subject: forbidden\r\n\r\n", Engine([])).action is Action.ACCEPT


def test_a_flood_of_hits_is_capped_and_hides_nothing() -> None:
    """Few hits of each entry are kept; a stricter list is found behind any number of harmless words."""
    verdict = judge(b"\r\n" + b"spam ham " * 5000 + b"forbidden")
    assert verdict.action is Action.REJECT
    assert len(verdict.hits) < 100
    assert "too-many-hits" in verdict.conditions
    few = judge(b"\r\n" + b"spam ham " * 50 + b"forbidden", Engine([WATCHED, WORDS], ContentSettings(hits=3)))
    assert (few.action, len(few.hits)) == (Action.REJECT, 4)


def test_a_list_made_to_be_slow_is_bounded() -> None:
    """Entries inside entries inside entries propose more than there is text; then the message is unscannable."""
    entries = b"\n".join(b" ".join([b"a"] * count) for count in range(1, 200))
    nested = parse_wordlist(entries, name="nested", file="n", action="observe")
    verdict = judge(b"\r\n" + b"a " * 20_000, Engine([nested, WORDS]))
    assert verdict.action is Action.DEFER
    assert "over-budget" in verdict.conditions


LARGE = b"filler text without anything in it\r\n" * 20_000


@pytest.mark.parametrize(
    ("head", "encode"),
    [
        (b"", lambda text: text),
        (b"Content-Type: text/html\r\n", lambda text: text),
        (b"Content-Transfer-Encoding: base64\r\n", b64),
        (b"Content-Transfer-Encoding: quoted-printable\r\n", lambda text: text.replace(b"f", b"=66")),
        (b"Content-Type: text/plain; charset=utf-16le\r\n", lambda text: text.decode().encode("utf-16-le")),
    ],
)
def test_large_parts_are_read_in_slices(head: bytes, encode) -> None:  # type: ignore[no-untyped-def]
    """The span of a hit deep in a large part, mapped, is the same as in a small one."""
    content = head + b"\r\n" + encode(LARGE + b"a forbidden\r\nword. straSSe " + LARGE)
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            verdict = ENGINE.judge(mapped, Envelope(), "REF")
    assert [hit.text for hit in verdict.hits] == ["forbidden", "straSSe"]
    start, end = verdict.hits[0].span
    plain = content[start:end].replace(b"=66", b"f").replace(b"\0", b"")
    if b"base64" in head:
        place = len(LARGE) + 2
        letters = len(b"".join(content[len(head) + 2 : start].split()))
        assert (letters, len(b"".join(plain.split()))) == (place * 4 // 3, -(-(place + 9) * 4 // 3) - place * 4 // 3)
    else:
        assert plain == b"forbidden"


def test_a_phrase_across_slices_is_found() -> None:
    """Wherever the cut falls."""
    for shift in (0, 3, 7, 8, 12):
        content = b"\r\n" + b"x" * (256 * 1024 - 8 + shift) + b" top secret " + b"y " * 100_000
        assert [hit.text for hit in judge(content).hits] == ["top secret"], shift


@pytest.mark.parametrize(
    ("content", "condition"),
    [
        (b"".join(b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(2000)), "too-deep"),
        (b"Content-Type: text/plain" + b";" * 100_000 + b"\r\n\r\nforbidden", ""),
        (b"Content-Type: text/html\r\n\r\nforbidden" + b"<a " * 30_000, ""),
        (b"Content-Type: text/html\r\n\r\nforbidden" + b"<a b='" * 30_000, ""),
        (b"\r\nforbidden a" + "\u0301".encode() * 100_000, ""),
        (b"To: " + b"a@b.example,\r\n " * 10_000 + b"\r\n\r\nforbidden", ""),
        (b"Content-Type: a/b" + b"; name*0*=x" * 10_000 + b"\r\n\r\nforbidden", "too-many-parameters"),
        (b"To: x\r\n" * 20_000 + b"\r\nforbidden", "too-many-header-fields"),
        (b"To: x" + b"\r\n " * 50_000 + b"\r\n\r\nforbidden", ""),
        (b"To: x" + b"\r" * 100_000 + b"\r\n\r\nforbidden", ""),
        (b"Subject: " + b"=?a?q?" * 10_000 + b"\r\n\r\nforbidden", ""),
        (b"Content-Transfer-Encoding: base64\r\n\r\nforbidden" + b" a" * 50_000, ""),
        (b"Content-Type: text/html\r\n\r\nforbidden &#" + b"9" * 10_000, ""),
        (b"\r\nforbidden\nbegin 644 a\n" + b"!" + b" " * 20_000 + b"~", ""),
        (b"Content-Type: text/plain; charset=punycode\r\n\r\nforbidden " + b"a-" * 50_000, "unknown-charset"),
    ],
)
def test_hostile_messages(content: bytes, condition: str) -> None:
    """What was made to exhaust a filter is read to its end, or told to be too much."""
    verdict = judge(content)
    assert verdict.action is Action.REJECT or condition == "too-deep"
    assert not condition or condition in verdict.conditions


TEXT = st.text(alphabet="abc .国ß", max_size=40)


@given(before=TEXT, after=TEXT, encoding=st.sampled_from(["7bit", "base64", "quoted-printable"]), html=st.booleans())
def test_spans_hold_the_word(before: str, after: str, encoding: str, html: bool) -> None:
    """Whatever surrounds and encodes it, the span decodes to the word."""
    text = f"{before} Forbidden {after}".encode()
    encoded = {
        "7bit": text,
        "base64": b64(text),
        "quoted-printable": b"".join(b"=%02X" % octet for octet in text),
    }[encoding]
    kind = b"html" if html else b"plain"
    head = b"Content-Transfer-Encoding: %s\r\nContent-Type: text/%s; charset=utf-8\r\n\r\n" % (encoding.encode(), kind)
    content = head + encoded
    (hit,) = [hit for hit in judge(content).hits if hit.entry == "forbidden"]
    start, end = (place - len(content) + len(encoded) for place in hit.span)
    place = text.index(b"Forbidden")
    if encoding == "7bit":
        assert (start, end) == (place, place + 9)
    elif encoding == "quoted-printable":
        assert (start, end) == (place * 3, place * 3 + 27)
    else:
        decoded = b"".join(encoded[:start].split())
        assert len(decoded) == place * 4 // 3
        assert len(b"".join(encoded[:end].split())) == -(-(place + 9) * 4 // 3)


@given(st.binary(max_size=200))
def test_any_octets_have_a_sound_verdict(content: bytes) -> None:
    """A verdict, spans inside the message, a reply exactly when one is due."""
    verdict = judge(b"Subject: x\r\n" + content)
    assert all(0 <= hit.span[0] < hit.span[1] <= len(content) + 12 for hit in verdict.hits)
    assert (verdict.reply is None) == (verdict.action is Action.ACCEPT)
