"""`newscrawl report`: an archive as pages to look at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from newscrawl import archive as disk
from newscrawl.cli import serving
from newscrawl.cli.archive import told
from newscrawl.cli.cluster_asking import connected, lacking
from newscrawl.report import Cluster, build


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
            run = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            click.echo(f"newscrawl: {path}: not a run report: left out", err=True)
            continue
        if isinstance(run, dict):
            yield run


def _cluster(url: str) -> Cluster | None:
    """What the cluster says of itself; None, with a line on standard error, where it cannot be asked."""
    why = lacking()
    if not why:
        from newscrawl.cluster import status, status_views
        from newscrawl.cluster.database import Away, Unready

        try:
            with connected(url) as connection:
                return status_views.shown(status.look(connection))
        except (Away, Unready) as error:
            why = str(error)
    click.echo(f"newscrawl: the cluster is not in the report: {why}", err=True)
    return None


@click.command()
@click.argument("archive", default="data", type=click.Path(file_okay=False, path_type=Path))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder; default: ARCHIVE/report.")
@click.option(
    "--index",
    "url",
    envvar="NEWSCRAWL_INDEX",
    show_envvar=True,
    metavar="URL",
    help="The database of a cluster, postgresql://USER@HOST/NAME: adds a page of its hosts, workers and queues.",
)
@click.option("--serve", is_flag=True, help="Then serve the pages on loopback until Ctrl-C.")
@click.option("--port", type=click.IntRange(0, 65535), default=8732, show_default=True, help="Port of --serve.")
@told
def report(archive: Path, out: Path | None, url: str | None, serve: bool, port: int) -> None:
    """Build pages to look at: each story with its cuts, each withheld page with its notice, the runs.

    ARCHIVE is `data`, if none is named. Pages that stand are left as they are; those of records that were withdrawn
    or pruned are taken away.

    \b
    newscrawl report
    newscrawl report data --out /srv/www/report
    newscrawl report data --serve --port 8732
    newscrawl report data --index postgresql://newscrawl@db/newscrawl
    """
    folder = out or archive / "report"
    built = build(
        folder,
        _stories(archive),
        disk.read(archive, "withheld"),
        _runs(archive),
        cluster=_cluster(url) if url else None,
    )
    counts = f"{built.stories} stories, {built.withheld} withheld, {built.not_fetched} not fetched"
    click.echo(f"{built.index.resolve().as_uri()}: {counts}: open it in a browser")
    if serve:
        try:
            server = serving.server(folder, port)
        except OSError as error:
            raise click.ClickException(f"port {port}: {error.strerror}: choose another with --port") from error
        with server, suppress(KeyboardInterrupt):
            click.echo(f"http://{serving.LOOPBACK}:{server.server_port}/index.html (Ctrl-C ends it)")
            server.serve_forever()
