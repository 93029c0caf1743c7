"""The tool behind `make corpus`, over a handful of messages: it finds nothing where nothing is wrong, and says so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.corpus import as_sent
from tests.support.processes import ROOT
from tests.support.proxy import FORBIDDEN

STORED = {
    "ham/1": b"From someone Tue Nov 24 10:00:00 2026\nSubject: mbox\n\nBody\n",
    "ham/2": b"Subject: dots\n\n.\n..\n.a\n",
    "ham/3": b"Subject: no newline at the end\n\nlast",
    "spam/4": b"Subject: eight bit\n\n" + bytes(range(128, 256)) + b"\n",
    "spam/5": f"Subject: {FORBIDDEN}\n\nobserved, not refused\n".encode(),
}


def test_real_mail_is_sent_as_a_client_would() -> None:
    """The mbox line goes, line ends become CRLF, nothing else changes."""
    assert as_sent(STORED["ham/1"]) == b"Subject: mbox\r\n\r\nBody\r\n"
    assert as_sent(b"a\r\nb\rc\nd") == b"a\r\nb c\r\nd\r\n"


@pytest.mark.xdist_group("corpus")
def test_the_tool_relays_and_compares(tmp_path: Path) -> None:
    """All messages arrive byte-identical: exit code 0, and the last line counts them."""
    for name, octets in STORED.items():
        path = tmp_path / "mail" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(octets)
    command = [sys.executable, "tests/integration/corpus.py", "--data", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "5 of 5 arrived byte-identical"
