"""How the hits of a list become its score: the whole way from a mail to a verdict, and the sum by itself."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterd.engine import Engine
from filterd.mail.envelope import Envelope
from filterd.policy.content import MASK
from filterd.policy.score import Occurrence, Sum, tally
from filterd.policy.verdict import Action, Verdict
from filterd.words.wordlist import Wordlist, parse_wordlist

HEAD = "@threshold some 10\n@threshold much 20\n"
ACTIONS = {"some": "tag", "much": "reject"}


def make(lines: str, **given: object) -> Wordlist:
    return parse_wordlist(lines.encode(), name="n", file="f.txt", **given)  # type: ignore[arg-type]


def judge(lines: str, body: str, *, header: str = "Subject: x\r\n", today: date | None = None, **given: object) -> Verdict:
    wordlist = make(lines, **given)
    content = f"{header}\r\n{body}\r\n".encode()
    return Engine([wordlist], today=today).judge(content, Envelope(b"", (b"a@example.org",)), "R1")


@pytest.mark.parametrize(
    ("lines", "body", "score", "threshold"),
    [
        ("bird {5}\nowl {3}", "bird owl bird", 13, "some"),
        ("bird {5}\nowl {-3}", "bird bird owl", 7, ""),
        ("bird {5 max=8}", "bird " * 9, 8, ""),
        ("bird {-5 max=8}\nowl {30}", "owl " + "bird " * 9, 22, "much"),
        ("bird {10 count=first}", "bird " * 9, 10, "some"),
        ("bird {5 count=2}", "bird " * 9, 10, "some"),
        ("bird* {5 count=unique}", "bird Bird birds birdie", 15, "some"),
        ("bird {10 min=3}", "bird bird", 0, ""),
        ("bird {10 min=3}", "bird " * 3, 30, "much"),
        ("bird {1 block}", "bird", 1, "much"),
        ("bird {30}\nowl {pass}", "bird owl", 31, ""),
        ("bird {30 block}\nowl {pass}", "bird owl", 31, "much"),
        ("bird {30}\nowl {required}", "bird", 30, ""),
        ("bird {30}\nowl {required}", "bird owl", 31, "much"),
        ("bird {30}\nowl {required}\nfox {required}", "bird owl", 31, ""),
        ("bird {30}\nowl {excluded}", "bird owl", 31, ""),
        ("bird {30}\nowl {excluded}", "bird", 30, "much"),
        ("<bird> and <owl> {12}", "bird bird owl", 12, "some"),
        ("<bird> and <owl> {12}", "bird", 0, ""),
        ("<bird> near 2 <owl> {6}", "bird and owl, bird or owl", 12, "some"),
        ("<bird> followed by 1 <owl> {12}", "owl bird", 0, ""),
        ("<bird> followed by 1 <owl> {12}", "bird or owl", 12, "some"),
        ("<bird> and not <owl> {12}", "bird", 12, "some"),
        ("<[:card:]> near 3 <cvv> {20}", "4111 1111 1111 1111 cvv 123", 20, "much"),
        ("bird {1}", "bird " * 60, 60, "much"),
    ],
)
def test_scores(lines: str, body: str, score: int, threshold: str) -> None:
    """Weight × hits, within bounds; the highest threshold that is reached; roles that override the sum."""
    verdict = judge(HEAD + lines, body, actions=ACTIONS)
    (one,) = verdict.lists or (None,)
    assert (verdict.score, one.threshold if one else "") == (score, threshold)
    assert (verdict.action is Action.REJECT) is (threshold == "much")
    assert bool(verdict.edits) is (threshold == "some")


def test_branches_of_an_alternative_say_the_same() -> None:
    """The branch with the larger sum counts; other parts add to it."""
    header = "Content-Type: multipart/alternative; boundary=b\r\n"
    body = "--b\r\n\r\nbird\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>bird bird</p>\r\n--b--"
    assert judge("bird {5}", body, header=header).score == 10


def mixed(kind: str, boundary: str, *parts: str) -> str:
    """A multipart; a part that is no multipart itself is text."""
    head = f"Content-Type: multipart/{kind}; boundary={boundary}\r\n\r\n"
    made = (part if part.startswith("Content-Type") else f"Content-Type: text/plain\r\n\r\n{part}" for part in parts)
    return head + "".join(f"--{boundary}\r\n{part}\r\n" for part in made) + f"--{boundary}--"


@pytest.mark.parametrize(
    ("lines", "branches", "score"),
    [
        ("bird {3 max=3}\nowl {8}", ("bird " * 5, "owl"), 8),
        ("bird {1 count=first}\nowl {5}", ("bird " * 9, "owl"), 5),
        ("bird* {4 count=unique}\nowl {9}", ("bird bird bird", "owl"), 9),
        ("bird {5 min=3}\nowl {6}", ("bird bird", "owl"), 6),
        ("bird {-5}\nowl {6}", ("bird", "owl"), 6),
        ("bird {-5}\nowl {6}", ("bird", "nothing"), 0),
        ("bird {3}\nowl {2}", ("bird", mixed("mixed", "i", mixed("alternative", "j", "owl", "owl"))), 3),
        ("bird {3}\nowl {2}", ("bird", mixed("mixed", "i", "owl", mixed("alternative", "j", "owl", "owl"))), 4),
        ("bird {3}\nowl {2}", ("bird", mixed("alternative", "i", "owl owl", "bird owl")), 5),
    ],
)
def test_the_branch_with_the_larger_sum_counts(lines: str, branches: tuple[str, ...], score: int) -> None:
    """The sum is that of the points: after caps, counts and minima; alternatives in losing branches do not count at all."""
    message = mixed("alternative", "b", *branches)
    header, body = message.split("\r\n\r\n", 1)
    assert judge("@threshold t 1\nfiller {-1}\n" + lines, body, header=f"{header}\r\n").score == score


def test_a_flood_hides_nothing() -> None:
    """Neither of another list nor a `block` entry of the same: the first hits of each entry count, whatever stands before."""
    words = [f"flood{number}" for number in range(210)]
    flood = "".join(f"{' '.join([word] * 10)}\r\n" for word in words for _ in range(100))
    scored = "@threshold t 900000\n" + "\n".join(words)
    lists = [make(scored, action="tag"), parse_wordlist(b"forbidden", name="hard", file="hard.txt")]
    content = f"Subject: x\r\n\r\n{flood}forbidden\r\n".encode()
    assert Engine(lists).judge(content, Envelope(b"", (b"a@example.org",)), "R1").action is Action.REJECT
    assert judge(f"{scored}\nforbidden {{block}}", f"{flood}forbidden").action is Action.REJECT
    verdict = judge(scored, flood)
    assert (verdict.action, "over-budget" in verdict.conditions) == (Action.DEFER, True)


@pytest.mark.parametrize("decoys", [1100, 30_000])
@pytest.mark.parametrize("line", ["<bird> near 3 <owl>", "<owl> followed by 3 <bird>", "<bird> near 3 <owl> and <fox>"])
def test_decoys_hide_no_pair(line: str, decoys: int) -> None:
    """Places of a term that nothing stands near are forgotten, not those that come after."""
    body = "bird a b c d e f g h\r\n" * decoys + "fox; owl bird\r\n" + "owl a b c d e f g h\r\n" * decoys
    verdict = judge(line, body)
    assert (verdict.action, verdict.conditions) == (Action.REJECT, ())


def test_more_pairs_than_can_be_kept() -> None:
    """The message is not read to its end then, and said to be so."""
    body = "bird owl a b c d e f g h\r\n" * 60_000
    assert judge("@threshold t 2000\n<bird> near 3 <owl> near 3 <fox>", body).conditions == ("over-budget",)


def test_combinations_see_the_whole_message_but_near_only_one_text() -> None:
    """A subject and a body are two texts."""
    header = "Subject: bird\r\n"
    assert judge("<bird> and <owl>", "owl", header=header).action is Action.REJECT
    assert judge("<bird> near 50 <owl>", "owl", header=header).action is Action.ACCEPT


def test_near_counts_words_across_long_texts() -> None:
    """The words between are counted over the slices that long texts come in."""
    for between in (40, 41):
        for before in (0, 3000, 9000, 11000, 14000):
            body = "word " * before + "bird " + "word " * between + "owl " + "word " * 20000
            verdict = judge("<bird> near 40 <owl>", "\r\n".join(body[at : at + 60] for at in range(0, len(body), 60)))
            assert (verdict.action is Action.REJECT) is (between == 40), (between, before)


def test_watched_entries_and_lists_change_nothing() -> None:
    """What would have happened is told."""
    for lines, said in (("bird {watch}", {}), ("@mode watch\nbird", {}), ("bird", {"mode": "watch"})):
        verdict = judge(lines, "bird", **said)
        assert (verdict.action, verdict.would, [hit.entry for hit in verdict.hits]) == (Action.ACCEPT, "reject", ["bird"])
        assert verdict.lists[0].watched
    verdict = judge("bird\nowl {watch}", "bird owl")
    assert (verdict.would, verdict.score, len(verdict.hits)) == ("", 1, 2)


def test_a_required_entry_that_is_only_watched() -> None:
    """The list acts without it, and would not with it."""
    verdict = judge("bird\nowl {required watch}", "bird")
    assert (verdict.action, verdict.would) == (Action.REJECT, "")


def test_expired_and_disabled_entries_find_nothing() -> None:
    """The last day still counts."""
    lines = "bird {expires=2026-11-26}\nowl {off}\nfox"
    assert judge(lines, "bird owl", today=date(2026, 11, 26)).action is Action.REJECT
    assert judge(lines, "bird owl", today=date(2026, 11, 27)).action is Action.ACCEPT
    assert make(lines).next_change(date(2026, 11, 26)) == date(2026, 11, 27)


def test_own_reply_and_confidential_lists() -> None:
    """The sender reads the list's own words; nobody reads those of a confidential list."""
    verdict = judge("@reply Ask the press office\n@confidential\nbluebird", "bluebird")
    assert verdict.reply is not None
    assert verdict.reply.octets == b"550 5.7.1 Ask the press office (list n, ref R1)\r\n"
    assert "bluebird" not in repr(verdict)
    assert [(hit.entry, hit.text, hit.line) for hit in verdict.hits] == [(MASK, MASK, 3)]


def test_a_flood_is_counted_far_enough() -> None:
    """Twenty hits are kept as evidence, and the sum is right all the same."""
    verdict = judge("@threshold many 500\nbird", "bird\r\n" * 600)
    assert (verdict.action, verdict.score, len(verdict.hits)) == (Action.REJECT, 600, 20)
    assert "too-many-hits" in verdict.conditions


_options = st.builds(
    lambda weight, cap, count, least, unique: (weight, cap, count, least, unique),
    st.integers(-50, 50), st.sampled_from([0, 7, 60]), st.integers(0, 3), st.integers(1, 3), st.booleans(),
)  # fmt: skip


@given(st.lists(st.tuples(_options, st.lists(st.sampled_from(["a", "A", "b"]), max_size=5)), min_size=1, max_size=4))
def test_the_sum_is_the_plain_one(entries: list) -> None:
    """Against the rules of the page, written down once more in the plainest way."""
    lines, expected = ["@threshold t 10"], 0
    for number, ((weight, cap, count, least, unique), texts) in enumerate(entries):
        counts = "count=unique" if unique else f"count={count}" if count else "count=every"
        lines.append(f"word{number} {{{weight} {counts} min={least}{f' max={cap}' if cap else ''}}}")
        hits = len({text.lower() for text in texts}) if unique else min(len(texts), count or 99)
        points = weight * hits if len(texts) >= least else 0
        expected += max(-cap, min(cap, points)) if cap else points
    wordlist = make("\n".join(lines))
    found = {entry: [Occurrence(text) for text in texts] for entry, (_, texts) in zip(wordlist.entries, entries, strict=True)}
    total = tally(wordlist, found)
    assert isinstance(total, Sum)
    assert total.score == expected == sum(share.points for share in total.shares)
    assert (total.threshold == "t") is (expected >= 10)


def test_a_slow_expression_is_slow_once() -> None:
    """It is given up for the whole message, which then counts as not read; what else was found still decides."""
    parts = "".join(f"--b\r\nContent-Type: text/plain\r\n\r\n{'a' * 3000}\r\n" for _ in range(60))
    header = "Content-Type: multipart/mixed; boundary=b\r\n"
    verdict = judge("/(a|aa)+!/\nbird", f"{parts}--b--", header=header)
    assert (verdict.action, verdict.conditions) == (Action.DEFER, ("regex-timeout",))
    assert judge("/(a|aa)+!/\nbird", f"{parts}--b\r\n\r\nbird\r\n--b--", header=header).action is Action.REJECT
