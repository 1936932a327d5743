"""No way of writing an address, by no way that a page can name it, leads a crawl inside; nor does a name that turns."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.crawl.hostile import END, GOOD, HUB, Case, Hostile, Web, answer, page, redirect, story
from tests.crawl.running import Ran, crawl
from tests.crawl.ssrf import INSIDE, OUTSIDE, PUBLIC_FIRST


def target(number: int, web: Web) -> str:
    return f"http://{INSIDE[number]}:{web.inside}/2026/05/05/story-{number}-of-the-house.html"


def sourced(number: int) -> Case:
    def build(web: Web) -> str:
        there = target(number, web)
        named = (
            f"<link rel=canonical href='{there}'><meta property=og:url content='{there}'>"
            f"<link rel=license type=application/rsl+xml href='{there}'><meta name=tdm-policy content='{there}'>"
            f"<meta http-equiv=refresh content='0;url={there}'><img src='{there}'><iframe src='{there}'></iframe>"
        )
        more = (
            f"<p>Source: <a href='{there}'>Original article</a></p><footer><a href='{there}'>Terms of use</a></footer>"
        )
        return story(f"source-{number}", more).replace("<head>", f"<head>{named}")

    return Case(f"source-{number}", page(build), "either")


def licensed(number: int) -> Case:
    def build(web: Web) -> str:
        return f"User-agent: *\nAllow: /\nLicense: {target(number, web)}\nSitemap: {target(number, web)}\n"

    return Case(f"license-{number}", page(build, kind="text/plain"), "either", "/robots.txt", robots=True)


def robots_of(number: int) -> Case:
    return Case(f"robots-{number}", redirect(target_text(number)), "dropped", "/robots.txt", robots=True)


def target_text(number: int) -> str:
    return f"http://{INSIDE[number]}:{{in}}/2026/05/05/story-{number}-of-the-house.html"


def fed(kind: str) -> Case:
    def build(web: Web) -> str:
        links = [target(number, web) for number in range(len(INSIDE))]
        if kind == "map":
            rows = "".join(f"<sitemap><loc>{one}</loc></sitemap>" for one in links)
            return f"<sitemapindex>{rows}</sitemapindex>"
        items = "".join(
            f"<item><title>The story {number} of the house</title><link>{one}</link>"
            f"<source url='{one}'>The house</source></item>"
            for number, one in enumerate(links)
        )
        return f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>"

    types = {"feed": "application/rss+xml", "map": "application/xml"}
    return Case(f"all-{kind}", page(build, kind=types[kind]), "dropped", f"/{kind}")


def linked() -> Case:
    def build(web: Web) -> str:
        rows = "".join(
            f"<article><h2><a href='{target(number, web)}'>The story {number} of the house that is inside</a></h2></article>"
            for number in range(len(INSIDE))
        )
        more = "".join(f"<a rel=next href='{target(number, web)}'>next</a>" for number in range(len(INSIDE)))
        return f"<html><body><main>{rows}</main>{more}</body></html>"

    return Case("all-link", page(build), "dropped", "/links/")


CASES = (
    *(Case(f"redirect-{number}", redirect(target_text(number))) for number in range(len(INSIDE))),
    *(sourced(number) for number in range(len(INSIDE))),
    *(robots_of(number) for number in range(len(INSIDE))),
    *(licensed(number) for number in range(len(INSIDE))),
    fed("feed"), fed("map"), linked(),
)  # fmt: skip


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ran, Hostile]]:
    folder = tmp_path_factory.mktemp("ssrf")
    with Hostile(CASES) as hostile:
        (folder / "starts").write_text("\n".join(hostile.starts))
        settings: dict[str, object] = {
            "NEWSCRAWL_HOSTS": json.dumps(hostile.hosts), "TWISTED_DNS_RESOLVER": "tests.crawl.ssrf.TwoFaced",
            "DNS_TIMEOUT": 2, "DOWNLOAD_TIMEOUT": 5, "RETRY_TIMES": 0, "CONCURRENT_REQUESTS": 64,
        }  # fmt: skip
        args = ("aggregator", "-a", f"urls={folder / 'starts'}", "-a", "stories=9000", "-a", "follow=source")
        yield crawl(folder, *args, settings=settings), hostile


def test_there_are_at_least_45_notations() -> None:
    assert len(set(INSIDE)) >= 45


def test_no_notation_leads_inside_by_any_way(crawled: tuple[Ran, Hostile]) -> None:
    ran, hostile = crawled
    assert ran.code == 0, ran.said[-3000:]
    assert hostile.inside == []


def test_the_guard_refused_each_that_came_to_it(crawled: tuple[Ran, Hostile]) -> None:
    ran, _ = crawled
    stats = ran.run_report()["stats"]
    refused = sum(number for name, number in stats.items() if name.startswith("newscrawl/guard/"))
    assert refused >= 3 * 45, stats


def test_the_good_stories_beside_them_are_exported(crawled: tuple[Ran, Hostile]) -> None:
    ran, hostile = crawled
    kept = {line["url"]: line["text"] for line in ran.lines("articles")}
    for case in CASES:
        if not case.robots:
            assert END in kept.get(f"http://{case.host}:{hostile.web.port}{GOOD}", ""), case.name


def test_a_name_that_turns_inside_after_the_check_is_not_followed(tmp_path: Path) -> None:
    asked: list[tuple[str, str]] = []

    class House(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.server.server_address[0], self.path))  # type: ignore[attr-defined]
            links = "".join(
                f"<h2><a href='/2026/05/05/story-{n}-of-the-harbour.html'>Story {n} of it</a></h2>" for n in range(9)
            )
            found = "User-agent: *\nAllow: /" if self.path == "/robots.txt" else f"<main>{links}</main>"
            self.wfile.write(answer(found, kind="text/plain" if "robots" in self.path else "text/html"))

        def log_message(self, format: str, *args: object) -> None:
            pass

    with (
        ThreadingHTTPServer((OUTSIDE, 0), House) as outside,
        ThreadingHTTPServer(("127.0.0.1", outside.server_port), House) as inside,
    ):
        for server in (outside, inside):
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        settings: dict[str, object] = {
            "TWISTED_DNS_RESOLVER": "tests.crawl.ssrf.TwoFaced", "DNSCACHE_ENABLED": False, "RETRY_TIMES": 0,
            "NEWSCRAWL_ALLOW_PRIVATE": "", "NEWSCRAWL_WELLKNOWN": "",
        }  # fmt: skip
        ran = crawl(tmp_path, "tests.turning", settings=settings | {
            "SPIDER_MODULES": "tests.crawl.turning", "COMMANDS_MODULE": "newscrawl.crawl.commands",
            "NEWSCRAWL_AGENT": "newscrawl", "TURNING_URL": f"http://{PUBLIC_FIRST}:{outside.server_port}/",
        })  # fmt: skip
        outside.shutdown()
        inside.shutdown()
    assert (OUTSIDE, "/robots.txt") in asked, ran.said[-2000:]
    assert {host for host, _ in asked} == {OUTSIDE}
    assert ran.run_report()["stats"]["newscrawl/guard/private_address"] >= 1


def test_a_typed_host_may_be_private_on_its_own_port_only(tmp_path: Path) -> None:
    def listed(web: Web) -> str:
        return f"<main><h2><a href='http://localhost:{web.inside}/2026/05/05/story-of-the-house.html'>A story here it is</a></h2></main>"

    typed = Case("unused", page(listed))
    with Hostile((typed,), listed=listed) as hostile:
        hosts = json.dumps({HUB: "127.0.0.2"})
        ran = crawl(
            tmp_path,
            "aggregator",
            "-a",
            f"url=http://{HUB}:{hostile.web.port}/",
            "-a",
            "follow=source",
            settings={"NEWSCRAWL_HOSTS": hosts},
        )
        assert hostile.inside == [], ran.said[-2000:]
