"""Letters and signs that look like, or stand for, letters of ASCII.

`LOOKS` are single characters that many fonts draw as they draw the letter (the facts are those of Unicode's confusables,
UTS #39, for everything that the canonical form does not already make the letter; put together by letter here, with the case
that looks alike). `NEAR` look only somewhat alike: they count beside letters that are the word's own. `LEET` are digits and
signs that people write for letters.
"""

from __future__ import annotations

LOOKS = {
    "2": "ƧϨᒿꙄꛯꝚ",
    "3": "ƷȜЗӠⳌꝪꞫ𑣊𖼻𝈆",
    "4": "Ꮞ𑢯",
    "5": "Ƽ𑢻",
    "6": "бᏮⳒ𑣕",
    "7": "𐓒𑣆𝈒",
    "8": "Ȣȣଃ𐌚",
    "9": "ⳊꝮ𑢬𑣌𑣖",
    "a": "ɑΑαАаᎪᗅ⍺ꓮ𐊠𖽀",
    "b": "ƄΒВЬᏏᏴᑲᖯᗷꓐꞴ𐊂𐊡𐌁",
    "c": "ΣςСсᏟⲤⲥꓚꮯ𐊢𐌂𐐕𐐽𐔜𑣲🝌",
    "d": "ԁᎠᏧᑯᗞᗪꓒꓓ",
    "e": "ΕЕеҽᎬ℮⋿ⴹꓰꬲ𐊆𑢦𑢮",
    "f": "ƒϜքᖴẝꓝꬵ𐊇𐊥𐔥𑢢𑣂𝈓",
    "g": "ƍɡԌցᏀᏳꓖ",
    "h": "ΗНһհᎻᏂᕼⲎꓧ𐋏",
    "i": "ɩιіӏᎥ⍳ꙇꭵ𑣃",
    "j": "ͿϳЈјᎫᒍꓙ",
    "k": "ΚКᏦᛕⲔꓗ𐔘",
    "l": "ƖǀΙІӀוاᏞᒪᛁ∣⏽│ⲒⳐⵏꓡꓲ𐊊𐌉𐌠𐐛𐔦𑢣𑢲𖼖𖼨𝈪",
    "m": "ΜϺМᎷᗰᛖⲘꓟ𐊰𐌑",
    "n": "ΝոռⲚꓠ𐔓",
    "o": "ΟοσОоՕօסةهଠంಂംഠංဝჿዐᴑⲞⲟⵔ〇ꓳꬽ𐊒𐊫𐐄𐐬𐓂𐓪𐔖𑢵𑣈𑣗",
    "p": "ΡρРрᏢᑭ⍴Ⲣⲣꓑ𐊕",
    "q": "ԛգզⵕ",
    "r": "ƦгᎡᏒᖇᴦⲅꓣꭇꭈꮁ𐒴𖼵𝈖",
    "s": "ƽЅѕՏᏕᏚꓢꮪ𐊖𐐠𐑈𑣁𖼺",
    "t": "ΤТᎢ⊤⟙Ⲧꓔ𐊗𐊱𐌕𑢼𖼊🝨",
    "u": "υՍսሀᑌ∪⋃ꓴꞟ𐓎𐓶𑢸𑣘𖽂",
    "v": "νѴѵᏙᐯ∨⋁ⴸꓦꛟꮩ𐔝𑜆𑢠𑣀𖼈𝈍",
    "w": "ɯѡԜԝաᎳᏔꓪꮃ𑜊𑜎𑜏𑣯",
    "x": "×ΧХхᕁᕽ᙭᙮ᚷ╳⤫⤬⨯ⲬⵝꓫꞳ𐊐𐊴𐌗𐌢𐔧𑣬",
    "y": "ɣΥγУуҮүყᎩᎽⲨꓬ𐊲𑢤𑣜𖽃",
    "z": "ΖᏃꓜꮓ𐋵𑢩𑣄",
}
NEAR = {
    "a": "дαΔΛλ", "b": "вьъβҍ", "c": "ς", "d": "δժ", "e": "эєεɛΣΞξ", "f": "ғ", "g": "ɢ", "h": "нηћђ", "i": "", "k": "кκ",
    "l": "λ",
    "m": "м", "n": "ипηπИПЛлղ", "o": "θΘδфΦ", "p": "þ", "r": "гяЯГ", "s": "ς", "t": "тτ", "u": "иицυμ", "v": "υ", "w": "шщωψШЩ",
    "x": "χж", "y": "чλ", "z": "зζ", "3": "з", "4": "чЧ",
}  # fmt: skip
LEET = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "i", "|": "il", "+": "t", "€": "e", "£": "l", "¢": "c", "(": "c",
    "<": "c", "¥": "y", "©": "c", "®": "r",
}  # fmt: skip
# Several signs or letters for one letter.
SEVERAL = {
    "m": ("rn", "/\\/\\", "|v|"), "w": ("vv", "\\/\\/"), "d": ("|)",), "v": ("\\/",),
    "a": ("/\\",), "h": ("|-|",), "k": ("|<",),
}  # fmt: skip
