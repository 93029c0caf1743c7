"""Comments and what browsers take for comments: their text, and the conditional ones of Outlook, which it shows as a page.

`<!--[if mso]>…<![endif]-->` is taken apart, so that what Outlook shows stands where it shows it; others do not see it. The
"downlevel-revealed" `<![if !mso]>…<![endif]>` and `<!--[if !mso]><!-->…<!--<![endif]-->` are seen by all but Outlook.
"""

from __future__ import annotations

import re

from filterd.mail.entities import unescape
from filterd.mail.extract import APART
from filterd.mail.html_tags import GHOST, HIDDEN, Tag, Value, separator_of, tag_name
from filterd.mail.html_tokens import split

_CONDITION_START = re.compile(r"<!--[ \t\r\n]*\[[iI][fF]")
_CONDITION = re.compile(r"<!--[ \t\r\n]*\[if[^\]]*\]>", re.IGNORECASE)
_CONDITION_END = re.compile(r"<!\[endif\]--!?>\Z", re.IGNORECASE)
_REVEALED = re.compile(r"<!(?:--[ \t\r\n]*)?\[if[^\]]*\]>?(?:(?:<!)?--!?>)?", re.IGNORECASE)
_ENDIF = re.compile(r"<!(?:--[ \t\r\n]*(?:<!)?)?\[endif\](?:--!?)?>", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!doctype\b", re.IGNORECASE)


def has_conditions(source: str) -> bool:
    """Could there be conditional comments?"""
    return _CONDITION_START.search(source) is not None


def unfold(texts: list[str]) -> list[str]:
    """Text and tokens by turns, conditional comments replaced by what is in them, between two tokens of their own."""
    given: list[str] = [texts[0]]
    for token, text in zip(texts[1::2], texts[2::2], strict=True):
        found = _CONDITION.match(token) if token.startswith("<!--") else None
        ended = _CONDITION_END.search(token, found.end()) if found else None
        if found and ended:
            given.append(found.group())
            given += split(token[found.end() : ended.start()])
            given.append(ended.group())
        else:
            given.append(token)
        given.append(text)
    return given


def ghost(token: str) -> Tag | None:
    """The tag for the begin or end of conditional text: its name tells how what follows is seen."""
    if _CONDITION.fullmatch(token):
        return Tag(GHOST, "hidden", "")
    if _REVEALED.fullmatch(token):
        return Tag(GHOST, "doubtful", "")
    if not _ENDIF.fullmatch(token):
        return None
    return Tag(GHOST, "" if token.endswith("-->") else "over", "")  # only what ends a comment too ends a hidden one


def comment_values(token: str) -> tuple[Value, ...]:
    """The text of a comment, tags taken out."""
    if _DOCTYPE.match(token):
        return ()
    is_comment = token.startswith("<!--")
    first = 4 if is_comment else 2
    last = len(token) - (3 if is_comment and token.endswith("-->", 4) else 1 if token.endswith(">") else 0)
    inner = token[first:last]
    if not inner.strip():
        return ()
    if "<" not in inner:
        return ((HIDDEN, unescape(inner) + APART, first, max(last, first)),)
    values: list[Value] = []
    at = first
    for index, part in enumerate(split(inner)):
        text = separator_of(tag_name(part)) if index % 2 else unescape(part)
        if text:
            values.append((HIDDEN, text, at, at + len(part)))
        at += len(part)
    values.append((HIDDEN, APART, at, at))
    return tuple(values)
