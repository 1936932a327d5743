"""Two crawls of one archive: the second says who holds it and ends with 75; the first does not notice."""

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from newscrawl.archive import ArchiveLocked, disk
from tools.faults.crawl_site import ROOT, crawling, served, until_written, violations

STORIES = 20
DEMO = ("kabarkilat", "newsmix")


def refusal(run: str, pid: int) -> str:
    return f"held by run {run} (process {pid}): wait until it has ended, or stop it (kill -TERM {pid})"


def test_of_two_crawls_that_begin_at_once_one_does_all_and_the_other_names_it(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    with served(STORIES) as site:
        both = [
            crawling(site, archive, tmp_path / str(number), "NEWSCRAWL_HOLD=0", "DOWNLOAD_DELAY=0.4")
            for number in range(2)
        ]
        codes = [one.wait(120) for one in both]
        said = [(tmp_path / str(number)).read_text() for number in range(2)]
        assert sorted(codes) == [0, 75], said
        first, second = codes.index(0), codes.index(75)
        [line] = [line for line in said[second].splitlines() if line.startswith("newscrawl: ")]
        assert f"(process {both[first].pid})" in line
        assert f"-{both[first].pid}-aggregator (process" in line
        assert "Traceback" not in "".join(said)
        assert violations(site, archive) == []


def test_all_sites_at_once_wait_for_the_crawl_that_holds_the_archive(tmp_path: Path) -> None:
    archive, said = tmp_path / "archive", tmp_path / "said"
    with served(STORIES) as site:
        first = crawling(site, archive, said, "NEWSCRAWL_HOLD=0", "DOWNLOAD_DELAY=1")
        until_written(archive, 1, first)
        words = [
            sys.executable,
            "-m",
            "newscrawl",
            "crawl",
            *DEMO,
            "--archive",
            str(archive),
            "-s",
            "LOG_LEVEL=WARNING",
        ]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
        assert first.poll() is None, said.read_text()
        assert done.returncode == 75, done.stderr
        run = json.loads((archive / ".lock").read_text())["run"]
        assert done.stderr.count(refusal(run, first.pid)) == len(DEMO), done.stderr
        first.terminate()
        assert first.wait(60) == 0
        again = crawling(site, archive, said, "NEWSCRAWL_HOLD=0")
        assert again.wait(120) == 0, said.read_text()
        assert violations(site, archive) == []


@pytest.mark.parametrize("left", [b"", b'{"pid": 4194304, "run": "long-gone"}'])
def test_a_holder_that_has_just_come_is_waited_for_until_it_has_written_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: bytes
) -> None:
    """A name of an earlier run was read in its place, with advice to kill a process that may be anybody's now."""
    lock = tmp_path / disk.LOCK
    lock.write_bytes(left)

    def meanwhile(seconds: float) -> None:
        lock.write_text(json.dumps({"pid": os.getpid(), "run": "new"}))

    monkeypatch.setattr(disk.time, "sleep", meanwhile)
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(ArchiveLocked) as told:
            disk.Lock(tmp_path, run="second")
    assert refusal("new", os.getpid()) in str(told.value)
