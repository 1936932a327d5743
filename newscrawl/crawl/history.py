"""Reads the reports that earlier runs left beside the archive."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from newscrawl.report.runs import HISTORY

FOLDER = "runs"


def reports(folder: Path) -> Iterator[Path]:
    """The run reports in a folder, newest first: their names begin with the time."""
    try:
        yield from sorted(folder.glob("*.json"), reverse=True)
    except OSError:
        return


def read(archive: Path, spider: str, most: int = HISTORY) -> tuple[Mapping[str, Any], ...]:
    """The last reports of a spider, newest first; what is no report is passed over, since a run needs none."""
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
        if isinstance(run, dict) and run.get("spider") == spider and run.get("sites"):  # else it never began
            found.append(run)
    return tuple(found)
