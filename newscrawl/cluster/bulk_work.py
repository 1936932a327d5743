"""Works at one part of a bulk run: hands it to a child that cleans, and writes down what came of it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import TYPE_CHECKING, Any

from newscrawl.bulk import PartResult
from newscrawl.cluster import bulk_parts
from newscrawl.cluster.children import Child
from newscrawl.cluster.children_deaths import begun

if TYPE_CHECKING:
    from newscrawl.cluster.work import Worker

CHILD = (sys.executable, "-m", "newscrawl.cluster.bulk_child")


async def clean(worker: Worker, job: int, run: str, name: str) -> str:
    """One job of the queue; what became of it, in a word or two."""
    part = await worker.insist(bulk_parts.claim, run, name, job, worker.terms.name)
    if part is None:
        return "done already"
    life = begun(worker.folder, f"clean-{job}", {"job": job, "queue": "clean", "args": {"run": run, "part": name}})
    recorded = False
    try:
        told = await _answered(worker, json.dumps(bulk_parts.task_of(part)).encode())
        if told is None:
            await worker.insist(bulk_parts.give_back, run, name, job, "its worker was told to stop", counts=False)
            said = "given back"
        elif "result" in told:
            result = PartResult(**told["result"])
            await worker.insist(bulk_parts.finish, run, name, job, result, str(told["sha256"]))
            said = f"{result.rows} rows, {result.kept} kept"
        else:
            said = str(told["why"])
            await worker.insist(bulk_parts.give_back, run, name, job, said, for_good=bool(told["for_good"]))
        recorded = True
    finally:
        if recorded:
            life.end()
        else:
            os.close(life.fd)
    return said


async def _answered(worker: Worker, task: bytes) -> dict[str, Any] | None:
    """What the child says; None where the worker had to end first."""
    child = worker.cleaners.pop() if worker.cleaners else await Child.begin(CHILD, ties=worker.terms.ties, talks=True)
    asking = asyncio.ensure_future(child.ask(task))
    drained = asyncio.ensure_future(worker.draining.wait())
    hurried = asyncio.ensure_future(worker.hurry.wait())
    first = asyncio.FIRST_COMPLETED
    line: bytes | None = None
    try:
        await asyncio.wait({asking, drained}, return_when=first)
        if not asking.done():
            await asyncio.wait({asking, hurried}, timeout=worker.terms.grace, return_when=first)
        line = asking.result() if asking.done() else None
    finally:
        drained.cancel()
        hurried.cancel()
        if line:
            worker.cleaners.append(child)
        else:
            child.kill()
            await asyncio.gather(asking, return_exceptions=True)
            code = await child.wait()
    if line is None:
        return None
    if not line:
        return {"why": f"the process that cleaned it ended with {code}", "for_good": False}
    found: dict[str, Any] = json.loads(line)
    return found
