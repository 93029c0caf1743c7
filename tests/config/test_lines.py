"""Every key of a TOML document is found on its line, however it is written."""

from __future__ import annotations

import tomllib

import pytest

from filterd.config.lines import find_lines, line_of


@pytest.mark.parametrize(
    ("document", "path", "line"),
    [
        ("a = 1\nb = 2\n", ("b",), 2),
        ("[t]\n\n# c\na = 1\n", ("t", "a"), 4),
        ("[t]\na.b = 1\n", ("t", "a", "b"), 2),
        ("[t.u]\na = 1\n", ("t", "u", "a"), 2),
        ('["t"]\n"a b" = 1\n', ("t", "a b"), 2),
        ("['t']\n'a.b' = 1\n", ("t", "a.b"), 2),
        ("[[l]]\na = 1\n[[l]]\na = 2\n", ("l", 1, "a"), 4),
        ("[[l]]\n[l.s]\na = 1\n[[l]]\n[l.s]\na = 2\n", ("l", 1, "s", "a"), 6),
        ("a = [\n 1,\n 2,\n]\nb = 1\n", ("a", 1), 3),
        ("a = [\n 1,\n 2,\n]\nb = 1\n", ("b",), 5),
        ("a = [[1,\n2],\n[3]]\n", ("a", 1, 0), 3),
        ("a = { b = 1, c = [1,\n2] }\nd = 1\n", ("a", "c", 1), 2),
        ("a = { b = { c = 1 } }\nd = 1\n", ("a", "b", "c"), 1),
        ('a = """\n[x]\nb = 1\n"""\nb = 2\n', ("b",), 5),
        ('a = """x""""\nb = 2\n', ("b",), 2),
        ("a = '''\n# x\n'''\nb = 2\n", ("b",), 4),
        ('a = "# no comment"\nb = 2\n', ("b",), 2),
        ('a = "\\"]"\nb = 2\n', ("b",), 2),
        ("a = 'x\\'\nb = 2\n", ("b",), 2),
        ("a = 1 # x = [\nb = 2\n", ("b",), 2),
        ("a = 1979-05-27 07:32:00\nb = 1.5\nc = 2\n", ("c",), 3),
        ("a = [] # [\nb = {}\nc = 1\n", ("c",), 3),
    ],
)
def test_a_key_is_found_on_its_line(document: str, path: tuple, line: int) -> None:
    """Including those behind texts, comments and brackets that look like something else."""
    tomllib.loads(document)  # the finder is only asked about documents that are valid
    assert find_lines(document)[path] == line


@pytest.mark.parametrize(
    ("path", "line"), [(("t", "missing"), 2), (("u",), 1), (("t", "a", "deeper", 3), 3)]
)
def test_what_is_not_there_is_looked_for_around(path: tuple, line: int) -> None:
    """A missing key is reported at its table."""
    assert line_of(path, find_lines("b = 0\n[t]\na = 1\n")) == line
