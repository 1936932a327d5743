"""Measures archive writes a second beside an fsync for every line and beside a plain append."""

from __future__ import annotations

import json
import os
import tempfile
import time
from importlib import import_module
from pathlib import Path
from time import perf_counter

from tools.eval.cleaners import wing
from tools.eval.tables import Table


def _line(number: int) -> bytes:
    text = f"Story {number}. " + "The harbour master said the ferry would sail again on Monday morning. " * 34
    record = {"id": f"{number:016x}-00000000", "url": f"https://h.example/{number}", "site": "h.example", "text": text}
    return json.dumps(record).encode()


def _appended(folder: Path, count: int, *, sync: bool) -> float:
    made = [_line(number) for number in range(count)]
    started = perf_counter()
    with (folder / f"plain-{sync}.jsonl").open("wb") as out:
        for line in made:
            out.write(line + b"\n")
            if sync:
                out.flush()
                os.fsync(out.fileno())
    return count / (perf_counter() - started)


def _archived(folder: Path, count: int) -> float:
    archive = import_module("newscrawl.archive")
    entries = [
        archive.Entry(
            stream="articles", id=f"{number:016x}-00000000", url=f"https://h.example/{number}", site="h.example",
            version="00000000", story=f"{number:016x}", line=_line(number),
        )
        for number in range(count)
    ]  # fmt: skip
    started = perf_counter()
    with archive.Archive.open(folder / "archive", run="bench", clock=time.time) as kept:
        for entry in entries:
            kept.put(entry)
        kept.commit()
    return count / (perf_counter() - started)


def bench(*, quick: bool) -> list[Table]:
    """Lines of 2.5 KB in a temporary folder of this disk."""
    count = 5_000 if quick else 30_000
    rows: list[tuple[str, ...]] = []
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        folder = Path(name)
        plain = _appended(folder, count, sync=False)
        synced = _appended(folder, 200 if quick else 1000, sync=True)
        if wing("archive", "Archive", "Entry") is None:
            rows.append(("newscrawl archive", "not built yet", ""))
        else:
            rate = _archived(folder, count)
            rows.append(("newscrawl archive (durable, indexed)", f"{rate:,.0f}", f"{rate / plain:.3f}"))
    rows.append(("fsync for every line", f"{synced:,.0f}", f"{synced / plain:.3f}"))
    rows.append(("plain append", f"{plain:,.0f}", "1"))
    return [
        Table(
            title="(d) Stories of 2.5 KB written",
            columns=("", "a second", "beside plain append"),
            rows=tuple(rows),
            notes=("Goal: at least 10,000 stories a second.",),
        )
    ]
