"""The demo's server: it answers as its data says, asks nobody, and lets go of its port."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator

import feedparser
import pytest
from lxml import etree, html

from newscrawl.demo.expected import Expected, expected
from newscrawl.demo.newsroom import newsroom
from newscrawl.demo.server import DemoError, DemoServer


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServer]:
    with DemoServer(port=0) as running:
        yield running


def ask(demo: DemoServer, host: str, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", demo.port, timeout=5)
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request("GET", path, headers={"Host": f"{host}:{demo.port}", "Connection": "close", **fields})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


ROBOTS = [
    ("tertutup.test", 200, b"Disallow: /\n"),
    ("sakit.test", 503, b""),
    ("noai.test", 404, b""),
    ("kabarkilat.test", 404, b""),
    ("signal.test", 200, b"Content-Signal: search=yes, ai-train=no"),
    ("preferencia.test", 200, b"Content-Usage: train-ai=n"),
    ("harian.test", 200, b"User-agent: GPTBot"),
    ("warta.test", 200, b"Allow: /"),
]


@pytest.mark.parametrize(("host", "status", "holds"), ROBOTS)
def test_each_host_answers_for_its_robots(demo: DemoServer, host: str, status: int, holds: bytes) -> None:
    answer = ask(demo, host, "/robots.txt")
    assert answer[0] == status
    assert holds in answer[2]


def test_only_the_reserved_hosts_have_a_tdmrep_file(demo: DemoServer) -> None:
    answers = {host: ask(demo, host, "/.well-known/tdmrep.json") for host in demo.hosts}
    assert {host for host, answer in answers.items() if answer[0] == 200} == {"reserviert.test", "agence.test"}
    assert all(answer[0] in (200, 404) for answer in answers.values())
    assert json.loads(answers["reserviert.test"][2])[0]["tdm-reservation"] == 1


def test_every_start_and_every_story_answers(demo: DemoServer) -> None:
    for start in demo.starts:
        host, _, path = start.removeprefix("http://").partition(f":{demo.port}")
        assert ask(demo, host, path)[0] == 200
    for one in expected(demo.port):
        assert ask(demo, one.host, one.path)[0] == 200
        if one.source_url is not None:
            host, _, path = one.source_url.removeprefix("http://").partition(f":{demo.port}")
            assert ask(demo, host, path)[0] == 200


def follow(demo: DemoServer, host: str, path: str) -> tuple[set[str], int]:
    """Every link of a host's listing, page after page, and how many pages there were."""
    seen: set[str] = set()
    waiting = [path]
    links: set[str] = set()
    while waiting:
        page = waiting.pop()
        seen.add(page)
        root = html.fromstring(ask(demo, host, page)[2])
        found = {str(link) for link in root.xpath("//a/@href")}
        links |= found
        pager = root.xpath("//*[contains(@class,'halaman') or contains(@class,'pagin') or @class='seiten']//a/@href")
        waiting += [str(link) for link in pager if str(link) not in seen and str(link) not in waiting]
    return links, len(seen)


@pytest.mark.parametrize(
    ("host", "pages"),
    [("kabarkilat.test", 3), ("newsmix.test", 3), ("nachrichtenbrise.test", 2), ("ultimahora.test", 2)]
    + [(host, 1) for host in ("rondaglobal.test", "noai.test", "tertutup.test", "sakit.test", "preferencia.test")],
)
def test_a_listing_leads_to_all_its_stories(demo: DemoServer, host: str, pages: int) -> None:
    links, count = follow(demo, host, "/")
    assert {one.path for one in expected() if one.host == host} <= links
    assert count == pages


def test_the_next_page_is_told_by_rel_where_the_make_has_it(demo: DemoServer) -> None:
    root = html.fromstring(ask(demo, "kabarkilat.test", "/")[2])
    assert root.xpath("//a[@rel='next']/@href") == ["/page/2/"]
    assert html.fromstring(ask(demo, "kabarkilat.test", "/page/3/")[2]).xpath("//a[@rel='next']") == []


@pytest.mark.parametrize(
    ("host", "path", "version"),
    [
        ("kabarkilat.test", "/feed/", "rss20"),
        ("nachrichtenbrise.test", "/rss.xml", "rss20"),
        ("actuvite.test", "/flux.atom", "atom10"),
    ],
)
def test_a_feed_is_well_formed_and_names_every_story(demo: DemoServer, host: str, path: str, version: str) -> None:
    feed = feedparser.parse(ask(demo, host, path)[2])
    assert not feed.bozo
    assert feed.version == version
    assert {entry.link for entry in feed.entries} == {one.url for one in expected(demo.port) if one.host == host}


def test_the_feed_with_content_holds_the_article_and_the_footer(demo: DemoServer) -> None:
    feed = feedparser.parse(ask(demo, "nachrichtenbrise.test", "/rss.xml")[2])
    gold = {one.url: one for one in expected(demo.port)}
    for entry in feed.entries:
        content = html.fromstring(f"<div>{entry.content[0].value}</div>").text_content()
        assert all(words in content for words in gold[entry.link].paragraphs)
        assert "erschien zuerst auf" in content


def test_the_json_feed_and_the_news_sitemap_name_every_story(demo: DemoServer) -> None:
    feed = json.loads(ask(demo, "ultimahora.test", "/feed.json")[2])
    assert {item["url"] for item in feed["items"]} == {
        one.url for one in expected(demo.port) if one.host == "ultimahora.test"
    }
    robots = ask(demo, "actuvite.test", "/robots.txt")[2].decode()
    assert f"Sitemap: http://actuvite.test:{demo.port}/plan-actu.xml" in robots
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    root = etree.fromstring(ask(demo, "actuvite.test", "/plan-actu.xml")[2])
    assert {loc.text for loc in root.findall(".//s:loc", names)} == {
        one.url for one in expected(demo.port) if one.host == "actuvite.test"
    }


@pytest.mark.parametrize(
    ("host", "path"), [("kabarkilat.test", "/"), ("kabarkilat.test", "/feed/"), ("ultimahora.test", "/feed.json")]
)
def test_an_unchanged_listing_answers_304(demo: DemoServer, host: str, path: str) -> None:
    status, headers, body = ask(demo, host, path)
    assert status == 200
    assert ask(demo, host, path, If_None_Match=headers["etag"])[0::2] == (304, b"")
    assert ask(demo, host, path, If_Modified_Since=headers["last-modified"])[0::2] == (304, b"")
    assert ask(demo, host, path, If_None_Match='"other"', If_Modified_Since=headers["last-modified"])[2] == body
    assert ask(demo, host, path, If_Modified_Since="Thu, 01 Jan 2026 00:00:00 GMT")[0] == 200
    assert ask(demo, host, path, If_Modified_Since="yesterday")[0] == 200


def test_a_reservation_in_a_header_goes_with_stories_only(demo: DemoServer) -> None:
    path = next(one.path for one in expected() if one.host == "nope-header.test")
    assert ask(demo, "nope-header.test", path)[1]["x-robots-tag"] == "noai, noimageai"
    assert "x-robots-tag" not in ask(demo, "nope-header.test", "/")[1]


def test_the_names_are_known_before_anything_is_served(demo: DemoServer) -> None:
    assert DemoServer.names() == demo.hosts
    assert all(name.endswith(".test") for name in demo.hosts)


def test_an_unknown_host_and_an_unknown_path_are_404(demo: DemoServer) -> None:
    assert ask(demo, "elsewhere.test", "/")[0] == 404
    assert ask(demo, "kabarkilat.test", "/no-such-page")[0] == 404
    assert ask(demo, "kabarkilat.test", "/?page=2")[0] == 404


def test_what_was_asked_is_written_down_in_order(demo: DemoServer) -> None:
    before = len(demo.requests)
    ask(demo, "warta.test", "/", User_Agent="reader/1")
    ask(demo, "harian.test", "/robots.txt", User_Agent="reader/2")
    assert demo.requests[before:] == [
        ("warta.test", "/", "reader/1"),
        ("harian.test", "/robots.txt", "reader/2"),
    ]


def test_a_taken_port_is_an_error_that_names_port_and_remedy() -> None:
    with DemoServer(port=0) as running, pytest.raises(DemoError) as caught:
        DemoServer(port=running.port)
    assert str(running.port) in str(caught.value)
    assert "NEWSCRAWL_DEMO_PORT" in str(caught.value)


def test_a_stopped_server_frees_its_port_and_may_be_stopped_twice() -> None:
    first = DemoServer(port=0)
    first.stop()
    first.stop()
    with DemoServer(port=first.port) as second:
        assert second.port == first.port


def test_two_servers_print_the_same_pages_but_for_the_port() -> None:
    with DemoServer(port=0) as one, DemoServer(port=0) as other:
        for host in one.hosts:
            first = ask(one, host, "/")[2].replace(str(one.port).encode(), b"PORT")
            assert first == ask(other, host, "/")[2].replace(str(other.port).encode(), b"PORT")


def test_no_page_loads_or_links_anything_off_the_demo_but_the_spam(demo: DemoServer) -> None:
    known = set(demo.hosts)
    bait = {
        spam.href.split("/")[2] for text in newsroom().texts for place in text.on for spam in place.spam if spam.href
    }
    assert all(name.endswith(".test") for name in known | bait)
    assert not known & bait
    for one in expected(demo.port):
        root = html.fromstring(ask(demo, one.host, one.path)[2])
        links = [
            str(link) for link in root.xpath("//@href | //@src") if str(link).startswith(("http:", "https:", "//"))
        ]
        assert {link.split("/")[2].partition(":")[0] for link in links} <= known | bait


def test_the_command_prints_the_hosts_and_ends_on_interrupt() -> None:
    command = [sys.executable, "-m", "newscrawl.demo", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        lines = [running.stdout.readline()]
        while "/flux.atom" not in lines[-1]:
            lines.append(running.stdout.readline())
            assert lines[-1]
        running.send_signal(2)
        running.communicate(timeout=10)
    assert running.returncode == 0
    assert any("http://kabarkilat.test:" in line for line in lines)


def test_the_command_says_when_the_port_is_taken() -> None:
    with DemoServer(port=0) as running:
        command = [sys.executable, "-m", "newscrawl.demo", "--port", str(running.port)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 1
    assert "NEWSCRAWL_DEMO_PORT" in done.stderr


def test_no_link_inside_the_demo_is_dead(demo: DemoServer) -> None:
    paths = {(one.host, one.path) for one in expected()} | {
        (start.split("/")[2].partition(":")[0], "/") for start in demo.starts
    }
    for host, path in paths:
        for link in html.fromstring(ask(demo, host, path)[2]).xpath("//a/@href | //link/@href"):
            if str(link).startswith("/"):
                assert ask(demo, host, str(link))[0] == 200


def test_a_page_in_an_old_charset_tells_it_in_its_meta_alone(demo: DemoServer) -> None:
    _, headers, body = ask(demo, "ultimahora.test", "/cultura/coro-minero-aniversario/")
    assert headers["content-type"] == "text/html"
    assert b"charset=windows-1252" in body
    assert "cumplió" in ask(demo, "ultimahora.test", "/economia/exportacion-naranja-huelga/")[2].decode("windows-1252")


def by_host(host: str) -> list[Expected]:
    return [one for one in expected() if one.host == host]


def test_the_page_of_a_noai_story_says_so_in_its_second_robots_meta(demo: DemoServer) -> None:
    for one in by_host("noai.test"):
        root = html.fromstring(ask(demo, one.host, one.path)[2])
        assert root.xpath("//meta[@name='robots']/@content") == ["index, follow", "noai, noimageai"]
