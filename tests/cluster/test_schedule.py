"""The schedule in a real database: what is due is put on the queue once, and the dead are seen to."""

import asyncio
import json
import time
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner

from newscrawl.__main__ import cli
from newscrawl.cli import cluster_asking
from newscrawl.cluster import schedule, schedule_reaper
from newscrawl.cluster.schedule_tick import Ticked, Ticker, Ticking
from newscrawl.cluster.schedule_times import Rhythm, rhythm
from newscrawl.cluster.work_engine import CRAWL, asking, engine, job, prepare
from tools.cluster import server
from tools.cluster.working import Cluster

pytestmark = pytest.mark.skipif(server.binaries() is None, reason="no PostgreSQL here: the schedule was NOT tested")


def tick(made: Cluster, **ticking: Any) -> Ticked:
    async def once() -> Ticked:
        app = engine(made.url)
        async with app.open_async():
            ticker = Ticker(Ticking(url=made.url, **ticking))
            done = await ticker.tick(app)
            ticker._database.close()
            return done

    return asyncio.run(once())


def change(made: Cluster, query: str, *values: object) -> None:
    with psycopg.connect(made.url) as connection:
        connection.execute(query.encode(), values or None)


def taken(made: Cluster, *, worker: int | None = None) -> int:
    """The first job of the queue, as a worker takes it."""
    if worker is None:
        worker = int(str(made.one("SELECT worker_id FROM procrastinate_register_worker_v1()")))
    return int(str(made.one("SELECT id FROM procrastinate_fetch_job_v2(ARRAY['crawl', 'clean'], %s)", worker)))


def test_what_is_due_is_put_on_the_queue_once_and_is_due_again_a_day_later(made: Cluster) -> None:
    made.sites([f"http://s{number}.test/" for number in range(30)])
    assert tick(made) == Ticked(dispatched=30)
    assert tick(made) == Ticked()
    assert made.one("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'") == 30
    assert made.one("SELECT count(*) FROM site_schedule WHERE next_due > now() + interval '22 hours'") == 30


def test_a_site_whose_host_waits_already_stays_due_until_its_turn(made: Cluster) -> None:
    made.sites(["http://s.test/a", "http://s.test/b"])
    assert [tick(made).dispatched for _ in range(3)] == [1, 0, 0]
    assert made.one("SELECT count(*) FROM procrastinate_jobs") == 1
    assert made.one("SELECT count(*) FROM site_schedule WHERE next_due > now()") == 1
    taken(made)
    assert tick(made).dispatched == 1


def test_a_disabled_site_is_left_alone(made: Cluster) -> None:
    made.sites(["http://s.test/"])
    with psycopg.connect(made.url) as connection:
        assert schedule.disable(connection, "http://s.test/", "for now")
    assert tick(made) == Ticked()


def test_after_an_hour_without_a_tick_each_site_that_fell_due_runs_once_and_spread(made: Cluster) -> None:
    sites = [f"http://s{number}.test/" for number in range(200)]
    made.sites(sites, every=3600.0)
    tick(made)
    change(made, "DELETE FROM procrastinate_jobs")
    change(made, "UPDATE ticking SET last = now() - interval '1 hour'")
    change(made, "UPDATE site_schedule SET next_due = now() - interval '50 minutes'")
    done = tick(made)
    assert done.caught_up == 200
    spread = made.one("SELECT extract(epoch FROM max(next_due) - min(next_due))::float8 FROM site_schedule")
    assert isinstance(spread, float)
    assert spread >= 0.09 * 3600
    assert made.one("SELECT count(*) FROM site_schedule WHERE next_due < now() - interval '1 second'") == 0
    change(made, "UPDATE ticking SET last = now()")
    change(made, "UPDATE site_schedule SET next_due = next_due - interval '10 minutes'")
    assert done.dispatched + tick(made).dispatched == 200


def test_many_jobs_at_once_do_not_make_fetching_slow(made: Cluster) -> None:
    made.sites([f"http://s{number}.test/" for number in range(2500)])
    while tick(made).dispatched:
        pass
    with psycopg.connect(made.url, autocommit=True) as connection:
        began = time.monotonic()
        for _ in range(20):
            connection.execute("SELECT procrastinate_fetch_job_v2(ARRAY['crawl'], NULL)")
        assert time.monotonic() - began < 2.0  # 8 seconds where the planner takes the queue for empty


def test_a_mere_delay_of_the_tick_is_no_gap(made: Cluster) -> None:
    made.sites(["http://s.test/"])
    tick(made)
    change(made, "DELETE FROM procrastinate_jobs")
    change(made, "UPDATE ticking SET last = now() - interval '40 seconds'")
    change(made, "UPDATE site_schedule SET next_due = now() - interval '30 seconds'")
    assert tick(made) == Ticked(dispatched=1)


def test_two_schedules_that_tick_at_once_put_nothing_there_twice(made: Cluster) -> None:
    made.sites([f"http://s{number}.test/" for number in range(50)])

    async def both() -> list[Ticked]:
        app = engine(made.url)
        async with app.open_async():
            tickers = [Ticker(Ticking(url=made.url)) for _ in range(2)]
            done = await asyncio.gather(*(one.tick(app) for one in tickers))
            for one in tickers:
                one._database.close()
            return done

    asyncio.run(both())
    assert made.one("SELECT count(*) FROM procrastinate_jobs") == 50


@pytest.mark.parametrize("silent", [True, False], ids=["silent", "heard of"])
def test_the_job_of_a_silent_worker_is_failed_and_its_site_put_on_the_queue_at_once(
    made: Cluster, silent: bool
) -> None:
    made.sites(["http://s.test/"])
    tick(made)
    number = taken(made)
    if silent:
        change(made, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'")
    assert tick(made).buried == int(silent)
    assert made.one("SELECT status::text FROM procrastinate_jobs WHERE id = %s", number) == (
        "failed" if silent else "doing"
    )  # fmt: skip
    assert made.one("SELECT fails FROM site_schedule") == (2 if silent else 0)
    assert made.one("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'") == int(silent)


def test_a_worker_that_is_silent_but_renews_is_alive(made: Cluster) -> None:
    made.sites(["http://s.test/"])
    tick(made)
    number = taken(made)
    change(made, "INSERT INTO crawl_run (job, site, host, worker, epoch) VALUES (%s, 'x', 's.test', 'w', 3)", number)
    change(made, "INSERT INTO site_lease VALUES ('s.test', 'w', 3, now() + interval '20 seconds')")
    change(made, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    assert tick(made).buried == 0
    change(made, "UPDATE site_lease SET expires_at = now() - interval '1 second'")
    assert tick(made).buried == 1


def test_a_job_that_nobody_ends_nor_renews_is_over_after_the_longest_time(made: Cluster) -> None:
    made.sites(["http://s.test/"])
    tick(made)
    taken(made)
    change(made, "UPDATE procrastinate_events SET at = now() - interval '2 hours'")
    assert tick(made, longest=3 * 3600).buried == 0
    assert tick(made, longest=3600).buried == 1


def test_a_run_that_ended_is_not_blamed_when_only_its_job_was_left_open(made: Cluster) -> None:
    made.sites(["http://s.test/"])
    tick(made)
    number = taken(made)
    change(
        made,
        "INSERT INTO crawl_run (job, site, host, worker, epoch, ended, outcome) "
        "VALUES (%s, 'http://s.test/', 's.test', 'w', 1, now(), 'good')",
        number,
    )
    change(made, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    assert tick(made).buried == 1
    assert made.one("SELECT fails FROM site_schedule") == 0
    assert made.one("SELECT outcome FROM crawl_run") == "good"


def test_with_a_successor_on_the_queue_the_dead_are_buried_all_the_same_and_the_host_is_free(made: Cluster) -> None:
    made.sites(["http://s.test/"])
    tick(made)
    first = taken(made)
    with asking(made.url) as app:
        job(app, CRAWL, "s.test").defer(site="http://s.test/", host="s.test")
    change(made, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    assert tick(made).buried == 1
    assert taken(made) != first


def test_after_a_gap_the_workers_have_time_to_be_heard_of_before_anybody_is_buried(made: Cluster) -> None:
    made.sites(["http://s.test/"])
    tick(made)
    taken(made)
    change(made, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '10 minutes'")
    change(made, "UPDATE ticking SET last = now() - interval '10 minutes'")
    assert tick(made).buried == 0
    change(made, "UPDATE ticking SET reap_after = now() - interval '1 second'")
    assert tick(made).buried == 1


def test_the_dead_are_buried_once_whoever_does_it(made: Cluster) -> None:
    made.sites(["http://s.test/"])
    tick(made)
    taken(made)
    change(made, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    patience = Ticking(url=made.url).patience
    with psycopg.connect(made.url) as one, psycopg.connect(made.url) as two:
        (over,) = schedule_reaper.stalled(one)
        assert schedule_reaper.stalled(two) == (over,)
        schedule_reaper.bury(one, over, patience)
        one.commit()
        schedule_reaper.bury(two, over, patience)
    assert made.one("SELECT fails FROM site_schedule") == 2


def test_a_tick_under_way_buries_no_tick_and_one_that_died_is_forgotten_within_the_hour(made: Cluster) -> None:
    change(
        made,
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('tick', 'newscrawl.tick', 'doing')",
    )
    change(made, "UPDATE ticking SET pruned = now()")
    assert tick(made).buried == 0
    assert made.one("SELECT status::text FROM procrastinate_jobs") == "doing"
    change(made, "UPDATE ticking SET pruned = now() - interval '2 hours'")
    assert tick(made).buried == 0
    assert made.one("SELECT count(*) FROM procrastinate_jobs") == 0


def test_rhythms_change_and_sites_come_and_go(made: Cluster) -> None:
    with psycopg.connect(made.url) as connection:
        site = "http://s.test/"
        first = schedule.add(connection, site, Rhythm(every=86400))
        assert schedule.add(connection, site, rhythm(cron="*/5 * * * *")).rhythm.cron == "*/5 * * * *"
        assert first.next_due is not None
        assert first.next_due - schedule.now(connection) <= timedelta(hours=2.4)
        assert [one.site for one in schedule.listed(connection)] == [site]
        assert schedule.remove(connection, site)
        assert not schedule.remove(connection, site)
        assert not schedule.enable(connection, site)
        assert not schedule.disable(connection, site, "why")


@pytest.mark.parametrize(
    ("site", "host"),
    [("https://News.Example:8443/a?b", "news.example"), ("mdr", "mdr.de"), ("http://127.0.0.1/", "127.0.0.1")],
)
def test_a_site_has_the_host_whose_lease_its_crawl_takes(site: str, host: str) -> None:
    assert schedule.host_of(site) == host


@pytest.mark.parametrize("site", ["nobody", "ftp://s.test/", "https://", "", "file:///etc/passwd"])
def test_what_is_no_site_is_refused(site: str) -> None:
    with pytest.raises(ValueError, match=r"site file|address"):
        schedule.host_of(site)


def test_the_engines_tables_are_made_once_and_brought_up_to_date(postgres: server.Server) -> None:
    from newscrawl.cluster.database import Database

    database = Database(postgres.database())
    assert prepare(database) == prepare(database)
    with database.transaction() as connection:
        connection.execute("UPDATE engine_schema SET version = '3.10.0'")
    assert prepare(database)
    database.close()


def run(made: Cluster, *words: str) -> str:
    done = CliRunner().invoke(cli, words, env={"NEWSCRAWL_INDEX": made.url})
    assert done.exit_code == 0, done.output
    return done.output


def test_the_commands_do_what_they_say(made: Cluster) -> None:
    assert "up to date" in run(made, "cluster", "init")
    assert "mdr: mdr.de, due 20" in run(made, "schedule", "add", "mdr", "https://s.test/", "--every", "30m")
    run(made, "schedule", "add", "mdr", "--cron", "17 * * * *")
    run(made, "schedule", "disable", "mdr", "--reason", "they asked us to")
    rows = [json.loads(line) for line in run(made, "schedule", "list", "--json").splitlines()]
    assert [(row["site"], row["disabled"]) for row in rows] == [("mdr", "they asked us to"), ("https://s.test/", None)]
    assert "they asked us to" in run(made, "schedule", "list")
    run(made, "schedule", "enable", "mdr")
    assert "on the queue" in run(made, "schedule", "run-now", "mdr")
    assert "waits on the queue already" in run(made, "schedule", "run-now", "mdr")
    run(made, "schedule", "remove", "mdr")
    assert made.rows("SELECT site FROM site_schedule") == [("https://s.test/",)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "nobody", "--every", "1h"], "no site file named 'nobody'"),
        (["add", "mdr"], "give a cron expression or an interval"),
        (["add", "mdr", "--every", "1s"], "from one minute to a year"),
        (["add", "mdr", "--cron", "61 * * * *"], "is no cron expression"),
        (["enable", "mdr"], "not on the schedule: mdr"),
        (["run-now", "mdr"], "not on the schedule: mdr"),
    ],
)
def test_what_cannot_be_is_told_with_its_remedy_and_nothing_is_changed(
    made: Cluster, words: list[str], said: str
) -> None:
    done = CliRunner().invoke(cli, ["schedule", *words], env={"NEWSCRAWL_INDEX": made.url})
    assert done.exit_code != 0
    assert said in f"{done.output}{done.exception}"
    assert made.one("SELECT count(*) FROM site_schedule") == 0


def test_a_database_that_is_away_is_exit_code_75_and_one_without_tables_78(postgres: server.Server) -> None:
    away = CliRunner().invoke(cli, ["cluster", "status", "--index", "postgresql://127.0.0.1:1/x"])
    assert away.exit_code == 75
    bare = CliRunner().invoke(cli, ["cluster", "status", "--index", postgres.database(migrated=False)])
    assert bare.exit_code == 78
    assert "newscrawl cluster init" in bare.output


@pytest.mark.parametrize("words", [["worker"], ["schedule", "run"]], ids=" ".join)
def test_on_tables_that_are_not_there_nothing_is_begun(postgres: server.Server, words: list[str]) -> None:
    done = CliRunner().invoke(cli, [*words, "--index", postgres.database(migrated=False)])
    assert done.exit_code == 78
    assert "lacks the steps 0001" in done.output


def test_a_package_that_is_missing_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_asking, "find_spec", lambda name: None if name == "procrastinate" else object())
    done = CliRunner().invoke(cli, ["cluster", "status", "--index", "postgresql://127.0.0.1:1/x"])
    assert done.exit_code != 0
    assert "procrastinate: not installed: pip install 'newscrawl[cluster]'" in done.output
