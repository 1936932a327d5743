"""Pages as they come: broken encodings, attacks on the parser, bases, tags."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newscrawl import markup
from newscrawl.drafts import WHITE
from newscrawl.hrefs import Hrefs, absolute, host_of
from newscrawl.model import Page

URL = "https://news.example/a/b.html"


def page(body: bytes, content_type: str = "") -> Page:
    return Page(url=URL, body=body, headers={"content-type": content_type} if content_type else {})


@pytest.mark.parametrize(
    ("body", "content_type", "text", "encoding"),
    [
        ("<p>naïve".encode(), "", "<p>naïve", "utf-8"),
        ("<p>naïve".encode("latin-1"), "text/html; charset=iso-8859-1", "<p>naïve", "cp1252"),
        ("<p>Привет".encode("cp1251"), "text/html; charset=windows-1251", "<p>Привет", "cp1251"),
        ('<meta charset="windows-1251"><p>Да'.encode("cp1251"), "", '<meta charset="windows-1251"><p>Да', "cp1251"),
        ("\ufeff<p>Ω".encode("utf-16-le"), "text/html; charset=utf-8", "<p>Ω", "utf-16-le"),
        (b"\xef\xbb\xbf<p>x", "text/html; charset=iso-8859-1", "<p>x", "utf-8"),
        ("<p>日本".encode("euc-jp"), "text/html; charset=euc-jp", "<p>日本", "euc_jp"),
        (b"<p>plain", "text/html; charset=utf-16", "<p>plain", "utf-8"),
        (b"<p>plain", "text/html; charset=utf-7", "<p>plain", "utf-8"),
        (b"<p>plain", "text/html; charset=idna", "<p>plain", "utf-8"),
        (b"<p>plain", "text/html; charset=no-such-thing", "<p>plain", "utf-8"),
        (b"<p>bad \xff byte", "text/html; charset=utf-8", "<p>bad \ufffd byte", "utf-8"),
        (b"", "", "", "utf-8"),
    ],
)
def test_a_body_is_read_by_its_mark_then_header_then_meta(
    body: bytes, content_type: str, text: str, encoding: str
) -> None:
    found, name = markup.decode(page(body, content_type))
    assert (found.lstrip("\ufeff"), name) == (text, encoding)


LONG = 'x=y z="1" ' * 2000
ATTACKS = {
    "page_cut": ["<p>x</p>" + "a" * markup.MAX_CHARACTERS, "<p>" * (markup.MAX_TAGS + 9)],
    "comments_dropped": ["<p>kept" + "<!--x-->" * (markup.MAX_COMMENTS + 1)],
    "attributes_dropped": [f"<p {LONG}>kept", f"<p class='a' {LONG}>kept</p><p>more"],
    "encoding_broken": ["<p>" + "\ufffd" * 200 + "kept"],
}


@pytest.mark.parametrize(("flag", "html"), [(flag, html) for flag, pages in ATTACKS.items() for html in pages])
def test_what_would_hang_the_parser_is_taken_out_and_flagged(flag: str, html: str) -> None:
    tamed, flags = markup.tame(html)
    assert flags == (flag,)
    assert len(tamed) <= min(len(html), markup.MAX_CHARACTERS)
    assert ("kept" in tamed) == ("kept" in html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>plain</p>",
        "<!-- one --><p title='a > b'>x</p>",
        f"<script>{LONG}</script><p>x",
        f"<!-- <p {LONG}> --><p>x",
        '<p title="it\'s">x</p>\n\t\r\f<p>y \xa0 é 中',
        '<p>an " odd quote</p>' + "<p>text</p>" * 2000,
        f'<div data-json="{"{}, " * 4000}">x</div>',
    ],
)
def test_an_honest_page_is_left_as_it_is(html: str) -> None:
    assert markup.tame(html) == (html, ())


@pytest.mark.parametrize(
    ("html", "tamed"),
    [("a\x00b", "ab"), ("a\x01b\x1fc\x7fd\x0be", "a b c d e"), ("é\x02", "é "), ("a\ud800b", "a b"), ("\x85", "\x85")],
)
def test_characters_that_no_document_may_hold_become_spaces_and_nul_nothing(html: str, tamed: str) -> None:
    assert markup.tame(html)[0] == tamed


def test_overlong_tags_of_a_feed_lose_their_attributes_and_nothing_else() -> None:
    assert markup.untangled(f"<rss><item {LONG}><title>kept</title></item></rss>") == (
        "<rss><item><title>kept</title></item></rss>"
    )


@pytest.mark.parametrize(
    ("html", "language"),
    [("<html lang='id'>", "id"), ("<html lang=' pt-BR '>", "pt-BR"), ("<html lang=''>", None), ("<p>x", None)],
)
def test_the_language_is_what_the_page_declares(html: str, language: str | None) -> None:
    assert markup.document(Page.from_html(html, url=URL)).language == language


@pytest.mark.parametrize(
    ("head", "base"),
    [
        ("", URL),
        ("<base href='/x/'>", "https://news.example/x/"),
        ("<base href='https://other.example/q'><base href='/no'>", "https://other.example/q"),
        ("<base target=_top><base href='c'>", "https://news.example/a/c"),
        ("<base href='http://[bad'>", URL),
        ("<base href=''>", URL),
    ],
)
def test_links_start_from_the_first_base_with_an_address(head: str, base: str) -> None:
    document = markup.document(Page.from_html(f"<head>{head}</head><a href='z'>x</a>", url=URL))
    assert document.base_url == base
    assert document.absolute("z") == absolute("z", base)


def test_tags_come_with_lower_case_names_their_text_and_their_place() -> None:
    html = (
        "<head><META NAME=Robots CONTENT=noai><link rel=canonical href=/c></head><body><meta name=late>"
        "<a href=/x rel=license>The <b>licence</b>\n now</a><a href=/y>No relation</a><a rel=tag>No target</a>"
    )
    document = markup.document(Page.from_html(html, url=URL))
    assert [(dict(tag.attrs), tag.in_head) for tag in document.metas] == [
        ({"name": "Robots", "content": "noai"}, True),
        ({"name": "late"}, False),
    ]
    assert [(tag.name, tag.attrs["rel"], tag.text) for tag in document.links] == [
        ("link", "canonical", ""),
        ("a", "license", "The licence now"),
        ("a", "tag", "No target"),
    ]
    assert [tag.text for tag in document.anchors] == ["The licence now", "No relation"]


def test_scripts_are_told_apart_by_their_type() -> None:
    html = "<script>one</script><script type='TEXT/JavaScript; x=y'>two</script><script type=application/ld+json>{}"
    document = markup.document(Page.from_html(html, url=URL))
    assert document.scripts("") == ("one",)
    assert document.scripts("text/javascript") == ("two",)
    assert document.scripts("application/ld+json") == ("{}",)


BASES = st.sampled_from((URL, "http://h.example", "https://h.example:81/x?q", "file:///x", "", "HTTPS://Up.Example/"))
PIECES = st.sampled_from(
    [*"/?#.;:aB \t\né[]@\\&=x", "//", "..", "%20", "http", "https", "://", "h.example", "mailto:", "javascript:"]
)


@given(BASES, st.lists(PIECES, max_size=9).map("".join))
@example(URL, "//")
@example(URL, "/a?")
@example(URL, "https://h.example/a#")
@example(URL, "https://h.example./a")
def test_the_short_way_to_an_address_leads_where_the_long_one_does(base: str, href: str) -> None:
    url = absolute(href, base)
    assert Hrefs(base).full(href) == (url, host_of(url))


TOKENS = (
    "<p> </p> </div> <a '> <!-- --> <style> </style> p{display:none} { } <script> </script> <svg> <table> <td> &# &amp; "
    "<body> <base <pre> word <frameset> <![CDATA["
)
MARKUP = st.lists(
    st.sampled_from([*TOKENS.split(), *'<>"\x00\ud800\n ', "<div hidden>", "<a href='", "<html lang=x>", "<?xml ?>"])
    | st.text(max_size=4),
    max_size=30,
).map("".join)


@given(MARKUP)
@example("\x85")
def test_no_page_is_beyond_reading(html: str) -> None:
    document = markup.document(Page.from_html(html, url=URL))
    draft = document.draft
    assert draft.text == draft.text.strip(WHITE)
    assert all(0 <= mark.start < mark.end <= len(draft.text) for mark in draft.marks)
    assert [(mark.start, -mark.end) for mark in draft.marks] == sorted((mark.start, -mark.end) for mark in draft.marks)
    assert document.metas is not None
    assert document.anchors is not None


@given(st.binary(max_size=60), st.sampled_from(("", "text/html", "text/html; charset=utf-16", "x; charset=\x00")))
def test_no_bytes_are_beyond_reading(body: bytes, content_type: str) -> None:
    assert isinstance(markup.document(page(body, content_type)).draft.text, str)


@pytest.mark.parametrize(
    "before",
    [
        "<p>short</p>", "<!-- a -- b -->", "<!--->-->", "<!-->-->", "<script>if (a<b) '</scrip'</script>",
        "<STYLE>p{}</STYLE>", "<title>a <b</title>", "<textarea>a <p x='</textarea>", "<p class=a\"b>", "a < b",
        "<a x='it\"s' y=\"don't\">", "<p " + "a " * 600 + ">", "<p " + 'k="v" ' * 300 + ">", "<scripty>", "</p >",
        "<\u017fcript x=\">", "<script>a</\u017fcript>",
    ],
)  # fmt: skip
def test_an_overlong_tag_is_found_behind_whatever_stands_before_it(before: str) -> None:
    html, flags = markup.tame(f"{before}<i {'k=v ' * 5000}>text")
    assert "attributes_dropped" in flags
    assert html.endswith("<i>text")
    assert html.startswith(before)
