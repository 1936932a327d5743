"""Every answer that /robots.txt can get, through a real `scrapy crawl`: what is fetched, and what never."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crawl.matrix import Said, Web, drip, hang, in_seconds, packed, reset, robots, story, to, torn
from tests.crawl.running import Ran, crawl

OPEN = "User-agent: *\nAllow: /\n"
CLOSED = "User-agent: *\nDisallow: /\n"
LONG = "# padding\n" * 60_000  # 600 KB: beyond the 500 KiB that are read


@dataclass(frozen=True)
class Case:
    """One answer. `fetched`: whether the page may be asked for; `why`: the statistic of the refusal."""

    name: str
    answer: Said | None
    fetched: bool
    why: str = ""

    @property
    def host(self) -> str:
        return f"{self.name}.test"


GONE = "robots_unreachable"
SHUT = "robots_disallow"
CASES = (
    Case("rules-closed", robots(CLOSED), False, SHUT),
    Case("rules-open", robots(OPEN), True),
    Case("named-closed", robots(OPEN + "\nUser-agent: newscrawl\nDisallow: /\n"), False, SHUT),
    Case("s404-with-rules", robots(CLOSED, status=404), True),
    Case("s401", robots(CLOSED, status=401), True),
    Case("s403", robots(CLOSED, status=403), True),
    Case("s410", robots("", status=410), True),
    Case("s429", robots(OPEN, status=429), False, GONE),
    Case("s429-date", robots(OPEN, status=429, headers={"Retry-After": in_seconds(900)}), False, GONE),
    Case("s500", robots(OPEN, status=500), False, GONE),
    Case("s502", robots(OPEN, status=502), False, GONE),
    Case("s503", robots(OPEN, status=503), False, GONE),
    Case("s503-seconds", robots(OPEN, status=503, headers={"Retry-After": "3600"}), False, GONE),
    Case("s503-date", robots(OPEN, status=503, headers={"Retry-After": in_seconds(3600)}), False, GONE),
    Case("s999", robots(OPEN, status=999), False, GONE),
    Case("timeout", Said(then=hang), False, GONE),
    Case("reset", Said(then=reset), False, GONE),
    Case("torn", Said(then=torn), False, GONE),
    Case("redirect-same-host", to("/hop/rules"), False, SHUT),
    Case("redirect-other-host", to("http://elsewhere.test:{port}/hop/rules"), False, SHUT),
    Case("redirect-five-hops", to("/hop/5"), False, SHUT),
    Case("redirect-six-hops", to("/hop/6"), False, GONE),
    Case("redirect-loop", to("/robots.txt", 302), False, GONE),
    Case("redirect-nowhere", Said(status=302), False, GONE),
    Case("redirect-private", to("http://10.0.0.1/robots.txt"), False, GONE),
    Case("redirect-scheme", to("file:///etc/hostname"), False, GONE),
    Case("utf16-closed", Said(body=CLOSED.encode("utf-16")), False, SHUT),
    Case("utf16-no-bom", Said(body=CLOSED.encode("utf-16-le")), False, GONE),
    Case("bom-closed", Said(body=b"\xef\xbb\xbf" + CLOSED.encode()), False, SHUT),
    Case("oversize-closed-first", robots(CLOSED + LONG), False, SHUT),
    Case("oversize-closed-last", robots(LONG + CLOSED), True),
    Case("endless", Said(then=drip), False, SHUT),
    Case("soft-404", Said(body=b"<!doctype html><html><p>Not found</html>", type="text/html"), True),
    Case("image", Said(body=bytes(range(256)) * 8, type="image/png"), False, GONE),
    Case("empty", robots(""), True),
    Case("gzip-closed", packed(CLOSED), False, SHUT),
    Case("gzip-truncated", packed(OPEN + "# no\n" * 500 + CLOSED, keep=0.6), False, GONE),
    Case("gzip-lie", Said(body=CLOSED.encode(), headers={"Content-Encoding": "gzip"}), False, GONE),
    Case("br", Said(body=b"\x0b\x02\x80", headers={"Content-Encoding": "br"}), False, GONE),
    Case("dns-failure", None, False, GONE),
)
UNREACHABLE = [case for case in CASES if case.why == GONE]


def pages(web: Web) -> None:
    for case in CASES:
        if case.answer is not None:
            target = case.answer.headers.get("Location", "").replace("{port}", str(web.port))
            moved = to(target, case.answer.status) if target else case.answer
            web.pages[case.host, "/robots.txt"] = moved
            web.pages[case.host, "/hop/rules"] = robots(CLOSED)
            for number in range(2, 7):
                web.pages[case.host, f"/hop/{number}"] = to(f"/hop/{number - 1}")
            web.pages[case.host, "/hop/1"] = robots(CLOSED)
        web.pages[case.host, "/2026/05/old-bridge-to-be-rebuilt"] = story(case.name)
    web.pages["elsewhere.test", "/hop/rules"] = robots(CLOSED)


def run(web: Web, folder: Path, hosts: list[str], **settings: object) -> Ran:
    urls = folder / "urls.txt"
    urls.write_text("\n".join(web.url(host, "/2026/05/old-bridge-to-be-rebuilt") for host in hosts), "ascii")
    names = [host for host, _ in web.pages if host != "dns-failure.test"]
    return crawl(
        folder,
        "aggregator",
        "-a",
        f"urls={urls}",
        timeout=60,
        settings={
            "NEWSCRAWL_HOSTS": json.dumps(dict.fromkeys(names, "127.0.0.1")),
            "DOWNLOAD_TIMEOUT": 5,
            "DNS_TIMEOUT": 5,
            "CONCURRENT_REQUESTS": 64,
            "REACTOR_THREADPOOL_MAXSIZE": 20,
            **settings,
        },
    )


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with Web() as one:
        pages(one)
        yield one


@pytest.fixture(scope="module")
def first(web: Web, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return run(web, tmp_path_factory.mktemp("matrix"), [case.host for case in CASES])


def test_the_crawl_ends_in_good_order(first: Ran) -> None:
    assert first.code == 0, first.said[-3000:]
    assert "Traceback" not in first.said, first.said[first.said.index("Traceback") - 500 :][:3000]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_page_is_fetched_only_where_the_answer_allows_it(first: Ran, web: Web, case: Case) -> None:
    assert bool(web.fetched(case.host)) == case.fetched, web.asked(case.host)
    refused = first.run_report()["sites"].get(case.host, {}).get("refused", 0)
    assert refused == (0 if case.fetched else 1)


def test_no_page_at_all_is_fetched_while_rules_are_unreachable(first: Ran, web: Web) -> None:
    assert len(UNREACHABLE) >= 18
    assert [path for case in UNREACHABLE for path in web.fetched(case.host)] == []
    assert first.run_report()["stats"][f"newscrawl/gatekeeper/refused/{GONE}"] == len(UNREACHABLE)


@pytest.mark.parametrize("case", [case for case in CASES if not case.fetched], ids=lambda case: case.name)
def test_the_ledger_says_why_a_page_was_not_fetched(first: Ran, case: Case) -> None:
    lines = [line for line in first.lines("withheld") if line["site"] == case.host]
    assert len(lines) == 1
    assert lines[0]["reason"] == ("unknown" if case.why == GONE else "reserved")
    assert lines[0]["rights"]["because"][0]["protocol"] == "robots"
    assert lines[0]["rights"]["because"][0]["quote"]
    assert lines[0]["rights"]["robots"]["url"].endswith("/robots.txt")


def test_robots_txt_comes_first_and_each_file_is_asked_once(first: Ran, web: Web) -> None:
    for case in CASES:
        if case.answer is None:
            continue
        asked = web.asked(case.host)
        assert asked[0] == "/robots.txt"
        if case.name != "redirect-loop":
            assert len(asked) == len(set(asked)), asked
        if case.fetched:
            assert asked[1:] == [
                "/.well-known/tdmrep.json",
                "/trust.txt",
                "/.well-known/trust.txt",
                "/ai.txt",
                "/2026/05/old-bridge-to-be-rebuilt",
            ]
        elif case.why == SHUT:
            assert not [path for path in asked if "hop" not in path and path != "/robots.txt"]


def test_the_next_run_remembers_the_answers_and_the_back_off(first: Ran, web: Web) -> None:
    before = len(web.log)
    again = run(web, first.folder, [case.host for case in CASES])
    assert again.code == 0, again.said[-3000:]
    asked = [(one.host, one.path) for one in web.log[before:]]
    assert [path for _, path in asked if not path.startswith("/2026/")] == []
    assert {host for host, _ in asked} == {case.host for case in CASES if case.fetched}


def test_the_last_good_copy_holds_for_a_day_and_a_strict_run_with_an_unknown_right_ends_non_zero(
    first: Ran, web: Web
) -> None:
    """The time to live is over at once: every host is asked again, and each answers 503 now."""
    hosts = ["rules-open.test", "rules-closed.test", "s503.test"]
    old = {host: web.pages[host, "/robots.txt"] for host in hosts}
    before = len(web.log)
    try:
        web.pages |= {(host, "/robots.txt"): Said(status=503) for host in hosts}
        ran = run(web, first.folder, hosts, NEWSCRAWL_STRICT=True, NEWSCRAWL_ROBOTS_TTL=0)
    finally:
        web.pages |= {(host, "/robots.txt"): answer for host, answer in old.items()}
    asked = {(one.host, one.path) for one in web.log[before:]}
    assert {host for host, path in asked if path == "/robots.txt"} == {"rules-open.test", "rules-closed.test"}
    assert {host for host, path in asked if path != "/robots.txt"} == {"rules-open.test"}
    assert ran.code == 3, ran.said[-2000:]


def test_one_scheme_says_nothing_of_the_other(web: Web, tmp_path: Path) -> None:
    """The port speaks no TLS, so https has no rules that can be read, whatever http says."""
    web.pages["pair.test", "/robots.txt"] = robots(OPEN)
    web.pages["pair.test", "/a"] = story("pair")
    urls = tmp_path / "urls.txt"
    urls.write_text(f"{web.url('pair.test', '/a')}\nhttps://pair.test:{web.port}/a\n", "ascii")
    settings = {"NEWSCRAWL_HOSTS": json.dumps({"pair.test": "127.0.0.1"}), "DOWNLOAD_TIMEOUT": 5}
    ran = crawl(tmp_path, "aggregator", "-a", f"urls={urls}", settings=settings)
    stats = ran.run_report()["stats"]
    assert stats["newscrawl/gatekeeper/robots/rules"] == 1
    assert stats["newscrawl/gatekeeper/robots/unreachable"] == 1
    assert web.fetched("pair.test") == ["/a"]
