"""A feed or sitemap that gave nothing, or not all it has, is counted and named where an operator looks."""

import gzip
import json
from pathlib import Path

from tests.crawl.hostile import FEED, Case, Hostile, Web, page, says
from tests.crawl.running import crawl

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "b">]><rss><channel><item><link>http://x.test/2026/b</link></item>'
)


def index(own: str) -> Case:
    """A sitemap index at each address, the last one's sitemaps too deep."""

    def build(web: Web) -> str:
        here = f"http://{own}.hostile.test:{web.port}/maps/"
        return f"<sitemapindex><sitemap><loc>{here}{len(web.asked)}.xml</loc></sitemap></sitemapindex>"

    return Case(own, page(build, kind="application/xml"), at="/maps/")


def test_a_run_that_found_nothing_in_a_refused_feed_names_the_feed(tmp_path: Path) -> None:
    refused = Case("refused", says(BOMB, kind=FEED), at="/feed/")
    with Hostile((refused,)) as hostile:
        url = f"http://{refused.host}:{hostile.web.port}/feed/"
        ran = crawl(
            tmp_path,
            "aggregator",
            "-a",
            f"url={url}?key=secret",
            settings={"NEWSCRAWL_HOSTS": json.dumps(hostile.hosts)},
        )
    assert ran.code == 4, ran.said[-3000:]
    told = f"1 refused: entities of its own in its document type: {url}"
    assert f"  listings    {told}\n" in ran.said
    assert ran.said.rstrip().endswith(f"newscrawl: no story was found: of feeds and sitemaps, {told}")
    assert ran.run_report()["stats"]["newscrawl/listings/doctype"] == 1


def test_what_was_left_of_sitemaps_is_told_beside_the_stories_that_were_found(tmp_path: Path) -> None:
    deep = index("deep")
    torn = Case(
        "torn", says(gzip.compress(b"<urlset><url></url></urlset>" * 99)[:-4], kind="application/gzip"), at="/m/"
    )
    with Hostile((deep, torn)) as hostile:
        ran = crawl(
            tmp_path,
            "aggregator",
            "-a",
            f"url={','.join(hostile.starts)}",
            settings={"NEWSCRAWL_HOSTS": json.dumps(hostile.hosts)},
        )
        assert [path for host, path in hostile.web.asked if host == deep.host].count("/maps/") == 1
    assert ran.code == 0, ran.said[-3000:]
    counted = ran.run_report()["stats"]
    assert {name: number for name, number in counted.items() if name.startswith("newscrawl/listings/")} == {
        "newscrawl/listings/broken": 1,
        "newscrawl/listings/depth": 1,
    }
    assert "1 sitemaps of sitemaps of sitemaps not asked for: http://deep.hostile.test:" in ran.said
    assert "1 torn, or not what it says it is: http://torn.hostile.test:" in ran.said


def test_a_run_that_may_ask_nothing_says_what_the_guard_refused(tmp_path: Path) -> None:
    ran = crawl(tmp_path, "aggregator", "-a", "url=http://someone:secret@127.0.0.1:9/")
    assert ran.code == 4, ran.said[-3000:]
    assert "no story was found: the guard refused what was to be asked (1 credentials in url)" in ran.said
