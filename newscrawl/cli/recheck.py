"""`newscrawl recheck`: asks the hosts again, and lists or takes back the articles that are reserved now."""

from __future__ import annotations

import contextlib
import heapq
import json
import os
import sys
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from newscrawl import archive as disk
from newscrawl import markup
from newscrawl.archive.upkeep import withdrawal
from newscrawl.cli.archive import ARCHIVE, told
from newscrawl.cli.hosts import Answered, Hosts
from newscrawl.cli.indexes import writing_to
from newscrawl.model import AI_USES, USES, Decision, Signal, Use
from newscrawl.rights import Licences
from newscrawl.rights.hosts import HostNotices, from_state

RESERVED, UNKNOWN = 3, 4
JOURNAL = "recheck.jsonl"
BATCH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """An article that left: enough to ask for it again. use: what it was exported for."""

    id: str
    url: str
    site: str
    source: str | None = None
    source_name: str | None = None
    use: tuple[Use, ...] = AI_USES

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Exported:
        """The article of a record."""
        asked = record.get("rights", {}).get("asked") or AI_USES
        return cls(
            id=str(record["id"]),
            url=str(record["url"]),
            site=str(record["site"]),
            source=record.get("source_url"),
            source_name=record.get("source_name"),
            use=tuple(use for use in USES if use in asked),
        )


class Known:
    """What the crawls learnt of hosts: notices that stand on several of their pages, and their terms of use."""

    def __init__(self) -> None:
        self.notices = HostNotices()
        self.terms: dict[str, tuple[Signal, ...]] = {}

    def load(self, archive: Path) -> None:
        """Reads it from an archive.

        Raises:
            ArchiveLocked: another run holds it.
        """
        with _opened(archive) as held:
            for voice, state in held.states("notices").items():
                with contextlib.suppress(ValueError):  # the next crawl learns it anew
                    self.notices.load(voice, state)
            for host, state in held.states("terms").items():
                if isinstance(state, dict):
                    with contextlib.suppress(ValueError):
                        self.terms[host] = tuple(from_state(one) for one in state.get("signals", ()))

    def of(self, one: Exported) -> tuple[Signal, ...]:
        """What is known of an article's site and of its source."""
        source = markup.host_of(one.source or "") or f"name:{' '.join((one.source_name or '').casefold().split())}"
        day = datetime.now(UTC).date()
        found = [signal for voice in (one.site, source) for signal in self.notices.of(voice, day=day)]
        return (*found, *self.terms.get(one.site, ()))


def journal_of(path: Path) -> dict[str, tuple[float, str]]:
    """When each article was asked for last, and what came of it; a line that is torn is left out."""
    found: dict[str, tuple[float, str]] = {}
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return found
    for line in lines:
        try:
            said = json.loads(line)
            found[str(said["id"])] = (float(said["at"]), str(said["status"]))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def due(
    articles: Iterator[Mapping[str, Any]], journal: Mapping[str, tuple[float, str]], *, since: float, most: int | None
) -> list[Exported]:
    """The articles to ask for: those asked longest ago, or never, first; what was asked later than `since` is not."""
    waiting = (
        (at, number, Exported.of(one))
        for number, one in enumerate(articles)
        for at, status in (journal.get(str(one["id"]), (0.0, "")),)
        if at < since or status == Decision.RESERVED
    )
    chosen = sorted(waiting) if most is None else heapq.nsmallest(most, waiting)
    return [one for _, _, one in chosen]


def by_turns(articles: list[Exported]) -> Iterator[Exported]:
    """One article of each host in turn, so that the wait for one is spent on the others."""
    queues: defaultdict[str, deque[Exported]] = defaultdict(deque)
    for one in articles:
        queues[markup.host_of(one.url)].append(one)
    while queues:
        for host in tuple(queues):
            yield queues[host].popleft()
            if not queues[host]:
                del queues[host]


def reason_of(answered: Answered) -> str:
    """Why an article may not be kept, in one line."""
    return "; ".join(f"{one.protocol}, {one.where}: {one.quote}" for one in answered.verdict.because[:3])[:600]


def withdraw(archive: Path, found: Mapping[str, tuple[Exported, str]]) -> int:
    """Takes articles back: a line that says why, and from then on no read or export holds them; how many."""
    if not found:
        return 0
    with _opened(archive) as held:
        return sum(
            held.put(
                withdrawal({"id": one.id, "url": one.url, "site": one.site}, f"reserved now: {reason}"),
                withdraws=one.id,
            )
            for one, reason in found.values()
        )


@contextlib.contextmanager
def _opened(archive: Path) -> Iterator[disk.Archive]:
    run = f"recheck-{os.getpid()}"
    with writing_to(archive) as index, disk.Archive.open(archive, run=run, clock=time.time, shared=index) as held:
        yield held


def _appended(path: Path) -> IO[str]:
    """The journal, to write at its end; a line that was torn there gets its end first."""
    file = path.open("a+", encoding="ascii")
    if file.tell():
        file.write("\n")
    return file


class Recheck:
    """One run over an archive: asks, tells, notes in the journal, and takes back where that is wanted."""

    def __init__(self, archive: Path, hosts: Hosts, licences: Licences | None, *, apply: bool, as_json: bool) -> None:
        self.archive = archive
        self.hosts = hosts
        self.known = Known()
        self.licences = licences
        self.apply = apply
        self.as_json = as_json
        self.counts: Counter[str] = Counter()
        self.reserved: dict[str, tuple[Exported, str]] = {}
        self.withdrawn = 0

    def run(self, articles: list[Exported]) -> None:
        """Asks for each article; what was found is taken back even where the run is broken off."""
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        try:
            with (
                _appended(self.archive / JOURNAL) as journal,
                Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress,
            ):
                task = progress.add_task("recheck", total=len(articles))
                for one in by_turns(articles):
                    status = self._one(one)
                    journal.write(json.dumps({"id": one.id, "at": time.time(), "status": status}) + "\n")
                    journal.flush()
                    progress.advance(task)
        finally:
            self._take_back()

    def _one(self, one: Exported) -> str:
        answered = self.hosts.ask(
            one.url, use=one.use, licences=self.licences, source=one.source, beside=self.known.of(one)
        )
        status = str(answered.verdict.status)
        self.counts[status] += 1
        if answered.verdict.status in (Decision.RESERVED, Decision.UNKNOWN):
            self._tell(one, answered)
        if answered.verdict.status is Decision.RESERVED:
            self.reserved[one.id] = (one, reason_of(answered))
            if len(self.reserved) >= BATCH:
                self._take_back()
        return status

    def _tell(self, one: Exported, answered: Answered) -> None:
        status, reason = str(answered.verdict.status), reason_of(answered)
        if self.as_json:
            click.echo(json.dumps({"id": one.id, "url": one.url, "status": status, "because": reason}))
        else:
            click.echo(f"{status}  {one.id}  {one.url}\n    {reason}")

    def _take_back(self) -> None:
        if self.apply:
            self.withdrawn += withdraw(self.archive, self.reserved)
        self.reserved.clear()


@click.command()
@ARCHIVE
@click.option("--apply", is_flag=True, help="Take back what is reserved now: no read or export holds it any more.")
@click.option(
    "--limit", type=click.IntRange(min=1), help="Ask for so many articles at most, the longest unasked first."
)
@click.option("--delay", type=click.FloatRange(min=0), default=1.0, show_default=True, help="Seconds between requests.")
@click.option(
    "--again", type=click.FloatRange(min=0), default=20.0, show_default=True, help="Hours until one is asked again."
)
@click.option("--licences", "licence_file", type=click.Path(exists=True, dir_okay=False), help="Your permissions.")
@click.option("--allow-private", multiple=True, metavar="HOST", help="A host that may be on a private address.")
@click.option("--infer/--no-infer", default=True, help="Whether a rule against a training crawler counts.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each article that is reserved or unknown.")
@told
def recheck(
    archive: Path,
    apply: bool,
    limit: int | None,
    delay: float,
    again: float,
    licence_file: str | None,
    allow_private: tuple[str, ...],
    infer: bool,
    as_json: bool,
) -> None:
    """Ask the hosts of an ARCHIVE's articles again, and list those that are reserved now.

    Asked are robots.txt, the files of rights, the page itself where we may fetch it, and the host of its source. A run
    that is broken off goes on where it was. Exit code 0: none is reserved; 3: some are; 4: of some nobody knows.

    \b
    newscrawl recheck data --limit 500
    newscrawl recheck data --apply
    """
    journal = journal_of(archive / JOURNAL)
    articles = due(disk.read(archive, "articles"), journal, since=time.time() - again * 3600, most=limit)
    hosts = Hosts(delay=delay, may=frozenset(host.lower() for host in allow_private), infer=infer)
    run = Recheck(archive, hosts, Licences.load(licence_file) if licence_file else None, apply=apply, as_json=as_json)
    try:
        run.known.load(archive)
    except disk.ArchiveLocked as error:
        if apply:
            raise
        click.echo(f"newscrawl: {error}: what its crawls learnt of hosts is left out", err=True)
    try:
        run.run(articles)
    except KeyboardInterrupt:
        click.echo("broken off: run it again to go on", err=True)
    reserved, unknown = run.counts[str(Decision.RESERVED)], run.counts[str(Decision.UNKNOWN)]
    back = f", {run.withdrawn} taken back" if apply else "; --apply takes them back" if reserved else ""
    click.echo(f"{archive}: {run.counts.total()} asked, {unknown} unknown, {reserved} reserved now{back}", err=as_json)
    sys.exit(RESERVED if reserved else UNKNOWN if unknown else 0)
