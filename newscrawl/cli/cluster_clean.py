"""`newscrawl clean --cluster`: a corpus over the workers of a cluster, part by part, into a folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from newscrawl import bulk, corpora
from newscrawl.bulk import Part
from newscrawl.cluster.bulk import clean
from newscrawl.cluster.bulk_parts import Totals, failures
from newscrawl.cluster.database import Away, Database, Unready

FAULT, LATER, BROKEN, CONFIGURATION = 3, 75, 65, 78
TOTALS = "totals.json"


def inputs(name: str) -> list[Path]:
    """The corpora of a name: a file, or all that a folder holds, in order.

    Raises:
        click.ClickException: none is there.
    """
    path = Path(name)
    if path.is_file():
        return [path.absolute()]
    found = [one.absolute() for one in sorted(path.rglob("*")) if one.is_file() and corpora.kind_of(one)]
    if not found:
        raise click.ClickException(f"{name}: no corpus there: give a file or a folder that each worker can read")
    return found


def clean_over(url: str | None, name: str, like: Part, out: Path | None) -> None:
    """Cleans a corpus over the workers; OUT is a folder that each worker can write to.

    Stopped, the same command goes on where it was. Exit code 3 where a part was set aside, 65 where rows were broken.
    """
    if not url:
        raise click.ClickException("--cluster: name the database in NEWSCRAWL_INDEX")
    if out is None or out.is_file():
        raise click.ClickException("--cluster: give --out a folder: each part becomes a file in it")
    folder = out.absolute()
    try:
        parts = bulk.parts_of(
            inputs(name), folder, field=like.field, title_field=like.title_field, rules=like.rules,
            ending=".jsonl", kind=like.kind if Path(name).is_file() else None,
        )  # fmt: skip
        folder.mkdir(parents=True, exist_ok=True)
        with _bar() as progress:
            task = progress.add_task("cleaning", total=len(parts))
            found = clean(url, parts, told=lambda totals: progress.update(task, completed=totals.done, refresh=True))
    except corpora.CorpusError as error:
        raise click.ClickException(str(error)) from error
    except (Away, Unready) as error:
        click.echo(f"newscrawl: {error}", err=True)
        raise SystemExit(LATER if isinstance(error, Away) else CONFIGURATION) from error
    _tell(url, found, parts, folder)


def _bar() -> Progress:
    console = Console(stderr=True)
    columns = (TextColumn("cleaning"), BarColumn(), MofNCompleteColumn(), TextColumn("parts"), TimeRemainingColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal)


def _tell(url: str, found: Totals, parts: tuple[Part, ...], folder: Path) -> None:
    from dataclasses import asdict

    from newscrawl.cluster.bulk import run_of

    part = folder / f"{TOTALS}.tmp"
    with part.open("w", encoding="ascii") as file:
        json.dump(asdict(found), file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / TOTALS)
    said = [f"{found.kept:,} cleaned", f"{found.withheld:,} withheld", f"{found.broken:,} broken"]
    click.echo(
        f"newscrawl: {found.done:,} of {found.parts:,} parts; {found.rows:,} rows: {', '.join(said)}; "
        f"{found.cut:,} characters cut; {folder}", err=True,
    )  # fmt: skip
    if found.failed:
        database = Database(url)
        with database.transaction() as connection:
            for name, why in failures(connection, run_of(parts)):
                click.echo(f"newscrawl: {name}: {why}", err=True)
        database.close()
    if not found.adds_up:
        click.echo("newscrawl: the sums do not add up: call the same command again", err=True)
        raise SystemExit(FAULT)
    if found.broken:
        raise SystemExit(BROKEN)
