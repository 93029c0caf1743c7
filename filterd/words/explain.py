"""An entry in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from filterd.words.entry import CASE, EXACT, FOLD, Combination, Entry, Identifier, Regex, Wild, Words
from filterd.words.identifiers import REGISTRY
from filterd.words.pattern import All, Either, Near, Not, Part, Tree
from filterd.words.required import hints

_LEVELS = {
    EXACT: "just as it is written, upper and lower case included",
    CASE: "in upper or lower case",
    FOLD: "in any case, with or without accents, in fullwidth and other odd letters, with invisible characters in it",
    "disguise": "also in disguise: look-alike letters, digits for letters, spelt out, with signs in it, stretched, blotted out",
}


def explain(entry: Entry) -> Iterator[str]:
    """Sentences, the most important first."""
    yield f"Allows {what(entry)}, inside which nothing of its list counts." if entry.allow else f"Finds {what(entry)}."
    if not isinstance(entry, (Regex, Identifier, Combination)):
        yield f"It is found {_LEVELS[entry.level]}."
    if isinstance(entry, Regex):
        runs = " or ".join(f"`{run}`" for run in hints(entry.expression, folds=entry.level == FOLD))
        yield f"It is tried on texts that have {runs} in them." if runs else "It is tried on every text."
    yield f"It counts in {', '.join(entry.areas)} only." if entry.areas else "It counts wherever a reader could see it."
    yield from _points(entry)
    yield from _people(entry)


def what(entry: Entry) -> str:
    """What it looks for."""
    match entry:
        case Words():
            inside = {
                (False, False): "",
                (True, False): " at the end of a word or alone",
                (False, True): " at the beginning of a word or alone",
            }
            kind = "phrase" if len(entry.plain.tokens) > 1 else "word"
            edges = inside.get((entry.open_start, entry.open_end), " anywhere in a word")
            return f"the {kind} `{entry.text}`{edges}"
        case Wild():
            return f"what is written like `{entry.shown}`"
        case Regex():
            return f"what the regular expression {entry.shown} matches"
        case Identifier():
            return f"a {REGISTRY[entry.name].title}: {REGISTRY[entry.name].about}"
        case Combination() if entry.tree is not None:
            return f"a message with {_tree(entry.tree)}"
    return f"`{entry.shown}`"


def _tree(tree: Tree) -> str:
    match tree:
        case Part():
            return f"`{tree.shown}`"
        case Near():
            where = "followed by" if tree.ordered else "near"
            few = f"at most {tree.words} words between" if tree.words else "directly beside it"
            return f"{_tree(tree.first)} {'not ' if tree.negated else ''}{where} {_tree(tree.second)} ({few})"
        case Not():
            return f"no {_tree(tree.of)}"
        case All():
            return " and ".join(map(_tree, tree.of))
        case Either():
            return f"({' or '.join(map(_tree, tree.of))})"


def _points(entry: Entry) -> Iterator[str]:
    options = entry.options
    if entry.allow:
        return
    which = (
        f"each of the first {options.count} hits"
        if options.count > 1
        else "one hit, however many there are"
        if options.count
        else "each hit"
    )
    if options.unique:
        which = "each different text"
    cap = f", {options.cap} in all at most" if options.cap else ""
    yield f"{which[:1].upper()}{which[1:]} adds {entry.weight} to the score{cap}."
    if options.least > 1:
        yield f"Fewer than {options.least} hits add nothing."
    roles = {
        "required": "The list counts nothing unless this is found.",
        "excluded": "The list counts nothing if this is found.",
        "block": "It reaches the list's highest threshold by itself.",
        "pass": "The list asks for nothing if this is found.",
    }
    if options.role:
        yield roles[options.role]


def _people(entry: Entry) -> Iterator[str]:
    options = entry.options
    if options.off:
        yield "It is off."
    if options.watch:
        yield "It is only watched: it is logged, and changes nothing."
    if options.expires:
        yield f"It counts until {options.expires} included."
    who = " ".join(filter(None, (f"on {options.added}" if options.added else "", f"by {options.owner}" if options.owner else "")))
    if who:
        yield f"Added {who}."
    if options.note:
        yield f"Note: {options.note}"
