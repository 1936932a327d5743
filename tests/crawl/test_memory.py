"""A long crawl does not hold in memory what it will ask for, nor much of what it has asked for."""

import gc
import tracemalloc

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.utils.request import RequestFingerprinter
from scrapy.utils.test import get_crawler

from newscrawl.crawl.dupefilter import Requested
from newscrawl.crawl.settling import STORIES, Settling
from newscrawl.crawl.spiders.aggregator import Aggregator
from tools.bench import pages

SITE = "https://news.example"


def request(n: int) -> Request:
    return Request(f"{SITE}/2026/05/05/story-{n}.html")


def test_a_request_is_made_once_whatever_the_order_of_its_query() -> None:
    asked = Requested(fingerprinter=RequestFingerprinter())
    assert not asked.request_seen(Request(f"{SITE}/?a=1&b=2"))
    assert asked.request_seen(Request(f"{SITE}/?b=2&a=1"))
    assert not asked.request_seen(Request(f"{SITE}/?a=1&b=2", method="POST"))


def test_what_was_asked_for_takes_few_bytes() -> None:
    asked = Requested(fingerprinter=RequestFingerprinter())
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for n in range(5000):
            assert not asked.request_seen(request(n))
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 20 * 5000 + 40_000


@pytest.mark.parametrize("number", [0, 1])
def test_the_next_listing_waits_until_the_stories_of_this_one_are_under_way(number: int) -> None:
    spider = get_crawler(Aggregator)._create_spider(url=f"{SITE}/")
    body = pages.listing(number, 500).encode()
    response = HtmlResponse(f"{SITE}/page/{number}", body=body, request=Request(f"{SITE}/page/{number}"))
    found = [one for one in spider.parse(response, first=not number) if isinstance(one, Request)]
    stories = [one.priority for one in found if one.callback == spider.parse_story]
    listings = [one.priority for one in found if one.callback == spider.parse]
    assert len(stories) == pages.PER_LISTING
    assert listings
    assert max(listings) < min(stories)


def test_what_was_loaded_is_frozen_once_a_crawl_is_at_work_and_given_back_at_its_end() -> None:
    before = gc.get_freeze_count()
    settling = Settling(get_crawler())
    for _ in range(STORIES - 1):
        settling.count()
    assert gc.get_freeze_count() == before
    try:
        settling.count()
        assert gc.get_freeze_count() > before
    finally:
        settling.spider_closed()
    assert gc.get_freeze_count() == 0
