"""A clock that is set during a crawl, back or far ahead: nothing lost, nothing twice, nobody waits for it."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newscrawl.archive import read
from newscrawl.crawl import patience, steady
from newscrawl.crawl.patience import LONGEST, Pause
from newscrawl.rights import answers
from tools.faults.crawl_site import ROOT, crawling, served, until_written, violations

STORIES = 40
HOUR, YEAR = 3600, 366 * 86400


@pytest.mark.parametrize("jumps", [(-HOUR, YEAR), (YEAR, 0)], ids=["back, then ahead", "ahead, then right"])
def test_a_clock_that_is_set_during_a_crawl_loses_nothing_and_holds_nothing_up(
    tmp_path: Path, jumps: tuple[int, ...]
) -> None:
    clock, archive, said = tmp_path / "clock", tmp_path / "archive", tmp_path / "said"
    clock.write_text("0")
    moved = {
        "TEST_CLOCK": str(clock),
        "PYTHONPATH": os.pathsep.join((str(ROOT / "tests" / "crawl" / "clock"), str(ROOT))),
    }
    with served(STORIES) as site:
        crawl = crawling(site, archive, said, "NEWSCRAWL_HOLD=0", "DOWNLOAD_DELAY=0.1", environment=moved)
        for jump in jumps:
            until_written(archive, 10_000, crawl)
            assert crawl.poll() is None, said.read_text()[-3000:]
            whole = clock.with_suffix(".part")
            whole.write_text(str(jump))
            whole.replace(clock)
        assert crawl.wait(120) == 0, said.read_text()[-3000:]
        assert violations(site, archive) == []
        years = {str(record["fetched"])[:4] for record in read(archive, "articles")}
        assert len(years) == 2, "the clock was set while stories came in"

        again = crawling(site, archive, said, "NEWSCRAWL_HOLD=0")
        assert again.wait(120) == 0, said.read_text()[-3000:]
        assert violations(site, archive) == []
    assert "Traceback" not in said.read_text()


def test_a_pause_is_as_long_as_it_was_whatever_happens_to_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    pause = Pause().after(steady.now(), 100.0, 0.0)
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert 99 < pause.until - steady.now() <= 100


def test_a_pause_that_a_wrong_clock_wrote_keeps_nobody_away_for_a_year() -> None:
    for ahead, kept in ((LONGEST - 60, True), (YEAR, False)):
        state = {"until": steady.now() + ahead, "strikes": 1}
        assert (patience._of_state(state) != Pause()) is kept


@pytest.mark.parametrize(
    ("age", "due", "kind"),
    [
        (timedelta(hours=1), False, "rules"),
        (timedelta(hours=25), True, "unreachable"),
        (timedelta(seconds=-5), False, "rules"),
        (timedelta(hours=-1), True, "rules"),
        (timedelta(days=-366), True, "unreachable"),
    ],
)
def test_a_robots_txt_from_the_future_is_asked_for_again(age: timedelta, due: bool, kind: str) -> None:
    now = datetime(2026, 5, 5, tzinfo=UTC)
    answer = answers.judge(200, b"User-agent: *\nDisallow: /x\n", fetched=now - age)
    standing = answers.Standing(answer=answer, good=answer)
    assert standing.due(now) is due
    assert standing.in_force(now).kind == kind
