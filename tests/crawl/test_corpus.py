"""Real pages, where they are at hand: each gives a story or a withheld record, in the core and through a crawl."""

import gzip
import json
import os
import threading
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from newscrawl import Article, Page, Withheld, process
from newscrawl.clean import restore
from tests.crawl.running import ROOT, crawl

CORPUS = Path(os.environ.get("NEWSCRAWL_CORPUS", ROOT.parent / "shared" / "corpus"))
pytestmark = pytest.mark.skipif(not (CORPUS / "pages.jsonl").exists(), reason="skipped, no corpus")


@cache
def pages() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CORPUS / "pages.jsonl").read_text("utf-8").splitlines()]


def body_of(page: dict[str, Any]) -> bytes:
    return gzip.decompress((CORPUS / page["page"]).read_bytes())


def test_each_page_gives_a_story_or_a_withheld_record() -> None:
    withheld = []
    for row in pages():
        page = Page(url=row["url"], body=body_of(row), fetched=datetime.now(UTC))
        result = process(page)
        if isinstance(result, Withheld):
            withheld.append((row["page"], result.reason))
            continue
        assert isinstance(result, Article)
        assert len(result.text) > 100, row["page"]
        assert restore(result.cleaned) == result.cleaned.original
    assert {reason for _, reason in withheld} <= {"reserved"}, withheld
    assert len(withheld) <= 6


class Site(BaseHTTPRequestHandler):
    """The corpus as an aggregator: one listing, one address a page."""

    def do_GET(self) -> None:
        if self.path == "/":
            links = "".join(
                f'<li><h2><a href="/2026/05/{number}-a-story-of-the-day.html">A story of the day, number {number}'
                "</a></h2><p>And what it says, in a line of its own.</p></li>"
                for number in range(len(pages()))
            )
            self.answer(f"<html><body><main><ul>{links}</ul></main></body></html>".encode())
        elif self.path.startswith("/2026/05/"):
            self.answer(body_of(pages()[int(self.path.split("/")[3].split("-")[0])]))
        else:
            self.send_error(404)

    def answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet."""


def test_the_pages_served_as_an_aggregator_come_through_a_real_crawl(tmp_path: Path) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        ran = crawl(
            tmp_path,
            "aggregator",
            "-a",
            f"url=http://127.0.0.1:{server.server_port}/",
            settings={"NEWSCRAWL_CHECK_SOURCE": False, "LOG_LEVEL": "WARNING"},
        )
    finally:
        server.shutdown()
        server.server_close()
    assert ran.code == 0, ran.said[-3000:]
    assert "Traceback" not in ran.said
    assert len(ran.lines("articles")) + len(ran.lines("withheld")) == len(pages())
