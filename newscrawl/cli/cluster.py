"""`newscrawl worker` and `newscrawl cluster`: one crawl over many machines, with a database between them."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import time
from pathlib import Path
from typing import Any

import click

from newscrawl.cli.cluster_asking import INDEX, logs, ready, told


@click.command()
@INDEX
@click.option("--queues", default="crawl,clean", show_default=True, help="Which queues to work at.")
@click.option("--name", help="A name of its own on the whole cluster; default: machine and process.")
@click.option("--slots", default=1, show_default=True, type=click.IntRange(1, 64), help="Jobs at once.")
@click.option("--archive", default="data", show_default=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--minutes", type=click.FloatRange(min=0, min_open=True), help="A crawl's time limit.")
@click.option("--ttl", default=60.0, show_default=True, type=click.FloatRange(5, 3600), help="Seconds of a lease.")
@click.option("--renew", type=click.FloatRange(1, 1200), help="Seconds to a renewal; default: a third of the lease.")
@click.option(
    "--grace", default=120.0, show_default=True, type=click.FloatRange(0, 86400), help="Seconds to end in when told to."
)
@click.option("-s", "settings", multiple=True, metavar="NAME=VALUE", help="A setting, handed on to each crawl.")
@told
def worker(
    url: str,
    queues: str,
    name: str | None,
    slots: int,
    archive: Path,
    minutes: float | None,
    ttl: float,
    renew: float | None,
    grace: float,
    settings: tuple[str, ...],
) -> None:
    """Work at what the queues hold, until SIGTERM: what is under way then has its grace, the rest is left to others.

    The ARCHIVE may be shared by all machines, or each has its own. A lease makes the worker a host's only one; a crawl
    whose lease is lost is ended at once.

    \b
    newscrawl worker --slots 4 --archive /srv/newscrawl/data
    newscrawl worker --queues clean
    """
    from newscrawl.cluster.work import Worker
    from newscrawl.cluster.work_terms import Terms

    terms = Terms(
        url=url,
        name=name or f"{platform.node() or 'machine'}-{os.getpid()}",
        queues=tuple(part.strip() for part in queues.split(",") if part.strip()),
        slots=slots,
        archive=archive,
        settings=settings,
        minutes=minutes,
        ttl=ttl,
        renew=renew or ttl / 3,
        grace=grace,
    )
    logs()
    ready(url)

    async def run() -> None:
        await Worker(terms).run()

    asyncio.run(run())


@click.group()
def cluster() -> None:
    """Make the cluster's tables; look at hosts, leases, runs, workers and queues.

    \b
    newscrawl cluster init
    newscrawl cluster status --watch
    """


@cluster.command()
@INDEX
@told
def init(url: str) -> None:
    """Make the tables, or bring them to this version; call it again after each update, before the workers start.

    \b
    newscrawl cluster init --index postgresql://crawl@db/newscrawl
    """
    from newscrawl.cluster.database import Database
    from newscrawl.cluster.schema import migrate
    from newscrawl.cluster.work_engine import prepare

    steps = migrate(url)
    database = Database(url)
    try:
        version = prepare(database)
    finally:
        database.close()
    done = f"steps taken: {', '.join(steps)}" if steps else "up to date"
    click.echo(f"{database.where}: {done}; engine {version}")


@cluster.command()
@INDEX
@click.option("--watch", is_flag=True, help="Look again every two seconds, until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--all", "every", is_flag=True, help="Every site, not the thirty in most trouble.")
@click.option(
    "--metrics", type=click.Path(path_type=Path), help="Folder or .prom file for the node exporter's textfile."
)
@click.option("--page", type=click.Path(dir_okay=False, path_type=Path), help="Write a page to look at.")
@told
def status(url: str, watch: bool, as_json: bool, every: bool, metrics: Path | None, page: Path | None) -> None:
    """Show hosts, leases, lag, last runs, what is disabled and why, workers, queues, bulk runs.

    \b
    newscrawl cluster status
    newscrawl cluster status --json | jq .lag
    newscrawl cluster status --metrics /var/lib/prometheus/node-exporter
    """
    from newscrawl.cluster.database import Database
    from newscrawl.cluster.status import look

    database = Database(url)
    try:
        while True:
            with database.transaction() as connection:
                found = look(connection)
            _show(found, as_json, every, metrics, page, clear=watch)
            if not watch:
                return
            time.sleep(2)
    except KeyboardInterrupt:
        return
    finally:
        database.close()


def _show(found: Any, as_json: bool, every: bool, metrics: Path | None, page: Path | None, *, clear: bool) -> None:
    from newscrawl.cluster import status_metrics, status_views
    from newscrawl.report import cluster_page

    if metrics is not None:
        status_metrics.write(metrics, found)
    if page is not None:
        part = page.with_name(f"{page.name}.part")
        part.write_text(cluster_page(status_views.shown(found)), "utf-8")
        part.replace(page)
    if as_json:
        click.echo(json.dumps(found.as_record()))
    elif not (metrics or page):
        console = status_views.console()
        if clear:
            console.clear()
        console.print(status_views.at_terminal(found, None if every else status_views.MOST))
