"""Lists changed in place: what is not meant stays as it was."""

from __future__ import annotations

from datetime import date

import pytest

from filterd.words import edit
from filterd.words.flaw import Flaw

WHO = edit.Who("anna", date(2026, 11, 26), "legal")
LIST = "# mine\n@owner x\n\nbird {5}\t# why\n  owl\n+ owl song\n\n"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (edit.add(LIST, "top  fox", WHO), LIST + "top  fox {owner=anna note=legal added=2026-11-26}\n"),
        (edit.add("a b", "fox {3 owner=bea}", WHO), "a b\nfox {3 owner=bea note=legal added=2026-11-26}\n"),
        (edit.add("a b\r\n", "fox", WHO), "a b\r\nfox {owner=anna note=legal added=2026-11-26}\r\n"),
        (edit.remove(LIST, "Bird", edit.Who("anna", WHO.day)) if False else edit.remove(LIST, "bird", WHO),
         LIST.replace("bird {5}\t# why", "# removed 2026-11-26 by anna: legal: bird {5}\t# why")),
        (edit.disable(LIST, "owl", WHO), LIST.replace("  owl\n", "owl {off}  # off 2026-11-26 by anna: legal\n")),
        (edit.disable(LIST, ":4", WHO), LIST.replace("bird {5}\t# why", "bird {5 off}  # off 2026-11-26 by anna: legal; why")),
        (edit.remove(LIST, "+ owl song", WHO), LIST.replace("+ owl", "# removed 2026-11-26 by anna: legal: + owl")),
        (edit.enable("owl {off}\r\nx\r\n", "owl", WHO), "owl  # on 2026-11-26 by anna: legal\r\nx\r\n"),
    ],
)  # fmt: skip
def test_changes(changed: str, expected: str) -> None:
    """Who, when and why stand beside what was changed; all else is the same."""
    assert changed == expected


def test_what_cannot_be_changed() -> None:
    """An entry that is not there, one that is there already, and what is none."""
    with pytest.raises(edit.NoSuchEntry, match="no entry `fox`"):
        edit.remove(LIST, "fox", WHO)
    with pytest.raises(edit.NoSuchEntry, match="line 1 has no entry"):
        edit.disable(LIST, ":1", WHO)
    for entry in ("owl", "b[", "# only a comment"):
        with pytest.raises(Flaw):
            edit.add(LIST, entry, WHO)
