"""Listing pages of different make: what is a story, what leads on, what is neither."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl import markup, read
from newscrawl.model import Page

LISTINGS = Path(__file__).parent / "listings"
NAMES = sorted(path.stem for path in LISTINGS.glob("*.html"))
HREF = re.compile(r"<a\b[^>]*>")


def loaded(name: str) -> tuple[str, str]:
    html = (LISTINGS / f"{name}.html").read_text("utf-8")
    url = html.split(" ", 2)[1]
    return url, html


def marked(html: str, url: str, mark: str) -> set[str]:
    """The addresses of the links that carry a mark; the reader does not know of it."""
    tags = [tag for tag in HREF.findall(html) if f" {mark}" in tag]
    return {urljoin(url, unescape(match[1])) for tag in tags if (match := re.search(r'href="([^"]*)"', tag))}


def found(name: str) -> tuple[set[str], set[str]]:
    url, html = loaded(name)
    listing = read.listing(markup.document(Page.from_html(html, url=url)))
    want = {read.story_key(one) for one in marked(html, url, "data-story")}
    return want, {read.story_key(lead.url) for lead in listing.stories}


@pytest.mark.parametrize("name", NAMES)
def test_every_story_of_a_listing_is_found_and_nothing_else(name: str) -> None:
    want, have = found(name)
    url, html = loaded(name)
    listing = read.listing(markup.document(Page.from_html(html, url=url)))
    extra = [lead.url for lead in listing.stories if read.story_key(lead.url) not in want]
    missing = [one for one in marked(html, url, "data-story") if read.story_key(one) not in have]
    assert not extra
    assert not missing


@pytest.mark.parametrize("name", NAMES)
def test_the_way_on_is_found(name: str) -> None:
    url, html = loaded(name)
    listing = read.listing(markup.document(Page.from_html(html, url=url)))
    assert marked(html, url, "data-next") <= set(listing.next) or "data-next-url" in html


def test_over_all_listings_precision_and_recall_hold() -> None:
    hits = wanted = told = 0
    for name in NAMES:
        want, have = found(name)
        hits, wanted, told = hits + len(want & have), wanted + len(want), told + len(have)
    assert len(NAMES) >= 38
    assert hits / told >= 0.98
    assert hits / wanted >= 0.98


def test_a_lead_brings_its_headline_and_the_time_beside_it() -> None:
    url, html = loaded("cards")
    listing = read.listing(markup.document(Page.from_html(html, url=url)))
    first = listing.stories[0]
    assert first.title == "Harbour board approves a second ferry"
    assert first.published is not None
    assert first.published.at.isoformat() == "2026-05-01T08:00:00+00:00"
    assert listing.feeds == ("https://fen.example/feed/",)


def test_a_data_attribute_leads_on_where_scrolling_never_ends() -> None:
    url, html = loaded("infinite")
    listing = read.listing(markup.document(Page.from_html(html, url=url)))
    assert "https://vela.example/cronaca?page=2" in listing.next
    assert len(listing.stories) == 3  # AMP dresses are no stories of their own


@given(st.text(max_size=300))
def test_no_page_stops_the_listing_reader(html: str) -> None:
    listing = read.listing(markup.document(Page.from_html(f"<a href='{html}'>{html}</a>", url="https://a.example/")))
    assert listing.kind == "html"
