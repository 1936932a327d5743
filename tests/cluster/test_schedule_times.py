"""When a site is due, and what the end of a run makes of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.cluster.schedule_standing import Outcome, Patience, Standing, after, back_off, outcome_of
from newscrawl.cluster.schedule_times import Rhythm, ScheduleError, caught_up, following, gap, place, rhythm, seconds

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
HOURLY = Rhythm(every=3600)
MOMENTS = st.integers(0, 10 * 365 * 86400).map(lambda after: NOW + timedelta(seconds=after))
NAMES = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=20)
CRONS = st.sampled_from(
    ["* * * * *", "*/5 * * * *", "17 * * * *", "0 6 * * *", "0 6,18 * * 1-5", "30 4 1 * *", "0 0 29 2 *", "@hourly"]
)


@pytest.mark.parametrize(
    ("text", "length"),
    [("15m", 900), ("1h30m", 5400), ("2d", 172800), ("1w", 604800), ("60s", 60), (" 3H ", 10800)],
)
def test_a_length_of_time_is_read_as_people_write_it(text: str, length: float) -> None:
    assert seconds(text) == length


@pytest.mark.parametrize("text", ["", "0m", "59s", "1y", "h", "15", "-5m", "1.5h", "400d", "9" * 40 + "m", "5m5"])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(ScheduleError):
        seconds(text)


@pytest.mark.parametrize(
    ("cron", "every"),
    [
        (None, None), ("* * * * *", 3600.0), ("61 * * * *", None), ("* * * *", None), ("* * * * * *", None),
        ("0 0 30 2 *", None), ("every day", None), ("", None), (None, 1.0), (None, float("inf")), (None, float("nan")),
    ],
)  # fmt: skip
def test_a_rhythm_that_cannot_be_is_refused_when_it_is_added(cron: str | None, every: float | None) -> None:
    with pytest.raises(ScheduleError):
        rhythm(cron=cron, every=every)


def test_a_cron_expression_is_kept_to_and_late_by_five_minutes_at_most() -> None:
    for number in range(200):
        due = following(rhythm(cron="0 6 * * *"), NOW, f"site{number}")
        assert timedelta() <= due - datetime(2026, 5, 5, 6, tzinfo=UTC) <= timedelta(minutes=5)


def test_sites_that_began_together_drift_apart() -> None:
    due = sorted(following(HOURLY, NOW, f"site{number}") for number in range(500))
    assert due[-1] - due[0] >= timedelta(seconds=0.095 * 3600)
    by_minute = [sum(moment.minute == minute for moment in due) for minute in range(60)]
    assert max(by_minute) <= 150


def test_after_an_hour_of_nobody_being_there_each_site_runs_once_and_not_all_at_once() -> None:
    due = sorted(caught_up(HOURLY, NOW, f"site{number}") for number in range(500))
    assert due[0] >= NOW
    assert timedelta(seconds=0.09 * 3600) <= due[-1] - due[0] <= timedelta(seconds=0.1 * 3600)


@given(MOMENTS, NAMES, CRONS)
def test_a_cron_slot_is_neither_missed_nor_taken_twice(moment: datetime, site: str, cron: str) -> None:
    kept = rhythm(cron=cron)
    due = following(kept, moment, site)
    then = following(kept, due, site)
    assert due > moment
    assert then > due
    if cron in ("* * * * *", "*/5 * * * *", "17 * * * *"):  # whose gaps are all the same
        assert (then - due).total_seconds() == gap(kept, moment)


@given(MOMENTS, NAMES, st.floats(60, 1e6))
def test_an_interval_lasts_itself_give_or_take_five_hundredths(moment: datetime, site: str, every: float) -> None:
    lasts = (following(Rhythm(every=every), moment, site) - moment).total_seconds()
    assert 0.95 * every - 1 <= lasts <= 1.05 * every + 1


@given(NAMES)
def test_the_place_of_a_site_is_its_own(site: str) -> None:
    assert 0 <= place(site) < 1
    assert place(site) == place(site)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (0, Outcome.GOOD), (6, Outcome.GOOD), (75, Outcome.LATER), (3, Outcome.FAILED), (4, Outcome.FAILED),
        (5, Outcome.FAILED), (1, Outcome.CRASHED), (78, Outcome.CRASHED), (2, Outcome.CRASHED),
        (-9, Outcome.CRASHED), (137, Outcome.CRASHED),
    ],
)  # fmt: skip
def test_an_exit_code_is_an_outcome(code: int, outcome: Outcome) -> None:
    assert outcome_of(code)[0] is outcome
    assert bool(outcome_of(code)[1]) == (outcome is not Outcome.GOOD)


def runs_until_disabled(outcome: Outcome) -> int:
    standing, now = Standing(next_due=NOW), NOW
    for number in range(1, 50):
        standing = after(standing, outcome, HOURLY, site="mdr", now=now, chance=0.5, why="exit code 4")
        if standing.disabled_reason:
            return number
        now = standing.next_due
    return 50


@pytest.mark.parametrize(
    ("outcome", "runs"),
    [(Outcome.FAILED, 5), (Outcome.CRASHED, 3), (Outcome.STALLED, 3), (Outcome.LATER, 50), (Outcome.GOOD, 50)],
)
def test_a_site_that_always_ends_so_is_disabled_after_so_many_runs(outcome: Outcome, runs: int) -> None:
    assert runs_until_disabled(outcome) == runs


def test_a_good_run_forgives_what_was_before() -> None:
    failed = Standing(next_due=NOW, fails=4)
    good = after(failed, Outcome.GOOD, HOURLY, site="mdr", now=NOW, chance=0.0)
    assert (good.fails, good.last_ok, good.disabled_reason) == (0, NOW, None)


def test_the_first_run_whose_worker_died_is_made_up_for_at_once_and_the_next_waits() -> None:
    first = after(Standing(next_due=NOW), Outcome.STALLED, HOURLY, site="mdr", now=NOW, chance=0.0)
    assert first.next_due == NOW
    second = after(first, Outcome.STALLED, HOURLY, site="mdr", now=NOW, chance=0.0)
    assert second.next_due - NOW >= timedelta(minutes=4)


def test_a_reason_says_what_happened_last() -> None:
    failing = Standing(next_due=NOW, fails=4)
    ended = after(failing, Outcome.FAILED, HOURLY, site="mdr", now=NOW, chance=0.0, why="exit code 4: no story")
    assert ended.disabled_reason == "failed too often, the last time: exit code 4: no story"


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_back_off_grows_and_ends_at_six_hours(fails: int, chance: float) -> None:
    wait = back_off(fails, chance)
    assert 30 <= wait <= 6 * 3600
    assert back_off(fails + 1, chance) >= wait
    assert wait >= 0.5 * min(6 * 3600, 60 * 2 ** min(fails, 60))


def test_an_operator_may_be_more_or_less_patient() -> None:
    patient = Patience(first=1, longest=5, disabled_after=2)
    failed = after(
        Standing(next_due=NOW), Outcome.FAILED, HOURLY, site="a", now=NOW, chance=1.0, patience=patient
    )  # fmt: skip
    assert failed.next_due - NOW == timedelta(seconds=2)
    assert failed.disabled_reason is None
    assert after(failed, Outcome.FAILED, HOURLY, site="a", now=NOW, chance=1.0, patience=patient).disabled_reason
