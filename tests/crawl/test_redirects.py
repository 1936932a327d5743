"""A story that redirects to another site is judged by the host where it ends, and its record says so."""

import json
from pathlib import Path

from tests.crawl.hostile import GOOD, HERE, HUB, Case, Hostile, Web, redirect, says
from tests.crawl.running import crawl


class Far(Case):
    """A case on a site of its own."""

    @property
    def host(self) -> str:
        return f"{self.name}.example"


CLOSED = says("User-agent: *\nDisallow: /\n", kind="text/plain")
CASES = (
    Case("to-open", redirect(f"http://open.example:{{own}}{GOOD}")),
    Case("to-closed", redirect(f"http://closed.example:{{own}}{GOOD}")),
    Case("to-inside", redirect("http://127.0.0.1:{in}/x")),
    Case("over-closed", redirect(f"http://hop.example:{{own}}{GOOD}")),
    Far("closed", CLOSED, at="/robots.txt", robots=True),
    Far("hop", CLOSED, at="/robots.txt", robots=True),
)
AWAY = ("open.example", "closed.example", "hop.example")


def listed(web: Web) -> str:
    rows = (
        f"<article><h2><a href='http://{case.host}:{web.port}{GOOD.replace('good', 'bad')}'>The story of {case.name} at "
        f"the harbour</a></h2></article>"
        for case in CASES
        if not isinstance(case, Far)
    )
    return f"<html><body><main>{''.join(rows)}</main></body></html>"


def test_where_a_story_ends_decides(tmp_path: Path) -> None:
    with Hostile(CASES, listed=listed) as hostile:
        hosts = {**hostile.hosts, **dict.fromkeys(AWAY, HERE)}
        settings = {"NEWSCRAWL_HOSTS": json.dumps(hosts), "NEWSCRAWL_HOLD": 0}
        ran = crawl(tmp_path, "aggregator", "-a", f"url=http://{HUB}:{hostile.web.port}/", settings=settings)
        asked = [path for host, path in hostile.web.asked if host == "open.example"]
        fetched = {host for host, path in hostile.web.asked if path == GOOD}
        port = hostile.web.port
    assert ran.code == 0, ran.said[-3000:]
    (line,) = ran.lines("articles")
    assert (line["url"], line["site"]) == (f"http://open.example:{port}{GOOD}", "open.example")
    robots = line["rights"]["robots"]
    assert robots["url"] == f"http://open.example:{port}/robots.txt", "the host where it ended was asked"
    assert asked.index("/robots.txt") < asked.index(GOOD), "and before its page was"
    assert fetched == {"open.example"}
    refused = {line["url"]: line for line in ran.lines("withheld")}
    assert refused.keys() == {f"http://{host}:{port}{GOOD}" for host in ("closed.example", "hop.example")}
    assert hostile.inside == []
