"""The database behind an archive's index, where the archive has one and the environment names it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from newscrawl.archive import Backing
from newscrawl.archive.takeover import is_shared
from newscrawl.cluster.postgres_opening import looking, noting

INDEX = "NEWSCRAWL_INDEX"


def _named(archive: Path) -> str:
    """The address; empty where the archive has SQLite files beside it, whatever the environment says."""
    return os.environ.get(INDEX, "") if is_shared(archive) else ""


def index_of(archive: Path) -> Backing | None:
    """For commands that read, mend and merge. Raises ArchiveError."""
    url = _named(archive)
    return looking(url, archive) if url else None


@contextlib.contextmanager
def writing_to(archive: Path) -> Iterator[Backing | None]:
    """For commands that add a line or a fact. Raises ArchiveError."""
    url = _named(archive)
    if not url:
        yield None
        return
    with noting(url, archive) as backing:
        yield backing
