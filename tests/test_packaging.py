"""What is delivered beside the code: versions, licence, unit file, set-up script, and what must not stand in any file."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import filterd
from filterd.config import Config
from scripts import no_skips

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
UNIT = ROOT / "systemd/filterd-proxy.service"
EXPOSURE = 1.5  # systemd-analyze security; 10 is no protection at all


def delivered() -> list[Path]:
    """Every file that git knows or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


def test_the_changelog_knows_this_version() -> None:
    """Users read what changed under the number that `filterd --version` says, or under Unreleased."""
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[({re.escape(filterd.__version__)}|Unreleased)\]", changes, re.MULTILINE)


def test_the_licence_is_the_one_declared() -> None:
    """pymilter makes the whole GPL."""
    assert PROJECT["license"] == "GPL-3.0-or-later"
    assert "GNU GENERAL PUBLIC LICENSE" in (ROOT / "LICENSE").read_text(encoding="utf-8")[:200]


@pytest.mark.parametrize("target", ["setup", "run", "test", "bench", "corpus", "lint", "clean"])
def test_make_has_the_target(target: str) -> None:
    """The commands that README.md and the continuous integration rely on."""
    assert re.search(rf"^{target}:.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("script", ["scripts/setup", ".ci/run"])
def test_scripts_can_be_run(script: str) -> None:
    """They parse, and are executable."""
    path = ROOT / script
    shell = "bash" if "bash" in path.read_text(encoding="utf-8").splitlines()[0] else "sh"
    assert path.stat().st_mode & 0o111
    subprocess.run([shell, "-n", path], check=True)


def test_links_between_pages_lead_somewhere() -> None:
    """A page that was moved takes its links along."""
    pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not broken


def test_no_file_knows_a_machine() -> None:
    """Paths of the machine it was written on, and hosts of package registries, would break everywhere else."""
    known = re.compile(rb"/work/main|/root/|/home/[a-z]+/|pypi\.org|files\.pythonhosted\.org|/opt/(?:pypi|wheels)")
    found = [
        f"{path.relative_to(ROOT)}: {match[0].decode()}"
        for path in delivered()
        if path != Path(__file__) and (match := known.search(path.read_bytes()))
    ]
    assert not found


def unit() -> dict[str, list[str]]:
    """The settings of [Service]; a setting may stand there more than once."""
    settings: dict[str, list[str]] = {}
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            settings.setdefault(name, []).append(value)
    return settings


def test_the_unit_waits_for_messages_in_hand() -> None:
    """systemd must not kill what filterd still finishes."""
    assert int(unit()["TimeoutStopSec"][0]) > Config().timeouts.drain
    assert unit()["KillMode"] == ["mixed"]
    assert unit()["Type"] == ["notify"]


def test_the_unit_allows_the_calls_that_filterd_makes() -> None:
    """Processes limit themselves; @resources would forbid it."""
    allowed = unit()["SystemCallFilter"][-1].split()
    assert {"prlimit64", "setrlimit", "setpriority"} <= set(allowed)


def test_systemd_analyze_finds_the_unit_sound_and_hardened(tmp_path: Path) -> None:
    """No unknown setting, and an exposure that is called OK."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text(encoding="utf-8").replace("/usr/bin/filterd", "/bin/true"), encoding="utf-8")
    verified = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")
    security = subprocess.run(
        ["systemd-analyze", "security", "--no-pager", "--offline=true", copy], capture_output=True, text=True, check=False
    )
    exposure = re.search(r"exposure level for \S+: ([0-9.]+)", security.stdout)
    assert exposure
    assert float(exposure[1]) <= EXPOSURE


@pytest.mark.parametrize(
    ("node", "allowed"),
    [("tests/smtp/test_relay.py::test_x", False), ("tests/test_packaging.py::test_systemd_analyze_finds_it", True)],
)
def test_only_listed_tests_may_be_skipped(node: str, allowed: bool) -> None:
    """Continuous integration fails on any other skip, so that a missing MTA is not taken for a proof."""
    assert no_skips.is_allowed(node) is allowed


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ("def test_a(): pass", 0, "2 passed"),
        ("import pytest\ndef test_a(): pytest.skip('no MTA')", 1, "no MTA"),
        ("import pytest\npytest.skip('nothing here', allow_module_level=True)", 1, "nothing here"),
        ("import pytest\n@pytest.mark.xfail(strict=True)\ndef test_a(): assert False", 0, "1 xfailed"),
    ],
)
@pytest.mark.parametrize("parallel", [[], ["-n", "1"]], ids=["alone", "xdist"])
def test_a_skip_fails_the_run(tmp_path: Path, body: str, code: int, said: str, parallel: list[str]) -> None:
    """A test that skips itself, or its whole file, turns the run red; pytest's own summary stays last."""
    (tmp_path / "test_it.py").write_text(body)
    (tmp_path / "test_other.py").write_text("def test_b(): pass")
    plugins = ["-p", "scripts.no_skips", "-p", "no:cacheprovider"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", "/dev/null", *plugins, *parallel, "--rootdir", tmp_path, tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == code, ran.stdout
    assert said in ran.stdout
    assert re.search(r"in [0-9.]+s", ran.stdout.splitlines()[-1])


def test_configparser_reads_the_unit() -> None:
    """Sections are those that systemd knows."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.read(UNIT, encoding="utf-8")
    assert parser.sections() == ["Unit", "Service", "Install"]
