"""Works at one crawl: takes the lease, starts the spider, renews, and writes down how it ended."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newscrawl.cluster import schedule, work_runs
from newscrawl.cluster.children import Child
from newscrawl.cluster.children_deaths import Life, begun
from newscrawl.cluster.database import Away
from newscrawl.cluster.lease import Lease
from newscrawl.cluster.schedule import Site
from newscrawl.cluster.schedule_standing import Outcome, outcome_of
from newscrawl.cluster.work_runs import Ending

if TYPE_CHECKING:
    from newscrawl.cluster.work import Worker
    from newscrawl.cluster.work_terms import Terms

log = logging.getLogger("newscrawl.worker")


def words(terms: Terms, site: str) -> list[str]:
    """The command that crawls a site. With an index in the database, all crawls of a machine share its archive.

    >>> from newscrawl.cluster.work_terms import Terms
    >>> words(Terms(url="postgresql://db/news", name="w"), "https://news.example/latest")[4:8]
    ['aggregator', '-a', 'url=https://news.example/latest', '-s']
    """
    if terms.program:
        return [*terms.program, site]
    given = [part for setting in terms.settings for part in ("-s", setting)]
    crawled = ["aggregator", "-a", f"url={site}"] if "://" in site else [site]
    return [sys.executable, "-m", "scrapy", "crawl", *crawled, "-s", f"NEWSCRAWL_ARCHIVE={terms.archive}", *given]


def _unwanted(found: Site | None, deferred: float, asked: bool) -> str | None:
    """Why a job is not to be done although it was put on the queue; None where it is."""
    if asked:
        return None
    if found is None:
        return "off the schedule"
    if found.disabled_reason:
        return "disabled"
    since = datetime.fromtimestamp(deferred, UTC)
    if found.fails and found.last_run is not None and found.last_run > since:
        return "backing off"  # it waited behind a run that failed
    return None


async def crawl(worker: Worker, job: int, site: str, host: str, *, deferred: float = 0.0, asked: bool = False) -> str:
    """One job of the queue; what became of it, in a word or two."""
    said = _unwanted(await worker.insist(schedule.of, site), deferred, asked)
    if said is not None:
        return said
    lease = await _taken(worker, host)
    if lease is None:
        await worker.insist(schedule.record, site, Outcome.LATER, code=75, patience=worker.terms.patience)
        return "the host is held by another"
    told = {"job": job, "queue": "crawl", "args": {"site": site}, "host": host, "owner": lease.owner}
    life = begun(worker.folder, f"crawl-{job}", {**told, "epoch": lease.epoch})
    recorded = False
    try:
        await worker.insist(work_runs.begin, job, site, host, worker.terms.name, lease.epoch)
        ending = await _run(worker, site, lease, life)
        with contextlib.suppress(Away):
            await asyncio.to_thread(worker.leases.release, lease)
        await worker.insist(work_runs.end, job, site, ending, worker.terms.patience)
        recorded = True
    finally:
        if recorded:
            life.end()
        else:
            os.close(life.fd)  # whoever sees to the dead writes down its end
    return f"{ending.outcome.value} {ending.why}".strip()


async def _taken(worker: Worker, host: str) -> Lease | None:
    while True:
        try:
            return await asyncio.to_thread(worker.leases.take, host, worker.terms.name, worker.terms.ttl)
        except Away as error:
            await worker.away(error)


async def _run(worker: Worker, site: str, lease: Lease, life: Life) -> Ending:
    terms = worker.terms
    environment = {
        "NEWSCRAWL_LEASE": str(lease),
        "NEWSCRAWL_LEASE_TTL": f"{terms.ttl:g}",
        "NEWSCRAWL_INDEX": terms.url,
    }
    child = await Child.begin(words(terms, site), environment=environment, ties=terms.ties, keep=[life.fd])
    try:
        return await _watch(worker, child, lease)
    finally:
        child.kill()
        await child.wait()


async def _watch(worker: Worker, child: Child, lease: Lease) -> Ending:
    """Waits for whatever comes first: the crawl's end, its time limit, the loss of the lease, the worker's own end."""
    terms = worker.terms
    ended = asyncio.ensure_future(child.wait())
    lost = asyncio.ensure_future(_lost(worker, lease))
    drained = asyncio.ensure_future(worker.draining.wait())
    hurried = asyncio.ensure_future(worker.hurry.wait())
    first = asyncio.FIRST_COMPLETED
    try:
        limit = terms.minutes * 60 if terms.minutes else None
        await asyncio.wait({ended, lost, drained}, timeout=limit, return_when=first)
        if drained.done() and not ended.done():
            await asyncio.wait({ended, lost, hurried}, timeout=terms.grace, return_when=first)
        if ended.done():
            code = ended.result()
            outcome, why = outcome_of(code)
            return Ending(outcome=outcome, code=code, why=why)
        if lost.done():
            child.kill()
            return Ending(outcome=Outcome.STOPPED, code=await ended, why="its lease was lost")
        code = await child.stop()
        if drained.done():
            return Ending(outcome=Outcome.STOPPED, code=code, why="its worker was told to stop")
        outcome, why = outcome_of(code)
        return Ending(outcome=outcome, code=code, why=why or "ended at its time limit")
    finally:
        for task in (lost, drained, hurried):
            task.cancel()


async def _lost(worker: Worker, lease: Lease) -> None:
    """Renews a lease until it is lost: taken by another, or too near its end without an answer."""
    terms = worker.terms
    near = min(2.0, terms.ttl / 10)
    pause = terms.renew
    while True:
        await asyncio.sleep(pause)
        if lease.left <= near:
            return
        try:
            renewing = asyncio.to_thread(worker.leases.renew, lease)
            fresh = await asyncio.wait_for(renewing, max(lease.left - near, 0.1))
        except (Away, TimeoutError) as error:
            log.warning("%s: cannot renew its lease: %s", lease.host, error or "no answer")
            pause = min(1.0, terms.ttl / 20)
            continue
        if fresh is None:
            log.error("%s: another has its lease: its crawl is ended", lease.host)
            return
        lease, pause = fresh, terms.renew
