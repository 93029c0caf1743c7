"""Every dialogue of tests/dialogues, played line by line, octet by octet, and all at once."""

from pathlib import Path

import pytest

from tests.support.dialogue import MODES, parse, play

DIALOGUES = sorted((Path(__file__).parent.parent / "dialogues").glob("*.dlg"))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("path", DIALOGUES, ids=lambda path: path.stem)
def test_dialogue(path, mode):
    """Each side receives exactly what the dialogue says, however the network cuts it."""
    play(parse(path.name, path.read_text(encoding="utf-8")), mode)
