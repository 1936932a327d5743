"""Feeds, sitemaps, and telling them apart."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl import read
from newscrawl.model import Page
from newscrawl.read import Listing

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Fen</title><copyright>© 2026 Fen Gazette. No AI training.</copyright>
<item><title>Reeds &amp; rushes</title><link>https://fen.example/reeds?utm_source=rss</link><pubDate>Mon, 04 May 2026 10:30:00 GMT</pubDate><description>&lt;p&gt;Cut early.&lt;/p&gt;</description>
<source url="https://riverdaily.example/feed">River Daily</source><content:encoded><![CDATA[<p>Cut early this year.</p>]]></content:encoded></item>
<item><title>Second</title><guid isPermaLink="true">https://fen.example/second</guid></item>
<item><title>Nowhere</title></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><link rel="next" href="https://a.example/feed?page=2"/>
<entry><title type="html">Ice &lt;b&gt;out&lt;/b&gt;</title><link rel="alternate" href="https://a.example/ice"/><link rel="self" href="https://a.example/x.atom"/>
<published>2026-05-04T10:30:00+02:00</published><rights>CC BY</rights><source><title>Weir Watch</title><link href="https://weirwatch.example/"/></source><summary>Ice is out.</summary></entry></feed>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "next_url": "https://j.example/feed?2",
        "items": [
            {
                "id": "1",
                "url": "https://j.example/one",
                "title": "One",
                "date_published": "2026-05-04T10:30:00Z",
                "content_html": "<p>x</p>",
            },
            {"id": "2", "url": "https://j.example/two", "external_url": "https://o.example/two", "summary": "Two."},
            {"id": "3"},
            "junk",
        ],
    }
)
BOMB = '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><rss version="2.0"><channel><item><title>&lol2;</title><link>https://a.example/x</link></item></channel></rss>'


def page(body: str | bytes, url: str = "https://fen.example/feed", kind: str = "") -> Page:
    data = body.encode() if isinstance(body, str) else body
    return Page(url=url, body=data, headers={"content-type": kind} if kind else {})


def test_an_rss_feed_tells_title_time_source_and_rights() -> None:
    listing = read.feed(page(RSS))
    first, second = listing.stories
    assert first.url == "https://fen.example/reeds"
    assert first.title == "Reeds & rushes"
    assert first.published is not None
    assert first.published.at.isoformat() == "2026-05-04T10:30:00+00:00"
    assert (first.source_name, first.source_url) == ("River Daily", "https://riverdaily.example/feed")
    assert first.summary == "Cut early."
    assert first.content_html == "<p>Cut early this year.</p>"
    assert first.rights == second.rights == "© 2026 Fen Gazette. No AI training."
    assert second.url == "https://fen.example/second"


def test_an_atom_feed_leads_on() -> None:
    listing = read.feed(page(ATOM))
    assert listing.next == ("https://a.example/feed?page=2",)
    lead = listing.stories[0]
    assert (lead.url, lead.title, lead.rights) == ("https://a.example/ice", "Ice out", "CC BY")
    assert (lead.source_name, lead.source_url) == ("Weir Watch", "https://weirwatch.example/")


def test_a_json_feed_is_read_by_its_own_rules() -> None:
    listing = read.feed(page(JSON))
    assert listing.kind == "jsonfeed"
    assert [lead.url for lead in listing.stories] == ["https://j.example/one", "https://j.example/two"]
    assert listing.stories[1].source_url == "https://o.example/two"
    assert listing.next == ("https://j.example/feed?2",)


@pytest.mark.parametrize(
    "broken",
    [
        RSS.replace("&amp;", "&"),
        RSS[:700],
        "\ufeff\n\n" + RSS,
        "junk before " + RSS,
        RSS.replace("</item>", ""),
        RSS.replace('<?xml version="1.0"?>', ""),
    ],
)
def test_a_malformed_feed_still_yields_its_first_story(broken: str) -> None:
    assert read.feed(page(broken)).stories[0].url == "https://fen.example/reeds"


@pytest.mark.parametrize("before", ["", "\ufeff", "\n<!-- <rss> -->\n", "<?xml-stylesheet href='a'?>"])
def test_a_feed_with_entities_of_its_own_is_refused_and_says_so(before: str) -> None:
    declaration, _, rest = BOMB.partition("?>")
    for body in (f"{declaration}?>{before.strip(chr(0xFEFF))}{rest}", before + rest):
        assert read.feed(page(body)) == Listing(kind="feed", left=("doctype",))
    assert read.sitemap(page(BOMB.replace("rss", "urlset"))) == Listing(kind="sitemap", left=("doctype",))


MANY = "<item><link>http://a.example/b</link></item>"


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (RSS, ()),
        (f"<rss><channel>{MANY * 2001}", ("size",)),
        (f"<rss><channel>{MANY}<item><description>{'<p>' * 60_000}", ("size",)),
        ('{"items": [', ("broken",)),
        (json.dumps({"items": [{"url": "http://a.example/b"}] * 2001}), ("size",)),
    ],
)
def test_a_feed_that_was_cut_or_could_not_be_read_says_so(body: str, left: tuple[str, ...]) -> None:
    assert read.feed(page(body)).left == left


@pytest.mark.parametrize(
    ("declared", "kind", "coding"),
    [
        ("iso-8859-1", "text/xml", "latin-1"),
        ("iso-8859-1", "application/xml", "latin-1"),
        ("", "text/xml; charset=ISO-8859-1", "latin-1"),
        ("", "text/xml", "latin-1"),
        ("", "text/xml", "utf-8"),
        ("utf-16", "text/xml; charset=utf-16", "utf-16"),
        ("utf-16", "text/html", "utf-16"),
        ("utf-8", "application/xml; charset=utf-16", "utf-8"),
        ("undefined", "text/xml", "utf-8"),
        ("\xff", "application/xml", "latin-1"),
        ("", "text/xml; charset=punycode", "utf-8"),
        ("", "text/xml; charset=a\0b", "utf-8"),
        ("", "text/xml; charset=\udcff", "utf-8"),
    ],
)
def test_a_feed_is_read_in_its_encoding_whatever_a_label_says(declared: str, kind: str, coding: str) -> None:
    encoding = f" encoding='{declared}'" if declared else ""
    body = f"<?xml version='1.0'{encoding}?>\n<rss><channel><item><title>Bäume</title><link>http://a.example/b</link>"
    assert [lead.title for lead in read.feed(page(body.encode(coding), kind=kind)).stories] == ["Bäume"]


NEWS = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://fen.example/reeds </loc><lastmod>2026-05-05</lastmod><image:image><image:loc>https://fen.example/i.jpg</image:loc><image:title>Pic</image:title></image:image><news:news><news:publication><news:name>Fen</news:name></news:publication><news:publication_date>2026-05-04T10:30:00Z</news:publication_date><news:title>Reeds</news:title></news:news></url>
<url><loc>https://fen.example/eels</loc></url><url><loc>nonsense</loc></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://fen.example/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap><sitemap><loc>https://fen.example/new.xml</loc><lastmod>2026-05-01</lastmod></sitemap></sitemapindex>"""


def test_a_news_sitemap_tells_title_and_time() -> None:
    for body in (NEWS.encode(), gzip.compress(NEWS.encode())):
        listing = read.sitemap(page(body))
        assert [lead.url for lead in listing.stories] == ["https://fen.example/reeds", "https://fen.example/eels"]
        assert listing.stories[0].title == "Reeds"
        assert listing.stories[0].published is not None
        assert listing.stories[0].published.precision == "second"


def test_an_index_leads_to_its_latest_sitemap_first() -> None:
    assert read.sitemap(page(INDEX)).next == ("https://fen.example/new.xml", "https://fen.example/old.xml")


def test_a_broken_sitemap_and_a_plain_list_yield_what_they_have() -> None:
    assert len(read.sitemap(page(NEWS[:-60])).stories) == 2
    assert len(read.sitemap(page("https://fen.example/a\nhttps://fen.example/b\nno\n")).stories) == 2
    assert read.sitemap(page(gzip.compress(NEWS.encode())[:40])) == Listing(kind="sitemap", left=("broken",))
    torn = read.sitemap(page(gzip.compress(NEWS.encode())[:-1]))
    assert (len(torn.stories), torn.left) == (2, ("broken",))


def test_a_gzip_bomb_is_read_to_the_limit_only() -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * (60 << 20), 9)
    assert read.sitemap(page(bomb)) == Listing(kind="sitemap", left=("size",))


def test_a_sitemap_of_too_many_addresses_is_read_to_the_limit_and_says_so() -> None:
    for number, left in ((50_000, ()), (50_001, ("size",))):
        found = read.sitemap(page("<urlset>" + "<url><loc>http://a.example/b</loc></url>" * number))
        assert found.left == left


@pytest.mark.parametrize(
    ("body", "kind", "want"),
    [
        (RSS, "text/html", "feed"),
        (ATOM, "", "feed"),
        (JSON, "application/json", "jsonfeed"),
        ('{"a": 1}', "application/json", "other"),
        (NEWS, "text/xml", "sitemap"),
        (INDEX, "", "sitemap"),
        ("<!-- x --><?xml version='1.0'?><!-- y --><rss></rss>", "", "feed"),
        ("<!doctype html><html><body>Hi</body></html>", "text/html", "html"),
        ("<p>Only a fragment", "text/html", "html"),
        ("Plain words", "text/html", "html"),
        ("https://fen.example/a\nhttps://fen.example/b", "text/plain", "sitemap"),
        ("", "text/html", "other"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image/png", "other"),
        ("<?xml version='1.0'?><svg></svg>", "image/svg+xml", "other"),
    ],
)
def test_a_page_is_what_its_first_element_says(body: str | bytes, kind: str, want: str) -> None:
    assert read.sniff(page(body, kind=kind)) == want


@given(st.binary(max_size=400))
def test_no_bytes_stop_the_readers(body: bytes) -> None:
    assert read.sniff(page(body)) in ("html", "feed", "jsonfeed", "sitemap", "other")
    assert read.feed(page(b"<rss><channel>" + body)).kind == "feed"
    assert read.sitemap(page(b"<urlset>" + body)).kind == "sitemap"
    assert read.feed(page(b"{" + body)).kind == "jsonfeed"
