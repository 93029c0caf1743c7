"""The ledger itself: each figure is counted for what it names, and a filterd that breaks a promise is found out."""

from __future__ import annotations

import pytest

from filterd.mail.reply import Reply
from filterd.smtp import answers
from tests.ledger.links import Edge
from tests.ledger.test_sansio import MESSAGES, faults
from tests.ledger.world import World
from tests.support.ledger import FORBIDDEN, Campaign, Message, Told, Trial
from tests.support.mta import Mta

CLEAN = Message("m1")
BAD = Message("m2", forbidden=True)


@pytest.mark.parametrize(
    ("figure", "told", "committed"),
    [
        ("LOST", 250, []),
        ("CONFLICT5", 550, [CLEAN.content]),
        ("CONFLICT4", 451, [CLEAN.content]),
        ("CONFLICT4", None, [CLEAN.content]),
        ("CONFLICT4", 250, [CLEAN.content, CLEAN.content]),
        ("ALTERED", 250, [CLEAN.content[:-1]]),
        ("ALTERED", 250, [CLEAN.content, b"Subject: nobody's\r\n\r\n"]),
        ("LEAK", 250, [CLEAN.content.replace(b"harmless", FORBIDDEN)]),
    ],
)
def test_each_figure_counts_its_contradiction(figure: str, told: int | None, committed: list[bytes]) -> None:
    """What the client was told and what upstream has are compared octet by octet."""
    trial = Trial("by hand", (CLEAN,), {"m1": Told(told, whole=True)})
    trial.final_reply_seen["m1"] = 1
    for content in committed:
        trial.commit(content)
    campaign = Campaign("by hand")
    campaign.add(trial)
    assert campaign.figures[figure] == 1


def test_a_lost_final_reply_is_a_window_only_if_the_log_says_unknown() -> None:
    """RFC 5321's window is counted, not forgiven: the log must not claim to know."""
    for logged, figure in (("unknown", "DUPWIN"), ("deferred", "CONFLICT4")):
        trial = Trial("by hand", (CLEAN,), {"m1": Told(451, whole=True)}, logged={"m1": [logged]})
        trial.commit(CLEAN.content)
        campaign = Campaign("by hand")
        campaign.add(trial)
        assert campaign.figures[figure] == 1


@pytest.mark.parametrize(
    ("answer", "instead", "figure"),
    [
        ("UPSTREAM_LOST", Reply(250, b"250 Ok\r\n"), "LOST"),
        ("OUTCOME_UNKNOWN", Reply(550, b"550 No\r\n"), "CONFLICT5"),
    ],
)
def test_a_relay_that_lies_is_found_out(answer: str, instead: Reply, figure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep is not blind: a wrong answer at one point of the session shows in the figure that stands for it."""
    monkeypatch.setattr(answers, answer, instead)
    campaign = Campaign("lying")
    for direction in ("F2U", "U2F"):
        for fault in faults(Edge(), direction, ("lost",), ("refused",)):
            trial = Trial(str(fault), MESSAGES)
            World(trial, fault).run()
            campaign.add(trial)
    assert campaign.figures[figure] > 0


def test_upstream_commits_at_the_end_of_data_only_and_takes_its_dots_off() -> None:
    """The simulated MTA is a fair judge: it reads transparency as RFC 5321 has it, cut anywhere."""
    mta = Mta()
    for octet in b"MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n" + BAD.wire[:-1]:
        mta.feed(bytes([octet]))
    assert mta.committed == []
    mta.feed(b"\nMAIL FROM:<a@b>\r\n")
    assert mta.committed == [BAD.content]
    assert mta.commands[-1] == b"MAIL FROM:<a@b>"
