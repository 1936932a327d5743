"""Ticks: puts sites that are due on the queue, ends the jobs of the dead, forgets what is old."""

from __future__ import annotations

import asyncio
import logging
import os
import platform
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

import procrastinate
from procrastinate import exceptions

from newscrawl.cluster import schedule, schedule_reaper
from newscrawl.cluster.database import Away, Connection, Database
from newscrawl.cluster.schedule_standing import Patience
from newscrawl.cluster.work_engine import CRAWL, MANY, TASKS, TICK, engine, job, settle
from newscrawl.cluster.work_serving import serve

log = logging.getLogger("newscrawl.schedule")
P = ParamSpec("P")
T = TypeVar("T")
PERIODS = (1, 2, 5, 10, 15, 20, 30, 60)
KEPT_HOURS = 7 * 24
"""How long failed jobs can be looked at."""
KEPT_RUNS = "90 days"
PRUNED = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticking:
    """How the schedule ticks; times in seconds.

    Args:
        period: between ticks, a divisor of 60.
        heartbeat: silence after which a worker is taken for dead.
        longest: after which a job is over that nobody renews.
        most: sites looked at in one go; a tick goes on until none is due, or its period is over.
    """

    url: str
    period: int = 10
    heartbeat: float = schedule_reaper.HEARTBEAT
    longest: float = schedule_reaper.LONGEST
    most: int = 500
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """What a tick did: sites spread after a gap, sites put on the queue, jobs ended."""

    caught_up: int = 0
    dispatched: int = 0
    buried: int = 0


class Ticker:
    """The schedule's process. Several may run, on several machines: each tick is done by one of them."""

    def __init__(self, ticking: Ticking) -> None:
        self.ticking = ticking
        self.draining = asyncio.Event()
        self._database = Database(ticking.url, name="newscrawl schedule")

    async def run(self) -> None:
        """Ticks until SIGTERM or Ctrl-C."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.draining.set)
        try:
            await serve(self._engine, self.draining)
        finally:
            self._database.close()

    async def _engine(self) -> None:
        app = engine(self.ticking.url)

        @app.periodic(cron=f"* * * * * */{self.ticking.period}" if self.ticking.period < 60 else "* * * * *")
        @app.task(name=TASKS[TICK], queue=TICK, queueing_lock=TICK)
        async def ticks(timestamp: int) -> None:
            try:
                done = await self.tick(app)
            except (Away, exceptions.ConnectorException) as error:
                log.warning("a tick was left out: %s", error)
            except Exception:  # nothing is raised: the engine would keep a failed tick for each period
                log.exception("a tick failed")
            else:
                if done != Ticked():
                    log.info("%s", done)

        async with app.open_async():
            await app.run_worker_async(
                queues=[TICK],
                name=f"schedule-{platform.node()}-{os.getpid()}",
                install_signal_handlers=False,
                stalled_worker_timeout=max(schedule_reaper.HEARTBEAT, self.ticking.heartbeat),
                delete_jobs="always",
            )

    async def tick(self, app: procrastinate.App) -> Ticked:
        """One tick. After a gap it spreads what fell due in it, and leaves the workers time to be heard of again."""
        began = await self._ask(self._begun)
        if began is None:
            return Ticked()
        caught_up, reaps, prunes = began
        buried = await self._reap() if reaps else 0  # first, so that what died is put on the queue in the same tick
        dispatched = await self._dispatch(app)
        if prunes:
            await app.job_manager.delete_old_jobs(
                nb_hours=KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
            )
            await self._ask(_pruned)
        return Ticked(caught_up=caught_up, dispatched=dispatched, buried=buried)

    async def _ask(self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        def asked() -> T:
            with self._database.transaction() as connection:
                return function(connection, *args, **kwargs)

        return await asyncio.to_thread(asked)

    def _begun(self, connection: Connection) -> tuple[int, bool, bool] | None:
        row: Any = connection.execute("SELECT last, reap_after, pruned FROM ticking FOR UPDATE SKIP LOCKED").fetchone()
        if row is None:
            return None  # another ticks at this moment
        last, reap_after, pruned = row
        moment = schedule.now(connection)
        caught_up = 0
        if _away(last, moment, self.ticking.period):
            caught_up = schedule.catch_up(connection, moment)
            reap_after = moment + timedelta(seconds=self.ticking.heartbeat)
        prunes = pruned is None or moment - pruned > PRUNED
        connection.execute(
            "UPDATE ticking SET last = %s, reap_after = %s, pruned = %s",
            (moment, reap_after, moment if prunes else pruned),
        )
        return caught_up, reap_after is None or moment >= reap_after, prunes

    async def _dispatch(self, app: procrastinate.App) -> int:
        """Puts each site that is due on the queue; one whose host waits there already stays due."""

        def looked(connection: Connection) -> tuple[datetime, tuple[schedule.Site, ...]]:
            return schedule.now(connection), schedule.due(connection, self.ticking.most)

        dispatched = 0
        over = time.monotonic() + self.ticking.period
        while True:
            moment, due = await self._ask(looked)
            put = [one for one in due if await _put(app, one, moment)]
            await self._ask(schedule.dispatched, put, moment)
            dispatched += len(put)
            if len(due) < self.ticking.most or not put or time.monotonic() > over:
                break
        if dispatched >= MANY:
            await self._ask(settle)
        return dispatched

    async def _reap(self) -> int:
        told = self.ticking
        over = await self._ask(schedule_reaper.stalled, heartbeat=told.heartbeat, longest=told.longest)
        for one in over:
            log.warning("job %d %s: %s", one.job, one.args, one.why)
            await self._ask(schedule_reaper.bury, one, told.patience)
        return len(over)


async def _put(app: procrastinate.App, one: schedule.Site, moment: datetime) -> bool:
    """Puts a site on the queue; False where its host waits there: it stays due, what waits may come to nothing."""
    told: dict[str, Any] = {"site": one.site, "host": one.host, "deferred": moment.timestamp()}
    try:
        await job(app, CRAWL, one.host).defer_async(**told)
    except exceptions.AlreadyEnqueued:
        return False
    return True


def _away(last: datetime | None, moment: datetime, period: float) -> bool:
    """Whether nobody ticked for so long that it was no mere delay."""
    return last is not None and moment - last > timedelta(seconds=max(60.0, 5 * period))


def _pruned(connection: Connection) -> None:
    connection.execute(f"DELETE FROM crawl_run WHERE ended < now() - interval '{KEPT_RUNS}'")  # noqa: S608
    connection.execute("DELETE FROM worker WHERE seen < now() - interval '7 days'")
    connection.execute(
        "DELETE FROM procrastinate_jobs j WHERE queue_name = %s AND status = 'doing' AND NOT EXISTS "
        "(SELECT FROM procrastinate_workers w WHERE w.id = j.worker_id "
        " AND w.last_heartbeat > clock_timestamp() - interval '1 h')",
        (TICK,),
    )  # ticks that died with their schedule
