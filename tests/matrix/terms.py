"""The words and phrases that the matrix hides: one of each in every script."""

from __future__ import annotations

from dataclasses import dataclass

from filterd.words.wordlist import Wordlist, parse_wordlist


@dataclass(frozen=True, slots=True)
class Script:
    """`word` is hidden letter by letter, `phrase` where lines break. `blanks`: are words written apart?"""

    name: str
    word: str
    phrase: str
    before: str  # innocent text around
    after: str
    blanks: bool = True


SCRIPTS = (
    Script("Latin", "forbidden", "top secret", "This is about", "which we will see later"),
    Script("Latin with diacritics", "überfällig", "größte geheimhaltung", "Das hier ist wohl", "und noch etwas mehr Text"),
    Script("Cyrillic", "запрещено", "совершенно секретно", "Здесь речь идет про", "которое увидим позже"),
    Script("Greek", "απαγορευμένο", "άκρως απόρρητο", "Εδώ μιλάμε για", "που θα δούμε μετά"),
    Script("Hebrew", "סודיות", "סודי ביותר", "כאן מדובר על", "שנראה אחר כך"),
    Script("Arabic", "ممنوعات", "سري للغاية", "الحديث هنا عن", "التي سنراها لاحقا"),
    Script("Devanagari", "प्रतिबंधित", "अति गोपनीय", "यहाँ बात है", "जिसे हम बाद में देखेंगे"),
    Script("Thai", "ความลับ", "ลับที่สุด", "เรื่องนี้", "จะเห็นภายหลัง", blanks=False),
    Script("Chinese", "国家机密", "绝对机密文件", "我们在谈论", "，以后再看。", blanks=False),
    Script("Japanese", "ガンダム計画", "極秘資料です", "これについては", "を後で見ましょう。", blanks=False),
    Script("Korean", "비밀번호", "극비 문서", "이것은", "나중에 봅니다"),
)


def wordlist(level: str) -> Wordlist:
    """Every word and phrase, as a list whose entries see through `level`."""
    lines = "".join(f"{script.word}\n{script.phrase}\n" for script in SCRIPTS)
    return parse_wordlist(lines.encode(), name="matrix", file="matrix.txt", action="reject", level=level)
