"""A worker or a schedule with terms that no operator may choose: `python -m tools.cluster.process worker '{…}'`."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Any

from newscrawl.cluster.schedule_standing import Patience
from newscrawl.cluster.schedule_tick import Ticker, Ticking
from newscrawl.cluster.work import Worker
from newscrawl.cluster.work_terms import Terms


def made(given: dict[str, Any]) -> dict[str, Any]:
    """Terms, back from JSON."""
    found = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    if "patience" in found:
        found["patience"] = Patience(**found["patience"])
    if "archive" in found:
        found["archive"] = Path(found["archive"])
    return found


async def main() -> None:
    """Runs it until SIGTERM."""
    what, given = sys.argv[1], made(json.loads(sys.argv[2]))
    runner = Worker(Terms(**given)) if what == "worker" else Ticker(Ticking(**given))
    await runner.run()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    asyncio.run(main())
