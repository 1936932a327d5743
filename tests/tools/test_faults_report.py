"""The page of the sweeps says what was measured last, and what did not hold."""

from pathlib import Path
from unittest import mock

import pytest

from tools.faults import __main__ as faults
from tools.faults import disks, report, speed

GOOD = report.Result(part="disks", what="disks", figure="7 cases", goal="told", held=True, day="2026-05-05")


@pytest.fixture(autouse=True)
def _kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "KEPT", tmp_path / "artefacts" / "faults.jsonl")
    monkeypatch.setattr(report, "PAGE", tmp_path / "durability.md")
    monkeypatch.setattr(report, "ROOT", tmp_path)


def test_the_newest_result_of_each_sweep_stands_in_the_order_of_the_parts() -> None:
    again = report.Result(part="disks", what="disks", figure="8 cases", goal="told", held=False, day="2026-05-06")
    first = report.Result(part="powerloss", what="power", figure="9 states", goal="all", held=True, day="2026-05-05")
    report.keep([GOOD, again])
    report.keep([first])
    assert report.newest(faults.PARTS) == (first, again)
    assert "| disks | 8 cases | told | **no** | 2026-05-06 |" in report.page(report.newest(faults.PARTS))
    assert "NOT HELD" in report.table([again])
    assert "NOT HELD" not in report.table([GOOD])


def test_a_sweep_writes_the_page_and_what_it_skipped_is_not_held(capsys: pytest.CaptureFixture[str]) -> None:
    def no_mount() -> list[str]:
        raise disks.NoMount("only root may")

    with mock.patch.dict(disks.CASES, {"made up": no_mount}, clear=True):
        assert faults.main(["disks", "--write-docs"]) == 0
    assert "NOT HELD" in capsys.readouterr().out
    assert "**no**" in report.PAGE.read_text("utf-8")


def test_a_part_of_a_sweep_is_not_its_figure() -> None:
    with mock.patch.dict(disks.CASES, {"made up": list}, clear=True):
        assert faults.main(["disks", "--seconds", "1", "--write-docs"]) == 0
    assert report.newest(faults.PARTS) == ()


@pytest.mark.parametrize(("rate", "code"), [(speed.GOAL, 0), (speed.GOAL - 1, 1)])
def test_an_archive_below_its_goal_of_speed_does_not_hold(rate: int, code: int) -> None:
    rates = {speed.OURS: float(rate), speed.CAREFUL: 10.0, "append": 1e6}
    with mock.patch.object(speed, "rates", return_value=rates), mock.patch.object(speed, "PAUSE", 0.0):
        assert faults.main(["speed"]) == code


def test_a_busy_machine_gets_another_try() -> None:
    tries = [{speed.OURS: rate} for rate in (4000.0, 5000.0, 12_000.0, 1.0)]
    with mock.patch.object(speed, "PAUSE", 0.0), mock.patch.object(speed, "rates", side_effect=tries):
        assert speed.best()[speed.OURS] == 12_000.0
