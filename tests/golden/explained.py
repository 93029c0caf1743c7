"""Differences to other parsers that are no mistakes: each with its reason. Patterns are those of `fnmatch`."""

from __future__ import annotations

from fnmatch import fnmatchcase

UUENCODED = "uuencoded: the decoded octets are read instead"
DELIMITER = "a delimiter or header line of an outer multipart: it ends the inner one, and what follows is read as a part"
MACHINE = "a field that only machines read"

# File, place, what the missing line begins with, reason.
EXPLAINED: tuple[tuple[str, str, str, str], ...] = (
    ("legacy/017*", "2 octets", "", UUENCODED),
    ("legacy/026*", "2 text", "", UUENCODED),
    ("legacy/048*", "2 octets", "", UUENCODED),
    ("legacy/024*", "1 html", "cid:", "the address of a part of the same mail, which nobody reads"),
    ("malformed/009*", "*", "--1", DELIMITER),
    ("malformed/009*", "*", "Content-Type", DELIMITER),
    ("malformed/01[12]*", "*", "--1", DELIMITER),
    ("malformed/01[12]*", "*", "Content-Type", DELIMITER),
    ("malformed/02[01]*", "1 text", "----", DELIMITER),
    ("malformed/02[01]*", "1 text", "Content-", DELIMITER),
    ("mime4j/testmsgs/multipartnestedemptyparts*", "*", "", DELIMITER),
    ("mime4j/testmsgs/*-boundary*", "*", "--", DELIMITER),
    ("rfc/002*", "*to", "A1 Gore (The Enforcer)", "the other parser moves the comment behind the name"),
    ("thirdparty/006*", "*X-Signature-Type*", "", MACHINE),
    ("thirdparty/014*", "*X-Y*", "", MACHINE),
    ("thirdparty/015*", "*UI-InboundReport*", "", MACHINE),
    ("thirdparty/015*", "*X-Spam-*", "", MACHINE),
    ("thirdparty/015*", "*Authentication-Results*", "", MACHINE),
    ("thirdparty/015*", "*Received-SPF*", "", MACHINE),
)


def explanation(file: str, where: str, text: str) -> str:
    """The reason, or nothing."""
    for files, places, beginning, reason in EXPLAINED:
        if fnmatchcase(file, files) and fnmatchcase(where, places) and text.startswith(beginning):
            return reason
    return ""
