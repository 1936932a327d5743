"""Workers as processes on a real database: what is on the queue is done once, whoever dies."""

import json
import signal
import time
from pathlib import Path

import psycopg
import pytest

from newscrawl.cluster.schedule import disable, record
from newscrawl.cluster.schedule_standing import Outcome
from newscrawl.cluster.work_engine import CRAWL, asking, job, once
from newscrawl.cluster.work_terms import Terms, TermsError
from tools.cluster import server
from tools.cluster.working import Cluster, ended, lives, overlap, until

pytestmark = pytest.mark.skipif(server.binaries() is None, reason="no PostgreSQL here: workers were NOT tested")
SLOW = 60.0
"""Seconds that anything may take on a machine that others use, too."""


def runs(made: Cluster, count: int, *, outcome: str | None = None) -> None:
    query = "SELECT count(*) FROM crawl_run WHERE ended IS NOT NULL" + (
        f" AND outcome = '{outcome}'" if outcome else ""
    )
    until(lambda: made.one(query) == count, SLOW, f"{count} runs")


def put(made: Cluster, site: str, host: str, **more: object) -> None:
    with asking(made.url) as app:
        job(app, CRAWL, host).defer(site=site, host=host, **more)


def test_each_site_that_is_due_is_crawled_once_by_one_of_the_workers(made: Cluster) -> None:
    made.sites([f"http://s{number}.test/?seconds=0.2" for number in range(6)])
    made.schedule()
    made.worker("w1")
    made.worker("w2")
    runs(made, 6, outcome="good")
    assert (
        made.one("SELECT count(*) FROM site_schedule WHERE fails = 0 AND next_due > now() + interval '20 hours'") == 6
    )
    assert len(lives(made.log)) == 6
    assert {worker for (worker,) in made.rows("SELECT DISTINCT worker FROM crawl_run")} == {"w1", "w2"}
    assert made.one("SELECT count(*) FROM site_lease WHERE owner <> ''") == 0
    assert [ended(process) for process in made.processes.values()] == [0, 0, 0]
    assert made.one("SELECT count(*) FROM worker") == 0


def test_a_site_that_fails_waits_longer_each_time_and_is_disabled_with_the_reason(made: Cluster) -> None:
    made.sites(["http://bad.test/?seconds=0.1&code=4"])
    patience = {"first": 0.2, "longest": 0.5}
    made.schedule(patience=patience)
    made.worker("w1", patience=patience)
    until(lambda: made.one("SELECT disabled_reason FROM site_schedule"), SLOW, "disabled")
    found = made.rows("SELECT fails, last_code, disabled_reason FROM site_schedule")[0]
    assert found == (5, 4, "failed too often, the last time: exit code 4: no story was found")
    time.sleep(2.5)
    assert len(lives(made.log)) == 5


def test_a_job_that_waited_behind_a_run_that_failed_is_left_out_and_the_host_is_free(made: Cluster) -> None:
    site = "http://bad.test/?seconds=1&code=1"
    made.sites([site])
    now = time.time()
    put(made, site, "bad.test", deferred=now)
    made.worker("w1")
    until(lambda: lives(made.log), SLOW, "the first run")
    put(made, site, "bad.test", deferred=now)
    until(lambda: made.one("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')") == 0, SLOW)
    assert len(lives(made.log)) == 1
    assert made.one("SELECT fails FROM site_schedule") == 2


def test_the_same_host_asked_for_a_hundred_times_has_one_run_and_one_in_waiting(made: Cluster) -> None:
    site = "http://s.test/?seconds=1.5"
    made.sites([site])
    made.worker("w1")
    made.worker("w2")
    taken = 0
    with asking(made.url) as app:
        for _ in range(100):
            taken += once(app, site, "s.test")
            time.sleep(0.005)
    assert made.one("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'") in (0, 1)
    until(lambda: made.one("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')") == 0, SLOW)
    assert taken <= 10
    assert len(lives(made.log)) <= 4
    assert overlap(made.log) == 0


def test_a_run_of_a_killed_worker_is_made_up_for_by_another_within_seconds(made: Cluster) -> None:
    made.sites(["http://s.test/?seconds=3"])
    made.schedule()
    made.worker("w1")
    until(lambda: lives(made.log), SLOW, "the first run")
    made.worker("w2")
    until(lambda: made.one("SELECT count(*) FROM worker") == 2, SLOW, "two workers")
    owner = made.processes[str(made.one("SELECT worker FROM crawl_run"))]
    killed = time.time()
    owner.kill()
    until(lambda: len(lives(made.log)) == 2, SLOW, "the second run")
    first, second = sorted(lives(made.log), key=lambda one: one.first)
    assert first.last - killed <= 2.0
    assert overlap(made.log) == 0
    runs(made, 2)
    assert made.rows("SELECT outcome FROM crawl_run ORDER BY began") == [("stalled",), ("good",)]
    assert second.first - killed <= 20.0
    assert made.rows("SELECT queue_name FROM procrastinate_jobs WHERE status = 'failed'") == [("crawl",)]


def test_a_run_on_a_machine_that_is_gone_is_ended_once_its_lease_ran_out(made: Cluster, tmp_path: Path) -> None:
    made.sites(["http://s.test/?seconds=2"])
    made.schedule(heartbeat=4.0)
    made.worker("w1", runtime=tmp_path / "elsewhere", ttl=8.0, renew=2.0)  # another machine's folder: nothing is proved
    until(lambda: lives(made.log), SLOW, "the first run")
    made.worker("w2", ttl=8.0, renew=2.0)
    made.processes["w1"].kill()
    until(lambda: len(lives(made.log)) == 2, SLOW, "the second run")
    assert overlap(made.log) == 0
    runs(made, 2)
    assert made.rows("SELECT outcome, epoch FROM crawl_run ORDER BY began") == [("stalled", 1), ("good", 2)]


def test_a_crawl_that_kills_its_worker_is_disabled_after_three_and_others_go_on(made: Cluster) -> None:
    patience = {"first": 0.2, "longest": 0.5}
    made.sites(["http://killer.test/?seconds=1&kill=1", "http://s.test/?seconds=0.2"])
    made.schedule(patience=patience)
    for number in range(6):
        made.worker(f"w{number}", patience=patience)
    until(
        lambda: made.one("SELECT disabled_reason FROM site_schedule WHERE host = 'killer.test'"), SLOW, "disabled"
    )  # fmt: skip
    assert made.one("SELECT count(*) FROM crawl_run WHERE host = 'killer.test'") <= 4
    assert "its worker died with it" in str(made.one("SELECT disabled_reason FROM site_schedule WHERE fails > 0"))
    assert made.one("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'") == 0
    assert made.one("SELECT outcome FROM crawl_run WHERE host = 's.test'") == "good"


def test_a_worker_that_is_told_to_stop_lets_the_run_end_and_takes_no_other(made: Cluster) -> None:
    made.sites(["http://s1.test/?seconds=2", "http://s2.test/?seconds=2"])
    made.schedule()
    worker = made.worker("w1")
    until(lambda: lives(made.log), SLOW, "a run")
    assert ended(worker) == 0
    assert made.rows("SELECT outcome FROM crawl_run") == [("good",)]
    assert made.one("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'") == 1


@pytest.mark.parametrize("signals", [1, 2], ids=["past its grace", "told twice"])
def test_a_run_that_does_not_end_in_time_is_left_to_others_without_blame(made: Cluster, signals: int) -> None:
    made.sites(["http://s.test/?seconds=30"])
    made.schedule()
    worker = made.worker("w1", grace=0.5 if signals == 1 else 60.0)
    until(lambda: lives(made.log), SLOW, "a run")
    for _ in range(signals):
        worker.send_signal(signal.SIGTERM)
        time.sleep(0.3)
    assert worker.wait(SLOW) == 0
    assert made.rows("SELECT outcome FROM crawl_run") == [("stopped",)]
    assert made.one("SELECT fails FROM site_schedule") == 0
    until(lambda: made.one("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'") == 1, SLOW, "a successor")
    assert made.one("SELECT count(*) FROM site_lease WHERE owner <> ''") == 0


def test_a_crawl_past_its_time_limit_is_told_to_stop(made: Cluster) -> None:
    made.sites(["http://s.test/?seconds=60"])
    made.schedule()
    made.worker("w1", minutes=1 / 60)
    runs(made, 1, outcome="crashed")  # the stub knows no better end; a crawl ends with 0
    assert lives(made.log)[0].last - lives(made.log)[0].first < 15


def test_a_host_that_another_holds_is_asked_later(made: Cluster) -> None:
    made.sites(["http://s.test/?seconds=0.1"])
    with psycopg.connect(made.url) as connection:
        connection.execute("INSERT INTO site_lease VALUES ('s.test', 'somebody', 4, now() + interval '1 hour')")
    made.schedule()
    made.worker("w1")
    until(lambda: made.one("SELECT last_code FROM site_schedule") == 75, SLOW, "later")
    assert made.rows("SELECT fails, next_due > now() + interval '40 s' FROM site_schedule") == [(0, True)]
    assert lives(made.log) == ()


def test_a_crawl_whose_lease_is_taken_away_is_killed_at_once(made: Cluster) -> None:
    made.sites(["http://s.test/?seconds=30&deaf=1"])
    made.schedule()
    made.worker("w1", ttl=4.0, renew=1.0)
    until(lambda: lives(made.log), SLOW, "a run")
    with psycopg.connect(made.url) as connection:
        connection.execute("UPDATE site_lease SET owner = 'somebody', epoch = epoch + 1")
    runs(made, 1, outcome="stopped")
    assert lives(made.log)[0].last - lives(made.log)[0].first < 15
    assert made.one("SELECT why FROM crawl_run") == "its lease was lost"
    assert made.one("SELECT owner FROM site_lease") == "somebody"


def test_a_site_that_was_disabled_while_its_job_waited_is_not_crawled(made: Cluster) -> None:
    made.sites(["http://s.test/?seconds=0.1"])
    put(made, "http://s.test/?seconds=0.1", "s.test", deferred=time.time())
    with psycopg.connect(made.url) as connection:
        assert disable(connection, "http://s.test/?seconds=0.1", "the operator says so")
        assert record(connection, "http://nowhere.test/", Outcome.GOOD) is None
    made.worker("w1")
    until(lambda: made.one("SELECT count(*) FROM procrastinate_jobs") == 0, SLOW, "the job")
    assert lives(made.log) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "two words"},
        {"name": ""},
        {"queues": ("crawl", "mail")},
        {"queues": ()},
        {"renew": 40.0},
        {"renew": 0.0},
    ],
    ids=json.dumps,
)
def test_terms_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(TermsError):
        Terms(**{"url": "postgresql://db/news", "name": "w1", **wrong})  # type: ignore[arg-type]
