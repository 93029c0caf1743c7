"""What CSS and old HTML hide, what they do not, and the two readings of a page."""

from __future__ import annotations

import pytest

from filterd.mail.html import HIDDEN, REVERSED, VISIBLE, WITHOUT, HtmlText
from filterd.mail.html_colors import css_color, is_unseen, legacy_color

HIDERS = [
    "style='display:none'",
    "style='display: NONE !important; display:block'",
    "style='display:none;display:nonsense'",
    "style='visibility:hidden'",
    "style='font-size:0'",
    "style='font-size:0px'",
    "style='font-size:1px'",
    "style='font-size:.01em'",
    "style='font:0/0 a'",
    "style='font:italic 1px/1 Arial'",
    "style='opacity:0'",
    "style='opacity:.0'",
    "style='scale:0'",
    "style='content-visibility:hidden'",
    "style='font-size:calc(0px + 0em)'",
    "style='font-size:min(0px, 3px)'",
    "style='position:absolute;right:9999px'",
    "style='position:relative;left:99999px'",
    "style='filter:alpha(opacity=0)'",
    "style='max-height:0;overflow:hidden'",
    "style='width:0;overflow:hidden'",
    "style='mso-hide:all'",
    "style='text-indent:-9999px'",
    "style='position:absolute;left:-9999px'",
    "style='position:absolute;clip:rect(0,0,0,0)'",
    "style='transform:scale(0)'",
    "style='color:#fff'",
    "style='color:white'",
    "style='color:rgb(254, 254, 254)'",
    "style='color:transparent'",
    "style='color:rgba(0,0,0,0)'",
    "style='color:#1234;color:#00000000'",
    "style='color:red;background-color:#f00'",
    "style='background:#eee;color:#efefef'",
    "style='dis&#112;lay:none'",
    "style='d\\69splay:none'",
    "style='display:/* x */none'",
    "style='content:\";\";display:none'",
    "style='background:url(data:x;y);display:none'",
    "hidden",
    "HIDDEN=''",
    "color=white",
    "color='#FEFEFE'",
]


def areas(source: str) -> dict[str, str]:
    return {name: extract.text for name, extract in HtmlText().feed(source, final=True).items()}


@pytest.mark.parametrize("hider", HIDERS)
def test_hidden_letters_split_no_word(hider: str) -> None:
    """Both readings have their words: without what is hidden, and with it."""
    given = areas(f"via<font {hider}>xx</font>gra")
    assert given[VISIBLE] == "viagra"
    assert "viaxxgra" in given[HIDDEN]


@pytest.mark.parametrize(
    "style",
    [
        "display:block",
        "visibility:visible",
        "font-size:12px",
        "font-size:1em",
        "opacity:1",
        "scale:1",
        "font-size:calc(12px + 0.1vw)",
        "font-size:max(0px, 3px)",
        "position:absolute;left:600px",
        "max-height:0",
        "overflow:hidden;height:20px",
        "color:#ccc",
        "color:white;background:black",
        "color:white;background:url(x.png)",
        "color:black",
        "left:-9999px",
        "display:nonesuch",
        "x-display:none",
        "content:'display:none'",
    ],
)
def test_seen(style: str) -> None:
    """What only resembles hiding."""
    given = areas(f'a <span style="{style}">word</span>')
    assert "word" in given[VISIBLE]
    assert "word" not in given.get(HIDDEN, "").replace("display", "")


@pytest.mark.parametrize(
    ("source", "visible"),
    [
        ("<div style='visibility:hidden'>a<b style='visibility:visible'>seen</b></div>", "seen"),
        ("<td style='font-size:0'>a<div style='font-size:13px'>seen</div></td>", "seen"),
        ("<div style='display:none'>a<b style='display:inline'>b</b></div>", ""),
        ("<div style='opacity:0'>a<b style='opacity:1'>b</b></div>", ""),
        ("<body bgcolor=black><font color=white>seen</font><font color=black>a</font>", "seen"),
        ("<body bgcolor=#ffffff text=#ffffff>a<font color=red>seen", "seen"),
        ("<table bgcolor=navy><tr><td><font color=white>seen", "seen"),
        ("<td background=x.gif><font color=white>seen", "seen"),
        ("<font color=white>a<a href=x>seen</a>b</font>", "seen"),
        ("<body bgcolor=#0000ee text=white>se<a href=x>a</a>en", "seen"),
        ("<p hidden>a<p>seen", "seen"),
        ("<li hidden>a<li>seen", "seen"),
        ("<table><tr><td hidden>a<td>seen</table>", "seen"),
        ("<table><tr><td><span hidden>a</td><td>seen</table>", "seen"),
        ("<div><span hidden>a</div>seen", "seen"),
        ("<div><font style='display:none'>a</div>b</font>seen", "seen"),
        ("<span hidden>a</i></div>b</span>seen", "seen"),
        ("<span hidden>a<span>b</span>c</span>seen", "seen"),
        ("<span hidden/>a</span>seen", "seen"),
        ("<input type=hidden value=a>seen<br hidden>", "seen"),
        ("<b style=display:none style=display:inline>a</b>seen", "seen"),
        ("<style>.x{display:none}</style><i class='y x'>a</i>seen<i class=z>", "seen"),
        ("<style>#x{display:none}</style><i id=x>a</i>seen", "seen"),
        ("<style>i.x, b{font-size:0}</style><i class=x>a</i><i>se</i><b>c</b>en", "seen"),
        ("<style>.o .i{display:none}</style><b class=i>seen</b><p class=o><b class=i>a</b></p>", "seen"),
        ("<style>.x{display:none}p{display:block!important}</style><p class=x>seen", "seen"),
        ("<style>.x{display:none}</style><i class=x style='display:inline'>seen</i>", "seen"),
        ("<i class=x>a</i>seen<style>.x{display:none}</style>", "seen"),
        ("<style>@media (max-width:9px){.x{display:none}}</style><i class=x>seen</i>", "seen"),
        (
            f"<style>{'.x{color:red}' * 500}{''.join(f'.x.y{n}{{color:red}}' for n in range(60))}.x{{font-size:0}}</style>"
            "<i class=x>a</i>seen",
            "seen",
        ),
        ("<style>[class~=x]{display:none}</style><i class=x>a</i>seen", "seen"),
        ("<style>p::before{display:none}</style><p>seen</p>", "seen"),
        ("<style>@media screen{.x{display:none}}</style><i class=x>a</i>seen", "seen"),
        ("<style>.x:hover{display:none}</style><i class=x>seen</i>", "seen"),
        ("<style>a{content:'}.x{display:none}'}</style><i class=x>seen</i>", "seen"),
        ("<style><!-- .x{display:none} --></style><i class=x>a</i>seen", "seen"),
    ],
)
def test_what_is_seen(source: str, visible: str) -> None:
    """Inheritance, colours, implied end tags, style sheets."""
    assert "".join(areas(source).get(VISIBLE, "").split()) == visible


@pytest.mark.parametrize(
    ("source", "visible"),
    [
        ("for<div style='display:inline'>bid</div>den", "forbidden"),
        ("pen<span style='display:block'>is</span>land", "pen\nis\nland"),
        ("pen<span style='display:table-cell'>is</span>", "pen\tis\t"),
        ("via<div style='display:none'>x</div>gra", "viagra"),
        ("pen<div style='color:white'>x</div>is", "pen\n\nis"),
        ("<table><tr><td>v<td>i<td>a</table>", "\n\n\tv\ti\ta\n"),
    ],
)
def test_what_touches(source: str, visible: str) -> None:
    """Whether elements break words is a matter of style."""
    assert areas(source)[VISIBLE] == visible


def test_hidden_text_comes_with_its_neighbours_only() -> None:
    """A preheader is no reason to give the whole page twice."""
    page = f"<div style='display:none'>preheader</div>{'<p>visible</p>' * 50}"
    assert areas(page)[HIDDEN].strip("\n\0") == "preheader"


def test_a_hidden_block_breaks_words_for_who_sees_it() -> None:
    """A block is a block when it is shown."""
    assert "penis" not in areas("pen<div style='display:none'>is</div>land")[HIDDEN]


@pytest.mark.parametrize(
    "source",
    [
        "<bdo dir=rtl>neddibrof</bdo>",
        "<bdo dir=rtl>neddib</bdo> <bdo dir=rtl>neddibrof</bdo>",
        "for<bdo dir=rtl>neddib</bdo>",
        "<span style='direction:rtl;unicode-bidi:bidi-override'>neddibrof",
        "<style>.r{unicode-bidi:bidi-override;direction:rtl}</style><p class=r>ned<b>dib</b>rof",
    ],
)
def test_reversed(source: str) -> None:
    """Text that is shown from right to left is read so."""
    assert "forbidden" in areas(source)[REVERSED]


@pytest.mark.parametrize(
    "source",
    [
        "for<!--[if !mso]><!--><i>xx</i><!--<![endif]-->bidden",
        "for<![if !mso]><i>xx</i><![endif]>bidden",
        "<style>@media (min-width:1px){.x{display:none}}</style>for<i class=x>xx</i>bidden",
        "<style>i:nth-child(1){display:none}</style>for<i>xx</i>bidden",
        "<style>i[title]{font-size:0}</style>for<i title=a>xx</i>bidden",
        "<style>b+i{display:none}</style><b>f</b>or<i>xx</i>bidden",
    ],
)
def test_doubtful(source: str) -> None:
    """What only some readers see is read with and without."""
    given = areas(source)
    assert given[VISIBLE] == "forxxbidden"
    assert "forbidden" in given[WITHOUT]


def test_a_page_that_begins_to_hide_late() -> None:
    """Elements are followed from the first slice on in which anything could be hidden."""
    page = HtmlText()
    page.feed(f"<body bgcolor=navy><div>{'<p>a</p>' * 20_000}", final=False)
    given = page.feed("<font color=white>seen</font><font color=navy>x</font><span hidden>x</div>seen<p>", final=True)
    assert "".join(given[VISIBLE].text.split()).strip("a") == "seenseen"


def test_floating_letters() -> None:
    """Letters that float to the right stand in the other order."""
    letters = "".join(f"<b style='float:right'>{letter}</b>\n" for letter in reversed("forbidden"))
    assert "forbidden" in areas(f"<p>{letters}</p>next")[REVERSED]
    assert REVERSED not in areas("<div style='float:right'>a</div>b<div style='float:right'>c</div>")


def test_reversed_letters_keep_their_marks() -> None:
    """A mark stands behind its letter, whichever way the letters go."""
    assert areas("<bdo dir=rtl>\u0921\u093f\u0939\u093f</bdo>")[REVERSED].strip("\n\0") == "\u0939\u093f\u0921\u093f"


@pytest.mark.parametrize(
    ("text", "color"),
    [
        ("white", (255, 255, 255)),
        ("#fff", (255, 255, 255)),
        ("ffffff", (255, 255, 255)),
        ("#12", (1, 2, 0)),
        ("chucknorris", (0xC0, 0, 0)),
        ("", None),
        ("transparent", None),
    ],
)
def test_legacy_colors(text: str, color: tuple[int, int, int] | None) -> None:
    """HTML Standard §2.3.6, the rules for legacy colour values."""
    assert legacy_color(text) == color


@pytest.mark.parametrize(
    ("text", "color"),
    [
        ("rgb(100%,0%,0%)", (255, 0, 0)),
        ("rgb(1 2 3 / 50%)", (1, 2, 3)),
        ("hsl(0, 0%, 100%)", (255, 255, 255)),
        ("#ffff", (255, 255, 255)),
        ("ffffff", None),
        ("rgb(1,2)", None),
    ],
)
def test_css_colors(text: str, color: tuple[int, int, int] | None) -> None:
    """CSS Color 4."""
    assert css_color(text) == color


def test_near_colors() -> None:
    """What nobody can tell apart."""
    assert is_unseen((250, 250, 250), (255, 255, 255))
    assert not is_unseen((204, 204, 204), (255, 255, 255))
