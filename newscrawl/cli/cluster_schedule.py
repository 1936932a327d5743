"""`newscrawl schedule`: which sites a cluster crawls, and when."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from newscrawl.cli.cluster_asking import INDEX, connected, logs, ready, told

if TYPE_CHECKING:
    from newscrawl.cluster.database import Connection


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
    logs()
    ready(url)

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
    with connected(url) as connection:
        for site in sites:
            found = rows.add(connection, site, kept)
            due = found.next_due.isoformat(" ", "seconds") if found.next_due else "now"
            click.echo(f"{site}: {found.host}, due {due}")


def _each(url: str, sites: tuple[str, ...], done: Callable[[Connection, str], bool], said: str) -> None:
    with connected(url) as connection:
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

    with connected(url) as connection:
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

    with connected(url) as connection:
        found = look(connection)
    if as_json:
        for line in found.as_record()["sites"]:
            click.echo(json.dumps(line))
        return
    shown = [one for one in status_views.tables(found, None) if one[0] == "Sites"]
    status_views.console().print(
        *(status_views.table(*one) for one in shown) if shown else ("nothing is on the schedule",)
    )
