"""Works at what the queues hold, one job at a time in each slot, until it is told to stop or its machine dies."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import platform
import random
import signal
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, TypeVar

import procrastinate
from procrastinate.job_context import JobContext

from newscrawl.cluster import schedule_reaper, work_runs
from newscrawl.cluster.children import Child
from newscrawl.cluster.children_deaths import dead, folder
from newscrawl.cluster.database import Away, Connection, Database
from newscrawl.cluster.lease import Leases
from newscrawl.cluster.schedule_reaper import Stalled
from newscrawl.cluster.work_crawl import crawl
from newscrawl.cluster.work_engine import CLEAN, CRAWL, TASKS, engine
from newscrawl.cluster.work_serving import serve
from newscrawl.cluster.work_terms import Terms

log = logging.getLogger("newscrawl.worker")
P = ParamSpec("P")
T = TypeVar("T")


class Stopped(Exception):
    """The worker has to end and the database is still away: what was to be written is left to others."""


class Worker:
    """One worker. `run` in the main thread: the children it starts die with it."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.folder = folder()
        self.leases = Leases(terms.url)
        self.draining = asyncio.Event()
        self.hurry = asyncio.Event()
        self._database = Database(terms.url, name="newscrawl worker")
        self._beating = Database(terms.url, name="newscrawl beat")
        self.cleaners: list[Child] = []
        self._doing: dict[int, tuple[str, int | None]] = {}

    async def ask(self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs a function of a connection as one transaction, beside the event loop. Raises Away."""

        def asked() -> T:
            with self._database.transaction() as connection:
                return function(connection, *args, **kwargs)

        return await asyncio.to_thread(asked)

    async def insist(self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `ask`, but waits for a database that is away. What it runs may run twice."""
        while True:
            try:
                return await self.ask(function, *args, **kwargs)
            except Away as error:
                await self.away(error)

    async def away(self, error: Away) -> None:
        """Waits a second for the database; raises Stopped where the worker has no time to wait any more."""
        log.warning("%s", error)
        if self.draining.is_set():
            raise Stopped(str(error))
        await asyncio.sleep(random.uniform(0.5, 1.5))  # noqa: S311 - workers shall not come back all at once

    async def run(self) -> None:
        """Works until SIGTERM or Ctrl-C; the second one leaves what is under way no more time."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        beside = [asyncio.create_task(self._beat()), asyncio.create_task(self._sweep())]
        try:
            await serve(self._engine, self.draining)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            for child in self.cleaners:
                child.kill()
                await child.wait()
            with contextlib.suppress(Away):
                await self.ask(work_runs.leave, self.terms.name)
            for closing in (self._database, self._beating, self.leases):
                closing.close()

    def stop(self) -> None:
        """Takes no further job; what is under way gets its grace. Called again: no grace."""
        if self.draining.is_set():
            self.hurry.set()
        self.draining.set()

    async def _engine(self) -> None:
        app = engine(self.terms.url)
        self._register(app)
        async with app.open_async():
            await app.run_worker_async(
                queues=list(self.terms.queues),
                name=self.terms.name,
                concurrency=self.terms.slots,
                install_signal_handlers=False,
                update_heartbeat_interval=self.terms.beat,
                stalled_worker_timeout=max(schedule_reaper.HEARTBEAT, 3 * self.terms.beat),
                delete_jobs="successful",
            )

    def _register(self, app: procrastinate.App) -> None:
        @app.task(name=TASKS[CRAWL], queue=CRAWL, pass_context=True)
        async def crawls(context: JobContext, /, site: str, host: str, **more: Any) -> str:
            return await self._do(context, site, lambda job: crawl(self, job, site, host, **more))

        @app.task(name=TASKS[CLEAN], queue=CLEAN, pass_context=True)
        async def cleans(context: JobContext, /, run: str, part: str) -> str:
            from newscrawl.cluster.bulk_work import clean  # a worker that only crawls loads nothing of it

            return await self._do(context, f"{run} {part}", lambda job: clean(self, job, run, part))

    async def _do(self, context: JobContext, name: str, work: Callable[[int], Coroutine[Any, Any, str]]) -> str:
        """One job. Nothing is raised: the engine would try it again, or leave it under way for ever."""
        job = context.job.id
        assert job is not None
        self._doing[job] = (name, context.job.worker_id)
        try:
            said = await work(job)
        except Stopped as error:
            said = f"left to others: {error}"
        except Exception as error:
            log.exception("%s", name)
            said = f"{type(error).__name__}: {error}"
        finally:
            del self._doing[job]
        log.info("%s: %s", name, said)
        return said

    async def _beat(self) -> None:
        terms, machine = self.terms, platform.node()

        def once(doing: list[str], engines: list[int]) -> None:
            with self._beating.transaction() as connection:
                work_runs.beat(
                    connection, terms.name, machine, os.getpid(), terms.queues, terms.slots, doing, engines
                )  # fmt: skip

        while True:
            under_way = tuple(self._doing.values())
            try:
                engines = sorted({one for _, one in under_way if one is not None})
                await asyncio.to_thread(once, [name for name, _ in under_way], engines)
            except Away:
                pass  # the engine says so, too
            except Exception:  # whatever it is, it must not be taken for our death
                log.exception("no sign of life was given")
            await asyncio.sleep(terms.beat)

    async def _sweep(self) -> None:
        """Buries the runs of this machine that are proved to be over."""
        while True:
            await asyncio.sleep(self.terms.sweep)
            try:
                for told in dead(self.folder):
                    await self.ask(buried, told, self.terms)
                    log.warning("%s: its worker died: others go on", told.get("args"))
            except (Away, OSError) as error:
                log.warning("looking for the dead: %s", error)
            except Exception:  # a file that says something else than we write must not end the look for the others
                log.exception("looking for the dead")


def buried(connection: Connection, told: dict[str, Any], terms: Terms) -> None:
    """Ends the lease and the job of a run that is proved to be over."""
    if "epoch" in told:
        schedule_reaper.let_go(connection, told["host"], told["owner"], told["epoch"])
    one = Stalled(job=told["job"], queue=told["queue"], args=told["args"], why=schedule_reaper.GONE)
    schedule_reaper.bury(connection, one, terms.patience)
