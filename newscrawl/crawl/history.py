"""Keeps the reports of runs in the archive and their figures in its index; leaves one even where the disk is full."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from newscrawl.report import run_page, runs
from newscrawl.report.runs import HISTORY

FOLDER = "runs"
RESERVE = ".reserve"
ROOMS = (192 << 10, 96 << 10, 48 << 10)
"""Bytes set aside for the report of a run that fills the disk, the most first: what is written last tells why."""


def set_aside(archive: Path) -> None:
    """Takes room for one report, or as much of it as there is."""
    path = archive / FOLDER / RESERVE
    for room in ROOMS:
        try:
            if path.exists():
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, room)
        except OSError:
            with suppress(OSError):
                path.unlink(missing_ok=True)


def give_up(archive: Path) -> None:
    """Gives that room back."""
    (archive / FOLDER / RESERVE).unlink(missing_ok=True)


def reports(folder: Path) -> Iterator[Path]:
    """The run reports in a folder, newest first: their names begin with the time."""
    try:
        yield from sorted(folder.glob("*.json"), reverse=True)
    except OSError:
        return


def task(spider: str, starts: Iterable[str]) -> str:
    """A name for what a run does: which spider, from which addresses; runs of one task are held against each other.

    >>> task("demo", ["http://a/", "http://b/"]) == task("demo", ["http://b/", "http://a/"])
    True
    """
    return hashlib.sha256("\n".join((spider, *sorted(starts))).encode("utf-8", "replace")).hexdigest()[:16]


def joined(kept: object, left: Iterable[Mapping[str, Any]], most: int = HISTORY) -> tuple[Mapping[str, Any], ...]:
    """Earlier runs, newest first: what the index kept of them, and the reports that some left, which say more."""
    known = [one for one in kept if isinstance(one, dict)] if isinstance(kept, list) else []
    found = {str(one.get("started")): one for one in (*known, *left)}
    return tuple(found[moment] for moment in sorted(found, reverse=True)[:most])


def read(archive: Path, spider: str, task: str | None = None, most: int = HISTORY) -> tuple[Mapping[str, Any], ...]:
    """The last reports of a spider, of one task if one is named, newest first.

    What is no report is passed over, since a run needs none. One that does not say its task may be of any.
    """
    found: list[Mapping[str, Any]] = []
    for path in reports(archive / FOLDER):
        if len(found) == most:
            break
        if not path.stem.endswith(f"-{spider}"):
            continue
        try:
            run = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if not isinstance(run, dict) or run.get("spider") != spider or not run.get("sites"):  # else it never began
            continue
        if task is None or run.get("task", task) == task:
            found.append(run)
    return tuple(found)


def store(archive: Path, record: Mapping[str, Any], earlier: tuple[Mapping[str, Any], ...]) -> Path | None:
    """Leaves a run report in an archive, and a page beside it: the page's path, or None where the disk refuses.

    On a full disk the room that was set aside for it is given up first.
    """
    path = archive / FOLDER / f"{runs.stem(record)}.html"
    texts = ((path.with_suffix(".json"), json.dumps(record, indent=1) + "\n"), (path, run_page(record, earlier)))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for file, text in texts:
            try:
                _whole(file, text)
            except OSError as error:
                if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                    raise
                give_up(archive)
                _whole(file, text)
    except OSError:
        return None
    set_aside(archive)
    return path


def _whole(file: Path, text: str) -> None:
    """Writes a file whole or not at all."""
    part = file.with_name(f"{file.name}.part")
    try:
        part.write_text(text, "utf-8", errors="replace")
        part.replace(file)
    except OSError:
        part.unlink(missing_ok=True)
        raise
