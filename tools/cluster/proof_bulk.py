"""Tries what is promised of bulk cleaning: as fast as plain multiprocessing, and whole whoever dies."""

from __future__ import annotations

import json
import multiprocessing
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from newscrawl import bulk as parts
from newscrawl.bulk import Part
from newscrawl.cluster import bulk
from newscrawl.cluster.bulk_parts import Totals
from tools.cluster.proof import SLOW, Row, making
from tools.cluster.server import Server
from tools.cluster.working import Cluster, until


def _corpus(folder: Path, *, rows: int) -> Path:
    rng = Random(3)
    names = "council harbour budget bridge school market library river station festival".split(" ")
    path = folder / "corpus.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(rows):
            text = " ".join(
                f"The {rng.choice(names)} met on day {rng.randrange(900)} to talk about the {rng.choice(names)}."
                for _ in range(25)
            )
            file.write(json.dumps({"id": number, "text": text}) + "\n")
    return path


def _timed(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def _pooled(found: Sequence[Part]) -> None:
    # each in a session of its own, as a worker's children are: the kernel shares out processors by session
    with multiprocessing.get_context("spawn").Pool(2, initializer=os.setsid) as pool:
        for _ in pool.imap_unordered(parts.do_part, found):
            pass


def in_bulk(server: Server, *, rows: int = 8_000, rounds: int = 2) -> Iterator[Row]:
    """The same parts by plain multiprocessing and by two workers, by turns; then again, with one of them killed."""
    with tempfile.TemporaryDirectory(prefix="newscrawl-corpus-") as name, making(server) as made:
        folder = Path(name)
        corpus = _corpus(folder, rows=rows)

        def split(out: str) -> tuple[Part, ...]:
            return parts.parts_of([corpus], folder / out, max(1, corpus.stat().st_size // 40))

        for number in range(2):
            made.worker(f"w{number}", queues=["clean"])
        until(lambda: made.one("SELECT count(*) FROM worker") == 2, SLOW, "the workers")
        plain, ours = [], []
        for turn in range(rounds):
            plain.append(_timed(partial(_pooled, split(f"plain{turn}"))))
            ours.append(_timed(partial(bulk.clean, made.url, split(f"ours{turn}"))))
        ratio = min(ours) / min(plain)
        yield Row(
            what=f"bulk, {rows:,} rows in 40 parts, 2 workers: wall / multiprocessing, the least of {rounds}",
            figure=f"{ratio:.3f} ({min(ours):.1f} s / {min(plain):.1f} s)", goal="<= 1.15", holds=ratio <= 1.15,
        )  # fmt: skip
        rest = _bulk_killed(made, folder, split("killed"), rows)
        wall = next(rest)
        after = _timed(partial(bulk.clean, made.url, split("after")))
        longer = wall - (ours[-1] + after) / 2
        yield Row(
            what="bulk, one worker killed and started again: longer than the runs before and after it by",
            figure=f"{longer:.1f} s ({wall:.1f} s)", goal="<= 10 s", holds=longer <= 10,
        )  # fmt: skip
        yield next(rest)


def _bulk_killed(made: Cluster, folder: Path, found: Sequence[Part], rows: int) -> Iterator[Any]:
    def kill() -> None:
        query = "SELECT count(*) FROM clean_part WHERE state = 'done' AND run = %s"
        until(lambda: int(str(made.one(query, bulk.run_of(found)))) >= 8, SLOW, "some parts")
        made.processes["w0"].kill()
        made.processes["w0"].wait()
        time.sleep(1.0)  # as systemd does: Restart=always, RestartSec=1
        made.worker("w0", queues=["clean"])

    killing = threading.Thread(target=kill)
    killing.start()
    done: list[Totals] = []
    wall = _timed(lambda: done.append(bulk.clean(made.url, found)))
    killing.join()
    yield wall
    out = folder / "killed"
    finals = [path for path in out.iterdir() if path.suffix == ".jsonl" and path.name.count(".") == 1]
    ids = sorted(json.loads(line)["id"] for path in finals for line in path.read_text().splitlines())
    exact = ids == list(range(rows))
    left = len(list(out.glob("*.tmp.*")))
    swept = bulk.sweep(out, now=time.time() + 2 * bulk.LEFT)
    yield Row(
        what="bulk after the kill: ids, sums; files left half written, swept after an hour",
        figure=f"{'' if exact else 'NOT '}exact, {'' if done[0].adds_up else 'DO NOT '}add up; {left}, {swept}",
        goal="exact, add up; all swept", holds=exact and done[0].adds_up and left == swept,
    )  # fmt: skip
