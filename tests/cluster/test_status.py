"""What the cluster says of itself: at a terminal, in JSON, as metrics, as a page."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from prometheus_client.parser import text_string_to_metric_families

from newscrawl.__main__ import cli
from newscrawl.cluster import schedule
from newscrawl.cluster.schedule_standing import Outcome
from newscrawl.cluster.status import Status, look
from newscrawl.cluster.status_metrics import METRICS, text, write
from newscrawl.cluster.status_views import shown, tables
from newscrawl.cluster.work_engine import CRAWL, asking, job
from newscrawl.report import cluster_page
from tools.cluster import server
from tools.cluster.working import Cluster

pytestmark = pytest.mark.skipif(server.binaries() is None, reason="no PostgreSQL here: the status was NOT tested")
EVIL = "<script>alert(1)</script> [bold]x[/bold]"


@pytest.fixture(scope="module")
def made(postgres: server.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with Cluster(postgres.database(), tmp_path_factory.mktemp("cluster")) as cluster:
        cluster.sites([f"http://s{number}.test/" for number in range(40)])
        with psycopg.connect(cluster.url) as connection:
            connection.execute("UPDATE site_schedule SET next_due = now() + interval '1 hour'")
            connection.execute("UPDATE site_schedule SET next_due = now() - interval '90 s' WHERE host = 's7.test'")
            schedule.disable(connection, "http://s8.test/", EVIL)
            schedule.record(connection, "http://s9.test/", Outcome.FAILED, code=4, why="exit code 4")
            connection.execute(
                "INSERT INTO crawl_run VALUES (77, 'http://s9.test/', 's9.test', 'w1', 3, now() - interval '1 min', "
                "now() - interval '50 s', 4, 'failed', 'exit code 4'), "
                "(78, 'http://s1.test/', 's1.test', 'w1', 1, now(), NULL, NULL, NULL, '')"
            )
            connection.execute(
                "INSERT INTO site_lease VALUES ('s1.test', 'w1', 1, now() + interval '40 s'), ('s2.test', '', 7, now()), "
                "('s3.test', 'w0', 2, now() - interval '5 s')"
            )
            connection.execute(
                "INSERT INTO worker (name, machine, pid, queues, slots, doing, seen) VALUES "
                "('w1', 'm1', 12, '{crawl,clean}', 2, '{http://s1.test/}', now()), "
                "('w0', 'm0', 13, '{crawl}', 4, '{}', now() - interval '2 min')"
            )
            connection.execute("UPDATE ticking SET last = now() - interval '4 s'")
            connection.execute("INSERT INTO clean_part (run, part, task, state) VALUES ('r1', 'p1', '{}', 'todo')")
        with asking(cluster.url) as app:
            job(app, CRAWL, "s7.test").defer(site="http://s7.test/", host="s7.test")
        yield cluster


@pytest.fixture
def found(made: Cluster) -> Status:
    with psycopg.connect(made.url) as connection:
        return look(connection)


def test_troubled_sites_come_first(found: Status) -> None:
    assert [one.host for one in found.sites[:3]] == ["s8.test", "s7.test", "s9.test"]
    assert 90 <= found.lag < 200
    assert [one.host for one in found.disabled] == ["s8.test"]
    assert found.sites[2].outcome == "failed"
    assert found.sites[2].took == pytest.approx(10)


def test_a_released_host_is_nobodys_and_a_lease_that_ran_out_is_told(found: Status) -> None:
    assert [(one.host, one.owner, one.left > 0, one.site) for one in found.leases] == [
        ("s1.test", "w1", True, "http://s1.test/"),
        ("s3.test", "w0", False, None),
    ]


def test_a_worker_that_was_not_heard_of_is_told_apart(found: Status) -> None:
    assert [(one.name, one.lives) for one in found.workers] == [("w0", False), ("w1", True)]


def test_the_metrics_can_be_read_by_prometheus_and_each_is_written(found: Status, tmp_path: Path) -> None:
    families = {family.name: family for family in text_string_to_metric_families(text(found).decode())}
    assert {name.removeprefix("newscrawl_cluster_") for name in families} == set(METRICS)
    (lag,) = families["newscrawl_cluster_lag_seconds"].samples
    assert lag.value == pytest.approx(found.lag)
    states = {one.labels["state"]: one.value for one in families["newscrawl_cluster_sites"].samples}
    assert states == {"good": 38, "failing": 1, "disabled": 1}
    path = write(tmp_path / "metrics", found)
    assert path.name == "newscrawl-cluster.prom"
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_the_page_asks_for_nothing_and_lets_nothing_in(found: Status) -> None:
    page = cluster_page(shown(found))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "default-src 'none'" in page
    assert set(re.findall(r"(?:src|href)=\"([^\"]*)\"", page)) == {"data:,", "#main"}


def test_thirty_sites_are_shown_and_the_rest_counted(found: Status) -> None:
    assert tables(found)[0][0] == "Sites (10 more, none in worse trouble)"
    assert len(tables(found, None)[0][2]) == 40


def test_the_command_shows_all_of_it(made: Cluster, tmp_path: Path) -> None:
    def run(*words: str) -> str:
        done = CliRunner().invoke(cli, ["cluster", "status", *words], env={"NEWSCRAWL_INDEX": made.url})
        assert done.exit_code == 0, done.output
        return done.output

    tables = run()
    assert "40 sites, 1 disabled, lag" in tables
    assert "[bold]x[/bold]" in tables
    told = json.loads(run("--json"))
    assert told["workers"][0]["name"] == "w0"
    assert told["lag"] >= 90
    assert run("--metrics", str(tmp_path), "--page", str(tmp_path / "status.html")) == ""
    assert {one.name for one in tmp_path.iterdir()} == {"newscrawl-cluster.prom", "status.html"}


def test_the_report_of_an_archive_has_the_cluster_beside_it_and_goes_on_without_its_database(
    made: Cluster, tmp_path: Path
) -> None:
    def report(url: str) -> tuple[str, str]:
        done = CliRunner().invoke(cli, ["report", str(tmp_path)], env={"NEWSCRAWL_INDEX": url})
        assert done.exit_code == 0, done.output
        return done.output, (tmp_path / "report" / "index.html").read_text("utf-8")

    (tmp_path / "segments").mkdir()
    _, index = report(made.url)
    assert '<a href="cluster.html">The cluster</a>: 40 sites, 1 disabled' in index
    assert "http://s39.test/" in (tmp_path / "report" / "cluster.html").read_text("utf-8")
    said, index = report("postgresql://nobody@127.0.0.1:1/nothing")
    assert "the cluster is not in the report" in said
    assert "cluster.html" not in index
    assert not (tmp_path / "report" / "cluster.html").exists()
