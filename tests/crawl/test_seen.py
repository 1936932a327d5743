"""What people and machines see of a run: report, schema, metrics, ping, log lines, exit code, and the live line."""

import json
import os
import pty
import select
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import jsonschema
import pytest
from prometheus_client.parser import text_string_to_metric_families

from newscrawl.archive import Archive
from newscrawl.crawl import metrics, ping
from newscrawl.demo.server import DemoServer
from tests.crawl.running import ROOT, Ran, crawl, free_port, words
from tools.faults.disks import NoMount, mounted

SCHEMA = json.loads((ROOT / "docs/reference/run.schema.json").read_text("utf-8"))


class Check(HTTPServer):
    """A health check that writes down what it is told."""

    told: list[str]


class Told(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Check)
        self.server.told.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def check() -> Iterator[Check]:
    with Check(("127.0.0.1", 0), Told) as server:
        server.told = []
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield server
        server.shutdown()
        serving.join()


def watched(check: Check, folder: Path, **more: object) -> dict[str, object]:
    check.told.clear()
    return {
        "NEWSCRAWL_DEMO_PORT": free_port(),
        "NEWSCRAWL_PING": f"http://127.0.0.1:{check.server_port}/ping/abc",
        "NEWSCRAWL_METRICS": folder / "metrics",
        **more,
    }


def gauges(folder: Path, spider: str = "demo") -> dict[str, list[tuple[dict[str, str], float]]]:
    text = (folder / "metrics" / f"newscrawl-{spider}.prom").read_text("utf-8")
    return {
        family.name: [(sample.labels, sample.value) for sample in family.samples]
        for family in text_string_to_metric_families(text)
    }


def the_report(ran: Ran) -> dict[str, object]:
    found = ran.run_report()
    jsonschema.validate(found, SCHEMA)
    assert sorted(ran.folder.glob("archive/runs/*.html"))
    return found


@pytest.fixture(scope="module")
def good(check: Check, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("seen")
    return crawl(folder, "demo", settings=watched(check, folder))


def test_a_good_run_leaves_a_report_that_the_schema_knows(good: Ran) -> None:
    assert good.code == 0, good.said[-2000:]
    report = the_report(good)
    assert report["sites"]["kabarkilat.test"]["seen"] == 14  # type: ignore[index]
    assert report["robots_unreachable"] == ["sakit.test"]
    assert "kabarkilat.test" in report["hosts"]  # type: ignore[operator]
    assert str(next(good.folder.glob("archive/runs/*.html")).resolve()) in good.said
    assert not list(good.folder.rglob("*.part"))


def test_a_good_run_is_told_to_the_check_at_its_start_and_its_end(good: Ran, check: Check) -> None:
    assert check.told == ["/ping/abc/start", "/ping/abc"]


def test_its_metrics_are_a_textfile_that_prometheus_reads(good: Ran) -> None:
    found = gauges(good.folder)
    assert found["newscrawl_run_exit_code"] == [({"spider": "demo"}, 0.0)]
    assert found["newscrawl_run_success_timestamp_seconds"][0][1] > 1_700_000_000
    stories = {(labels["site"], labels["outcome"]): value for labels, value in found["newscrawl_run_stories"]}
    assert stories["kabarkilat.test", "withheld"] == 6
    assert found["newscrawl_run_robots_unreachable_hosts"][0][1] == 1


def test_an_address_of_a_check_stands_in_no_report(good: Ran) -> None:
    assert "/ping/abc" not in json.dumps(good.run_report())
    assert "/ping/abc" not in good.said


def test_what_the_docs_have_spidermon_ask_can_be_asked_of_a_run(good: Ran) -> None:
    page = (ROOT / "docs" / "how-to" / "watch-runs.md").read_text("utf-8")
    code = page.partition("## By Spidermon")[2].partition("```python\n")[2].partition("```")[0]
    settings: dict[str, list[dict[str, list[dict[str, str]]]]] = {}
    exec(compile(code, "watch-runs.md", "exec"), settings)
    tests = settings["SPIDERMON_SPIDER_CLOSE_EXPRESSION_MONITORS"][0]["tests"]
    stats = good.run_report()["stats"]
    assert [eval(one["expression"], {"stats": stats}) for one in tests] == [
        True,
        True,
        False,
    ]  # one host of the demo is ill
    assert stats["item_scraped_count"] == stats["newscrawl/items/exported"]


def test_a_crawl_that_could_not_be_started_ends_with_1_and_a_line(tmp_path: Path) -> None:
    ran = crawl(
        tmp_path, "demo", settings={"EXTENSIONS": '{"no.such.Extension": 1}', "NEWSCRAWL_DEMO_PORT": free_port()}
    )
    assert ran.code == 1
    assert ran.said.rstrip().splitlines()[-1].startswith("newscrawl: the crawl could not be started")


def test_a_locked_archive_ends_with_75_a_line_a_metric_and_a_failed_ping(check: Check, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive", run="first", clock=lambda: 1.0):
        ran = crawl(tmp_path, "demo", settings=watched(check, tmp_path))
    assert ran.code == 75
    assert gauges(tmp_path)["newscrawl_run_exit_code"][0][1] == 75
    assert check.told == ["/ping/abc/fail"]
    assert the_report(ran)["finish_reason"] == "archive_locked"


def test_a_full_disk_ends_with_3_a_line_a_metric_and_a_failed_ping(check: Check, tmp_path: Path) -> None:
    try:
        with mounted("size=600k") as small:
            settings = watched(check, tmp_path, NEWSCRAWL_ARCHIVE=small / "archive", NEWSCRAWL_HOLD=0)
            ran = crawl(tmp_path, "demo", settings=settings)
            reports = sorted((small / "archive" / "runs").glob("*.json"))
            told = [json.loads(path.read_text("utf-8")) for path in reports]
            pages = [path.with_suffix(".html").exists() for path in reports]
            left = [path.name for path in small.rglob("*.part")]
    except NoMount:
        pytest.skip("nothing may be mounted here: a full disk was NOT tried")
    assert ran.code == 3, ran.said[-2000:]
    assert "free" in ran.said
    assert [run["exit_code"] for run in told] == [3]
    assert pages == [True]
    assert not left
    jsonschema.validate(told[0], SCHEMA)
    assert gauges(tmp_path)["newscrawl_run_exit_code"][0][1] == 3
    assert check.told[-1] == "/ping/abc/fail"


def ill(demo: DemoServer) -> str:
    """The site of the demo whose robots.txt answers 503."""
    return f"http://sakit.test:{demo.starts[0].split(':')[2].split('/')[0]}/"


def test_a_run_without_a_story_ends_with_4(check: Check, tmp_path: Path) -> None:
    with DemoServer(port=free_port()) as demo:
        settings = watched(check, tmp_path, NEWSCRAWL_HOSTS=json.dumps(dict.fromkeys(demo.names(), "127.0.0.1")))
        ran = crawl(tmp_path, "aggregator", "-a", f"url={ill(demo)}", settings=settings)
    assert ran.code == 4, ran.said[-2000:]
    assert gauges(tmp_path, "aggregator")["newscrawl_run_exit_code"][0][1] == 4
    assert check.told == ["/ping/abc/start", "/ping/abc/fail"]
    report = the_report(ran)
    assert [one["name"] for one in report["alerts"]] == ["zero"]  # type: ignore[attr-defined]
    assert "ALERT" in ran.said
    assert "robots.txt of sakit.test could not be read" in ran.said


def test_a_threshold_ends_a_good_run_with_6_where_that_was_asked_for(tmp_path: Path) -> None:
    with DemoServer(port=free_port()) as demo:
        hosts = json.dumps(dict.fromkeys(demo.names(), "127.0.0.1"))
        settings = {"NEWSCRAWL_HOSTS": hosts, "NEWSCRAWL_ALERTS": '{"robots": 1}', "NEWSCRAWL_ALERTS_EXIT": "robots"}
        ran = crawl(tmp_path, "aggregator", "-a", f"url={demo.starts[0]},{ill(demo)}", settings=settings)
    assert ran.code == 6, ran.said[-2000:]
    assert "could not be read" in ran.said


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("NEWSCRAWL_ALERTS", '{"nothing": 1}'),
        ("NEWSCRAWL_ALERTS", '{"zero": "x"}'),
        ("NEWSCRAWL_ALERTS_EXIT", "nothing"),
        ("NEWSCRAWL_PING", "ftp://x"),
        ("NEWSCRAWL_LOG", "xml"),
        ("NEWSCRAWL_FIELDS", '{"body": "x"}'),
    ],
)
def test_a_setting_that_cannot_be_ends_with_78_and_a_line(tmp_path: Path, setting: str, value: str) -> None:
    ran = crawl(tmp_path, "demo", settings={setting: value})
    assert ran.code == 78
    assert f"newscrawl: {setting}" in ran.said
    assert "Traceback" not in ran.said


def test_a_log_for_machines_has_a_json_object_a_line(tmp_path: Path) -> None:
    ran = crawl(tmp_path, "demo", "--log", "json", "--loglevel", "INFO", settings={"NEWSCRAWL_DEMO_PORT": free_port()})
    lines = [json.loads(line) for line in ran.said.splitlines() if line]
    assert len(lines) > 5
    assert lines[-1]["exit_code"] == 0
    assert {"time", "level", "logger", "message"} <= lines[0].keys()


def at_a_terminal(folder: Path, *, term: str = "xterm", **environ: str) -> str:
    """What a crawl shows on a terminal of its own."""
    ours, theirs = pty.openpty()
    given = words(folder, "demo", "--loglevel", "WARNING", settings={"NEWSCRAWL_DEMO_PORT": free_port()})
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": term, "COLUMNS": "100", **environ}
    process = subprocess.Popen(given, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs)
    os.close(theirs)
    said = b""
    while select.select([ours], [], [], 60)[0]:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other side is gone
            break
        if not part:
            break
        said += part
    os.close(ours)
    assert process.wait(60) == 0
    return said.decode("utf-8")


def test_at_a_terminal_a_live_line_tells_what_goes_on_and_a_table_what_became_of_it(tmp_path: Path) -> None:
    said = at_a_terminal(tmp_path)
    assert "answers a minute" in said
    assert "\x1b[2K" in said
    assert "kabarkilat.test" in said
    assert "┃" in said


def test_no_colour_where_none_is_wanted(tmp_path: Path) -> None:
    said = at_a_terminal(tmp_path, NO_COLOR="1")
    assert "answers a minute" in said
    assert "\x1b[32m" not in said


def test_a_dumb_terminal_gets_no_live_line(tmp_path: Path) -> None:
    assert "answers a minute" not in at_a_terminal(tmp_path, term="dumb")


def test_in_cron_there_is_no_live_line_and_no_escape(good: Ran) -> None:
    assert "answers a minute" not in good.said
    assert "\x1b" not in good.said


def test_a_metrics_file_that_cannot_be_written_leaves_the_one_before(tmp_path: Path) -> None:
    path = metrics.write(tmp_path, {"spider": "one"})
    before = path.read_bytes()
    path.with_name(f"{path.name}.part").mkdir()
    with pytest.raises(OSError, match="directory"):
        metrics.write(tmp_path, {"spider": "one", "exit_code": 3})
    assert path.read_bytes() == before


def test_a_check_that_does_not_answer_holds_nothing_up() -> None:
    ping.tell("http://127.0.0.1:9/", "success", wait=0.1)
    ping.tell("", "start")


def test_a_run_is_held_against_earlier_ones_by_the_index_and_only_against_those_of_the_same_addresses(
    tmp_path: Path,
) -> None:
    with DemoServer(port=free_port()) as demo:
        settings = {"NEWSCRAWL_HOSTS": json.dumps(dict.fromkeys(demo.names(), "127.0.0.1"))}
        first = crawl(tmp_path, "aggregator", "-a", f"url={demo.starts[0]}", settings=settings)
        assert first.code == 0, first.said[-2000:]
        for path in (tmp_path / "archive" / "runs").glob("*.*"):
            path.unlink()
        again = crawl(tmp_path, "aggregator", "-a", f"url={demo.starts[0]}", settings=settings)
        other = crawl(tmp_path, "aggregator", "-a", f"url={demo.starts[0]}?page=1", settings=settings)
    pages = [path.read_text("utf-8") for path in sorted((tmp_path / "archive" / "runs").glob("*.html"))]
    told = [json.loads(path.read_text("utf-8")) for path in sorted((tmp_path / "archive" / "runs").glob("*.json"))]
    assert (again.code, other.code) == (0, 4)  # the demo has no such page
    assert "usual (of 1)" in pages[0]
    assert "This is the first run" in pages[1]
    assert [one["starts"] for one in told] == [[demo.starts[0]]] * 2  # an address is named without its query
    assert sum(site.get("known", 0) for site in told[0]["sites"].values()) == told[0]["known"]
