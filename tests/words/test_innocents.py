# ruff: noqa: E501
"""What people write without a thought is not hit, however much disguise a list sees through."""

from __future__ import annotations

from pathlib import Path

import pytest

from filterd.words.matcher import Matcher
from filterd.words.scan import Scan, Work
from filterd.words.wordlist import parse_wordlist

ROOTS = ["king", "wing", "fing", "tits", "tic", "sit", "sin", "anal", "anus", "arse", "ass", "bastard", "bitch", "blow", "bollock", "boner", "boob", "breast", "bugger", "bum", "butt", "clit", "cock", "coon", "crap", "cum", "cunt", "damn", "dick", "dildo", "dyke", "fag", "fanny", "fart", "feck", "felch", "fuck", "gook", "hell", "ho", "homo", "horny", "jap", "jerk", "jizz", "kike", "knob", "kum", "lust", "milf", "muff", "naked", "nazi", "nigger", "nob", "nude", "oral", "orgy", "paki", "pee", "penis", "perv", "piss", "poof", "poon", "poop", "porn", "prick", "pube", "puss", "queer", "rape", "rectum", "rim", "screw", "scrot", "semen", "sex", "shag", "shit", "skank", "slag", "slut", "smut", "snatch", "spic", "spunk", "strip", "suck", "tard", "teat", "tit", "toss", "turd", "twat", "vagina", "wank", "whore", "xxx", "viagra", "cialis", "levitra", "casino", "poker", "lottery", "pharmacy", "pills", "loan", "debt", "mortgage", "refinance", "winner", "prize", "cash", "bonus", "bitcoin", "crypto", "invest", "rich", "replica", "rolex", "degree", "diploma", "weight", "diet", "enlarge", "free"]
ENDINGS = ("", "s", "es", "ed", "er", "ers", "ing", "y", "hole", "head", "ish")
PHRASES = ("act now", "top secret", "big tits", "hot sex", "as seen on tv", "free money", "click here", "risk free", "blow job", "us only")
WORDS = sorted({root + ending for root in ROOTS for ending in ENDINGS} | set(PHRASES))
MATCHER = Matcher([parse_wordlist("\n".join(WORDS).encode(), name="n", file="f", level="disguise")])

INNOCENT = """
Scunthorpe Penistone Essex Sussex Middlesex Lightwater Clitheroe Cockermouth Cumbria Arsenal Assen Dickinson Hancock Fuchs Wankel
cockpit peacock cocktail hancock shuttlecock analysis analyst canal banal title petite constitution assume assess asset assassin
classic class glass grass bass passage embarrass button buttress rebuttal therapist grape drape scrape
document cucumber accumulate circumstance scum cumulative cumin specialist socialist basement hello shell shellfish
Dickens predict raccoon cocoon tycoon magna montage saturday mishit hitch whorl snigger niggle renege dogfight dogfights
The pen is mightier. They own as sets of books, but it is here, and who ran al-Jazeera? He'll, she'll, we'll, I'll say who're they.
It's as simple as 1, 2, 3. As so on. Is hit or miss. This hit. But to be fair, as she said: finish it. Push it. Mass hit parade.
So what? Wash it. Dishes. Hits. Tit for tat is not here. Fun, count us in. If u c k, ask. A n a l-i s e? No.
At 10am or 11pm on 4x4 roads with C3PO and R2D2, MP3s, 3D, 2nd 3rd 4th, 1st, 5ths, 80s, 90s, 10ss, A55, B00K, H0st, 401k, 1099s.
A.N.A.L.O.G., H.E.L.L.P. syndrome, h*e*l*l*o, s-h-i-t-a-k-e, std::string s_it; p_n, d_c_k;
U.S.A., U.K., e.g., i.e., a.m., p.m., Ph.D., B.A., A.S.S.A., O.K., S.O.S., J. R. R. Tolkien, M. C. Escher, A B C D E F G, x y z.
142,460 and 1,450.55 and +1 555 0145 / (555) 010-0199; order no. 455-4550-55, 5005-55, A55-1337, 80085/1; ISBN 0-306-40615-2.
2002-09-04T16:00:56+02:00; 10:55:45; 192.168.10.55; 4.55.455.5; 6.0.2600.0000; v1.0.55; 64.69.71.79; 8.11.6/8.11.6
http://www.example.com/as/set/hit.html?a=55&b=455&t=1#x https://example.org/cl/it/pen/is/index.php user@example.com
<20020904160056.ABC123455@mail.example.com> d41d8cd98f00b204e9800998ecf8427e 550e8400-e29b-41d4-a55b-446655440000 a55-b00b-f00d-0a55
aGVsbG8gd29ybGQ/c2hpdA+4ss/QWxhZGRpbjpvcGVuIHNlc2FtZQ== 0xDEADBEEF 0x455 $455.00 50% A$$et? (hat) (it) [it] {it} |it| f(it)
killing time, willing, billing, filling, tilts and mills; TLC, MI5, MP3, NT4; slt=26&sln=80
good food, hopping and hoping, comma and coma, loose and lose, latter and later, bitten and biten, committee address success access
Aaron, vacuum, skiing, bookkeeper, savvy, withheld, hmmm, zzz, www.example.com, AAA, III, VIII, XII, aaah, oooh, brrr, shhh
burn the corn, torn and born modern horns, click the clear clock, the clown climbed, a cluster of clips, savvy revved
as is, as in, as set, an al dente dish, an us border, on us, use us, u s e, s e e, "a s", b u t; of us all; is sue; in for mal
Der Ass-Spieler: Fick? Nein: Dickicht, Spaß, Masse, Klasse, Hassen, Tasse, Essen, Kassel, Passau, Prise, Analyse, Titel, Hotel, Hell!
Il a dit: c'est l'assiette, qu'il s'assoit, d'analyser; j'assume; aujourd'hui; le concombre, la classe, un titre, s'il vous plaît.
El análisis clásico, la clase, el título, la masa; pasa; ¿cómo?; la computadora; os chupetes; el documento y los acumuladores.
Привет! Вот тор, рот, нос, сор, хор, она, он, вор, пот, тот, кот. Семён сам сосал? Нет: сон, рис, сыр, мир, суп, пир, пас, ас.
Καλημέρα: ο τίτλος, η κλάση, τα άσσα, το πάσο, ως και, αν και όχι. זה טקסט רגיל. هذا نص عادي. यह एक सामान्य पाठ है।
🇦🇸 🇸🇪 🇺🇸🇬🇧 m² 1½ ™ © ® 5°C 100 € £55 ¥455 €5ex 20$ it's $5 ass-umption c++ c# f(x) a[i] i++ x+y=z a|b 5/hit
cock\u00adpit ana\u00adly\u00adsis as\u00adsets ti\u00adtle Scun\u00adthorpe class\u00adic
"""
# What the text has by intention: the words themselves, as whole words.
MEANT = {"ass", "hell", "tit", "free", "bum"}


def test_there_are_many_words() -> None:
    """A short list proves nothing."""
    assert len(WORDS) > 1000


@pytest.mark.parametrize("line", INNOCENT.strip().splitlines())
def test_innocent_text(line: str) -> None:
    """No hit but of words that really stand there, as they are written."""
    hits = list(Scan(MATCHER, Work(10**6)).feed(line, final=True))
    assert [(hit.term.entry.text, hit.text, hit.view) for hit in hits if hit.text.lower() not in MEANT] == []


def test_the_documents_of_this_project() -> None:
    """Technical prose, tables and code have nothing in disguise (but for the page that shows disguises)."""
    for path in {*(Path(__file__).parents[2] / "docs").glob("*.md")} - {*Path(__file__).parents[2].glob("docs/wordlist-*.md")}:
        hits = Scan(MATCHER, Work(10**7)).feed(path.read_text(), final=True)
        assert [(hit.term.entry.text, hit.text) for hit in hits if hit.view not in ("exact", "case", "punctuated")] == []
