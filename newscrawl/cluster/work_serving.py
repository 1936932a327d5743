"""Keeps an engine running: it ends, without an error at that, whenever its database goes away."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine
from typing import Any

import psycopg
from procrastinate import exceptions

from newscrawl.cluster.database import Away, Unready

log = logging.getLogger("newscrawl.worker")
LONGEST = 15.0
"""Seconds at most between two tries to reach the database."""


async def serve(engine: Callable[[], Coroutine[Any, Any, None]], draining: asyncio.Event) -> None:
    """Runs an engine again and again until `draining` is set; then it ends in order, which waits for its jobs.

    Raises:
        Unready: the tables are not there: no waiting helps.
    """
    clock = asyncio.get_running_loop().time
    told = asyncio.create_task(draining.wait())
    wait = 0.5
    while not draining.is_set():
        began = clock()
        attempt = asyncio.create_task(engine())
        await asyncio.wait({attempt, told}, return_when=asyncio.FIRST_COMPLETED)
        attempt.cancel()
        try:
            await attempt
        except (exceptions.ProcrastinateException, psycopg.Error, OSError, Away) as error:
            said = error.__cause__ or error
            if isinstance(said, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedFunction):
                raise Unready("the engine's tables are not there: run `newscrawl cluster init`") from error
            log.warning("the engine ended: %s", " ".join(str(said).split()) or type(said).__name__)
        except asyncio.CancelledError:
            pass
        if not draining.is_set():
            wait = 0.5 if clock() - began > 60 else min(2 * wait, LONGEST)
            await asyncio.wait({told}, timeout=wait * random.uniform(0.5, 1.0))  # noqa: S311 - not all at once
