"""The house rules of docs/architecture.md, kept by a machine: who may import whom, what is pure, how long a file may be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "filterd").rglob("*.py"))
LINES = 400

# room → the rooms it may import besides its own; None: any but the faces
ALLOWED: dict[str, set[str] | None] = {
    "mail": set(),
    "words": set(),
    "policy": {"mail", "words"},
    "smtp": {"mail", "policy"},
    "engine": {"mail", "words", "policy", "smtp"},
    "config": None,
    "store": None,
    "edge": None,
    "cli": None,
    "__main__": None,
    "__init__": set(),
}
FACES = {"edge", "cli"}  # nobody imports these but they themselves
PURE = {"mail", "words", "policy", "smtp", "engine"}
IMPURE_MODULES = {
    *("asyncio", "socket", "ssl", "select", "selectors", "socketserver", "threading", "multiprocessing", "concurrent"),
    *("signal", "os", "io", "pathlib", "tempfile", "shutil", "glob", "subprocess", "time", "random"),
    *("secrets", "uuid", "logging", "syslog", "resource", "sys", "uvloop"),
}
CLOCKS = {"today", "now", "utcnow"}  # datetime itself is only a value
IMPURE_CALLS = {"open", "print", "input", "breakpoint", "eval", "exec"}


def breaches(path: Path, source: str) -> Iterator[str]:
    """Every breach in one file, as `file:line: what`."""
    room = _room(path)
    for node in ast.walk(ast.parse(source)):
        for what in (*_import_breaches(room, node), *(_purity_breaches(node) if room in PURE else ())):
            yield f"{path}:{node.lineno}: {what}"  # type: ignore[attr-defined]


def _room(path: Path) -> str:
    return path.parts[1].removesuffix(".py")


def _imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        return [f"{module}.{alias.name}" for alias in node.names] if module == "filterd" else [module]
    return []


def _import_breaches(room: str, node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom) and node.level:
        yield "relative import: write the whole name, so that the rooms can be seen"
    for name in _imports(node):
        parts = name.split(".")
        if parts[0] != "filterd" or len(parts) < 2 or parts[1] == room or parts[1] == "__version__":
            continue
        allowed = ALLOWED[room]
        if allowed is not None and parts[1] not in allowed:
            yield f"{room} must not import {name}"
        elif parts[1] in FACES and room not in {*FACES, "__main__"}:
            yield f"nobody but {' and '.join(sorted(FACES))} imports {name}"


def _purity_breaches(node: ast.AST) -> Iterator[str]:
    for name in _imports(node):
        if name.split(".")[0] in IMPURE_MODULES:
            yield f"a pure room must not import {name}"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IMPURE_CALLS:
        yield f"a pure room must not call {node.func.id}()"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
        yield f"a pure room must not ask a clock: {node.func.attr}()"


def test_every_room_keeps_the_import_rule() -> None:
    """Pure rooms take octets and values and return values; nobody imports a face."""
    found = [breach for path in SOURCES for breach in breaches(path.relative_to(ROOT), path.read_text(encoding="utf-8"))]
    assert not found, "\n" + "\n".join(found)


def test_every_room_is_in_the_rule() -> None:
    """A new room must be given its place first."""
    rooms = {_room(path.relative_to(ROOT)) for path in SOURCES}
    assert rooms <= ALLOWED.keys(), f"give {rooms - ALLOWED.keys()} a place in docs/architecture.md and here"


def test_no_file_is_too_long() -> None:
    """Nobody reads a file of more than 400 lines."""
    long = [f"{path.relative_to(ROOT)}:{LINES}: has {n} lines" for path in SOURCES if (n := _length(path)) > LINES]
    assert not long, "\n" + "\n".join(long)


def test_every_module_says_what_it_is_for() -> None:
    """The docstring on top is the module's contract."""
    silent = [f"{path.relative_to(ROOT)}:1" for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text()))]
    assert not silent, "\n" + "\n".join(silent)


@pytest.mark.parametrize(
    ("file", "source", "breach"),
    [
        ("filterd/mail/a.py", "import os\n", "filterd/mail/a.py:1: a pure room must not import os"),
        ("filterd/smtp/a.py", "\nfrom time import sleep\n", "filterd/smtp/a.py:2: a pure room must not import time"),
        ("filterd/words/a.py", "from filterd.mail import b\n", "filterd/words/a.py:1: words must not import filterd.mail"),
        ("filterd/words/a.py", "from filterd import mail\n", "filterd/words/a.py:1: words must not import filterd.mail"),
        ("filterd/engine.py", "import filterd.edge.a\n", "filterd/engine.py:1: engine must not import filterd.edge.a"),
        ("filterd/config/a.py", "from filterd.cli import b\n", "filterd/config/a.py:1: nobody but cli and edge"),
        ("filterd/mail/a.py", "def f():\n    open('x')\n", "filterd/mail/a.py:2: a pure room must not call open()"),
        ("filterd/mail/a.py", "from . import b\n", "filterd/mail/a.py:1: relative import"),
    ],
)
def test_a_breach_is_found_and_named(file: str, source: str, breach: str) -> None:
    """The rule would not notice its own death without this."""
    assert any(found.startswith(breach) for found in breaches(Path(file), source))


def _length(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())
