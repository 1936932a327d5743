"""The last word of a run: its report, its metrics, its health check, and what a person or a log is told."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console

from newscrawl import rulebook
from newscrawl.crawl import history, metrics, ping
from newscrawl.crawl.options import OptionError, Options
from newscrawl.crawl.runreport import RUN_SCHEMA, RunReport
from newscrawl.crawl.terminal import at_terminal, table
from newscrawl.record import VERSION

if TYPE_CHECKING:
    from pathlib import Path

    from scrapy.settings import BaseSettings

GOOD, ALERT = 0, 6
PING_SECONDS = 6.0
GUARD = "newscrawl/guard/"


def say(line: str) -> None:
    """One line on standard error."""
    print(f"newscrawl: {line}", file=sys.stderr)


def nothing(report: RunReport) -> str:
    """Why a run found no story, as far as we know."""
    if report.unreachable:
        hosts = ", ".join(sorted(report.unreachable)[:3])
        return f"no story was found: robots.txt of {hosts} could not be read, so nothing was fetched: try again later"
    if report.unread:
        return f"no story was found: of feeds and sitemaps, {'; '.join(report.unread_lines())}"
    if report.total("refused"):
        return "no story was found: what was asked for may not be fetched: see `not fetched` above"
    stats = sorted(report.crawler.stats.get_stats().items())
    guarded = [f"{number} {name.removeprefix(GUARD)}" for name, number in stats if name.startswith(GUARD)]
    if guarded:
        told = ", ".join(guarded).replace("_", " ")
        return f"no story was found: the guard refused what was to be asked ({told}): see `newscrawl/guard` in the docs"
    return "no story was found where some were expected: is this a news listing?"


def code_of(report: RunReport, code: int) -> int:
    """The exit code of a run: 6 where all was good but for a threshold that NEWSCRAWL_ALERTS_EXIT names."""
    crossed = {alert.name for alert in report.alerts} & report.options.alerts_exit
    return ALERT if code == GOOD and crossed else code


def end(report: RunReport, code: int) -> None:
    """Leaves the report, the metrics and the ping of a run, and says what happened."""
    path = report.write(code)
    _tell_machines(report.options, report.as_record(code), report.earlier, code)
    if report.options.log == "json":
        print(json.dumps(_summary(report.as_record(code), path)), file=sys.stderr)
        return
    if at_terminal(report.options):
        Console(stderr=True).print(table(report))
    print("\n".join(report.lines(code, path)), file=sys.stderr)


def _summary(record: Mapping[str, Any], path: Path | None) -> dict[str, object]:
    kept = ("spider", "started", "finished", "finish_reason", "exit_code", "sites", "withheld", "alerts")
    return {
        "message": "run ended",
        "report": str(path.resolve()) if path else None,
        **{name: record[name] for name in kept},
    }


def _tell_machines(
    options: Options, record: Mapping[str, Any], earlier: tuple[Mapping[str, Any], ...], code: int
) -> None:
    if options.metrics is not None:
        try:
            metrics.write(options.metrics, record, earlier)
        except OSError as error:
            say(f"NEWSCRAWL_METRICS={options.metrics}: {error.strerror}: not written")
    ping.tell(options.ping, "success" if code == GOOD else "fail", wait=PING_SECONDS)


def not_begun(settings: BaseSettings, spider: str, reason: str, code: int) -> None:
    """The report, metrics and ping of a run that could not begin: a held archive, a full disk."""
    try:
        options = Options.of(settings)
    except OptionError:
        return  # which address, which file: nobody can tell
    now = datetime.now(UTC).isoformat()
    record: dict[str, Any] = {
        "schema": RUN_SCHEMA, "spider": spider, "started": now, "finished": now, "finish_reason": reason,
        "exit_code": code, "sites": {}, "details": {}, "withheld": {}, "cut_characters": {}, "field_coverage": {},
        "robots_unreachable": [], "hosts": {}, "alerts": [], "listed": 0, "known": 0, "not_modified": 0,
        "use": list(options.use), "newscrawl": {"version": VERSION, "rules": rulebook.version()}, "settings": {},
        "stats": {},
    }  # fmt: skip
    earlier = history.read(options.archive, spider) if options.archive is not None else ()
    if options.archive is not None and options.archive.is_dir():
        history.store(options.archive, record, earlier)
    _tell_machines(options, record, earlier, code)
