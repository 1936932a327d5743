"""What stands in deploy/ can be read by what it is for, and names only what there is."""

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from click import Context

from newscrawl.__main__ import COMMANDS, cli
from newscrawl.crawl import metrics
from newscrawl.crawl.options import OPTIONS
from tests.crawl.running import ROOT
from tests.deploy.units import verify

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
METRIC = re.compile(r"\bnewscrawl_[a-z_]+\b")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here: the units were NOT verified")
def test_systemd_reads_each_unit(tmp_path: Path) -> None:
    ours, code, said = verify(UNITS, tmp_path)
    assert not ours, ours
    assert code == 0, said


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here: the calendar was NOT verified")
@pytest.mark.parametrize("unit", [one for one in UNITS if one.suffix == ".timer"], ids=lambda one: one.name)
def test_systemd_reads_each_calendar(unit: Path) -> None:
    when = re.search(r"^OnCalendar=(.*)$", unit.read_text("utf-8"), re.MULTILINE)
    assert when is not None
    subprocess.run(["systemd-analyze", "calendar", when[1]], check=True, capture_output=True, timeout=60)


@pytest.mark.skipif(shutil.which("logrotate") is None, reason="no logrotate here: its file was NOT read by it")
def test_logrotate_reads_its_file(tmp_path: Path) -> None:
    file = tmp_path / "newscrawl"
    text = (DEPLOY / "logrotate" / "newscrawl").read_text("utf-8")
    file.write_text(text.replace("    su newscrawl newscrawl\n", ""), "utf-8")
    file.chmod(0o644)
    done = subprocess.run(
        ["logrotate", "--debug", "--state", str(tmp_path / "state"), str(file)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "error" not in done.stderr


def called() -> list[list[str]]:
    """Each call of `newscrawl` in a unit, the crontab and the Dockerfile: its words after the command."""
    lines = []
    for path in (*UNITS, DEPLOY / "cron" / "newscrawl"):
        lines += re.findall(r"-m newscrawl ([^&\n]+)", path.read_text("utf-8"))
    docker = (DEPLOY / "docker" / "Dockerfile").read_text("utf-8")
    command = re.search(r"^CMD (\[.*\])$", docker, re.MULTILINE)
    assert command is not None
    return [*(shlex.split(line) for line in lines), json.loads(command[1])]


@pytest.mark.parametrize("words", called(), ids=" ".join)
def test_each_command_is_one_that_newscrawl_knows(words: list[str]) -> None:
    assert words[0] in COMMANDS
    command = cli.get_command(Context(cli), words[0])
    assert command is not None
    command.make_context(words[0], words[1:])
    named = {word.partition("=")[0] for word in words if word.startswith("NEWSCRAWL_")}
    assert named <= {option.name for option in OPTIONS}


def test_each_line_of_the_crontab_has_a_lock_or_needs_none_and_starts_in_the_project() -> None:
    lines = [line for line in (DEPLOY / "cron" / "newscrawl").read_text("utf-8").splitlines() if line[:1].isdigit()]
    assert len(lines) == 2
    assert all(line.split()[6:8] == ["cd", "/srv/newscrawl"] for line in lines)
    assert "flock -n" in lines[0]
    assert "timeout -k" in lines[0]
    assert not any("%" in line for line in lines), "cron takes a % for a line end"


def written() -> set[str]:
    run = {
        "spider": "x",
        "started": "2026-05-04T12:30:01+00:00",
        "finished": "2026-05-04T12:31:01+00:00",
        "exit_code": 0,
    }
    return set(METRIC.findall(metrics.text(run).decode()))


@pytest.mark.parametrize("file", ["prometheus/alerts.yml", "grafana/newscrawl.json"])
def test_each_metric_that_is_asked_for_is_one_that_a_run_writes(file: str) -> None:
    asked = set(METRIC.findall((DEPLOY / file).read_text("utf-8")))
    assert asked
    assert asked <= written()


def test_the_rules_of_prometheus_have_a_summary_and_a_remedy() -> None:
    groups = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text("utf-8"))["groups"]
    for rule in groups[0]["rules"]:
        assert {"summary", "remedy"} <= rule["annotations"].keys(), rule["alert"]


def test_the_dashboard_has_a_place_for_each_panel() -> None:
    board = json.loads((DEPLOY / "grafana" / "newscrawl.json").read_text("utf-8"))
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    taken = set()
    for panel in board["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        taken |= cells


def test_compose_reads_and_the_files_that_the_image_takes_are_there() -> None:
    compose = yaml.safe_load((DEPLOY / "docker" / "compose.yml").read_text("utf-8"))
    assert (DEPLOY / "docker" / compose["services"]["crawl"]["build"]["context"]).resolve() == ROOT
    for line in (DEPLOY / "docker" / "Dockerfile").read_text("utf-8").splitlines():
        if line.startswith("COPY "):
            assert all((ROOT / name).exists() for name in line.split()[1:-1]), line
