"""What pages and feeds declare in words and links: a licence is a fact, words are read as words."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.markup import document
from newscrawl.model import Decision, Page, Signal
from newscrawl.rights import declarations, signals_in_page
from newscrawl.rights.declarations import feed_signals, licence_name

URL = "https://e.org/a"
BAN = "The use of our content to train artificial intelligence is prohibited."
CC = "https://creativecommons.org/licenses/by-nc/4.0/"


def by_page(head: str, body: str = "<p>Text.") -> tuple[Signal, ...]:
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    return declarations.signals(document(Page.from_html(html, url=URL)))


def jsonld(inner: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {inner}}}</script>'


RESERVED = [
    (f'<meta name="dcterms.rights" content="{BAN}">', "rights-meta", "meta dcterms.rights"),
    (f'<meta property="dcterms:rights" content="{BAN}">', "rights-meta", "meta dcterms:rights"),
    (f'<META content="{BAN}" NAME="DC.Rights">', "rights-meta", "meta dc.rights"),
    (f'<meta name="copyright" content="{BAN}">', "rights-meta", "meta copyright"),
    (jsonld(f'"copyrightNotice": "{BAN}"'), "json-ld", "json-ld copyrightNotice"),
    (jsonld(f'"usageInfo": "{BAN}"'), "json-ld", "json-ld usageInfo"),
    (jsonld(f'"conditionsOfAccess": ["{BAN}"]'), "json-ld", "json-ld conditionsOfAccess"),
    (jsonld(f'"license": {{"@type": "CreativeWork", "text": "{BAN}"}}'), "json-ld", "json-ld license"),
    (jsonld(f'"isPartOf": {{"usageInfo": "{BAN}"}}'), "json-ld", "json-ld usageInfo"),
]


@pytest.mark.parametrize(("head", "protocol", "where"), RESERVED)
def test_words_in_metadata_are_read_in_the_publishers_voice(head: str, protocol: str, where: str) -> None:
    (signal,) = by_page(head)
    assert (signal.protocol, signal.where, signal.says) == (protocol, where, Decision.RESERVED)
    assert (signal.host, signal.machine_readable, signal.start) == ("e.org", False, None)
    assert "train" in signal.scope


FACTS = [
    (f'<link rel="license" href="{CC}">', "licence-link", "CC BY-NC 4.0"),
    (jsonld(f'"license": "{CC}"'), "json-ld", "CC BY-NC 4.0"),
    (jsonld('"acquireLicensePage": "https://e.org/buy"'), "json-ld", "https://e.org/buy"),
    (jsonld('"usageInfo": "https://e.org/terms"'), "json-ld", "https://e.org/terms"),
    (
        '<meta name="dcterms.license" content="https://creativecommons.org/publicdomain/zero/1.0/">',
        "rights-meta",
        "CC0 1.0",
    ),
]


@pytest.mark.parametrize(("head", "protocol", "value"), FACTS)
def test_a_licence_address_is_a_fact_that_reserves_and_permits_nothing(head: str, protocol: str, value: str) -> None:
    (signal,) = by_page(head)
    assert (signal.protocol, signal.value, signal.scope, signal.says) == (protocol, value, (), Decision.NONE_FOUND)


def test_a_licence_link_in_the_body_is_a_fact() -> None:
    (signal,) = by_page("", f'<a rel="license" href="{CC}">CC</a>')
    assert signal.where == "a rel=license"


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="copyright" content="© 2026 Example Media. All rights reserved.">',
        '<meta name="description" content="The use of content to train AI is prohibited, says a new bill.">',
        jsonld('"copyrightNotice": "© Example"'),
        jsonld('"license": 5, "usageInfo": null, "copyrightNotice": {"a": []}'),
        jsonld(f'"image": {{"copyrightNotice": "{BAN}"}}'),
    ],
)
def test_everyday_metadata_reserves_nothing(head: str) -> None:
    assert by_page(head) == ()


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"),
        ("http://www.creativecommons.org/licenses/by-nd/3.0/de/", "CC BY-ND 3.0"),
        ("//creativecommons.org/publicdomain/mark/1.0/", "PDM 1.0"),
        ("https://rightsstatements.org/vocab/InC/1.0/", "RightsStatements INC 1.0"),
        ("https://e.org/creativecommons.org/licenses/by/4.0/", None),
        ("CC BY 4.0", None),
    ],
)
def test_a_public_licence_is_known_by_its_address(address: str, name: str | None) -> None:
    assert licence_name(address) == name


def rss(inner: str) -> bytes:
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/'
        'elements/1.1/" xmlns:cc="http://backend.userland.com/creativeCommonsRssModule" xmlns:rsl="https://rslstandard.org'
        f'/rsl"><channel><title>T</title>{inner}<item><title>A</title></item></channel></rss>'
    ).encode()


@pytest.mark.parametrize(
    "body",
    [
        rss(f"<copyright>{BAN}</copyright>"),
        rss(f"<copyright><![CDATA[<p>{BAN}</p>]]></copyright>"),
        rss(f"<item><dc:rights>{BAN}</dc:rights></item>"),
        rss(f"<item><media:license>{BAN}</media:license></item>"),
        f'<feed xmlns="http://www.w3.org/2005/Atom"><rights>{BAN}</rights></feed>'.encode(),
        rss(
            '<rsl:content url="/"><rsl:license><rsl:prohibits type="usage">ai-train</rsl:prohibits></rsl:license></rsl:content>'
        ),
    ],
)
def test_a_feed_reserves_in_words_or_by_rsl(body: bytes) -> None:
    found = feed_signals(body, "https://e.org/feed.xml")
    assert [one.says for one in found] == [Decision.RESERVED]
    assert found[0].host == "e.org"


def test_an_entry_speaks_for_its_own_story() -> None:
    body = rss(
        f"<item><link>https://e.org/1</link><dc:rights>{BAN}</dc:rights></item>"
        "<item><guid>https://e.org/2</guid><dc:rights>© Example</dc:rights></item>"
    )
    assert [one.url for one in feed_signals(body, "https://e.org/feed.xml", story="https://e.org/1")] == [
        "https://e.org/1"
    ]
    assert feed_signals(body, "https://e.org/feed.xml", story="https://e.org/2") == ()
    assert len(feed_signals(body, "https://e.org/feed.xml")) == 1


def test_a_feeds_licence_address_is_a_fact() -> None:
    (signal,) = feed_signals(rss(f"<cc:license>{CC}</cc:license>"), "https://e.org/feed.xml")
    assert (signal.value, signal.scope) == ("CC BY-NC 4.0", ())
    (signal,) = feed_signals(rss(f'<item><media:license href="{CC}"/></item>'), "https://e.org/feed.xml")
    assert signal.value == "CC BY-NC 4.0"


@pytest.mark.parametrize("body", [b"", b"{}", b"<html>", rss("<copyright>© Example. All rights reserved.</copyright>")])
def test_an_everyday_feed_reserves_nothing(body: bytes) -> None:
    assert feed_signals(body, "https://e.org/feed.xml") == ()


@given(body=st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_no_feed_makes_it_raise(body: bytes) -> None:
    feed_signals(body, URL)
    feed_signals(b"<rss><copyright>" + body, URL)


@pytest.mark.parametrize(
    ("comment", "reserved"),
    [
        ("© Harbour Ledger. No part of this page may be used to train AI models.", True),
        ("\n  Dilarang keras mengambil isi laman ini untuk AI\n  tanpa izin tertulis dari penerbit.\n", True),
        ("This widget must not be crawled: bots are not allowed to load it", False),
        ("<p>No data here</p> banner slot 3 begins, do not remove", False),
        ("[if lt IE 9]> Our content may not be used to train AI. <![endif]", False),
    ],
)
def test_a_reservation_in_a_comment_of_the_markup_counts_and_a_developers_note_does_not(
    comment: str, reserved: bool
) -> None:
    html = f"<html><head><!-- {comment} --></head><body><p>The ferry left at nine.</p></body></html>"
    found = signals_in_page(Page.from_html(html, url="https://port.example/a"))
    assert [one.where for one in found if one.says is Decision.RESERVED] == ["html comment"] * reserved


def test_comments_that_never_end_or_are_many_cost_little() -> None:
    for html in ("<!-- AI must not " * 20_000, "<!-- no AI training of our texts. -->" * 1_500):
        page = Page.from_html(f"<p>x</p>{html}", url="https://port.example/a")
        began = time.process_time()
        signals_in_page(page)
        assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("channel", "where"),
    [
        ("<description>{}</description>", "feed description"),
        ("<!-- {} -->", "feed comment"),
        ("<item><link>https://e.org/a</link><description>The tide rose. {}</description></item>", "feed description"),
        ("<item><link>https://e.org/b</link><description>The tide rose. {}</description></item>", None),
    ],
)
def test_a_feed_and_a_storys_entry_reserve_in_words_and_other_entries_do_not(channel: str, where: str | None) -> None:
    said = "No part of this site may be used to train AI models."
    body = f"<rss version='2.0'><channel><title>x</title>{channel.format(said)}</channel></rss>".encode()
    found = declarations.feed_signals(body, "https://e.org/f", story="https://e.org/a")
    assert [(one.where, one.quote) for one in found] == ([(where, said)] if where else [])
    assert [one.where for one in declarations.feed_signals(body, "https://e.org/f")] == (
        [where] if where and "<item>" not in channel else []
    )
