"""The gatekeeper through real crawls on loopback: files of rights, sources, notices of hosts, terms, pauses, paces."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from scrapy.core.downloader import Slot

from newscrawl.archive import Archive
from newscrawl.crawl.patience import Pause
from tests.crawl.matrix import HTML, Said, Web, robots, story, to
from tests.crawl.running import ROOT, Ran, crawl

NOTICE = "No part of this site may be used to train AI models without our written permission."
FOOT = f"<footer><p>© 2026 Example Press. {NOTICE}</p></footer>"
OPEN = robots("User-agent: *\nAllow: /\n")
TITLES = ("bridge", "harbour", "library", "market", "station", "theatre", "school", "museum")


def page(host: str, word: str, *, foot: str = "", inside: str = "", head: str = "") -> Said:
    said = story(f"{host} {word}", title=f"The old {word} of {host} to be rebuilt", foot=foot)
    body = said.body.decode().replace("</article>", f"{inside}</article>").replace("</title>", f"</title>{head}")
    for common in ("bridge over the river", "river", "lorries", "Shopkeepers", "toll", "ferry", "mill"):
        body = body.replace(common, f"{common} near the {word}")
    return Said(body=body.encode(), type=HTML)


def path(word: str) -> str:
    return f"/2026/05/11/the-old-{word}-to-be-rebuilt"


def listing(words: tuple[str, ...], foot: str = "") -> Said:
    links = "".join(
        f'<li><h2><a href="{path(word)}">The old {word} is to be rebuilt by June</a></h2></li>' for word in words
    )
    return Said(body=f"<html><body><main><ul>{links}</ul></main>{foot}</body></html>".encode(), type=HTML)


def press(web: Web, host: str, words: tuple[str, ...], make: Callable[[str], Said], *, rules: Said = OPEN) -> None:
    """A host with a listing and some stories."""
    web.pages[host, "/robots.txt"] = rules
    web.pages[host, "/"] = listing(words)
    for word in words:
        web.pages[host, path(word)] = make(word)


def run(web: Web, folder: Path, hosts: list[str], *args: str, **settings: object) -> Ran:
    names = {host for host, _ in web.pages}
    fixed: dict[str, object] = {"NEWSCRAWL_HOSTS": json.dumps(dict.fromkeys(names, "127.0.0.1")), "DOWNLOAD_TIMEOUT": 5}
    urls = ",".join(web.url(host) for host in hosts)
    return crawl(folder, "aggregator", "-a", f"url={urls}", *args, timeout=90, settings=fixed | settings)


def withheld(ran: Ran, host: str) -> list[dict[str, Any]]:
    return [line for line in ran.lines("withheld") if line["site"] == host]


def exported(ran: Ran, host: str) -> list[dict[str, Any]]:
    return [line for line in ran.lines("articles") if line["site"] == host]


def because(line: dict[str, Any]) -> set[str]:
    return {said["protocol"] for said in line["rights"]["because"]}


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as one:
        yield one


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Web, Ran, Ran]]:
    """One crawl of many hosts, each of which says something in its own place; and the same crawl again."""
    two = TITLES[:2]
    with Web() as web:
        for host in ("plain", "tdmrep", "tdmrep-broken", "tdmrep-503", "trust", "trust-wellknown", "ai", "ai-500"):
            press(web, f"{host}.test", two, lambda word, host=host: page(host, word))  # type: ignore[misc]
        reserved = b'[{"location": "/", "tdm-reservation": 1, "tdm-policy": "https://tdmrep.test/policy"}]'
        web.pages["tdmrep.test", "/.well-known/tdmrep.json"] = Said(body=reserved, type="application/json")
        web.pages["tdmrep-broken.test", "/.well-known/tdmrep.json"] = Said(body=b"[{", type="application/json")
        web.pages["tdmrep-503.test", "/.well-known/tdmrep.json"] = Said(status=503)
        web.pages["trust.test", "/trust.txt"] = robots("member=https://example.org/\ndatatrainingallowed=no\n")
        web.pages["trust-wellknown.test", "/.well-known/trust.txt"] = robots("datatrainingallowed=no\n")
        web.pages["ai.test", "/ai.txt"] = robots("User-Agent: *\nDisallow: /\n")
        web.pages["ai-500.test", "/ai.txt"] = Said(status=500)
        _rsl(web, two)
        _pace(web)
        _redirects(web)
        _inferred(web, two)
        hosts = sorted({host for host, where in web.pages if where == "/"})
        folder = tmp_path_factory.mktemp("everything")
        first = run(web, folder, hosts)
        middle = len(web.log)
        second = run(web, folder, hosts, NEWSCRAWL_REVISIT_HOURS=48)
        web.again = web.log[middle:]  # type: ignore[attr-defined]
        yield web, first, second


def _rsl(web: Web, words: tuple[str, ...]) -> None:
    def document(tokens: str, kind: str) -> Said:
        text = f'<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license><{kind} type="usage">{tokens}</{kind}></license></content></rsl>'
        return Said(body=text.encode(), type="application/rsl+xml")

    line = robots(f"User-agent: *\nAllow: /\nLicense: {web.url('rsl-robots.test', '/license.xml')}\n")
    press(web, "rsl-robots.test", words, lambda word: page("rsl-robots", word), rules=line)
    web.pages["rsl-robots.test", "/license.xml"] = document("ai-all", "prohibits")
    line = robots(f"User-agent: *\nAllow: /\nLicense: {web.url('rsl-free.test', '/license.xml')}\n")
    press(web, "rsl-free.test", words, lambda word: page("rsl-free", word), rules=line)
    web.pages["rsl-free.test", "/license.xml"] = document("all", "permits")
    line = robots(f"User-agent: *\nAllow: /\nLicense: {web.url('rsl-gone.test', '/license.xml')}\n")
    press(web, "rsl-gone.test", words, lambda word: page("rsl-gone", word), rules=line)
    line = robots("User-agent: *\nAllow: /\nLicense: http://[::1/license.xml\n")
    press(web, "rsl-nowhere.test", words, lambda word: page("rsl-nowhere", word), rules=line)
    head = '<link rel="license" type="application/rsl+xml" href="/license.xml">'
    press(web, "rsl-link.test", words, lambda word: page("rsl-link", word, head=head))
    web.pages["rsl-link.test", "/license.xml"] = document("ai-train", "prohibits")
    link = {"Link": f'<{web.url("rsl-header.test", "/license.xml")}>; rel="license"; type="application/rsl+xml"'}

    def headed(word: str) -> Said:
        said = page("rsl-header", word)
        return Said(body=said.body, type=said.type, headers=link)

    press(web, "rsl-header.test", words, headed)
    web.pages["rsl-header.test", "/license.xml"] = document("all", "permits")


def _pace(web: Web) -> None:
    paced = robots("User-agent: *\nCrawl-delay: 0.5\n")
    press(web, "slow.test", TITLES[:3], lambda word: page("slow", word), rules=paced)
    press(
        web,
        "too-slow.test",
        TITLES[:2],
        lambda word: page("too-slow", word),
        rules=robots("User-agent: *\nCrawl-delay: 61"),
    )


def _redirects(web: Web) -> None:
    press(web, "moved.test", TITLES[:3], lambda word: page("moved", word))
    web.pages["moved.test", path("bridge")] = to(web.url("moved-closed.test", path("bridge")))
    web.pages["moved-closed.test", "/robots.txt"] = robots("User-agent: *\nDisallow: /\n")
    web.pages["moved-closed.test", path("bridge")] = page("moved-closed", "bridge")
    hop = to(web.url("moved-open.test", path("harbour")))
    web.pages["moved.test", path("harbour")] = Said(status=301, headers={**hop.headers, "X-Robots-Tag": "noai"})
    web.pages["moved-open.test", "/robots.txt"] = OPEN
    web.pages["moved-open.test", path("harbour")] = page("moved-open", "harbour")


def _inferred(web: Web, words: tuple[str, ...]) -> None:
    rules = robots("User-agent: GPTBot\nDisallow: /\n\nUser-agent: *\nAllow: /\n")
    press(web, "inferred.test", words, lambda word: page("inferred", word), rules=rules)


def test_the_crawls_end_well(everything: tuple[Web, Ran, Ran]) -> None:
    _, first, second = everything
    for ran in (first, second):
        assert ran.code == 0, ran.said[-3000:]
        assert "Traceback" not in ran.said, ran.said[ran.said.index("Traceback") :][:3000]


@pytest.mark.parametrize(
    ("host", "protocol", "reason"),
    [
        ("plain", None, None),
        ("tdmrep", "tdmrep", "reserved"),
        ("tdmrep-broken", "tdmrep", "unknown"),
        ("tdmrep-503", "tdmrep", "unknown"),
        ("trust", "trust.txt", "reserved"),
        ("trust-wellknown", "trust.txt", "reserved"),
        ("ai", "ai.txt", "reserved"),
        ("ai-500", "ai.txt", "unknown"),
        ("rsl-robots", "rsl", "reserved"),
        ("rsl-free", None, None),
        ("rsl-gone", "rsl", "unknown"),
        ("rsl-nowhere", "rsl", "unknown"),
        ("rsl-link", "rsl", "reserved"),
        ("rsl-header", None, None),
        ("slow", None, None),
        ("inferred", "robots", "reserved"),
    ],
)
def test_what_a_host_says_beside_its_pages_decides(
    everything: tuple[Web, Ran, Ran], host: str, protocol: str | None, reason: str | None
) -> None:
    _, first, _ = everything
    lines = withheld(first, f"{host}.test")
    assert {line["reason"] for line in lines} == ({reason} if reason else set())
    assert [because(line) for line in lines] == ([{protocol}] * 2 if protocol else [])
    assert bool(exported(first, f"{host}.test")) == (protocol is None)


def test_every_signal_has_its_words_its_place_and_its_time(everything: tuple[Web, Ran, Ran]) -> None:
    _, first, _ = everything
    for line in [*first.lines("withheld"), *first.lines("articles")]:
        for said in line["rights"]["signals"]:
            assert said["quote"], said
            assert said["where"], said
            assert said["at"], said
            assert said["host"], said
        assert line["rights"]["robots"]["sha256"] or line["rights"]["robots"]["status"] != 200


def test_each_file_is_asked_once_a_day_for_a_host(everything: tuple[Web, Ran, Ran]) -> None:
    web, _, _ = everything
    for host in ("plain.test", "trust.test", "rsl-robots.test", "ai.test"):
        files = [one for one in web.asked(host) if not one.startswith("/2026") and one != "/"]
        assert len(files) == len(set(files)), files
    assert [one for one in web.asked("plain.test") if one != "/" and not one.startswith("/2026")] == [
        "/robots.txt",
        "/.well-known/tdmrep.json",
        "/trust.txt",
        "/.well-known/trust.txt",
        "/ai.txt",
    ]
    assert "/.well-known/trust.txt" not in web.asked("trust.test")


def test_a_second_run_asks_only_for_what_failed_and_only_when_its_time_has_come(
    everything: tuple[Web, Ran, Ran],
) -> None:
    web, _, _ = everything
    again = [(one.host, one.path) for one in web.again]  # type: ignore[attr-defined]
    assert [one for one in again if one[1] != "/" and not one[1].startswith("/2026")] == []


def test_a_crawl_delay_is_kept_by_every_request_and_one_that_is_too_long_skips_the_host(
    everything: tuple[Web, Ran, Ran],
) -> None:
    web, first, _ = everything
    times = [one.at for one in web.log if one.host == "slow.test"]
    runs = [index for index, one in enumerate(one for one in web.log if one.host == "slow.test") if one.path == "/"]
    assert len(times) >= 9
    gaps = [after - before for before, after in pairwise(times)][: runs[-1] - 1]
    assert min(gaps) >= 0.4, gaps
    assert web.fetched("too-slow.test") == []
    assert first.run_report()["withheld"]["not fetched: crawl delay"] >= 1
    assert first.run_report()["stats"]["newscrawl/gatekeeper/refused/crawl_delay"] == 1


def test_a_redirect_is_bound_by_the_rules_of_both_hosts_and_what_a_hop_says_counts(
    everything: tuple[Web, Ran, Ran],
) -> None:
    web, first, _ = everything
    assert web.fetched("moved-closed.test") == []
    assert [because(line) for line in withheld(first, "moved-closed.test")] == [{"robots"}]
    assert web.fetched("moved-open.test") != []
    assert [because(line) for line in withheld(first, "moved-open.test")] == [{"x-robots-tag"}]
    assert len(exported(first, "moved.test")) == 1


def test_no_request_opens_a_door_by_a_key_in_its_meta(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.pages["shut.test", "/robots.txt"] = robots("User-agent: *\nDisallow: /\n")
    monkeypatch.setenv("NAUGHTY_URL", web.url("shut.test"))
    settings = {"SPIDER_MODULES": "tests.crawl.naughty", "NEWSCRAWL_HOSTS": json.dumps({"shut.test": "127.0.0.1"})}
    ran = crawl(tmp_path, "naughty", settings=settings)
    assert web.asked("shut.test") == ["/robots.txt"]
    stats = ran.run_report()["stats"]
    assert stats["newscrawl/gatekeeper/refused/dont_obey_robotstxt"] == 1
    assert stats["newscrawl/gatekeeper/refused/robots_disallow"] == 2


def test_a_host_that_asks_for_patience_is_left_alone_in_this_run_and_the_next(web: Web, tmp_path: Path) -> None:
    hosts = ["busy429.test", "busy503.test"]
    for host, status in zip(hosts, (429, 503), strict=True):
        press(web, host, TITLES[:5], lambda word, host=host: page(host, word))  # type: ignore[misc]
        refusal = Said(status=status, headers={"Retry-After": "3600"})
        web.pages |= {(host, path(word)): refusal for word in TITLES[:5]}
    first = run(web, tmp_path, hosts, DOWNLOAD_DELAY=0.05)  # without any, Scrapy 2.19 sends all at once
    fetched = [web.fetched(host) for host in hosts]
    assert [len(paths) for paths in fetched] == [2, 2], fetched
    assert first.run_report()["stats"]["newscrawl/gatekeeper/asked_to_wait"] == 2
    assert first.run_report()["stats"]["newscrawl/gatekeeper/refused/backing_off"] == 8
    second = run(web, tmp_path, hosts)
    assert [web.fetched(host) for host in hosts] == fetched
    assert second.run_report()["stats"]["newscrawl/gatekeeper/refused/backing_off"] == 2


@pytest.mark.parametrize(
    ("before", "now", "asked", "seconds", "strikes"),
    [
        (Pause(), 1e9, None, 60, 1),
        (Pause(), 1e9, 5.0, 60, 1),
        (Pause(), 1e9, 900.0, 900, 1),
        (Pause(), 1e9, 1e9, 86400, 1),
        (Pause(until=1e9, strikes=1), 1e9 + 1, None, 120, 2),
        (Pause(until=1e9, strikes=4), 1e9 + 1799, None, 960, 5),
        (Pause(until=1e9, strikes=4), 1e9 + 1800, None, 60, 1),  # thirty quiet minutes
        (Pause(until=1e9, strikes=99), 1e9 + 1, None, 86400, 100),
        (Pause(until=1e9 + 50, strikes=1), 1e9, None, 50, 1),  # an answer to a request sent before
        (Pause(until=1e9 + 50, strikes=1), 1e9, 300.0, 300, 1),
    ],
)
def test_a_pause_doubles_when_it_is_needed_again_and_is_forgiven_after_thirty_quiet_minutes(
    before: Pause, now: float, asked: float | None, seconds: float, strikes: int
) -> None:
    pause = before.after(now, asked, 0.0)
    assert (pause.until - now, pause.strikes) == (seconds, strikes)
    later = before.after(now, asked, 0.25)
    assert seconds <= later.until - now <= min(1.25 * max(seconds, 60), 86400)


def test_the_slots_of_the_downloader_are_what_we_take_them_for() -> None:
    """Pauses and paces reach into them; this fails before a crawl does."""
    slot = Slot(1, 2.0, 0)
    assert (slot.concurrency, slot.delay, slot.jitter) == (1, 2.0, 0)
    assert list(slot.queue) == []
    assert slot.lastseen == 0


def test_a_crawl_that_is_told_to_stop_keeps_nothing_against_the_host_it_was_waiting_for(tmp_path: Path) -> None:
    with Web() as web:
        asked = threading.Event()

        def silent(handler: BaseHTTPRequestHandler) -> None:
            asked.set()
            time.sleep(20)

        web.pages["silent.test", "/robots.txt"] = Said(then=silent)
        hosts = json.dumps({"silent.test": "127.0.0.1"})
        command = ["aggregator", "-a", f"url={web.url('silent.test', '/')}", "-s", f"NEWSCRAWL_HOSTS={hosts}"]
        flags = ["-s", f"NEWSCRAWL_ARCHIVE={tmp_path / 'archive'}", "-s", "DOWNLOAD_TIMEOUT=60"]
        with subprocess.Popen(
            [sys.executable, "-m", "scrapy", "crawl", *command, *flags],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process:
            assert asked.wait(30)
            process.send_signal(signal.SIGTERM)
            said, _ = process.communicate(timeout=40)
    with Archive.open(tmp_path / "archive", run="after", clock=time.time) as archive:
        assert archive.states("robots") == {}
        assert archive.count("withheld") == 0
    assert b"Traceback" not in said, said.decode()[-3000:]
