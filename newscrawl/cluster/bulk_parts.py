"""Keeps the list of parts of a bulk run: what is to do, under way, done or set aside, and what came of each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from newscrawl.bulk import Counts, Part, PartResult
from newscrawl.cluster.database import Connection
from newscrawl.cluster.schedule_reaper import ATTEMPTS

SUMS = ("rows", "kept", "withheld", "broken", "passed_over", "lines", "cut")


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals(Counts):
    """A run's parts by state, and the sums over those that are done."""

    parts: int = 0
    todo: int = 0
    doing: int = 0
    done: int = 0
    failed: int = 0

    @property
    def adds_up(self) -> bool:
        """Whether every part is done, and every row of every part is accounted for."""
        return self.accounted and self.done == self.parts


def named(part: Part) -> str:
    """The name of a part within its run: that of its file."""
    return Path(part.final).name


def task_of(part: Part) -> dict[str, Any]:
    """A part as it stands in the list."""
    return asdict(part)


def part_of(task: Mapping[str, Any]) -> Part:
    """A part, back from the list."""
    return Part(**{**task, "rules": tuple(task["rules"])})


def plan(connection: Connection, run: str, parts: Iterable[Part]) -> int:
    """Puts parts on the list; how many are to do. A failed one gets another chance, as does one without its file."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO clean_part AS p (run, part, task) VALUES (%s, %s, %s::jsonb) "
            "ON CONFLICT (run, part) DO UPDATE "
            "SET state = 'todo', attempts = 0, job = NULL, reason = '', changed = clock_timestamp() "
            "WHERE p.state = 'failed' OR p.state = 'done' AND %s",
            [
                (run, named(part), json.dumps(task_of(part)), not Path(part.final).exists())
                for part in parts
            ],
        )  # fmt: skip
    found = connection.execute("SELECT count(*) FROM clean_part WHERE run = %s AND state <> 'done'", (run,)).fetchone()
    return cast(int, found[0]) if found else 0


def waiting(connection: Connection, run: str, most: int = 2000) -> tuple[str, ...]:
    """The parts that are to do and have no job on the queue."""
    rows = connection.execute(
        "SELECT part FROM clean_part p WHERE run = %s AND state = 'todo' "
        "AND NOT EXISTS (SELECT FROM procrastinate_jobs j "
        "                WHERE j.queueing_lock = 'clean:' || p.run || ':' || p.part AND j.status = 'todo') "
        "AND NOT EXISTS (SELECT FROM procrastinate_jobs j "
        "                WHERE j.lock = 'clean:' || p.run || ':' || p.part AND j.status = 'doing') "
        "ORDER BY part LIMIT %s",
        (run, most),
    ).fetchall()
    return tuple(cast(str, part) for (part,) in rows)


def claim(connection: Connection, run: str, part: str, job: int, worker: str) -> Part | None:
    """A part to work at; None where it is done, or another job has it."""
    row = connection.execute(
        "UPDATE clean_part SET state = 'doing', job = %s, worker = %s, attempts = attempts + 1, "
        "changed = clock_timestamp() WHERE run = %s AND part = %s AND (state = 'todo' OR state = 'doing' AND job = %s) "
        "RETURNING task",
        (job, worker, run, part, job),
    ).fetchone()
    return part_of(cast(dict[str, Any], row[0])) if row is not None else None


def finish(connection: Connection, run: str, part: str, job: int, result: PartResult, sha256: str) -> None:
    """A part is done, whoever has it by now: its file is the same."""
    connection.execute(
        "UPDATE clean_part SET state = 'done', result = %s::jsonb, sha256 = %s, lines = %s, reason = '', "
        "job = %s, changed = clock_timestamp() WHERE run = %s AND part = %s",
        (json.dumps(asdict(result)), sha256, result.lines, job, run, part),
    )


def give_back(
    connection: Connection, run: str, part: str, job: int, why: str, *, counts: bool = True, for_good: bool = False
) -> None:
    """A part did not come to its end. `counts`: as one of its attempts; `for_good`: no other worker could do better."""
    connection.execute(
        "UPDATE clean_part SET state = CASE WHEN %s OR attempts >= %s AND %s THEN 'failed' ELSE 'todo' END, "
        "attempts = attempts - CASE WHEN %s THEN 0 ELSE 1 END, job = NULL, reason = %s, changed = clock_timestamp() "
        "WHERE run = %s AND part = %s AND job = %s AND state = 'doing'",
        (for_good, ATTEMPTS, counts, counts, why, run, part, job),
    )


def totals(connection: Connection, run: str) -> Totals:
    """Where a run stands."""
    sums = ", ".join(f"coalesce(sum((result->>'{name}')::bigint) FILTER (WHERE state = 'done'), 0)" for name in SUMS)
    row: Any = connection.execute(
        "SELECT count(*), count(*) FILTER (WHERE state = 'todo'), count(*) FILTER (WHERE state = 'doing'), "  # noqa: S608
        "count(*) FILTER (WHERE state = 'done'), count(*) FILTER (WHERE state = 'failed'), "
        f"{sums}, coalesce(sum((result->>'seconds')::float8) FILTER (WHERE state = 'done'), 0) "
        "FROM clean_part WHERE run = %s",
        (run,),
    ).fetchone()
    parts, todo, doing, done, failed, *rest = row
    numbers = {name: int(value) for name, value in zip(SUMS, rest[:-1], strict=True)}
    return Totals(parts=parts, todo=todo, doing=doing, done=done, failed=failed, seconds=rest[-1], **numbers)


def failures(connection: Connection, run: str) -> tuple[tuple[str, str], ...]:
    """The parts that were set aside, and why."""
    rows = connection.execute(
        "SELECT part, reason FROM clean_part WHERE run = %s AND state = 'failed' ORDER BY part", (run,)
    ).fetchall()
    return tuple((cast(str, part), cast(str, reason)) for part, reason in rows)


def sums(connection: Connection, run: str) -> dict[str, str]:
    """The SHA-256 of each part's file, as it was when it was done."""
    rows = connection.execute(
        "SELECT part, sha256 FROM clean_part WHERE run = %s AND state = 'done'", (run,)
    ).fetchall()
    return {cast(str, part): cast(str, sha256) for part, sha256 in rows}
