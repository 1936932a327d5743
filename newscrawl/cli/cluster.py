"""`newscrawl worker`, `schedule` and `cluster`: one crawl over many machines, with a database between them."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import click

if TYPE_CHECKING:
    from newscrawl.cluster.database import Connection

P = ParamSpec("P")
LATER, CONFIGURATION = 75, 78
INDEX = click.option(
    "--index",
    "url",
    envvar="NEWSCRAWL_INDEX",
    show_envvar=True,
    required=True,
    metavar="URL",
    help="The database: postgresql://USER@HOST/NAME.",
)


def told(command: Callable[P, None]) -> Callable[P, None]:
    """Turns what the database says into one line and an exit code: 75 where it is away, 78 where it is not ready."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            from newscrawl.cluster.database import Away, Unready
        except ImportError as error:
            raise click.ClickException(f"{error}: pip install 'newscrawl[cluster]'") from error
        try:
            command(*args, **kwargs)
        except Away as error:
            click.echo(f"newscrawl: {error}", err=True)
            raise SystemExit(LATER) from error
        except Unready as error:
            click.echo(f"newscrawl: {error}", err=True)
            raise SystemExit(CONFIGURATION) from error

    return run


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    from newscrawl.cluster.database import Database

    database = Database(url)
    try:
        with database.transaction() as connection:
            yield connection
    finally:
        database.close()


def _logs() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    for name in ("procrastinate", "psycopg"):
        logging.getLogger(name).setLevel(logging.WARNING)


@click.command()
@INDEX
@click.option("--queues", default="crawl,clean", show_default=True, help="Which queues to work at.")
@click.option("--name", help="A name of its own on the whole cluster; default: machine and process.")
@click.option("--slots", default=1, show_default=True, type=click.IntRange(1, 64), help="Jobs at once.")
@click.option("--archive", default="data", show_default=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--minutes", type=click.FloatRange(min=0, min_open=True), help="A crawl's time limit.")
@click.option("--ttl", default=60.0, show_default=True, type=click.FloatRange(5, 3600), help="Seconds of a lease.")
@click.option("--renew", default=20.0, show_default=True, type=click.FloatRange(1, 1200), help="Seconds to a renewal.")
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
    renew: float,
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
        renew=renew,
        grace=grace,
    )
    _logs()

    async def run() -> None:
        await Worker(terms).run()

    asyncio.run(run())


@click.group()
def schedule() -> None:
    """Say which sites are crawled, and when; `run` puts them on the queue.

    \b
    newscrawl schedule add mdr --every 30m
    newscrawl schedule add https://news.example/latest --cron '17 */2 * * *'
    newscrawl schedule run
    """


@schedule.command("run")
@INDEX
@click.option("--period", default="10", show_default=True, type=click.Choice(["1", "2", "5", "10", "15", "20", "30"]))
@click.option("--heartbeat", default=30.0, show_default=True, help="Seconds of silence after which a worker is dead.")
@click.option("--longest", default="1d", show_default=True, help="After which a run that nobody renews is over.")
@told
def run_schedule(url: str, period: str, heartbeat: float, longest: str) -> None:
    """Tick until SIGTERM. It may run on several machines: each tick is done by one of them.

    \b
    newscrawl schedule run --index postgresql://crawl@db/newscrawl
    """
    from newscrawl.cluster.schedule_tick import Ticker, Ticking
    from newscrawl.cluster.schedule_times import seconds

    ticking = Ticking(url=url, period=int(period), heartbeat=heartbeat, longest=seconds(longest))
    _logs()

    async def run() -> None:
        await Ticker(ticking).run()

    asyncio.run(run())


@schedule.command("add")
@INDEX
@click.argument("sites", nargs=-1, required=True)
@click.option("--cron", help="Five fields, in UTC: '17 * * * *'.")
@click.option("--every", help="15m, 1h30m, 2d …")
@click.option("--jitter", default=0.1, show_default=True, help="Share of the time between runs to spread sites over.")
@told
def add_sites(url: str, sites: tuple[str, ...], cron: str | None, every: str | None, jitter: float) -> None:
    """Put SITES (names of site files, or addresses) on the schedule, or give them another rhythm.

    \b
    newscrawl schedule add mdr ndr --every 1h
    newscrawl schedule add https://example.org/ --cron '17 * * * *'
    """
    from newscrawl.cluster import schedule as rows
    from newscrawl.cluster.schedule_times import rhythm, seconds

    kept = rhythm(cron=cron, every=seconds(every) if every is not None else None, jitter=jitter)
    for site in sites:
        rows.host_of(site)  # all of them or none
    with _connected(url) as connection:
        for site in sites:
            found = rows.add(connection, site, kept)
            due = found.next_due.isoformat(" ", "seconds") if found.next_due else "now"
            click.echo(f"{site}: {found.host}, due {due}")


def _each(url: str, sites: tuple[str, ...], done: Callable[[Connection, str], bool], said: str) -> None:
    with _connected(url) as connection:
        missing = [site for site in sites if not done(connection, site)]
        if missing:
            raise click.ClickException(f"not on the schedule: {', '.join(missing)}: nothing was changed")
    for site in sites:
        click.echo(f"{site}: {said}")


@schedule.command("remove")
@INDEX
@click.argument("sites", nargs=-1, required=True)
@told
def remove_sites(url: str, sites: tuple[str, ...]) -> None:
    """Take SITES off the schedule. A run under way ends as it would.

    \b
    newscrawl schedule remove mdr
    """
    from newscrawl.cluster import schedule as rows

    _each(url, sites, rows.remove, "off the schedule")


@schedule.command("enable")
@INDEX
@click.argument("sites", nargs=-1, required=True)
@told
def enable_sites(url: str, sites: tuple[str, ...]) -> None:
    """Have SITES crawled again, at once, and their failures forgotten.

    \b
    newscrawl schedule enable mdr
    """
    from newscrawl.cluster import schedule as rows

    _each(url, sites, rows.enable, "enabled")


@schedule.command("disable")
@INDEX
@click.argument("sites", nargs=-1, required=True)
@click.option("--reason", default="by the operator", show_default=True)
@told
def disable_sites(url: str, sites: tuple[str, ...], reason: str) -> None:
    """Have SITES crawled no more until they are enabled.

    \b
    newscrawl schedule disable mdr --reason 'asked us to stop'
    """
    from newscrawl.cluster import schedule as rows

    _each(url, sites, lambda connection, site: rows.disable(connection, site, reason), f"disabled: {reason}")


@schedule.command("run-now")
@INDEX
@click.argument("sites", nargs=-1, required=True)
@told
def run_now(url: str, sites: tuple[str, ...]) -> None:
    """Put SITES on the queue now, whatever their rhythm, even where they are backing off or disabled.

    \b
    newscrawl schedule run-now mdr ndr
    """
    from newscrawl.cluster.work_engine import asking, once

    hosts = _hosts(url, sites)
    with asking(url) as app:
        for site, host in hosts.items():
            put = once(app, site, host)
            click.echo(f"{site}: {'on the queue' if put else 'its host waits on the queue already'}")


def _hosts(url: str, sites: tuple[str, ...]) -> dict[str, str]:
    from newscrawl.cluster import schedule as rows

    with _connected(url) as connection:
        found = {site: rows.of(connection, site) for site in sites}
    missing = [site for site, row in found.items() if row is None]
    if missing:
        raise click.ClickException(f"not on the schedule: {', '.join(missing)}: add them first")
    return {site: row.host for site, row in found.items() if row is not None}


@schedule.command("list")
@INDEX
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@told
def list_sites(url: str, as_json: bool) -> None:
    """Show the schedule: troubled sites first.

    \b
    newscrawl schedule list --json
    """
    from newscrawl.cluster import status_views
    from newscrawl.cluster.status import look

    with _connected(url) as connection:
        found = look(connection)
    if as_json:
        for line in found.as_record()["sites"]:
            click.echo(json.dumps(line))
        return
    shown = [one for one in status_views.tables(found, None) if one[0] == "Sites"]
    status_views.console().print(
        *(status_views.table(*one) for one in shown) if shown else ("nothing is on the schedule",)
    )


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

    if metrics is not None:
        status_metrics.write(metrics, found)
    if page is not None:
        part = page.with_name(f"{page.name}.part")
        part.write_text(status_views.page(found), "utf-8")
        part.replace(page)
    if as_json:
        click.echo(json.dumps(found.as_record()))
    elif not (metrics or page):
        console = status_views.console()
        if clear:
            console.clear()
        console.print(status_views.at_terminal(found, None if every else status_views.MOST))
