"""`scrapy crawl` with an exit code that tells the truth, and a last word on what happened."""

from __future__ import annotations

import gc
import re
import sys
from typing import TYPE_CHECKING

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError

from newscrawl import desk
from newscrawl.archive import ArchiveAway, ArchiveError, ArchiveFenced, ArchiveFull, ArchiveLocked
from newscrawl.crawl import farewell, logs
from newscrawl.crawl.archiver import FAILED, Archiver, open_archive
from newscrawl.crawl.archiver import LATER as FOR_LATER
from newscrawl.crawl.feedstorage import FAILED as FEED_FAILED
from newscrawl.crawl.options import LOGS, OptionError, Options
from newscrawl.crawl.runreport import RunReport

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping

    from scrapy.crawler import Crawler

GOOD, ABNORMAL, NOTHING, ERRORS, LATER, CONFIGURATION = 0, 3, 4, 5, 75, 78
NORMAL_REASONS = frozenset(("finished", "shutdown", "closespider_itemcount", "closespider_pagecount"))

REFUSALS = {
    ArchiveLocked: ("archive_locked", LATER),
    ArchiveAway: ("index_away", LATER),
    ArchiveFenced: ("lease_lost", LATER),
    ArchiveFull: ("archive_full", ABNORMAL),
    ArchiveError: ("archive_unusable", CONFIGURATION),
}
"""Why an archive was not opened, and the exit code of each; the first that fits."""

UNKNOWN = ("newscrawl/withheld/unknown", "newscrawl/gatekeeper/refused/robots_unreachable")
"""What counts pages of which nobody knows what their sites reserve."""


PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z")


def check_paths(feeds: Iterable[object], arguments: Mapping[str, str]) -> None:
    """Spider arguments that become part of a feed's path (`-o 'out/%(site)s.jsonl'`) may not lead out of it.

    Raises:
        OptionError: an argument with more than letters, digits, hyphens and underscores.
    """
    named = {name for feed in feeds for name in re.findall(r"%\(([^)]*)\)", str(feed))}
    for name in sorted(named & arguments.keys()):
        if not PLAIN.match(arguments[name]):
            raise OptionError(
                f"-a {name}={arguments[name]}: it is part of a feed's path: at most 64 letters, digits, - and _"
            )


def exit_code(crawler: Crawler) -> int:
    """0 good · 3 ended abnormally or could not write · 4 nothing found · 5 too many spider errors · 75 try later."""
    stats = crawler.stats.get_stats()
    options = Options.of(crawler.settings)
    if stats.get(FOR_LATER):
        return LATER
    feeds_failed = any(key.startswith("feedexport/failed_count") for key in stats)
    if stats.get(FAILED) or feeds_failed or stats.get(FEED_FAILED):
        return ABNORMAL
    if stats.get("finish_reason") not in NORMAL_REASONS:
        return ABNORMAL
    errors = stats.get("newscrawl/items/failed", 0)
    seen = stats.get("newscrawl/stories/seen", 0)
    if errors > options.max_error_share * max(seen, 1):
        return ERRORS
    if options.strict and any(stats.get(name) for name in UNKNOWN):
        return ABNORMAL
    found = seen + stats.get("newscrawl/stories/known", 0) + stats.get("newscrawl/stories/not_modified", 0)
    stopped = stats.get("finish_reason") == "shutdown"  # before it found any
    if not found and not stopped and getattr(crawler.spidercls, "expects_stories", False):
        return NOTHING
    return GOOD


class Command(ScrapyCrawl):
    """Replaces Scrapy's own, whose exit code is 0 when the disk was full and when nothing was found."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's own options, and the form of log lines."""
        super().add_options(parser)
        parser.add_argument("--log", choices=LOGS, help="log lines as text, or one JSON object a line (NEWSCRAWL_LOG)")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Sees to the form of log lines before the first is written."""
        super().process_options(args, opts)
        assert self.settings is not None
        if opts.log:
            self.settings.set("NEWSCRAWL_LOG", opts.log, "cmdline")
        if self.settings.get("NEWSCRAWL_LOG") == "json":
            logs.install("json")
            self.settings.set("LOG_FORMAT", "%(message)s", "cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError("name one spider: scrapy crawl NAME; `scrapy list` shows them")
        assert self.crawler_process is not None
        try:
            crawler = self._create_crawler(args[0])
            desk.ready()
            check_paths(crawler.settings.getdict("FEEDS"), opts.spargs)
            spider = crawler.spidercls(**opts.spargs)  # a bad argument is told before anything is opened
            archive = open_archive(crawler, getattr(spider, "starts", ()))
        except KeyError:
            self._end(f"no spider named {args[0]}: `scrapy list` shows those there are", CONFIGURATION)
            return
        except (OptionError, ValueError) as error:
            self._end(str(error), CONFIGURATION)
            return
        except OSError as error:
            self._end(f"{error}: make room in the folder for temporary files (TMPDIR)", ABNORMAL)
            farewell.not_begun(crawler.settings, args[0], "no_room", ABNORMAL)
            return
        except ArchiveError as error:
            reason, code = next(told for kind, told in REFUSALS.items() if isinstance(error, kind))
            self._end(str(error), code)
            farewell.not_begun(crawler.settings, args[0], reason, code)
            return
        crawler.newscrawl_archive = archive  # type: ignore[attr-defined]
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        self._tell(crawler)
        gc.freeze()  # rules and models are many: to look through them once more for cycles took half a second

    def _end(self, message: str, code: int) -> None:
        print(f"newscrawl: {message}", file=sys.stderr)
        self.exitcode = code

    def _tell(self, crawler: Crawler) -> None:
        assert self.crawler_process is not None
        if self.crawler_process.bootstrap_failed:  # then it has no extensions to ask
            self._end("the crawl could not be started: see the error above; `newscrawl doctor` may name it", 1)
            return
        report = crawler.get_extension(RunReport)
        if report is None:
            self.exitcode = 1
            return
        archiver = crawler.get_extension(Archiver)
        if archiver is not None and report.finished is None:
            archiver.spider_closed("crashed")
            if crawler.stats.get_value("response_received_count"):  # a second signal: the reactor was stopped under us
                print("newscrawl: its end was forced: the archive is whole, feeds were not written", file=sys.stderr)
            else:  # told to stop while it began: Scrapy then closes no spider, and there was nothing to lose
                report.spider_closed("shutdown")
                crawler.stats.set_value("finish_reason", "shutdown")
        self.exitcode = farewell.code_of(report, exit_code(crawler))
        if archiver is not None and archiver.error is not None:
            print(f"newscrawl: {archiver.error}", file=sys.stderr)
        farewell.end(report, self.exitcode)
        if self.exitcode == NOTHING:
            farewell.say(farewell.nothing(report))
