"""A bounded part of the fault sweeps: no acknowledged record is lost, and every failure is told. All: tools/faults."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

from newscrawl.archive import disk, segments
from tools.faults import disks, powerloss
from tools.faults.__main__ import main

ROOT = Path(__file__).parents[2]


def sweep(*arguments: str) -> str:
    """A sweep forks: it does so in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.faults", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    if "skipped" in done.stdout:
        pytest.skip(next(line for line in done.stdout.splitlines() if "skipped" in line))
    return done.stdout


def test_a_loss_of_power_at_any_byte_loses_nothing_that_was_acknowledged() -> None:
    swept = powerloss.sweep(sample=1500, seconds=12)
    assert swept.wrong == []
    assert swept.of >= 10_000
    assert swept.tried >= 50


def early(self: segments.Writer, data: bytes, items: int) -> None:
    """An append that forgets to wait."""
    disk.write(self._fd, data)
    self._sum.update(data)
    self.size += len(data)
    self.items += items


def test_the_power_loss_model_sees_an_append_that_does_not_wait() -> None:
    with mock.patch.object(segments.Writer, "append", early):
        assert powerloss.sweep(count=6, sample=400, seconds=60, first=True).wrong


@pytest.mark.parametrize("call", ["fsync", "sync_directory"])
def test_the_power_loss_model_sees_that_a_call_is_missing(call: str) -> None:
    assert powerloss.sweep(count=6, sample=400, seconds=60, first=True, deaf=frozenset({call})).wrong


def test_kill_9_at_random_moments_loses_nothing_and_stores_nothing_twice() -> None:
    said = sweep("kills", "--sample", "20", "--seconds", "6")
    assert "kill -9 at random" in said


def test_kill_9_and_failing_calls_at_many_points_lose_nothing_and_are_told() -> None:
    said = sweep("syscalls", "--sample", "70", "--seconds", "12")
    assert said.count(": kill -9") == 4


def test_a_disk_that_says_no_is_told_by_name_and_the_next_run_goes_on() -> None:
    said = sweep("disks")
    assert all(name in said for name in disks.CASES)


def test_an_unknown_sweep_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["nothing"])
    assert "there are powerloss" in capsys.readouterr().err


def test_a_violation_gives_a_non_zero_exit(capsys: pytest.CaptureFixture[str]) -> None:
    with mock.patch.dict(disks.CASES, {"made up": lambda: ["it is lost"]}, clear=True):
        assert main(["disks"]) == 1
    assert "made up: it is lost" in capsys.readouterr().out


def test_a_missing_strace_is_a_skip_that_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with mock.patch.dict(os.environ, {"PATH": "/nowhere"}):
        assert main(["syscalls"]) == 0
    assert "apt install strace" in capsys.readouterr().out
