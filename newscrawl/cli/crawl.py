"""`newscrawl crawl`: every site, one after another or several at once, each in a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import click

from newscrawl import sitebook
from newscrawl.report.labels import ended

SEVERITY = (78, 1, 3, 5, 4, 6, 75)
"""Exit codes, the worst first; whatever else there is counts as 1."""
RESERVED = (".test", ".example", ".invalid", ".localhost")
"""Names that lead nowhere (RFC 6761): the sites of the demo."""
LOOK = 0.2


@dataclass(slots=True)
class Crawling:
    """One site's crawl under way."""

    name: str
    process: subprocess.Popen[bytes]
    until: float | None


def worst(codes: Sequence[int]) -> int:
    """The exit code of several runs: 0 where all were good, else the worst of them.

    >>> worst([0, 0]), worst([0, 75, 4]), worst([0, -9]), worst([])
    (0, 4, 1, 0)
    """
    bad = {code if code in SEVERITY else 1 for code in codes if code}
    return next((code for code in SEVERITY if code in bad), 0)


def names() -> tuple[str, ...]:
    """Each site file that is enabled and whose hosts are real."""
    real = (site for site in sitebook.sites() if not all(host.endswith(RESERVED) for host in site.hosts))
    return tuple(site.name for site in real if site.enabled)


@click.command()
@click.argument("sites", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every site file that is enabled, but those of the demo.")
@click.option("--skip", multiple=True, metavar="SITE", help="Not this one.")
@click.option("--archive", default="data", show_default=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1, 64), help="Sites at once.")
@click.option(
    "--minutes", type=click.FloatRange(min=0, min_open=True), help="A site's time limit; then it is told to stop."
)
@click.option(
    "--log", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Form of log lines."
)
@click.option("-s", "settings", multiple=True, metavar="NAME=VALUE", help="A setting, handed on to each crawl.")
def crawl(
    sites: tuple[str, ...],
    every: bool,
    skip: tuple[str, ...],
    archive: Path,
    jobs: int,
    minutes: float | None,
    log: str,
    settings: tuple[str, ...],
) -> None:
    """Crawl SITES (names of site files), or --all of them; the exit code is the worst of theirs.

    One site is one process, and the only one that asks its hosts. One after another they share the ARCHIVE; several
    at once have a folder in it each, since an archive has one owner.

    \b
    newscrawl crawl --all
    newscrawl crawl mdr ndr wdr --jobs 3 --minutes 50
    newscrawl crawl --all --log json -s NEWSCRAWL_METRICS=/var/lib/prometheus/node-exporter
    """
    wanted = tuple(name for name in (*sites, *(names() if every else ())) if name not in skip)
    unknown = sorted(set(wanted) - {site.name for site in sitebook.sites()})
    if not wanted or unknown:
        told = f"no site file named {', '.join(unknown)}" if unknown else "name a site, or say --all"
        raise click.ClickException(f"{told}: `scrapy list` shows those there are")
    wanted = tuple(dict.fromkeys(wanted))
    given = (*settings, *(("NEWSCRAWL_LOG=json",) if log == "json" else ()))
    codes = dict(_run(wanted, archive, jobs, minutes, given))
    end = worst([*codes.values(), *([75] if len(codes) < len(wanted) else [])])
    if log == "json":
        left = [name for name in wanted if name not in codes]
        click.echo(json.dumps({"message": "crawls ended", "exit_code": end, "sites": codes, "not_begun": left}))
        raise SystemExit(end)
    for name, code in codes.items():
        click.echo(f"{name}: {ended(code)}")
    good = sum(not code for code in codes.values())
    click.echo(f"{good} of {len(wanted)} sites ended well; exit code {end}")
    raise SystemExit(end)


class _Crawls:
    """The crawls under way; SIGTERM and Ctrl-C are handed on to each of them once, and no further one begins."""

    def __init__(self, minutes: float | None) -> None:
        self.seconds = 60 * minutes if minutes else None
        self.under_way: list[Crawling] = []
        self.stopped = False

    def begin(self, name: str, words: Sequence[str]) -> None:
        until = time.monotonic() + self.seconds if self.seconds else None
        # a session of its own: Ctrl-C reaches it through us alone, since a second signal forces a crawl's end
        process = subprocess.Popen(words, start_new_session=True)  # noqa: S603 - our own words
        self.under_way.append(Crawling(name, process, until))

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Tells each crawl to stop: what it has under way gets eight seconds."""
        if not self.stopped:
            self.stopped = True
            for one in self.under_way:
                one.process.terminate()

    def ended(self) -> Iterator[tuple[str, int]]:
        """The names and exit codes of crawls that have ended since; one past its time is told to stop."""
        for one in tuple(self.under_way):
            code = one.process.poll()
            if code is not None:
                self.under_way.remove(one)
                yield one.name, code
            elif one.until is not None and time.monotonic() > one.until:
                one.until = None
                one.process.terminate()


def _run(
    wanted: Sequence[str], archive: Path, jobs: int, minutes: float | None, settings: Sequence[str]
) -> Iterator[tuple[str, int]]:
    waiting = list(wanted)
    crawls = _Crawls(minutes)
    before = [(number, signal.signal(number, crawls.stop)) for number in (signal.SIGTERM, signal.SIGINT)]
    try:
        while crawls.under_way or (waiting and not crawls.stopped):
            while waiting and len(crawls.under_way) < jobs and not crawls.stopped:
                name = waiting.pop(0)
                crawls.begin(name, _words(name, archive / name if jobs > 1 else archive, settings))
            yield from crawls.ended()
            time.sleep(LOOK)
    finally:
        crawls.stop()
        for number, earlier in before:
            signal.signal(number, earlier)


def _words(name: str, archive: Path, settings: Sequence[str]) -> list[str]:
    given = [part for setting in settings for part in ("-s", setting)]
    return [sys.executable, "-m", "scrapy", "crawl", name, "-s", f"NEWSCRAWL_ARCHIVE={archive}", *given]
