"""What is fuzzed: each target takes octets and raises only where the core is wrong."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from newscrawl import clean, desk, markup, read, record, rights, rulebook, sitebook, structured
from newscrawl.model import Article, Hop, Page, headers_of
from newscrawl.rights import hostfiles, rsl
from newscrawl.rights.hostfiles import PATHS, Told

NOW = datetime(2026, 5, 5, tzinfo=UTC)
URL = "https://news.example/2026/05/05/a-story-of-the-harbour"
KEYS = rulebook.Keys(may={"pattern": str, "weight": float, "words": list}, must=("pattern",))
TYPES = ("text/html", "application/xml", "application/rss+xml", "application/feed+json", "text/plain", "")


def robots(data: bytes) -> None:
    """A robots.txt: parsed, and asked of two addresses and two agents."""
    rules = rights.robots.parse(data)
    for url in (URL, f"https://news.example/{data[:40].decode('latin-1')}"):
        for agent in ("newscrawl", "GPTBot"):
            rules.match(url, agent)
            rules.signals(url, agent)
    rules.crawl_delay()


def headers(data: bytes) -> None:
    """The headers of an answer and of a hop to it, a line each."""
    lines = [line.partition(":") for line in data.decode("latin-1").splitlines()]
    named = headers_of([(name.strip(), value.strip()) for name, _, value in lines if name.strip()])
    page = Page(url=URL, headers=named, body=b"<p>x", hops=(Hop(url=URL, status=302, headers=named),))
    rights.decide(rights.signals_in_page(page))
    rights.answers.retry_after(data[:80].decode("latin-1"), NOW)


def html(data: bytes) -> None:
    """A page, the whole way; what comes out is one strict line, and what was cut can be put back."""
    kind = TYPES[data[0] % len(TYPES)] if data else ""
    page = Page(url=URL, body=data[1:], headers={"content-type": (kind,)})
    made = desk.process(page, not_checked=())
    if isinstance(made, Article):
        clean.restore(made.cleaned)
        line = record.line(record.article_record(made))
        assert len(line.decode("ascii").splitlines()) == 1
        json.loads(line, parse_constant=_refuse)
    read.listing(markup.document(page))


def _refuse(name: str) -> None:
    raise AssertionError(f"{name} in a record")


def jsonld(data: bytes) -> None:
    """A page whose JSON-LD is anything."""
    source = data.decode("utf-8", "replace")
    structured.items([source])
    story = "<p>The tide came in late on Monday, and the boats lay dry until the evening.</p>" * 4
    read.story(Page.from_html(f"<script type=application/ld+json>{source}</script><h1>Tide</h1>{story}", url=URL))


def feeds(data: bytes) -> None:
    """A feed, a sitemap, a JSON feed, whatever it turns out to be."""
    page = Page(url=URL, body=data, headers={"content-type": ("application/xml",)})
    read.sniff(page)
    read.feed(page)
    read.sitemap(page)
    rights.declarations.feed_signals(data, URL, at=page.fetched)


def files(data: bytes) -> None:
    """The optional files of a host, and an RSL document."""
    for name in PATHS:
        hostfiles.signals(name, Told(status=200, body=data), URL)
    rsl.read(data, url=URL).signals(URL)


def texts(data: bytes) -> None:
    """Plain text through the sanitizer: all that was cut can be put back. Its start as a date and as an address."""
    text = data.decode("utf-8", "replace")
    assert clean.restore(clean.sanitize_text(text, title="The tide")) == text
    read.moment(text[:200], fetched=None)
    read.canonical(text[:500])


def rules(data: bytes) -> None:
    """A rule file and a site file: refused by name and remedy, or read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.toml"
        path.write_bytes(data)
        with contextlib.suppress(rulebook.RuleError):
            rulebook.read_file(path, "wrappers", KEYS)
        with contextlib.suppress(sitebook.SiteError):
            sitebook.read(path)


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "robots": robots, "headers": headers, "html": html, "jsonld": jsonld, "feeds": feeds, "files": files,
    "texts": texts, "rules": rules,
}  # fmt: skip
