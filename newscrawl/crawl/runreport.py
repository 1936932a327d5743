"""Counts what happened in a run, per site, and leaves it as JSON and as lines that a person reads."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from scrapy import signals

from newscrawl import rulebook
from newscrawl.crawl.options import Options
from newscrawl.model import Article, Withheld
from newscrawl.record import VERSION

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

RUN_SCHEMA = "newscrawl/run/1"
SPAM = "SPAM"


class RunReport:
    """Extension: the figures of one run."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.options = Options.of(crawler.settings)
        self.started = datetime.now(UTC)
        self.finished: datetime | None = None
        self.reason = ""
        self.sites: dict[str, Counter[str]] = {}
        self.why: Counter[str] = Counter()
        self.cut: Counter[str] = Counter()
        self.fields: Counter[str] = Counter()
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(self.failed, signal=signals.item_error)
        crawler.signals.connect(self.failed, signal=signals.spider_error)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def count(self, site: str, what: str, number: int = 1) -> None:
        """Counts one thing of one site, here and as newscrawl/items/<what>."""
        self.sites.setdefault(site, Counter())[what] += number
        self.crawler.stats.inc_value(f"newscrawl/items/{what}", number)

    def withheld(self, withheld: Withheld) -> None:
        """Counts a page that may not leave, by reason and by the protocols that said so."""
        self.count(withheld.site, "withheld")
        protocols = sorted({signal.protocol for signal in withheld.verdict.because}) or [withheld.reason]
        for protocol in protocols:
            self.why[f"{withheld.reason}: {protocol}"] += 1
        self.crawler.stats.inc_value(f"newscrawl/withheld/{withheld.reason}")

    def refused(self, site: str, why: str) -> None:
        """Counts a request that was not made."""
        self.count(site, "refused")
        self.why[f"not fetched: {why.replace('_', ' ')}"] += 1

    def exported(self, article: Article) -> None:
        """Counts an article that left, the characters cut from it by reason, and which fields it has."""
        self.count(article.site, "exported")
        for removal in (*article.cleaned.removals, *(cut.removal for cut in article.field_removals)):
            length = removal.end - removal.start
            self.cut[removal.reason] += length
            self.crawler.stats.inc_value(f"newscrawl/cut/{removal.reason}", length)
        for name in ("authors", "published", "language", "source_url", "summary", "images"):
            self.fields[name] += bool(getattr(article, name))
        for flag in article.flags:
            self.crawler.stats.inc_value(f"newscrawl/flags/{flag}")

    def failed(self) -> None:
        """Counts a page that one of our own rooms failed on: it is not "seen", and the next run takes it again."""
        self.crawler.stats.inc_value("newscrawl/items/failed")

    def spider_closed(self, reason: str) -> None:
        self.finished = datetime.now(UTC)
        self.reason = reason

    def total(self, what: str) -> int:
        """A count over all sites."""
        return sum(counts[what] for counts in self.sites.values())

    @property
    def spam_characters(self) -> int:
        """Characters cut as spam, hidden or in plain sight."""
        return sum(number for reason, number in self.cut.items() if reason.startswith((SPAM, "SITE")))

    def as_record(self, exit_code: int) -> Mapping[str, object]:
        """The run as JSON; see docs/reference/run.schema.json."""
        stats = self.crawler.stats.get_stats()
        return {
            "schema": RUN_SCHEMA,
            "spider": self.crawler.spidercls.name,
            "started": self.started.isoformat(),
            "finished": self.finished.isoformat() if self.finished else None,
            "finish_reason": self.reason,
            "exit_code": exit_code,
            "sites": {site: dict(sorted(counts.items())) for site, counts in sorted(self.sites.items())},
            "withheld": dict(sorted(self.why.items())),
            "cut_characters": dict(sorted(self.cut.items())),
            "field_coverage": dict(sorted(self.fields.items())),
            "listed": stats.get("newscrawl/stories/listed", 0),
            "known": stats.get("newscrawl/stories/known", 0),
            "use": list(self.options.use),
            "newscrawl": {"version": VERSION, "rules": rulebook.version()},
            "stats": {key: value for key, value in sorted(stats.items()) if isinstance(value, int | float | str)},
        }

    def write(self, exit_code: int) -> Path | None:
        """Leaves runs/<time>-<spider>.json in the archive; None without an archive, or where the disk refuses."""
        if self.options.archive is None:
            return None
        folder = self.options.archive / "runs"
        path = folder / f"{self.started:%Y%m%dT%H%M%SZ}-{self.crawler.spidercls.name}.json"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".json.part")
            part.write_text(json.dumps(self.as_record(exit_code), indent=1) + "\n", "ascii")
            part.replace(path)
        except OSError:
            return None
        return path

    def lines(self, exit_code: int, path: Path | None) -> list[str]:
        """What happened, in lines for a terminal or a mail from cron."""
        stats = self.crawler.stats.get_stats()
        seen = stats.get("newscrawl/stories/seen", 0)
        known = stats.get("newscrawl/stories/known", 0)
        text = [
            f"{self.crawler.spidercls.name}: {self.reason}, exit code {exit_code}",
            f"  stories     {seen} read, {known} known before, {self.total('unchanged')} unchanged",
            f"  listings    {stats.get('newscrawl/stories/not_modified', 0)} not modified since the last run",
            f"  exported    {self.total('exported')}",
            f"  duplicates  {self.total('duplicate')} copies of stories on other pages: {self.options.duplicates}",
            f"  withheld    {self.total('withheld')}",
            f"  not fetched {self.total('refused')}",
        ]
        if failed := stats.get("newscrawl/items/failed", 0):
            text.append(f"  failed      {failed}: see the log; they are tried again next time")
        text += [f"    {number:>5} × {why}" for why, number in self.why.most_common()]
        wrappers = sum(self.cut.values()) - self.spam_characters
        text.append(f"  cut         {self.spam_characters:,} characters of spam, {wrappers:,} of wrappers")
        text += [f"    {number:>7,} {reason}" for reason, number in self.cut.most_common()]
        if self.options.archive is not None:
            text.append(f"  archive     {self.options.archive.resolve()}")
        if path is not None:
            text.append(f"  report      {path.resolve()}")
        return text
