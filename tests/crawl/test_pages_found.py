"""What the hostile web found, each once more without a crawl."""

import random

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse
from scrapy.spiders import Spider
from scrapy.utils.test import get_crawler

from newscrawl import desk, read
from newscrawl.clean import reading
from newscrawl.crawl.bodies import Bodies
from newscrawl.crawl.spiders.aggregator import Aggregator
from newscrawl.model import Page, Withheld
from tests.crawl.hostile import story

URL = "https://news.example/2026/05/05/the-tide-came-late"
ITEM = "<rss version='2.0'><channel><item><title>t</title><link>https://a.example/b</link></item></channel></rss>"
SUBSET = "<!DOCTYPE x [<!ENTITY a 'b'>]>"
DECLARED = "<?xml version='1.0'?>"


@pytest.mark.parametrize(
    ("body", "stories"),
    [
        (ITEM.encode(), 1),
        (f"<!DOCTYPE rss PUBLIC '-//N//DTD RSS 0.91//EN' 'http://a.example/y.dtd'>{ITEM}".encode(), 1),
        (f"<?xml version='1.0' encoding='utf-16'?>{ITEM}".encode("utf-16"), 1),
        (f"<?xml version='1.0' encoding='utf-16'?>{ITEM}".encode("utf-16-le"), 1),
        (f"<?xml version='1.0' encoding='utf-16'?>{SUBSET}{ITEM}".encode("utf-16"), 0),
        (f"{DECLARED}<!-- {'x' * 120_000} -->{SUBSET}{ITEM}".encode(), 0),
        (f"<!DOCTYPE x SYSTEM 'a>b' [<!ENTITY a 'b'>]>{ITEM}".encode(), 0),
        (f"before it {DECLARED}{SUBSET}{ITEM}".encode(), 0),
    ],
)
def test_a_feed_with_entities_of_its_own_is_refused_however_they_are_hidden(body: bytes, stories: int) -> None:
    listing = read.feed(Page(url=URL, body=body, headers={"content-type": ("application/rss+xml",)}))
    assert len(listing.stories) == stories


def test_a_part_of_a_page_is_asked_for_again_and_then_dropped() -> None:
    crawler = get_crawler(Spider, {"RETRY_TIMES": 1})
    crawler.spider = Spider.from_crawler(crawler, name="x")
    bodies = Bodies(crawler)
    response = HtmlResponse(URL, status=206, body=story("x").encode())
    again = bodies.process_response(Request(URL), response)
    assert isinstance(again, Request)
    with pytest.raises(IgnoreRequest, match="a part of a page"):
        bodies.process_response(again, response)


@pytest.mark.parametrize("label", ["latin-1", "windows-1251", "koi8-r", "utf-8"])
def test_a_picture_under_the_label_of_a_text_is_no_story(label: str) -> None:
    noise = random.Random(5).randbytes(1 << 18)
    made = desk.process(Page(url=URL, body=noise, headers={"content-type": (f"text/html; charset={label}",)}))
    assert isinstance(made, Withheld)


def test_what_waits_for_its_turn_waits_without_its_page() -> None:
    crawler = get_crawler(Aggregator, {"NEWSCRAWL_ARCHIVE": ""})
    crawler._apply_settings()
    reader = Aggregator.from_crawler(crawler, url=URL)
    body = story("x").encode()
    response = HtmlResponse(URL, body=body, request=Request(URL))
    (gathered,) = reader.parse_story(response)
    assert gathered.found.story is not None
    assert gathered.found.page.body == b""


def test_long_texts_are_not_remembered_by_the_thousand() -> None:
    long = "the tide came in late " * 2000
    kept = (reading._short_reporting, reading._short_quoted)
    before = [one.cache_info().currsize for one in kept]
    reading.reporting(long)
    reading.quoted(long)
    assert [one.cache_info().currsize for one in kept] == before
    assert reading._long_content.cache_info().maxsize == 1
