"""The man pages say what --help says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from filterd.cli.main import COMMANDS

ROOT = Path(__file__).parent.parent.parent


def test_the_pages_are_up_to_date(tmp_path: Path) -> None:
    """docs/man holds a page for the program and each command; `make docs` writes them."""
    subprocess.run([sys.executable, "scripts/man.py", str(tmp_path)], cwd=ROOT, check=True, env={"PYTHONPATH": str(ROOT)})
    made = {page.name: page.read_text(encoding="utf-8") for page in tmp_path.iterdir()}
    assert made.keys() == {"filterd.1", *(f"filterd-{name}.1" for name in COMMANDS)}
    assert {page.name: page.read_text(encoding="utf-8") for page in (ROOT / "docs/man").iterdir()} == made
