"""What is sent and what is looked for: a wordlist, small mails, a large one. The same every time, made here, no real data."""

from __future__ import annotations

import base64
import random
import textwrap
from pathlib import Path

SEED = 20
OCTETS = 5120
_SYLLABLES = (
    "b br c ch cl cr d dr f fl fr g gl gr h j k l m n p pl pr qu r s sc sh sl sp st t th tr v w z",
    "a e i o u ai ea ee ie oo ou",
    "- - - b ck d ft g l ll m mp n nd ng nt p r rd rk rt s sh ss st t th x",
)
_COMMON = """\
the of and to in is that for it as was with be by on not he this are at from you they have his but her she or
an will my one all would there their what so up out if about who get which go me when make can like time no
just him know take people into year your good some could them see other than then now look only come its over
think also back after use two how our work first well way even new want because any these give day most us
meeting agenda report quarter project budget review please attached regards thanks customer order invoice
delivery schedule office travel ticket contract draft version comments monday tuesday morning afternoon
number address account service support question answer problem solution team manager department release
"""
VOCABULARY = _COMMON.split()
_ONSETS, _VOWELS, _CODAS = (letters.replace("-", "\0").split() for letters in _SYLLABLES)
HEADER = """\
Received: from mail-lj1.example.net (mail-lj1.example.net [192.0.2.176])
\tby mx1.example.org (Postfix) with ESMTPS id 4F2C91C0A7
\tfor <anna.berg@example.org>; Tue, 14 Jan 2025 09:12:44 +0100 (CET)
Received: by mail-lj1.example.net with SMTP id 38308e7fff4ca-3061f0c5a1bso41887191fa
\tfor <anna.berg@example.org>; Tue, 14 Jan 2025 00:12:43 -0800 (PST)
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.net; s=20230601;
\th=to:subject:message-id:date:from:in-reply-to:references:mime-version
\t:from:to:cc:subject:date:message-id:reply-to;
\tbh=5mKk0jU1qFJ5aVbq0N1iYc0rVQy0ZbqV0Tq7Dq0m9uE=;
\tb=Q3J5cHRvZ3JhcGh5IGlzIG5vdCBwYXJ0IG9mIHRoaXMgYmVuY2htYXJrLCBidXQgdGhl
\t c2hhcGUgb2YgYSBzaWduYXR1cmUgaXMsIHNvIGhlcmUgaXMgb25lIHRoYXQgbG9va3MgYS
\t BsaXR0bGUgbGlrZSBpdCBhbmQgaXMgYXMgbG9uZyBhcyB0aGV5IGNvbW1vbmx5IGFyZS4=
X-Received: by 2002:a2e:bc81:0:b0:302:3356:bf12 with SMTP id
\t38308e7fff4ca-305f45c1b2emr75513371fa.24.1736842363110; Tue, 14 Jan 2025
References: <CAF7x0a1@mail.example.net> <20250113174511.GA2210@example.org>
In-Reply-To: <20250113174511.GA2210@example.org>
From: =?UTF-8?Q?J=C3=BCrgen_Lindstr=C3=B6m?= <jurgen.lindstrom@example.net>
To: Anna Berg <anna.berg@example.org>
Cc: "Team, Projects" <projects@example.org>
Date: Tue, 14 Jan 2025 09:12:31 +0100
Message-ID: <CAF7x0a2bQ7m-1@mail.example.net>
Subject: =?utf-8?B?UmU6IEJ1ZGdldCByZXZpZXcgZm9yIHRoZSBzZWNvbmQgcXVhcnRlciDigJMgZHJhZnQ=?=
User-Agent: Mozilla Thunderbird
MIME-Version: 1.0
"""


def words(count: int = 10_000) -> str:
    """A wordlist of pronounceable words, a fifth of them phrases, none of them in the mails."""
    chance = random.Random(SEED)
    entries: set[str] = set()
    known = set(VOCABULARY)
    while len(entries) < count:
        phrase = [_word(chance) for _ in range(chance.choice((1, 1, 1, 1, 2)))]
        if not known.intersection(phrase) and len("".join(phrase)) > 4:
            entries.add(" ".join(phrase))
    return "# made for the benchmark\n" + "".join(f"{entry}\n" for entry in sorted(entries))


def _word(chance: random.Random) -> str:
    syllables = chance.choice((2, 2, 2, 3, 3, 4))
    letters = [chance.choice(group) for _ in range(syllables) for group in (_ONSETS, _VOWELS, _CODAS)]
    return "".join(letters).replace("\0", "")


def plain_mail(octets: int = OCTETS) -> str:
    """Header fields as real mail has them and a text body, `octets` long on the wire."""
    head = HEADER + "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    return _cut(head + _text(random.Random(SEED), octets), octets)


def html_mail(octets: int = OCTETS) -> str:
    """The same as text and HTML (multipart/alternative), the HTML in quoted-printable."""
    chance = random.Random(SEED + 1)
    body = _text(chance, octets // 4)
    html = "".join(
        f'<p style=3D"margin:0 0 1em">{line} <a href=3D"https://www.example.net/s?id=3D{i}">see</a>=\n</p>\n'
        for i, line in enumerate(_text(chance, octets // 4).splitlines())
    )
    return (
        HEADER
        + 'Content-Type: multipart/alternative; boundary="b1"\n\n'
        + f"--b1\nContent-Type: text/plain; charset=utf-8\n\n{body}\n"
        + "--b1\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
        + f"<html><body>\n{html}</body></html>\n--b1--\n"
    )


def large_text(octets: int) -> str:
    """One text part of that many octets: the most there is to read."""
    head = HEADER + "Content-Type: text/plain; charset=utf-8\n\n"
    block = _text(random.Random(SEED + 2), 1_000_000)
    return head + block * (octets // len(block))


def large_attachment(octets: int) -> str:
    """A short text and an attachment in base64 of that many octets."""
    data = base64.b64encode(random.Random(SEED + 3).randbytes(3 * 19 * 10_000)).decode()
    lines = "\n".join(textwrap.wrap(data, 76)) + "\n"
    return (
        HEADER
        + 'Content-Type: multipart/mixed; boundary="b1"\n\n'
        + f"--b1\nContent-Type: text/plain\n\n{_text(random.Random(SEED), 1000)}\n"
        + "--b1\nContent-Type: application/octet-stream; name=scan.bin\nContent-Transfer-Encoding: base64\n\n"
        + lines * (octets // len(lines))
        + "--b1--\n"
    )


def _text(chance: random.Random, octets: int) -> str:
    lines: list[str] = []
    size = 0
    while size < octets:
        line = " ".join(chance.choices(VOCABULARY, k=12)).capitalize() + chance.choice((".", ",", "?", ""))
        lines.append(line)
        size += len(line) + 2
    return "\n".join(lines) + "\n"


def _cut(mail: str, octets: int) -> str:
    wire = mail.encode().replace(b"\n", b"\r\n")[: octets - 2]
    return wire.decode().replace("\r\n", "\n").rstrip("\r\n") + "\n"


def write(directory: Path) -> dict[str, Path]:
    """All small samples as files, lines ending in LF as `smtp-source -F` wants them."""
    made = {"words": words(), "plain": plain_mail(), "html": html_mail()}
    paths = {}
    for name, text in made.items():
        paths[name] = directory / f"{name}.txt"
        paths[name].write_text(text)
    return paths
