"""What a page's own styles hide, and what they do not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.styles import STRONG, Hide, Path, sheet

HIDDEN_INLINE = [
    "display:none",
    "DISPLAY : NONE !important",
    "d\\69splay:none",
    "dis\\70 lay:none",
    "visibility:hidden",
    "opacity:0",
    "opacity:.01",
    "opacity:0%",
    "position:absolute;left:-9999px",
    "position:fixed;top:-152413851px",
    "position:absolute;right:-5000px",
    "position:absolute;left:-200em",
    "text-indent:-9999px",
    "margin-left:-5000px",
    "margin:0 0 0 -99999px",
    "transform:translateX(-9999px)",
    "transform:translate(-9999px, 0)",
    "transform:scale(0)",
    "font-size:0",
    "font-size:1px",
    "font-size:1%",
    "font:1px/1 Arial",
    "font:0/0 a",
    "height:0;overflow:hidden",
    "width:1px;height:1px;overflow:hidden;position:absolute",
    "max-height:0;overflow:hidden",
    "clip:rect(0,0,0,0);position:absolute",
    "clip:rect(1px 1px 1px 1px);position:absolute",
    "clip-path:inset(100%)",
    "clip-path:circle(0)",
    "color:transparent",
    "color:rgba(0,0,0,0)",
    "color:#fff;background:#ffffff",
    "color:white;background-color:#fefefe",
    "color:#FFF0",
    "filter:opacity(0)",
    "content-visibility:hidden",
]
SHOWN_INLINE = [
    "",
    "display:block",
    "visibility:visible",
    "opacity:.8",
    "position:relative;left:-10px",
    "position:static;left:-9999px",
    "left:-280px;position:fixed",
    "text-indent:-2em",
    "margin-left:-15px",
    "transform:translateY(20px)",
    "transform:rotate(9999deg)",
    "font-size:12px",
    "font-size:80%",
    "font:italic 400 16px/1.5 serif",
    "height:0;padding-bottom:56.25%;overflow:hidden",
    "height:0",
    "max-width:100%;overflow:hidden",
    "width:100%;overflow:hidden",
    "clip-path:inset(1px)",
    "color:#fff;background:#003366",
    "color:#fff",
    "color:white;background:url(/a.png) white",
    "color:transparent;-webkit-background-clip:text;background-image:linear-gradient(red,blue)",
    "color:#fff;background:transparent",
    "display:",
    "display",
    ":none;;;",
]


@pytest.mark.parametrize("style", HIDDEN_INLINE)
def test_an_inline_style_that_hides_is_seen(style: str) -> None:
    found = sheet([]).hides("div", {"style": style})
    assert found is not None
    assert found.how == "inline"
    assert found.how in STRONG
    assert found.why


@pytest.mark.parametrize("style", SHOWN_INLINE)
def test_an_inline_style_that_shows_is_not_accused(style: str) -> None:
    assert sheet([]).hides("div", {"style": style}) is None


RULES = [
    (".x1{height:0;width:0;overflow:hidden}", "div", {"class": "a x1"}, True),
    (".x1{display:none}", "div", {"class": "x11"}, False),
    ("#k9{display:none}", "div", {"id": "k9"}, True),
    ("#k9{display:none}", "div", {"id": "k8"}, False),
    ("p{display:none}", "p", {}, True),
    ("p.a.b , span.c{display:none}", "p", {"class": "b a"}, True),
    ("p.a.b , span.c{display:none}", "p", {"class": "b"}, False),
    ("div[data-k=v]{display:none}", "div", {"data-k": "v"}, True),
    ('div[data-k="w"]{display:none}', "div", {"data-k": "v"}, False),
    ("[class*='hid']{display:none}", "div", {"class": "xhidx"}, True),
    ("[hidden]{display:none}", "div", {"class": "x"}, False),
    (".a{display:none}.a{display:block}", "div", {"class": "a"}, False),
    (".a{display:none}.a.b{display:block}", "div", {"class": "a b"}, False),
    (".a.b{display:block}.a{display:none}", "div", {"class": "a b"}, False),
    (".a.b{display:block}.a{display:none!important}", "div", {"class": "a b"}, True),
    ("@media print{.a{display:none}}", "div", {"class": "a"}, False),
    ("@media screen{.a{display:none}}", "div", {"class": "a"}, True),
    ("@media (max-width:600px){.a{display:none}}", "div", {"class": "a"}, False),
    ("@media (min-width:1px){.a{display:none}}", "div", {"class": "a"}, True),
    ("@media(min-width:60em){.a{display:none}}", "div", {"class": "a"}, True),
    ("@media (prefers-color-scheme:dark){.a{color:#fff0}}", "div", {"class": "a"}, False),
    ("@supports (display:grid){.a{display:none}}", "div", {"class": "a"}, True),
    ("@keyframes a{from{opacity:0}}.b{color:red}", "from", {"class": "b"}, False),
    ("@font-face{font-family:x}.a{display:none}", "div", {"class": "a"}, True),
    ('@charset "utf-8";@import url(x.css);.a{display:none}', "div", {"class": "a"}, True),
    (".a:hover{display:none}", "div", {"class": "a"}, False),
    (".a::before{display:none}", "div", {"class": "a"}, False),
    (".b .a{display:none}", "div", {"class": "a"}, False),
    ("/* .a{display:none} */", "div", {"class": "a"}, False),
    (".a/**/{dis/**/play:none;display:none}", "div", {"class": "a"}, True),
    ("<!-- .a{display:none} -->", "div", {"class": "a"}, True),
    ('.q{content:"}"}.a{display:none}', "div", {"class": "a"}, True),
    (".sm\\:off{display:none}", "div", {"class": "sm:off"}, True),
    (".\\61 bc{display:none}", "div", {"class": "abc"}, True),
    (".a{display:none", "div", {"class": "a"}, True),
    (".a{opacity:0;", "div", {"class": "a"}, True),
]


@pytest.mark.parametrize(("css", "tag", "attrs", "hidden"), RULES)
def test_a_style_rule_hides_whom_it_names(css: str, tag: str, attrs: dict[str, str], hidden: bool) -> None:
    found = sheet([css]).hides(tag, attrs)
    assert (found is not None) is hidden
    assert found is None or found.how == "stylesheet"


def test_rules_with_ancestors_need_the_ancestors() -> None:
    read = sheet([".box p{display:none} ul>li{visibility:hidden}"])
    path = Path()
    assert read.hides("p", {}, path=path) is None
    assert read.hides("p", {}) is None
    path.push("div", {"class": "box"})
    path.push("section", {})
    assert read.hides("p", {}, path=path) is not None
    path.push("ul", {})
    assert read.hides("li", {}, path=path) is not None
    path.push("div", {})
    assert read.hides("li", {}, path=path) is None
    for _ in range(4):
        path.pop()
    assert read.hides("p", {}, path=path) is None


def test_two_rules_may_hide_together() -> None:
    read = sheet([".a{position:absolute}", ".b{left:-9999px}", ".c{overflow:hidden}", ".d{height:0}"])
    assert read.hides("div", {"class": "a b"}) is not None
    assert read.hides("div", {"class": "c d"}) is not None
    assert read.hides("div", {"class": "a d"}) is None


@pytest.mark.parametrize(
    "script",
    [
        "s.appendChild(document.createTextNode('#k9{position:fixed;overflow:hidden;top:-152413851px;display:block}'))",
        'style.innerHTML = "#k9 { display:none }";',
        "document.write('<style>#k9{left:-9999px;position:absolute}</style>')",
        "sheet.insertRule(`#k9{font-size:0}`, 0)",
        "document.getElementById('k9').style.display='none';",
        'document.getElementById("k9").style.textIndent = "-9999px"',
    ],
)
def test_a_rule_that_a_script_writes_is_read(script: str) -> None:
    found = sheet([], [script]).hides("div", {"id": "k9"})
    assert found is not None
    assert found.how == "script"


def test_text_in_the_colour_of_an_ancestor_is_hidden() -> None:
    read = sheet([".page{background:#f5f5f5}"])
    behind = read.background("div", {"class": "page"})
    assert behind == "#f5f5f5"
    assert read.hides("p", {"style": "color:#f4f4f4"}, background=behind) is not None
    assert read.hides("p", {"style": "color:#222"}, background=behind) is None
    assert read.hides("font", {"color": "#F5F5F5"}, background=behind) == Hide(
        why="color=#F5F5F5 on #f5f5f5", how="markup"
    )


@pytest.mark.parametrize(
    ("tag", "attrs", "how"),
    [
        ("marquee", {"width": "1", "height": "1"}, "markup"),
        ("iframe", {"width": "0", "height": "0"}, "markup"),
        ("div", {"height": "1"}, "markup"),
        ("div", {"hidden": ""}, "attribute"),
        ("p", {"aria-hidden": "true"}, "attribute"),
        ("noscript", {}, "noscript"),
        ("template", {}, "template"),
        ("noscript", {"style": "display:none"}, "inline"),
        ("p", {"aria-hidden": "false"}, None),
        ("details", {}, None),
        ("img", {"width": "1", "height": "1"}, None),
        ("table", {"width": "100%"}, None),
    ],
)
def test_markup_hides_as_far_as_it_is_proof(tag: str, attrs: dict[str, str], how: str | None) -> None:
    found = sheet([]).hides(tag, attrs)
    assert (found and found.how) == how


HOSTILE = {
    "braces": "{" * 1_000_000,
    "closing": "}" * 1_000_000,
    "comments": "/*" * 500_000,
    "stars": "/" + "*" * 1_000_000,
    "quotes": "\"'" * 500_000,
    "escapes": "\\" * 1_000_000,
    "rules": ".a{left:0}" * 100_000,
    "classes": "".join(f".a.b{n}{{left:0}}" for n in range(60_000)),
    "commas": "," * 1_000_000,
    "selector": ".a " * 333_000 + "{display:none}",
    "media": "@media " * 140_000 + "{",
    "numbers": ".a{margin:" + "1" * 1_000_000 + "}",
    "semicolons": ";" * 1_000_000,
    "brackets": "[" * 1_000_000 + "{left:0}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_of_hostile_css_takes_less_than_a_second(name: str) -> None:
    started = time.process_time()
    read = sheet([HOSTILE[name]], [HOSTILE[name]])
    for _ in range(100):
        read.hides("div", {"class": "a", "style": "left:0"})
    assert time.process_time() - started < 2.0  # both readers, on a shared machine


@given(st.lists(st.text(alphabet="{}@.#a:;[]()\"'\\/*-0 \n,>!é", max_size=200), max_size=3), st.text(max_size=60))
def test_no_style_makes_the_reader_stumble(css: list[str], style: str) -> None:
    read = sheet(css, css)
    found = read.hides("a", {"class": "a", "id": "a", "style": style}, background=style)
    assert found is None or found.why
    read.background("a", {"class": "a", "style": style})
