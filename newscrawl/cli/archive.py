"""The commands that look after an archive: verify, repair, compact, export, undo, retry, prune."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import ClassVar, ParamSpec, cast

import click

from newscrawl import archive as disk
from newscrawl.clean.spans import rebuild
from newscrawl.cli.indexes import index_of, writing_to
from newscrawl.model import Removal

P = ParamSpec("P")
FAULT, LATER = 3, 75
ARCHIVE = click.argument("archive", type=click.Path(file_okay=False, path_type=Path))
FORMATS: tuple[disk.Format, ...] = ("jsonl", "jsonl.gz", "jsonl.zst", "parquet")
ENDINGS: dict[str, disk.Format] = {".gz": "jsonl.gz", ".zst": "jsonl.zst", ".parquet": "parquet"}


class Days(click.ParamType[float]):
    """A span of days, with its unit or without: 90, 90d, 12w."""

    name = "days"
    UNITS: ClassVar[dict[str, float]] = {"": 1.0, "d": 1.0, "w": 7.0}

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Days as a number."""
        number = str(value).rstrip("dw")
        unit = self.UNITS.get(str(value)[len(number) :])
        if unit is None or not number.replace(".", "", 1).isdecimal():
            self.fail(f"{value!r}: give days, as 90 or 90d, or weeks, as 12w", param, ctx)
        return float(number) * unit


def told(command: Callable[P, None]) -> Callable[P, None]:
    """Turns what the disk says into one line and an exit code: 75 where another run holds the archive, else 3."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except disk.ArchiveError as error:
            click.echo(f"newscrawl: {error}", err=True)
            raise SystemExit(LATER if isinstance(error, disk.ArchiveLocked | disk.ArchiveAway) else FAULT) from error

    return run


@click.command()
@ARCHIVE
@told
def verify(archive: Path) -> None:
    """Recompute every sum, line and index entry of an ARCHIVE; exit code 3 where something does not agree.

    \b
    newscrawl verify data
    """
    report = disk.verify(archive, shared=index_of(archive))
    for problem in report.problems:
        click.echo(str(problem))
    for note in report.notes:
        click.echo(f"note: {note}")
    items = ", ".join(f"{number} {stream}" for stream, number in sorted(report.items.items()))
    state = "good" if report.ok else f"{len(report.problems)} problems: run `newscrawl repair {archive}`"
    click.echo(f"{archive}: {report.segments} segments, {report.bytes:,} bytes, {items}: {state}")
    if not report.ok:
        raise SystemExit(FAULT)


@click.command()
@ARCHIVE
@told
def repair(archive: Path) -> None:
    """Mend an ARCHIVE: torn tails, wrong sums, a stale index. What is cut off is kept beside it as evidence.

    \b
    newscrawl repair data
    """
    done = disk.repair(archive, clock=time.time, shared=index_of(archive))
    for name in done.rewritten:
        click.echo(f"rewritten: {name}")
    for name in done.lost:
        click.echo(f"lost: {name}")
    click.echo(f"{archive}: {len(done.before.problems)} problems before, {len(done.after.problems)} after")
    if not done.after.ok:
        raise SystemExit(FAULT)


@click.command()
@ARCHIVE
@told
def compact(archive: Path) -> None:
    """Merge the small segments of an ARCHIVE; a kill at any moment loses and doubles nothing.

    \b
    newscrawl compact data
    """
    done = disk.compact(archive, clock=time.time, shared=index_of(archive))
    click.echo(f"{archive}: {done.before} segments before, {done.after} after")


@click.command()
@ARCHIVE
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Fetched on this day (UTC) or later.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Fetched before this day (UTC).")
@click.option("--site", help="Only this site's.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Default: what the file's ending says.")
@click.option("--stream", type=click.Choice(disk.STREAMS), default="articles", show_default=True)
@told
def export(
    archive: Path,
    out: Path,
    since: datetime | None,
    until: datetime | None,
    site: str | None,
    form: str | None,
    stream: str,
) -> None:
    """Write an ARCHIVE's records to one file, whole or not at all; --format or the ending tells the format.

    .jsonl, .jsonl.gz, .jsonl.zst (newscrawl[zstd]), .parquet (newscrawl[parquet])

    \b
    newscrawl export data --out articles.jsonl
    newscrawl export data --out articles.parquet --format parquet
    newscrawl export data --out may.jsonl.gz --since 2026-05-01 --until 2026-06-01
    """
    done = disk.export(
        archive,
        out,
        since=since.date() if since else None,
        until=until.date() if until else None,
        site=site,
        format=cast(disk.Format, form) if form else ENDINGS.get(out.suffix, "jsonl"),
        stream=cast(disk.Stream, stream),
    )
    click.echo(f"{out.resolve()}: {done.items} {stream}, {done.bytes:,} bytes, sha256 {done.sha256[:16]}…")


@click.command()
@ARCHIVE
@click.argument("article")
@click.argument("removal", type=int, required=False)
@told
def undo(archive: Path, article: str, removal: int | None) -> None:
    """Print the original text of an ARTICLE (its id) with all its cuts put back, or only the cut number REMOVAL.

    \b
    newscrawl undo data 0f3c2d…-9a1b2c3d
    newscrawl undo data 0f3c2d…-9a1b2c3d 2
    """
    found = {one.stream: one.record for one in disk.find(archive, article)}
    if "articles" not in found:
        raise click.ClickException(f"{archive} has no article {article}: `newscrawl export` lists the ids")
    cuts = cast(list[dict[str, object]], found.get("cuts", {}).get("removals", []))
    if removal is not None and not 1 <= removal <= len(cuts):
        raise click.ClickException(f"{article} has {len(cuts)} cuts: give a number from 1 to {len(cuts)}")
    removals = [
        Removal(
            start=int(str(cut["start"])),
            end=int(str(cut["end"])),
            text=str(cut["text"]),
            rule=str(cut["rule"]),
            reason=str(cut["reason"]),
        )
        for cut in cuts
    ]
    chosen = None if removal is None else {removal - 1}
    click.echo(rebuild(str(found["articles"]["text"]), removals, only=chosen))


@click.command()
@ARCHIVE
@click.argument("url", required=False)
@told
def retry(archive: Path, url: str | None) -> None:
    """Give the stories that were set aside (or one URL) another chance at the next crawl.

    A story is set aside when it was started twice and took the process down both times.

    \b
    newscrawl retry data
    """
    if not archive.is_dir():
        raise click.ClickException(f"archive {archive}: no such directory: name the one that a crawl wrote")
    run = f"retry-{os.getpid()}"
    with (
        writing_to(archive) as index,
        disk.Archive.open(archive, run=run, clock=time.time, shared=index) as held,
    ):
        number = held.retry(url)
    click.echo(f"{archive}: {number} stories will be tried again")


@click.command()
@ARCHIVE
@click.option("--keep", required=True, metavar="DAYS", type=Days(), help="Days to keep: 90, 90d or 12w.")
@told
def prune(archive: Path, keep: float) -> None:
    """Take the text of articles older than DAYS out of an ARCHIVE; their ids stay, so none is taken twice.

    \b
    newscrawl prune data --keep 90d
    """
    done = disk.prune(archive, keep, clock=time.time, shared=index_of(archive))
    click.echo(f"{archive}: {done.stubs} articles pruned, {done.freed:,} bytes freed")
