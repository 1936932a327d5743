"""One story, whatever its address wears: AMP, print, phones; and whichever of them is seen first."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newscrawl
from newscrawl import read
from newscrawl.model import Article, Page

MAIN = "https://www.news.example/world/2026/05/04/boats-come-in"
QUERIES = [
    "amp=1", "amp", "amp=true", "outputType=amp", "outputtype=default-amp", "output=amp", "print=1", "print=true", "view=print",
    "mode=amp", "_amp=1", "__amp", "amp_js_v=0.1", "usqp=mq331AQ", "format=amp", "type=amp", "isAmp=1", "layout=amp",
    "printable=yes", "tmpl=component&print=1", "action=print", "m=1", "mobile=1", "template=amp", "noamp=mobile", "nonamp=1",
    "utm_source=x&amp=1",
]  # fmt: skip
DRESSES = [
    f"{MAIN}/amp",
    f"{MAIN}/amp/",
    f"{MAIN}.amp",
    f"{MAIN}/print/",
    f"{MAIN}#amp=1",
    *(f"{MAIN}?{one}" for one in QUERIES),
    MAIN.replace("example/", "example/amp/"),
    MAIN.replace("example/", "example/print/"),
    MAIN.replace("www.", "m."),
    MAIN.replace("www.", "amp."),
    MAIN.replace("www.", "mobile.") + "?amp=1",
    "https://www-news-example.cdn.ampproject.org/c/s/" + MAIN.removeprefix("https://"),
    "https://www.google.com/amp/s/" + MAIN.removeprefix("https://"),
    "https://www.bing.com/amp/s/" + MAIN.removeprefix("https://"),
]
FILES = [
    ("https://a.example/story-1.html", "https://a.example/story-1.amp.html"),
    ("https://a.example/story-1.html", "https://a.example/story-1~amp.html"),
    ("https://a.example/story-1.html", "https://a.example/story-1_amp.html"),
    ("https://a.example/news/story,1.html", "https://a.example/news/story,1,print.html"),
    ("https://a.example/story-1.html", "https://a.example/amp/story-1.html"),
]
OTHERS = [
    ("https://a.example/the-future-of-print.html", "https://a.example/the-future-of.html"),
    ("https://a.example/a-guitar-amp", "https://a.example/a-guitar"),
    ("https://a.example/?m=12", "https://a.example/"),
    ("https://a.example/story?type=video", "https://a.example/story"),
    ("https://amp.example/story", "https://example/story"),
]
TEXT = "".join(
    f"<p>Paragraph {n} tells of the harbour, the boats that came in, and what the pilot said about the weather.</p>"
    for n in range(1, 6)
)


def article(url: str, head: str = "", links: str = "") -> Article:
    html = f"<html lang=en><head><title>Boats come in</title>{head}</head><body><nav>{links}</nav>"
    html += f"<article><h1>Boats come in</h1>{TEXT}</article></body></html>"
    found = newscrawl.process(Page.from_html(html, url=url, fetched=datetime(2026, 5, 6, tzinfo=UTC)))
    assert isinstance(found, Article)
    return found


@pytest.mark.parametrize("url", DRESSES)
def test_a_dress_changes_no_key(url: str) -> None:
    assert read.story_key(url) == read.story_key(MAIN)


@pytest.mark.parametrize(("main", "dressed"), FILES)
def test_the_name_of_a_file_may_say_it(main: str, dressed: str) -> None:
    assert read.story_key(dressed) == read.story_key(main)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_what_only_looks_like_a_dress_is_another_story(one: str, other: str) -> None:
    assert read.story_key(one) != read.story_key(other)


@pytest.mark.parametrize("url", DRESSES)
@pytest.mark.parametrize(
    ("head", "links"),
    [
        (f'<link rel=canonical href="{MAIN}">', ""),
        (f'<meta property="og:url" content="{MAIN}">', ""),
        ("", '<a href="https://www.news.example/">Full site</a>'),
    ],
    ids=["canonical", "og:url", "a link to the site"],
)
def test_the_id_is_that_of_the_main_page(url: str, head: str, links: str) -> None:
    first = article(MAIN, '<link rel=amphtml href="https://amp.news.example/x">')
    dressed = article(url, head, links)
    assert (dressed.id, dressed.url) == (first.id, MAIN)


def test_a_phone_page_whose_canonical_is_itself_is_told_by_its_links() -> None:
    phone = MAIN.replace("www.", "m.")
    links = '<a href="https://www.news.example/about">About</a>'
    assert article(phone, f'<link rel=canonical href="{phone}">', links).id == article(MAIN).id


@pytest.mark.parametrize("label", ["m", "amp", "mobile", "touch", "wap", "mob", "lite"])
def test_a_phone_page_that_tells_nothing_has_the_id_of_the_page_under_www(label: str) -> None:
    assert article(MAIN.replace("www.", f"{label}.")).id == article(MAIN).id


def test_a_phone_page_below_a_subdomain_stays_below_it() -> None:
    assert article("https://m.coast.news.example/a-story").url == "https://coast.news.example/a-story"


def test_an_empty_number_of_a_page_is_none() -> None:
    assert read.canonical("https://a.example/story?tmpl=component&print=1&page=") == "https://a.example/story"
    assert read.canonical("https://a.example/story?page=2") == "https://a.example/story?page=2"


@given(st.sampled_from(DRESSES))
def test_the_canonical_form_of_a_canonical_form_is_itself(url: str) -> None:
    assert read.canonical(read.canonical(url)) == read.canonical(url)
