"""`filterd words …`, run as people run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def run(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "filterd", "words", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def words(tmp_path: Path) -> Path:
    path = tmp_path / "words.txt"
    path.write_text("@owner Anna\n@purpose a test\nbird {5}\n<merger> near 3 <price> {20}\n+ bird song\n")
    return path


def test_query(words: Path) -> None:
    """The exit code is that of `postmap -q`."""
    code, out, _ = run("query", "--words", str(words), "a Bird sings")
    assert (code, out) == (0, f"{words}:3: bird (words, weight 5): 'Bird', case\n")
    assert run("query", "--words", str(words), "a bird song")[0] == 1
    code, out, _ = run("query", "--words", str(words), "--json", "-", stdin="the price of a merger\n")
    assert code == 0
    assert [json.loads(line)["term"] for line in out.splitlines()] == ["price", "merger"]
    assert run("query", "x")[0] == 2


def test_list(words: Path) -> None:
    """Every entry with its place."""
    _, out, _ = run("list", "--words", str(words))
    assert out.splitlines() == [
        f"{words}:3: bird  {{5}}",
        f"{words}:4: <merger> near 3 <price>  {{20}}",
        f"{words}:5: + bird song",
    ]
    _, out, _ = run("list", "--words", str(words), "--json")
    assert [json.loads(line)["kind"] for line in out.splitlines()] == ["words", "combination", "words"]


def test_lint(words: Path) -> None:
    """0: fine, 1: warnings, 2: errors, each with its place."""
    assert run("lint", str(words))[0] == 0
    words.write_text(words.read_text() + "ab\n")
    code, out, err = run("lint", str(words))
    assert (code, err) == (1, "0 errors, 1 warnings, 0 notes\n")
    assert out.startswith(f"{words}:6:1: warning: `ab`: is short")
    words.write_text("b[\n")
    code, out, _ = run("lint", "--json", str(words))
    assert (code, json.loads(out)["code"]) == (2, "syntax")
    assert run("lint", str(words) + "x")[0] == 2


def test_lint_on_texts_of_ones_own(words: Path, tmp_path: Path) -> None:
    """The Scunthorpe preview: which words of these texts an entry would hit by accident."""
    text = tmp_path / "text.txt"
    text.write_text("Our plumage is blue; zzbirdzz.\n")
    words.write_text(words.read_text() + "*plum*\n*zbird* {unguarded}\n")
    code, out, _ = run("lint", "--text", str(text), str(words))
    found = {line.split(":")[1]: line for line in out.splitlines() if "[innocent]" in line}
    assert "note: `*plum*`: stands in ordinary words: plumage [innocent]" in found["6"]
    assert "warning: `*zbird*`: stands in ordinary words: zzbirdzz [innocent]" in found["7"]
    assert code == 1


def test_editing_in_place(words: Path) -> None:
    """Mode and neighbours stay; a trial run changes nothing; what would be no list is not written."""
    words.chmod(0o640)
    before = words.read_text()
    link = words.with_name("link.txt")
    link.symlink_to(words)
    code, out, _ = run("add", str(link), "owl {3}", "--by", "anna", "--why", "asked for", "--dry-run")
    assert (code, words.read_text()) == (0, before)
    assert '+owl {3 owner=anna note="asked for" added=' in out
    assert run("add", str(link), "owl {3}", "--by", "anna")[0] == 0
    assert run("add", str(link), "owl")[0] == 1
    assert words.read_text().startswith(before)
    assert link.is_symlink()
    assert os.stat(words).st_mode & 0o777 == 0o640
    assert run("disable", str(words), "bird")[0] == 0
    assert "bird {5 off}  # off " in words.read_text()
    assert run("enable", str(words), ":3")[0] == 0
    assert run("remove", str(words), "owl", "bird")[0] == 0
    assert run("remove", str(words), "<merger> near 3 <price>")[0] == 2  # nothing but allow entries would be left
    assert sorted(os.listdir(words.parent)) == ["link.txt", "words.txt"]


def test_moving(words: Path, tmp_path: Path) -> None:
    """Options go along; the old list says where it went to."""
    other = tmp_path / "other.txt"
    other.write_text("owl\n")
    assert run("move", str(words), str(other), "bird", "--by", "anna")[0] == 0
    assert other.read_text().startswith("owl\nbird {5 owner=anna added=")
    assert "# removed " in words.read_text()
    assert run("move", str(words), str(other), "bird")[0] == 1


def test_try(words: Path, tmp_path: Path) -> None:
    """Which messages change their verdict, and by which entry."""
    mail = tmp_path / "mail"
    mail.mkdir()
    for name, text in (("a", "a bird"), ("b", "nothing"), ("c", "an owl")):
        (mail / f"{name}.eml").write_text(f"Subject: x\n\n{text}\n")
    old = tmp_path / "old.txt"
    old.write_text("owl\n")
    code, out, err = run("try", str(words), str(mail))
    assert (code, out) == (1, f"{mail}/a.eml: accept → reject; {words}:3: bird\n")
    assert err.startswith("3 messages, 1 would change\n  accept → reject: 1\n")
    code, out, _ = run("try", str(words), "--against", str(old), "--json", str(mail))
    assert [(json.loads(line)["before"], json.loads(line)["after"]) for line in out.splitlines()] == [
        ("accept", "reject"),
        ("reject", "accept"),
    ]
    assert run("try", str(words), "--against", str(words), str(mail))[0] == 0


def test_import_export_diff_format_explain(words: Path, tmp_path: Path) -> None:
    """Each does what its help says, with its exit code."""
    plain = tmp_path / "plain.txt"
    plain.write_text("bird\n!!!\n")
    code, out, err = run("import", str(plain))
    assert (code, out) == (1, f"@source {plain} (plain)\nbird\n")
    assert err.startswith(f"{plain}:2: not carried over: !!! → ")
    table = tmp_path / "words.csv"
    code, out, _ = run("export", str(words))
    assert code == 0
    table.write_text(out)
    again = tmp_path / "again.txt"
    again.write_text(run("import", "--from", "csv", str(table))[1])
    assert run("diff", str(words), str(again))[0] == 0
    again.write_text(again.read_text() + "owl\n")
    code, out, _ = run("diff", str(words), str(again))
    assert (code, out) == (1, f"+ owl  ({again}:5)\n")
    assert run("format", "--check", str(words))[0] == 0
    words.write_text(words.read_text().replace("{5}", "{ weight=5 }"))
    assert run("format", str(words))[0] == 0
    assert "bird {5}\n" in words.read_text()
    code, out, _ = run("explain", "--words", str(words), ":3")
    assert (code, out.splitlines()[0]) == (0, "Finds the word `bird`.")
    assert "payment card" in run("explain", "[:card:]")[1]
