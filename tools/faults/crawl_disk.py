"""A real `scrapy crawl` onto a disk that gets full, and its resume once there is room."""

from __future__ import annotations

import contextlib
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.faults.crawl_site import Site, crawling, served, stored, until_written, violations
from tools.faults.disks import NoMount, mounted

STORIES = 400
FULL = 3
"""The exit code of a crawl that could not write."""


@contextlib.contextmanager
def _small() -> Iterator[Path]:
    with mounted("size=2500k") as folder:
        yield folder


def full(site: Site, folder: Path, *, limit: int | None = None) -> list[str]:
    """What does not hold where the disk is full, or (limit, bytes) where no file may grow any further."""
    archive, said = folder / "archive", Path(tempfile.mkstemp(prefix="crawl-disk-")[1])
    try:
        crawl = crawling(site, archive, said, "NEWSCRAWL_HOLD=0")
        if limit is not None:
            until_written(archive, 1, crawl)
            resource.prlimit(crawl.pid, resource.RLIMIT_FSIZE, (limit, limit))
        code = crawl.wait(300)
        told = said.read_text("utf-8", "replace")
        wrong = [] if code == FULL else [f"exit code {code}, not {FULL}: {told[-600:]}"]
        wrong += [f"the message lacks {one!r}: {told[-600:]}" for one in (str(archive), "free") if one not in told]
        some = stored(archive)
        wrong += [] if 0 < len(some) < len(site.stories) else [f"{len(some)} of {len(site.stories)} stored: not tried"]
        if limit is None:
            subprocess.run(["mount", "-o", "remount,size=200m", str(folder)], check=True, capture_output=True)
        code = crawling(site, archive, said, "NEWSCRAWL_HOLD=0").wait(300)
        wrong += [] if code == 0 else [f"resume: exit code {code}: {said.read_text('utf-8', 'replace')[-600:]}"]
        wrong += [f"stored before, gone: {url}" for url in list(some - stored(archive))[:3]]
        return wrong + violations(site, archive)
    finally:
        said.unlink()


def cases(site: Site) -> Iterator[tuple[str, list[str] | None]]:
    """Each case with what does not hold; None where it cannot be tried here."""
    try:
        with _small() as folder:
            yield "disk full (tmpfs), real crawl", full(site, folder)
    except NoMount:
        yield "disk full (tmpfs), real crawl", None
    with tempfile.TemporaryDirectory() as folder:
        yield "file size limit, real crawl", full(site, Path(folder), limit=700_000)


def main() -> int:
    """The exit code: 0 where everything held."""
    failed = False
    with served(STORIES) as site:
        for name, wrong in cases(site):
            print(f"{name}: {'skipped' if wrong is None else f'{len(wrong)} wrong'}")
            print("\n".join(wrong or ()))
            failed = failed or bool(wrong)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
