"""A page that is empty without its scripts, in a real Chromium that has no network of its own."""

from __future__ import annotations

import importlib.util
import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from scrapy.http import HtmlResponse, Request
from scrapy.settings import BaseSettings
from scrapy.utils.test import get_crawler

from newscrawl import markup, sitebook
from newscrawl.crawl import chromium
from newscrawl.crawl.browser import Browser
from newscrawl.crawl.options import OptionError, Options
from newscrawl.crawl.spiders import sites
from newscrawl.crawl.spiders.aggregator import Aggregator
from newscrawl.model import Page
from newscrawl.read.shell import is_shell
from tests.crawl.running import crawl

shown = pytest.mark.skipif(
    importlib.util.find_spec("playwright") is None or not any(map(shutil.which, chromium.NAMES)),
    reason="no browser: pip install -r requirements-browser.txt, and Chromium in PATH",
)
TEXT = [
    f"Paragraph {number} tells of the harbour, the boats that came in, and what the pilot said about the weather."
    for number in range(1, 7)
]
SHELL = (
    "<html lang=en><head><title>Harbour</title>{head}</head>"
    "<body><div id=root></div><script src=/app.js></script></body></html>"
)
APP = """
const root = document.getElementById("root");
const tell = async (address) => { try { return await (await fetch(address)).json(); } catch { return null; } };
(async () => {
  document.querySelector("meta[name=robots]")?.remove();
  new Image().src = "http://127.0.0.1:SECRET/picture";
  navigator.sendBeacon("http://127.0.0.1:SECRET/beacon", "x");
  try { new WebSocket("ws://127.0.0.1:SECRET/socket"); } catch {}
  const frame = document.createElement("iframe");
  frame.src = "http://127.0.0.1:SECRET/frame";
  document.body.append(frame);
  const stolen = await tell("http://127.0.0.1:SECRET/secret.json");
  const closed = await tell("/closed/story.json");
  const story = await tell("/api" + location.pathname + ".json");
  const paragraphs = [...story.text, ...(stolen?.text ?? []), ...(closed?.text ?? [])];
  root.innerHTML = `<article><h1>${story.title}</h1>${paragraphs.map((one) => `<p>${one}</p>`).join("")}</article>`;
  setTimeout(() => { location.href = "http://127.0.0.1:SECRET/away"; }, 50);
})();
"""


@contextmanager
def serving(answers: dict[str, tuple[str, str]]) -> Iterator[SimpleNamespace]:
    """A loopback server of some paths, and what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            kind, body = answers.get(self.path, ("", ""))
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.end_headers()
            self.wfile.write(body.encode())

        do_POST = do_GET

        def log_message(self, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield SimpleNamespace(port=server.server_address[1], asked=asked, answers=answers)
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def web() -> Iterator[tuple[SimpleNamespace, SimpleNamespace]]:
    story = json.dumps({"title": "Boats come in late", "text": TEXT})
    secret = {
        "/secret.json": ("application/json", json.dumps({"text": ["The password of the router is written here."]}))
    }
    with serving(secret) as inner:
        answers = {
            "/robots.txt": ("text/plain", "User-agent: *\nDisallow: /closed/\n"),
            "/app.js": ("text/javascript", APP.replace("SECRET", str(inner.port))),
            "/boats": ("text/html", SHELL.format(head="")),
            "/reserved": ("text/html", SHELL.format(head='<meta name="robots" content="noai">')),
            "/api/boats.json": ("application/json", story),
            "/api/reserved.json": ("application/json", story),
            "/closed/story.json": ("application/json", json.dumps({"text": ["This lies behind robots.txt."]})),
        }
        with serving(answers) as outer:
            yield outer, inner


def told(port: int, **more: object) -> dict[str, object]:
    return {"NEWSCRAWL_HOSTS": json.dumps({"harbour.test": "127.0.0.1"}), "NEWSCRAWL_BROWSER": "harbour.test", **more}


@shown
def test_a_shell_is_shown_and_nothing_leaves_by_another_door(
    web: tuple[SimpleNamespace, SimpleNamespace], tmp_path: Path
) -> None:
    outer, inner = web
    ran = crawl(tmp_path, "aggregator", "-a", f"url=http://harbour.test:{outer.port}/boats", settings=told(outer.port))
    assert ran.lines("articles"), ran.said
    (record,) = ran.lines("articles")
    assert record["title"] == "Boats come in late", ran.said
    assert all(one in record["text"] for one in TEXT)
    assert "password" not in record["text"]
    assert "behind robots.txt" not in record["text"]
    assert inner.asked == []
    assert "/closed/story.json" not in outer.asked
    assert outer.asked.count("/boats") == 1


@shown
def test_a_notice_that_a_script_takes_away_still_holds(
    web: tuple[SimpleNamespace, SimpleNamespace], tmp_path: Path
) -> None:
    outer, _ = web
    ran = crawl(
        tmp_path, "aggregator", "-a", f"url=http://harbour.test:{outer.port}/reserved", settings=told(outer.port)
    )
    assert not ran.lines("articles"), ran.said
    reasons = {one["url"].rpartition("/")[2]: one["reason"] for one in ran.lines("withheld")}
    assert reasons["reserved"] == "reserved"


def test_without_the_setting_no_browser_is_asked(web: tuple[SimpleNamespace, SimpleNamespace], tmp_path: Path) -> None:
    outer, _ = web
    settings = told(outer.port, NEWSCRAWL_BROWSER="")
    ran = crawl(tmp_path, "aggregator", "-a", f"url=http://harbour.test:{outer.port}/boats", settings=settings)
    assert not ran.lines("articles")
    assert "/app.js" not in outer.asked


def test_a_browser_that_is_not_there_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = BaseSettings({"NEWSCRAWL_BROWSER": "harbour.test"})
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(OptionError, match=r"NEWSCRAWL_BROWSER: playwright is not installed: pip install -r"):
        Options.of(settings)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(OptionError, match="NEWSCRAWL_BROWSER: no Chromium in PATH"):
        Options.of(settings)


def test_a_site_file_may_say_that_its_spider_needs_a_browser(tmp_path: Path) -> None:
    path = tmp_path / "harbour.toml"
    path.write_text('outlet = "Harbour"\nhosts = ["harbour.test"]\nbrowser = true\n', "utf-8")
    spider = sites._spider(sitebook.read(path))
    assert spider.custom_settings == {"NEWSCRAWL_BROWSER": ["harbour"]}
    path.write_text('outlet = "Harbour"\nhosts = ["harbour.test"]\nbrowser = "yes"\n', "utf-8")
    with pytest.raises(sitebook.SiteError, match="browser: must be true or false"):
        sitebook.read(path)


def _wanting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Browser:
    """The browser of the generic spider, where a site file of its own wants it for harbour.test."""
    path = tmp_path / "harbour.toml"
    path.write_text('outlet = "Harbour"\nhosts = ["harbour.test"]\nbrowser = true\n', "utf-8")
    monkeypatch.setattr(sitebook, "book", lambda: {"harbour": sitebook.read(path)})
    return Browser(get_crawler(Aggregator))


def test_a_site_file_says_it_for_the_generic_spider_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = _wanting(monkeypatch, tmp_path)
    assert browser.wanted("harbour.test")
    assert browser.wanted("www.harbour.test")
    assert not browser.wanted("coast.test")


def test_a_site_that_wants_a_missing_browser_is_read_as_it_is_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    browser = _wanting(monkeypatch, tmp_path)
    request = Request("http://harbour.test/boats")
    answer = HtmlResponse(request.url, body=SHELL.format(head="").encode(), encoding="utf-8", request=request)
    with pytest.raises(StopIteration) as end:
        browser.process_response(request, answer).send(None)
    assert end.value.value is answer
    assert "requirements-browser.txt" in caplog.text
    assert browser.crawler.stats is not None
    assert browser.crawler.stats.get_value("newscrawl/browser/missing") == 1


def test_a_crawl_that_wants_a_missing_browser_ends_with_78(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ran = crawl(tmp_path, "aggregator", "-a", "url=http://harbour.test:9/", settings=told(9))
    assert ran.code == 78, ran.said
    assert "requirements-browser.txt" in ran.said


@pytest.mark.parametrize(
    ("html", "shell"),
    [
        ("<div id=root></div><script src=/app.js></script>", True),
        ("<div id=app>Loading…</div><script>boot()</script>", True),
        ("<div id=app>Loading…</div>", False),
        (f"<article><h1>Boats</h1>{''.join(f'<p>{one}</p>' for one in TEXT)}</article><script src=/app.js></script>", False),
        (
            "<article class=paywall-active><h1>Boats</h1><p>The boats came in late on Monday, the pilot said.</p></article>"
            '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Boats", "isAccessibleForFree": false}'
            "</script><script src=/app.js></script>",
            False,
        ),
        (
            "".join(f"<h2><a href=/2026/05/0{n}/a-story-of-the-coast-{n}>A story of the coast, part {n}</a></h2>" for n in range(1, 8))
            + "<script src=/app.js></script>",
            False,
        ),
    ],
)  # fmt: skip
def test_only_a_page_that_is_empty_without_script_is_a_shell(html: str, shell: bool) -> None:
    page = Page.from_html(f"<html><body>{html}</body></html>", url="https://harbour.example/boats")
    assert is_shell(markup.document(page)) == shell
