"""Lists of other systems, made into lines of ours; and ours made into theirs.

What cannot be carried over is told, never dropped in silence.

Each reader takes text and gives lines for a list and `Lost` for what it could not say.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from filterd.words.entry import Entry, Words
from filterd.words.flaw import Flaw
from filterd.words.grammar import read_line
from filterd.words.options import WEIGHT, Options, write_options
from filterd.words.pattern import escape
from filterd.words.wordlist import ENTRY_OCTETS


@dataclass(frozen=True, slots=True)
class Lost:
    """What could not be carried over from this line (from 1), and why."""

    line: int
    what: str
    why: str


Result = Iterator[str | Lost]


def read_plain(text: str) -> Result:
    """One word or phrase a line, every sign meant as it stands; lines that begin with `#` are comments."""
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if line and not line.startswith("#"):
            yield _checked(number, line, escape(line))


def read_csv(text: str, column: str = "") -> Result:
    """A table with names in its first line. `entry` holds patterns of ours; `text`, `word`, `phrase`, or `column` plain words.

    `weight`, `level`, `areas`, `note`, `owner`, `category`, `added` and `expires` are taken where they are.
    """
    table = csv.DictReader(f"{line}\n" for line in _LINE_END.split(text.removeprefix("\ufeff")))
    try:
        names = table.fieldnames or []
        known = [name for name in ("entry", "text", "word", "phrase") if name in names]
        wanted = column or [*known, *names, ""][0]
        if wanted not in names:
            yield Lost(1, wanted, f"there is no such column; there are: {', '.join(names)}")
            return
        for row in table:
            said = (row.get(wanted) or "").strip()
            if said:
                pattern = said if wanted == "entry" and not column else escape(said)
                yield _checked(table.line_num, said, f"{pattern}{_options_of(row)}")
    except csv.Error as error:
        yield Lost(table.line_num, "", f"this is no table: {error}")


def _options_of(row: dict[str, str]) -> str:
    said = {name: (row.get(name) or "").strip() for name in COLUMNS}
    items = [f"{name}={said[name]}" for name in ("weight", "level", "areas", "added", "expires") if said[name]]
    items += [f"{name}={_quoted(said[name])}" for name in ("note", "owner", "category") if said[name]]
    items += [said[name] for name in ("role", "off", "watch") if said[name]]
    return f" {{{' '.join(items)}}}" if items else ""


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_LINE_END = re.compile(r"\r\n|\r|\n")
_RULE = re.compile(r"\s*(body|rawbody|header|uri|full|meta|mimeheader)\s+(\w+)\s+(.*)")
_MATCH = re.compile(r"(?:m([^\w\s])(.*)\1|/(.*)/)([a-z]*)\s*\Z")
_SCORE = re.compile(r"\s*score\s+(\w+)\s+([-+.\d]+)")
_DESCRIBE = re.compile(r"\s*describe\s+(\w+)\s+(.*)")
_AREAS = {"body": "", "rawbody": "areas=body,hidden,attribute", "uri": "areas=url"}


def read_spamassassin(text: str) -> Result:
    """`body`, `rawbody`, `header NAME =~`, `uri` rules with their `score` (tenfold, rounded) and `describe`."""
    lines = text.splitlines()
    scores = {found[1]: found[2] for line in lines if (found := _SCORE.match(line))}
    notes = {found[1]: found[2] for line in lines if (found := _DESCRIBE.match(line))}
    for number, line in enumerate(lines, 1):
        rule = _RULE.match(line)
        if rule:
            yield _rule(number, line.strip(), rule, scores, notes)
        elif line.strip() and not re.match(r"\s*(#|score\b|describe\b|ifplugin\b|endif\b|if\b|else\b|tflags\b|lang\b)", line):
            yield Lost(number, line.strip(), "this is no rule about words")


def _rule(number: int, line: str, rule: re.Match[str], scores: dict[str, str], notes: dict[str, str]) -> str | Lost:
    kind, name, rest = rule.groups()
    areas = _AREAS.get(kind)
    if kind == "header":
        field, operator, rest = rest.partition("=~")
        field = field.strip().partition(":")[0]
        if not operator or field in ("ALL", "ToCc", "MESSAGEID", "EnvelopeFrom"):
            return Lost(number, line, "only `header Name =~ /…/` can be carried over")
        areas = f"areas={'subject' if field.lower() == 'subject' else f'header:{field.lower()}'}"
    match = _MATCH.fullmatch(rest.strip())
    if areas is None or not match:
        return Lost(number, line, f"`{kind}` rules of this kind cannot be carried over")
    source = (match[2] or match[3]).replace("\\/", "/").replace("/", "\\/")
    flags = "".join(flag for flag in match[4] if flag in "imsx")
    score = scores.get(name, "0.1" if name.startswith("T_") else "1")
    weight = max(-WEIGHT, min(WEIGHT, round(float(score) * 10)))
    note = f"{name}: {notes[name]}" if name in notes else name
    options = " ".join(filter(None, (str(weight), "count=first", areas, f"note={_quoted(note)}")))
    return _checked(number, line, f"/{source}/{flags} {{{options}}}")


_PHRASES = re.compile(r"<([^<>]*)>")


def read_dansguardian(text: str) -> Result:
    """Weighted phrases, `<a>,<b><50>`; a blank inside the brackets is a word's edge, none is inside a word."""
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("."):
            yield Lost(number, line, "files that it includes must be imported by themselves")
            continue
        terms = _PHRASES.findall(line)
        if not terms or _PHRASES.sub("", line).strip(" ,"):
            yield Lost(number, line, "this is no phrase in angle brackets")
            continue
        weight = int(terms.pop()) if len(terms) > 1 and re.fullmatch(r"-?\d+", terms[-1]) else None
        said = "" if weight is None else f" {{{max(-WEIGHT, min(WEIGHT, weight))} count=first}}"
        patterns = [_bracketed(term) for term in terms]
        entry = patterns[0] if len(patterns) == 1 else " and ".join(f"<{pattern}>" for pattern in patterns)
        yield _checked(number, line, f"{entry}{said}")


def _bracketed(term: str) -> str:
    """`bad` stands inside words, ` bad ` is a word."""
    text = escape(term.strip())
    before = "" if term.startswith(" ") or not term[:1].isalnum() else "*"
    after = "" if term.endswith(" ") or not term[-1:].isalnum() else "*"
    return f"{before}{text}{after}"


_CENSOR = re.compile(r"\s*(?:\(?([-+]?\d+)\)?[\t,;]\s*)?(.+?)\s*\Z")


def read_textcensor(text: str) -> Result:
    """MailMarshal TextCensor: an expression a line, a weight and a tab before it.

    AND, OR, NOT, NEAR=n, FOLLOWEDBY=n, quotes, [DIGIT], [LETTER], and `*` at edges are understood.
    """
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith(("#", ";")):
            continue
        found = _CENSOR.fullmatch(line)
        assert found is not None
        expression = found[2]
        if re.search(r"\bINSTANCES\b", expression, re.IGNORECASE):
            yield Lost(number, line.strip(), "INSTANCES must be written as min=N")
            continue
        said = f" {{{max(-WEIGHT, min(WEIGHT, int(found[1])))}}}" if found[1] else ""
        yield _checked(number, line.strip(), f"{_censored(expression)}{said}")


def _censored(expression: str) -> str:
    pieces = re.split(r"(\s+(?:AND\s+NOT|AND|OR|(?:NEAR|FOLLOWEDBY)(?:=\d+)?)\s+|[()])", expression)
    if len(pieces) == 1:
        return _censor_term(expression)
    made = []
    for piece in pieces:
        word = piece.strip()
        if not word:
            continue
        operator = re.fullmatch(r"(NEAR|FOLLOWEDBY)(?:=(\d+))?", word)
        if operator:
            made.append(f"{'near' if operator[1] == 'NEAR' else 'followed by'} {operator[2] or 5}")
        elif word in ("(", ")"):
            made.append(word)
        elif re.fullmatch(r"AND\s+NOT|AND|OR", word):
            made.append(" ".join(word.lower().split()))
        elif word.startswith("NOT "):
            made.append(f"not <{_censor_term(word[4:])}>")
        else:
            made.append(f"<{_censor_term(word)}>")
    return " ".join(made)


def _censor_term(term: str) -> str:
    term = term.strip().strip('"').strip()
    before, after = term.startswith("*"), term.endswith("*")
    text = re.sub(r"\\\[(DIGIT|LETTER)]", lambda found: f"[:{found[1].lower()}:]", escape(term.strip("*")))
    return f"{'*' if before else ''}{text}{'*' if after else ''}"


def _checked(number: int, said: str, line: str) -> str | Lost:
    try:
        if read_line(line, ENTRY_OCTETS).pattern:
            return line
    except Flaw as flaw:
        return Lost(number, said, flaw.what)
    return Lost(number, said, "it would be a comment")


READERS: dict[str, Callable[[str], Result]] = {
    "plain": read_plain,
    "csv": read_csv,
    "spamassassin": read_spamassassin,
    "dansguardian": read_dansguardian,
    "textcensor": read_textcensor,
}
COLUMNS = ("entry", "allow", "weight", "level", "areas", "role", "off", "watch", "note", "owner", "category", "added", "expires")


def rows(entries: Iterable[Entry]) -> Iterator[dict[str, str]]:
    """Entries as rows of a table with `COLUMNS`."""
    for entry in entries:
        options = entry.options
        yield {
            "entry": f"+ {entry.shown}" if entry.allow else entry.shown,
            "allow": "allow" if entry.allow else "",
            "weight": "" if options.weight is None else str(options.weight),
            "level": options.level,
            "areas": ",".join(options.areas),
            "role": options.role,
            "off": "off" if options.off else "",
            "watch": "watch" if options.watch else "",
            "note": options.note,
            "owner": options.owner,
            "category": options.category,
            "added": options.added.isoformat() if options.added else "",
            "expires": options.expires.isoformat() if options.expires else "",
        }


_IN_TABLE = frozenset(("level", "areas", "weight", "role", "off", "watch", "note", "owner", "category", "added", "expires"))


def lost_in_table(entry: Entry) -> str:
    """The options that a table has no column for."""
    default = Options()
    kept = {name: getattr(default, name) for name in _IN_TABLE}
    return write_options(replace(entry.options, **kept))


def plain_word(entry: Entry) -> str | None:
    """The entry as a plain word, or None if it is more than that."""
    return entry.text if isinstance(entry, Words) and not (entry.allow or entry.open_start or entry.open_end) else None
