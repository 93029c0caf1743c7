"""Charset labels: those of the WHATWG Encoding Standard, and those that only mail knows. A label means the superset that
clients really decode with: ISO-8859-1 is windows-1252, GB2312 is GB18030. No other codec is ever looked up.
"""

from __future__ import annotations

# codec of Python: labels
_TABLE = """
utf-8: unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8 utf-8-sig utf_8 cp65001 cesu-8 unicode-2-0-utf-8
cp866: 866 cp866 csibm866 ibm866
iso8859_2: csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2 latin-2
iso8859_3: csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3 latin-3
iso8859_4: csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4 latin-4
iso8859_5: csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988
iso8859_6: arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i iso-ir-127 \
iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987
iso8859_7: csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 \
sun_eu_greek
iso8859_8: csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 \
iso_8859-8:1988 visual csiso88598i iso-8859-8-i logical
iso8859_10: csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6
iso8859_13: iso-8859-13 iso8859-13 iso885913 latin7
iso8859_14: iso-8859-14 iso8859-14 iso885914 latin8
iso8859_15: csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9 latin9 latin-9
iso8859_16: iso-8859-16 iso8859-16 iso885916 latin10
koi8_r: cskoi8r koi koi8 koi8-r koi8_r
koi8_u: koi8-ru koi8-u
mac_roman: csmacintosh mac macintosh x-mac-roman x-mac
cp874: dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874 cp874 tis620 x-windows-874
cp1250: cp1250 windows-1250 x-cp1250 win-1250
cp1251: cp1251 windows-1251 x-cp1251 win-1251 win1251
cp1252: ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 \
iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252 latin-1 iso646-us iso-ir-6 ansi 8bit 7bit default unknown-8bit \
x-unknown unknown iso-8859-1-windows-3.1-latin-1 win-1252 x-user-defined us iso_646.irv:1991 cp367 ansi_x3.4-1986
cp1253: cp1253 windows-1253 x-cp1253
cp1254: cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 windows-1254 x-cp1254 \
latin-5
cp1255: cp1255 windows-1255 x-cp1255
cp1256: cp1256 windows-1256 x-cp1256
cp1257: cp1257 windows-1257 x-cp1257
cp1258: cp1258 windows-1258 x-cp1258
mac_cyrillic: x-mac-cyrillic x-mac-ukrainian
mac_greek: x-mac-greek
mac_turkish: x-mac-turkish
mac_latin2: x-mac-ce x-mac-centraleurroman x-mac-croatian x-mac-romanian
mac_iceland: x-mac-icelandic
gb18030: chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk gb18030 cp936 ms936 windows-936 euc-cn \
x-euc-cn gb2312-80 gb18030-2000 gb18030-2022 cngb
big5hkscs: big5 big5-hkscs cn-big5 csbig5 x-x-big5 cp950 ms950 windows-950 big5-eten x-windows-950
euc_jp: cseucpkdfmtjapanese euc-jp x-euc-jp eucjp x-euc ujis
iso2022_jp_ext: csiso2022jp iso-2022-jp iso-2022-jp-1 iso-2022-jp-2 iso-2022-jp-3 iso-2022-jp-2004 iso-2022-jp-ms cp50220 \
cp50221 csiso2022jp2 jis
cp932: csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis cp932 shift_jisx0213 shift_jis-2004 x-ms-cp932
cp949: cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ks_c_5601 ksc5601 ksc_5601 windows-949 \
x-windows-949 cp949 uhc euckr ms949
johab: johab cp1361 ms1361
iso2022_kr: csiso2022kr iso-2022-kr
hz: hz-gb-2312 hz hzgb
utf-16-be: unicodefffe utf-16be utf16be
utf-16-le: csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le utf16 utf16le x-utf-16 ucs-2le iso-10646
utf-32-le: utf-32le utf-32 ucs-4 iso-10646-ucs-4 utf32 ucs-4le
utf-32-be: utf-32be ucs-4be
utf-7: utf-7 unicode-1-1-utf-7 csunicode11utf7 x-unicode-1-1-utf-7 utf7 unicode-2-0-utf-7 x-unicode-2-0-utf-7 cp65000
cp437: cp437 ibm437 437 cspc8codepage437
cp737: cp737 ibm737
cp775: cp775 ibm775
cp850: cp850 ibm850 850 cspc850multilingual
cp852: cp852 ibm852 852
cp855: cp855 ibm855
cp857: cp857 ibm857
cp858: cp858 ibm00858 ibm858
cp860: cp860 ibm860
cp861: cp861 ibm861
cp862: cp862 ibm862 dos-862
cp863: cp863 ibm863
cp864: cp864 ibm864
cp865: cp865 ibm865
cp869: cp869 ibm869
cp720: cp720 dos-720
koi8_t: koi8-t
kz1048: kz-1048 kz1048 rk1048 strk1048-2002 ptcp154
hp_roman8: hp-roman8 roman8 r8 cshproman8
cp037: cp037 ibm037 ebcdic-cp-us ebcdic-cp-ca ebcdic-cp-wt ebcdic-cp-nl csibm037 ebcdic
cp500: cp500 ibm500 ebcdic-cp-be ebcdic-cp-ch csibm500
cp1140: cp1140 ibm01140
cp273: cp273 ibm273
cp1026: cp1026 ibm1026
iso-2022-cn: iso-2022-cn iso-2022-cn-ext csiso2022cn
"""

LABELS = {
    label: codec
    for codec, _, labels in (line.partition(": ") for line in _TABLE.strip().splitlines())
    for label in labels.split()
}
EBCDIC = frozenset({"cp037", "cp500", "cp1140", "cp273", "cp1026"})
ASCII = frozenset({
    "us-ascii", "ascii", "ansi_x3.4-1968", "ansi_x3.4-1986", "iso646-us", "iso-ir-6", "iso_646.irv:1991", "us", "cp367",
    "7bit", "8bit", "default", "unknown-8bit", "x-unknown", "unknown",
})  # fmt: skip
