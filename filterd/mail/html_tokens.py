"""HTML cut into text and tokens, as browsers cut it (HTML Standard §13.2.5). Linear, never raises.

A token is a tag, a comment, or a raw text element with what is in it (`<style>…`). Every alternative of the one regular
expression ends at the end of the text if nothing ends it before, so no character is tried twice. Where the tags already
read decide what a token is (in SVG, behind `<textarea>`), tokens are taken one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from filterd.mail.html_tags import ATTRIBUTES, BLANKS, separator_of, tag_name

_UNSEEN_RAW = ("script", "style", "iframe", "noembed", "noframes", "title")
_SEEN_RAW = ("textarea", "xmp", "plaintext")
_FOREIGN = ("svg", "math")


def _any_case(name: str) -> str:
    """A pattern that needs no flag: alternatives are then chosen by their first letter."""
    return "".join([f"[{letter.upper()}{letter}]" for letter in name])


def _raw(name: str) -> str:
    name = _any_case(name)
    return rf"{name}(?=[{BLANKS}/>]){ATTRIBUTES}[^<]*(?:<(?!/{name}[{BLANKS}/>])[^<]*)*"


_COMMENT = r"!--(?:-?>|[^-]*(?:-(?!-!?>)[^-]*)*(?:--!?>|\Z))"
# What most tags look like comes first, as that is much faster; it takes nothing that the long form would take otherwise.
_USUAL = rf"""[{BLANKS}](?:[a-zA-Z-]+=(?:"[^"]*"|[#\w%-]+(?=[ >]))[ \n]?)*>"""
_TAG = rf"/?[a-zA-Z][^{BLANKS}/>]*(?:>|{_USUAL}|(?=[{BLANKS}/]){ATTRIBUTES}|\Z)"
_REST = r"[!?][^>]*(?:>|\Z)|/>|/[^a-zA-Z>][^>]*(?:>|\Z)"
_RAW = "(?=[sSiInNtT])(?:" + "|".join(map(_raw, _UNSEEN_RAW)) + ")"
_TOKEN = re.compile(f"(<(?:/[a-zA-Z][a-zA-Z0-9]*>|{_RAW}|{_TAG}|{_COMMENT}|{_REST}))", re.DOTALL)
_FOREIGN_TOKEN = re.compile(rf"(<(?:!\[CDATA\[|{_TAG}|{_COMMENT}|{_REST}))", re.DOTALL)
_IS_RAW = re.compile(rf"<({'|'.join(map(_any_case, _UNSEEN_RAW))})(?=[{BLANKS}/>])")
_IS_ODD = re.compile(rf"<(?:{'|'.join(map(_any_case, (*_SEEN_RAW, *_FOREIGN)))})[{BLANKS}/>]")
_ODD_NAME = re.compile(rf"<(/?)({'|'.join(map(_any_case, (*_SEEN_RAW, *_FOREIGN)))})(?=[{BLANKS}/>])")
_TAG_END = re.compile(ATTRIBUTES, re.DOTALL)
_QUOTES = re.compile(
    rf"""(?:[{BLANKS}/]*[^{BLANKS}/>][^{BLANKS}/>=]*(?:[{BLANKS}]*=[{BLANKS}]*(?:"[^"]*(?:"|(\Z))|'[^']*(?:'|(\Z))"""
    rf"""|[^{BLANKS}>"'][^{BLANKS}>]*)?)?)*"""
)
_COMMENT_END = re.compile(r"--!?>")
_LAST = re.compile(rf"[{BLANKS}/]*>")
_TAG_NAME = re.compile(rf"</?[a-zA-Z][^{BLANKS}/>]*")
WAITING = 16


@dataclass(slots=True)
class Tokens:
    """Text and tokens by turns, beginning and ending with text; modes where there are any, of each token."""

    texts: list[str]
    modes: list[str] = field(default_factory=list)


def tokens(source: str, start: int, mode: str) -> Tokens:
    """Cut `source` from `start`."""
    if mode or _IS_ODD.search(source, start):
        return _one_by_one(source, start, mode)
    return Tokens(_TOKEN.split(source[start:] if start else source))


def split(source: str) -> list[str]:
    """Text and tokens by turns of a text that stands alone, as what a comment holds."""
    return _TOKEN.split(source)


def raw_name(token: str) -> str:
    """The name of the raw text element that a token is, or ""."""
    found = _IS_RAW.match(token)
    return found[1].lower() if found else ""


def raw_start(token: str) -> int:
    """Where the content of such a token begins."""
    found = _IS_RAW.match(token)
    ended = _TAG_END.match(token, found.end() if found else 0)
    return ended.end() if ended else len(token)


def _one_by_one(source: str, at: int, mode: str) -> Tokens:
    given = Tokens([])
    begin = at
    while True:
        if mode in _SEEN_RAW:  # everything is text up to its end tag
            ended = None if mode == "plaintext" else re.compile(rf"</{_any_case(mode)}(?=[{BLANKS}/>])").search(source, at)
            if not ended:
                break
            at, mode = ended.start(), ""
        elif mode == "cdata":
            ended_at = source.find("]]>", at)
            if ended_at < 0:
                break
            given.texts += (source[begin:ended_at], "]]>")
            begin = at = ended_at + 3
            mode = "svg"
            given.modes.append(mode)
            continue
        found = (_FOREIGN_TOKEN if mode else _TOKEN).search(source, at)
        if not found:
            break
        token = found.group()
        mode = _next_mode(token, mode)
        given.texts += (source[begin : found.start()], token)
        given.modes.append(mode)
        begin = at = found.end()
    given.texts.append(source[begin:])
    return given


def _next_mode(token: str, mode: str) -> str:
    if mode and token == "<![CDATA[":
        return "cdata"
    found = _ODD_NAME.match(token)
    if not found:
        return mode
    name = found[2].lower()
    if found[1]:
        return "" if name == mode else mode
    if mode or (name in _FOREIGN and token.endswith("/>")):
        return mode
    return name


def is_complete(token: str) -> bool:
    """Does the token end before the text does?"""
    if token.startswith("<!--"):
        return token in ("<!-->", "<!--->") or token.endswith("-->", 4) or token.endswith("--!>", 4)
    if raw_name(token):
        return False  # its end tag would show it
    return token.endswith(">") and not (token[1] not in "!?" and open_quote(token))


def open_quote(token: str) -> str:
    """The quote that is open at the end of a tag, or ""."""
    name = _TAG_NAME.match(token)
    return _open_quote(token, name.end()) if name else ""


def _open_quote(source: str, at: int) -> str:
    found = _QUOTES.match(source, at)
    if not found or found.end() < len(source):
        return ""
    return '"' if found.start(1) >= 0 else "'" if found.start(2) >= 0 else ""


def end_of(inside: str, source: str) -> tuple[int, str]:
    """Where reading goes on in a token that began long before, and what it is still inside of ("" when it ended).

    `inside` is a quote, "tag", "comment" or the name of a raw text element.
    """
    waiting = max(len(source) - WAITING, 0)  # what ends it may be cut in two
    if inside == "comment":
        found = _COMMENT_END.search(source)
        return (found.end(), "") if found else (waiting, inside)
    if inside not in ('"', "'", "tag"):
        found = re.compile(rf"</{_any_case(inside)}[{BLANKS}/>]").search(source)
        return (found.start(), "") if found else (waiting, inside)
    at = 0 if inside == "tag" else source.find(inside) + 1
    if at == 0 and inside != "tag":
        return len(source), inside
    quoted = _QUOTES.match(source, at)
    if quoted and (quoted.start(1) >= 0 or quoted.start(2) >= 0):
        return len(source), '"' if quoted.start(1) >= 0 else "'"
    found = _LAST.match(source, quoted.end() if quoted else at)
    return (found.end(), "") if found else (max(waiting, at), "tag")


def tag_separator(token: str) -> str:
    """What a tag separates by, if it is one."""
    return "" if raw_name(token) else separator_of(tag_name(token))
