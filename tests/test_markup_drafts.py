"""Drafts of small pages, mark by mark."""

from __future__ import annotations

import pytest

from newscrawl import markup
from newscrawl.model import Draft, Page

URL = "https://news.example/a/b.html"


def draft(html: str) -> Draft:
    return markup.document(Page.from_html(html, url=URL)).draft


def told(found: Draft, *kinds: str) -> list[tuple[str, str, dict[str, str]]]:
    """Kind, text and attributes of each mark of some kinds."""
    return [(one.kind, found.text[one.start : one.end], dict(one.attrs)) for one in found.marks if one.kind in kinds]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<p>One<p>Two", "One\n\nTwo"),
        ("One<br>Two<br><br>Three", "One\nTwo\n\nThree"),
        ("<p>a <b> bold </b> word</p>", "a bold word"),
        ("<p>tight<b>bold</b>ly</p>", "tightboldly"),
        ("<p>folded \n\t\xa0 white\r\nspace </p>", "folded white space"),
        ("<p>kept\u2003wide\u3000space", "kept\u2003wide\u3000space"),
        ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a\tb\n\nc\td"),
        ("<pre>one\n\n  two  three\n</pre>four", "one\ntwo three\n\nfour"),
        ("<p>a<!-- not b -->c", "ac"),
        ("<p>a<script>b</script>c<style>d</style>e", "ace"),
        ("<p>a<iframe>b</iframe> c<select><option>d</select>e", "a ce"),
        ("<svg><title>no</title></svg>a<svg><p>after an open svg", "a\n\nafter an open svg"),
        ("<ul><li>one<li>two<ul><li>three</ul></ul>", "one\n\ntwo\n\nthree"),
        ("<body>   </body>", ""),
        ("", ""),
    ],
)
def test_the_text_of_a_page_is_what_its_blocks_make_of_it(html: str, text: str) -> None:
    assert draft(html).text == text


def test_a_whole_article_is_marked_as_it_is_built() -> None:
    found = draft(
        "<main><h1 class=head>Rain</h1><p>By <a href=/staff rel=author>Ann</a>, <time datetime=2024-05-01>May</time>"
        "<blockquote>Wet.</blockquote><figure><figcaption>A cloud</figcaption></figure>"
        "<p>It <strong>rained</strong>.<aside>More</aside></main><footer><small>© A</small></footer>"
    )
    assert found.text == "Rain\n\nBy Ann, May\n\nWet.\n\nA cloud\n\nIt rained.\n\nMore\n\n© A"
    kinds = ("heading", "link", "time", "quote", "caption", "strong", "aside", "foot", "small")
    assert told(found, *kinds) == [
        ("heading", "Rain", {"level": "1"}),
        ("link", "Ann", {"href": "https://news.example/staff", "host": "news.example", "rel": "author"}),
        ("time", "May", {"datetime": "2024-05-01"}),
        ("quote", "Wet.", {}),
        ("caption", "A cloud", {}),
        ("strong", "rained", {}),
        ("aside", "More", {}),
        ("small", "© A", {}),
        ("foot", "© A", {}),
    ]
    assert told(found, "block")[2] == ("block", "Rain", {"tag": "h1", "class": "head"})


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<div role=contentinfo>x</div>", "foot"),
        ("<div role=navigation>x</div>", "aside"),
        ("<nav role=contentinfo>x</nav>", "aside"),
        ("<span role=complementary>x</span>", "aside"),
        ('<div class="page-footer">x</div>', "foot"),
        ('<div id="sidebar">x</div>', "aside"),
        ("<ol><li>x</ol>", "list"),
        ("<table><tr><td>x</table>", "table"),
        ("<p><q>x</q>", "quote"),
    ],
)
def test_regions_are_told_by_tag_then_role_then_name(html: str, kind: str) -> None:
    found = [one for one in draft(html).marks if one.kind not in ("block", "hidden")]
    assert [(one.kind, one.start, one.end) for one in found] == [(kind, 0, 1)]


@pytest.mark.parametrize(
    ("html", "hidden"),
    [
        ("<p>seen", []),
        ("<p style=display:none>x", [("x", "display:none", "inline")]),
        ("<p hidden>x", [("x", "hidden", "attribute")]),
        ("<div aria-hidden=true>x", [("x", "aria-hidden", "attribute")]),
        ("<noscript>x</noscript>", [("x", "noscript", "noscript")]),
        ("<style>.a{display:none}</style><p class=a>x<p>y", [("x", "display:none", "stylesheet")]),
        ("<style>.a p{display:none}</style><p>y<div class=a><b><p>x", [("x", "display:none", "stylesheet")]),
        ("<style>.a>p{display:none}</style><div class=a><section><p>x", []),
        ("<style>[data-x]{display:none}</style><p data-x=1>x<p>y", [("x", "display:none", "stylesheet")]),
        ("<style>p{display:none}.b{display:block}</style><p>x<p class=b>y", [("x", "display:none", "stylesheet")]),
        ("<style>p{color:#333}.b{top:0}</style><p class=b>y", []),
        ("<style>.w{background:#fff}</style><div class=w><p style=color:white>x", [("x", "color:white on #fff", "inline")]),
        ("<style>p{color:#fff}.w{background:#fff}</style><div class=w><p>x", [("x", "color:#fff on #fff", "stylesheet")]),
        ("<style>p{color:#fff}.w{background:#fff}</style><div class=w><div style=background:navy><p>x", []),
        ("<style>p{color:#fff}.w{background:#000}</style><div class=w><p>x", []),
        ("<table bgcolor=#eee><tr><td><font color=#eee>x</font>", [("x", "color=#eee on #eee", "markup")]),
        ("<marquee width=1 height=1>x</marquee>", [("x", "height=1", "markup")]),
        ("<div style=display:none>x<p hidden>y</div>", [("x\n\ny", "display:none", "inline")]),
        ("<div hidden>x<p style=display:none>y</div>", [("x\n\ny", "hidden", "attribute"), ("y", "display:none", "inline")]),
        ("<script>s.innerHTML='#k{left:-9999px}'</script><p id=k style=position:fixed>x", [("x", "left:-9999px", "script")]),
    ],
)  # fmt: skip
def test_what_is_hidden_is_marked_with_what_hides_it(html: str, hidden: list[tuple[str, str, str]]) -> None:
    found = draft(html)
    assert [(text, one["why"], one["how"]) for _, text, one in told(found, "hidden")] == hidden


@pytest.mark.parametrize(
    ("href", "full", "host"),
    [
        ("/x?q=1#f", "https://news.example/x?q=1#f", "news.example"),
        ("c", "https://news.example/a/c", "news.example"),
        ("../c", "https://news.example/c", "news.example"),
        ("//O.example/c", "https://O.example/c", "o.example"),
        (" https://o.example:81/c ", "https://o.example:81/c", "o.example"),
        ("https://o.example", "https://o.example", "o.example"),
        ("#f", "https://news.example/a/b.html#f", "news.example"),
        ("mailto:a@o.example", "mailto:a@o.example", ""),
        ("http://[bad", "", ""),
        ("", "https://news.example/a/b.html", "news.example"),
    ],
)
def test_a_link_is_marked_with_its_full_address_and_host(href: str, full: str, host: str) -> None:
    assert told(draft(f"<p><a href='{href}'>x</a>"), "link") == [("link", "x", {"href": full, "host": host, "rel": ""})]


def test_inner_marks_of_the_same_stretch_come_before_outer_ones() -> None:
    found = draft("<div class=outer><div class=inner><a href=/x>x</a></div></div>")
    assert [(one.kind, one.attrs.get("class")) for one in found.marks] == [
        ("link", None), ("block", "inner"), ("block", "outer"), ("block", None),
    ]  # fmt: skip


def test_a_part_of_a_page_is_drafted_without_what_is_left_out_and_with_the_rules_from_above() -> None:
    html = "<style>.a p{display:none}</style><div class=a><ul><li>one<li>two</ul><p>hid</p>tail</div><p>rest"
    document = markup.document(Page.from_html(html, url=URL))
    part = next(document.root.iter("div"))
    first = next(document.root.iter("li"))
    assert document.draft_of([part], [first]).text == "two\n\nhid\n\ntail"
    assert [one.attrs["why"] for one in document.draft_of(list(document.root.iter("p"))).of("hidden")] == [
        "display:none"
    ]
    assert document.draft_of([first, part], [part]).text == "one"
    assert document.draft_of([]) == Draft(text="")


def test_a_draft_is_the_same_however_often_it_is_asked_for() -> None:
    document = markup.document(Page.from_html("<style>b{opacity:0}</style><p class=x>a<b>b</b><p class=x>c", url=URL))
    assert document.draft_of([document.body]) == document.draft_of([document.body]) == document.draft
