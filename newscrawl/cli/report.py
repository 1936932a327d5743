"""`newscrawl report`: an archive as pages to look at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from newscrawl import archive as disk
from newscrawl.cli.archive import ARCHIVE, told
from newscrawl.report import build


def _stories(archive: Path) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any] | None]]:
    """Articles with their cuts. The ledger's line was written before its article's, so both streams run alongside."""
    cuts = disk.read(archive, "cuts")
    waiting: dict[str, Mapping[str, Any]] = {}
    for article in disk.read(archive, "articles"):
        wanted = str(article["id"])
        if article["removals"] or article["suspect_spans"]:
            while wanted not in waiting:
                following = next(cuts, None)
                if following is None:
                    break
                waiting[str(following["id"])] = following
        yield article, waiting.pop(wanted, None)


def _runs(archive: Path) -> Iterator[Mapping[str, Any]]:
    for path in sorted((archive / "runs").glob("*.json")):
        try:
            yield json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            click.echo(f"newscrawl: {path}: not a run report: left out", err=True)


@click.command()
@ARCHIVE
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder; default: ARCHIVE/report.")
@told
def report(archive: Path, out: Path | None) -> None:
    """Build pages to look at: each story with its cuts, each withheld page with its notice, the runs.

    \b
    newscrawl report data
    """
    folder = out or archive / "report"
    built = build(folder, _stories(archive), disk.read(archive, "withheld"), _runs(archive))
    click.echo(f"{built.index.resolve()}: {built.stories} stories, {built.withheld} withheld")
