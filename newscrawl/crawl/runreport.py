"""Counts what happened in a run, per site, and leaves it as JSON, as a page, and as lines that a person reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias
from urllib.parse import urlsplit, urlunsplit

from scrapy import signals

from newscrawl import markup, rulebook
from newscrawl.crawl import history, ping
from newscrawl.crawl.archiver import Archiver
from newscrawl.crawl.logs import plain
from newscrawl.crawl.options import OPTIONS, Options
from newscrawl.model import Article, Withheld
from newscrawl.record import VERSION
from newscrawl.report import alerts, runs
from newscrawl.report.labels import REASONS, because, called, ended
from newscrawl.report.runs import HISTORY
from newscrawl.report.views import spam_of, wrappers_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

RUN_SCHEMA = "newscrawl/run/1"
COVERED = ("authors", "published", "language", "source_url", "summary", "images")
MOST_HOSTS = 1000
MOST_STARTS = 20
KEPT, KEPT_SECONDS = "runs", 366 * 86400.0
"""Where the figures of the last runs of a task are in the index, and for how long after the last of them."""
UNASKED = "not fetched: "
"""What a reason begins with where it is one for which a page was not asked for."""
SHOWN = ("USER_AGENT", "DOWNLOAD_DELAY", "CONCURRENT_REQUESTS_PER_DOMAIN", "CONCURRENT_REQUESTS", "DOWNLOAD_TIMEOUT")
"""Settings of Scrapy's that a run report names beside newscrawl's own: how polite it was, and under what name."""
Unread: TypeAlias = Literal["doctype", "size", "broken", "depth", "many"]
UNREAD: Mapping[Unread, str] = {
    "doctype": "refused: entities of its own in its document type",
    "size": "read up to the limits of size and entries",
    "broken": "torn, or not what it says it is",
    "depth": "sitemaps of sitemaps of sitemaps not asked for",
    "many": "further sitemaps not asked for",
}
"""Why a feed or sitemap, or some of it, was left unread."""
NAMED = 3
"""Addresses of them that are named with each reason."""
SECRET = frozenset(("NEWSCRAWL_PING", "NEWSCRAWL_LICENCES", "NEWSCRAWL_INDEX"))
"""A ping address lets others ping, an index's holds a password; who may read a report need not know the contracts'
file."""


def _slim(run: Mapping[str, Any]) -> dict[str, Any]:
    """Of a run report, what later runs are held against."""
    wanted = ("started", "finished", "exit_code", "spider", "task", "finish_reason", "sites", "field_coverage",
              "cut_characters", "robots_unreachable", "known", "not_modified")  # fmt: skip
    return {name: run[name] for name in wanted if name in run}


def _shown(address: str) -> str:
    """An address without what may be a password or a key in it.

    >>> _shown("https://me:secret@example.org/news?key=1")
    'https://example.org/news'
    """
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


@dataclass(slots=True)
class SiteDetail:
    """What is counted of one site beyond its stories."""

    withheld: Counter[str] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)
    families: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Pace:
    """How fast a host answered: answers, seconds in all, the longest."""

    answers: int = 0
    seconds: float = 0.0
    longest: float = 0.0


class RunReport:
    """Extension: the figures of one run."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.options = Options.of(crawler.settings)
        self.started = datetime.now(UTC)
        self.finished: datetime | None = None
        self.reason = ""
        self.sites: dict[str, Counter[str]] = {}
        self.details: dict[str, SiteDetail] = {}
        self.hosts: dict[str, Pace] = {}
        self.why: Counter[str] = Counter()
        self.cut: Counter[str] = Counter()
        self.fields: Counter[str] = Counter()
        self.unreachable: set[str] = set()
        self.unread: dict[Unread, list[str]] = {}
        self._kept: object = None
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(self.failed, signal=signals.item_error)
        crawler.signals.connect(self.failed, signal=signals.spider_error)
        crawler.signals.connect(self.answered, signal=signals.response_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def count(self, site: str, what: str, number: int = 1) -> None:
        """Counts one thing of one site, here and as newscrawl/items/<what>."""
        self.sites.setdefault(site, Counter())[what] += number
        self.crawler.stats.inc_value(f"newscrawl/items/{what}", number)

    def _detail(self, site: str) -> SiteDetail:
        return self.details.setdefault(site, SiteDetail())

    def _because(self, site: str, why: str) -> None:
        self.why[why] += 1
        self._detail(site).withheld[why] += 1

    def withheld(self, withheld: Withheld) -> None:
        """Counts a page that may not leave, by reason and by the protocols that said so."""
        self.count(withheld.site, "withheld")
        if withheld.reason == "unknown":
            self.count(withheld.site, "unknown")
        protocols = sorted({signal.protocol for signal in withheld.verdict.because}) or [withheld.reason]
        for protocol in protocols:
            self._because(withheld.site, f"{withheld.reason}: {protocol}")
        self.crawler.stats.inc_value(f"newscrawl/withheld/{withheld.reason}")

    def refused(self, site: str, why: str) -> None:
        """Counts a request that was not made."""
        self.count(site, "refused")
        self._because(site, f"{UNASKED}{why.replace('_', ' ')}")
        if why == "robots_unreachable":
            self.unreachable.add(site)

    def left_unread(self, url: str, why: Unread) -> None:
        """Counts a feed or sitemap of which all or something was left unread: who wonders at an empty run sees why."""
        self.unread.setdefault(why, []).append(_shown(url))
        self.crawler.stats.inc_value(f"newscrawl/listings/{why}")

    def unread_lines(self) -> list[str]:
        """How many feeds and sitemaps were left unread, why, and the addresses of the first."""
        told = []
        for why, urls in self.unread.items():
            more = ", …" if len(urls) > NAMED else ""
            told.append(f"{len(urls)} {UNREAD[why]}: {plain(', '.join(urls[:NAMED]))}{more}")
        return told

    def exported(self, article: Article) -> None:
        """Counts an article that left, the characters cut from it by reason, and which fields it has."""
        self.count(article.site, "exported")
        self.count(article.site, "changed" if article.supersedes else "new")
        detail = self._detail(article.site)
        for removal in (*article.cleaned.removals, *(cut.removal for cut in article.field_removals)):
            length = removal.end - removal.start
            self.cut[removal.reason] += length
            detail.cut[removal.reason] += length
            detail.families["/".join(removal.rule.split("/")[:2])] += length
            self.crawler.stats.inc_value(f"newscrawl/cut/{removal.reason}", length)
        for name in COVERED:
            self.fields[name] += bool(getattr(article, name))
            detail.fields[name] += bool(getattr(article, name))
        for flag in article.flags:
            self.crawler.stats.inc_value(f"newscrawl/flags/{flag}")

    def known(self, site: str) -> None:
        """Counts a story that a listing named and that is in the archive already."""
        self.sites.setdefault(site, Counter())["known"] += 1

    def failed(self, response: Response | None = None) -> None:
        """Counts a page that one of our own rooms failed on: it is not "seen", and the next run takes it again."""
        self.count(
            (markup.host_of(response.url) if response is not None else "") or self.crawler.spidercls.name, "failed"
        )

    def answered(self, response: Response, request: Request) -> None:
        """Counts how long a host took."""
        seconds = request.meta.get("download_latency")
        host = markup.host_of(request.url)
        if not isinstance(seconds, float) or (host not in self.hosts and len(self.hosts) >= MOST_HOSTS):
            return
        pace = self.hosts.setdefault(host, Pace())
        pace.answers += 1
        pace.seconds += seconds
        pace.longest = max(pace.longest, seconds)

    def spider_opened(self) -> None:
        if self.options.archive is not None:
            history.set_aside(self.options.archive)
            archiver = self.crawler.get_extension(Archiver)
            assert archiver is not None
            self._kept = archiver.state(KEPT, self.task)
            archiver.endings.append(self._remember)
        ping.tell(self.options.ping, "start")

    def spider_closed(self, reason: str) -> None:
        self.finished = datetime.now(UTC)
        self.reason = reason

    def _remember(self, reason: str) -> None:
        """Keeps the figures of this run in the index, for those that come after it."""
        archiver = self.crawler.get_extension(Archiver)
        if archiver is None or not self.sites:
            return
        run = {**self._figures(), "task": self.task, "finish_reason": reason, "cut_characters": self.cut}
        archiver.keep(KEPT, self.task, [run, *map(_slim, self.earlier)][:HISTORY], seconds=KEPT_SECONDS)

    @cached_property
    def starts(self) -> tuple[str, ...]:
        """The addresses that the run began with."""
        spider = self.crawler.spider
        found = getattr(spider, "starts", None) or getattr(spider, "start_urls", None) or ()
        return tuple(map(str, found))

    @cached_property
    def task(self) -> str:
        """What this run does, as a name: see `history.task`."""
        return history.task(self.crawler.spidercls.name, self.starts)

    def _figures(self) -> dict[str, Any]:
        """What later runs are held against."""
        counted = self.crawler.stats.get_value
        return {
            "started": self.started.isoformat(),
            "spider": self.crawler.spidercls.name,
            "sites": self.counts(),
            "field_coverage": self.fields,
            "robots_unreachable": sorted(self.unreachable),
            **{what: counted(f"newscrawl/stories/{what}", 0) for what in ("known", "not_modified")},
        }

    def total(self, what: str) -> int:
        """A count over all sites."""
        return sum(counts[what] for counts in self.sites.values())

    def _seen(self, counts: Counter[str]) -> int:
        dropped = counts["duplicate"] if self.options.duplicates == "drop" else 0
        return counts["exported"] + counts["withheld"] + counts["unchanged"] + counts["not_stored"] + dropped

    def counts(self) -> dict[str, dict[str, int]]:
        """What became of each site's stories."""
        made: dict[str, dict[str, int]] = {}
        for site, counts in sorted(self.sites.items()):
            seen = self._seen(counts)
            made[site] = dict(sorted({**counts, **({"seen": seen} if seen else {})}.items()))
        return made

    def _settings(self) -> dict[str, object]:
        names = [option.name for option in OPTIONS if option.name not in SECRET]
        values = {name: self.crawler.settings.get(name) for name in (*names, *SHOWN)}
        plain = (bool, int, float, str, list, dict)
        return {
            name: value if isinstance(value, plain) or value is None else str(value) for name, value in values.items()
        }

    def as_record(self, exit_code: int) -> dict[str, Any]:
        """The run as JSON; see docs/reference/run.schema.json."""
        stats = self.crawler.stats.get_stats()
        return {
            "schema": RUN_SCHEMA,
            "spider": self.crawler.spidercls.name,
            "started": self.started.isoformat(),
            "finished": self.finished.isoformat() if self.finished else None,
            "finish_reason": self.reason,
            "exit_code": exit_code,
            "task": self.task,
            "starts": [_shown(one) for one in self.starts[:MOST_STARTS]],
            "sites": self.counts(),
            "details": {
                site: {
                    "withheld": dict(one.withheld),
                    "cut_characters": dict(one.cut),
                    "cut_families": dict(one.families),
                    "field_coverage": dict(one.fields),
                }
                for site, one in sorted(self.details.items())
            },
            "withheld": dict(sorted(self.why.items())),
            "cut_characters": dict(sorted(self.cut.items())),
            "field_coverage": dict(sorted(self.fields.items())),
            "robots_unreachable": sorted(self.unreachable),
            "hosts": {
                host: {
                    "answers": pace.answers,
                    "mean_seconds": round(pace.seconds / pace.answers, 4),
                    "longest_seconds": round(pace.longest, 4),
                }
                for host, pace in sorted(self.hosts.items())
            },
            "alerts": [asdict(alert) for alert in self.alerts],
            "listed": stats.get("newscrawl/stories/listed", 0),
            "known": stats.get("newscrawl/stories/known", 0),
            "not_modified": stats.get("newscrawl/stories/not_modified", 0),
            "use": list(self.options.use),
            "newscrawl": {"version": VERSION, "rules": rulebook.version()},
            "settings": self._settings(),
            "stats": {key: value for key, value in sorted(stats.items()) if isinstance(value, int | float | str)},
        }

    @cached_property
    def earlier(self) -> tuple[Mapping[str, Any], ...]:
        """The last runs that did the same, newest first: what the index kept of them, and the reports they left."""
        if self.options.archive is None:
            return ()
        left = history.read(self.options.archive, self.crawler.spidercls.name, self.task)
        return history.joined(self._kept, left)

    @cached_property
    def alerts(self) -> tuple[alerts.Alert, ...]:
        """What crossed NEWSCRAWL_ALERTS, once the run is over."""
        if self.reason == "shutdown" or not getattr(self.crawler.spidercls, "expects_stories", False):
            return ()  # one that was told to stop has not seen all there was
        now = runs.figures(self._figures())
        return alerts.found(now, runs.before(now, map(runs.figures, self.earlier)), self.options.alerts)

    def write(self, exit_code: int) -> Path | None:
        """Leaves runs/<time>-<spider>.json in the archive and a page beside it: the page's path.

        None without an archive, or where the disk refuses.
        """
        if self.options.archive is None:
            return None
        return history.store(self.options.archive, self.as_record(exit_code), self.earlier)

    def lines(self, exit_code: int, path: Path | None) -> list[str]:
        """What happened, in lines for a terminal or a mail from cron; what there was none of is left out."""
        counted = self.crawler.stats.get_value
        seen, known = counted("newscrawl/stories/seen", 0), counted("newscrawl/stories/known", 0)
        same = f", {self.total('unchanged')} unchanged" if self.total("unchanged") else ""
        text = [
            f"{self.crawler.spidercls.name}: {self.reason.replace('_', ' ')}, {ended(exit_code)}",
            f"  stories     {seen} read, {known} known before{same}",
        ]
        if unmodified := counted("newscrawl/stories/not_modified", 0):
            text.append(f"  listings    {unmodified} had not changed since the last run")
        text += [f"  listings    {line}" for line in self.unread_lines()]
        text.append(f"  exported    {self.total('exported')}")
        if copies := self.total("duplicate"):
            what = "linked to the first" if self.options.duplicates == "link" else "left out"
            text.append(f"  duplicates  {copies} copies of stories on other pages: {what}")
        text += [f"  withheld    {self.total('withheld')}", *self._reasons(lambda why: not why.startswith(UNASKED))]
        if self.total("refused"):
            text += [f"  not fetched {self.total('refused')}", *self._reasons(lambda why: why.startswith(UNASKED))]
        if failed := counted("newscrawl/items/failed", 0):
            text.append(f"  failed      {failed}: see the log; they are tried again next time")
        if self.cut:
            spam, wrappers = spam_of(self.cut), wrappers_of(self.cut)
            text.append(f"  cut         {spam:,} characters of spam, {wrappers:,} of wrappers")
            text += [f"    {number:>7,} {called(REASONS, why)} ({why})" for why, number in self.cut.most_common()]
        return [*text, *self._endings(path)]

    def _reasons(self, wanted: Callable[[str], bool]) -> list[str]:
        chosen = [(number, why.removeprefix(UNASKED)) for why, number in self.why.most_common() if wanted(why)]
        return [f"    {number:>7,} {because(why)}" for number, why in chosen]

    def _endings(self, path: Path | None) -> list[str]:
        text = [f"  ALERT       {alert.line}" for alert in self.alerts]
        if self.options.archive is not None:
            text.append(f"  archive     {self.options.archive.resolve()}")
        if path is not None:
            text.append(f"  report      {path.resolve()}")
        elif self.options.archive is not None:
            text.append("  report      could not be written: see what the disk said, above")
        return text
