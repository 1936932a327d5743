"""The doctor names each fault and its remedy; a crawl of several sites ends with the worst of their exit codes."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from packaging.requirements import Requirement

from newscrawl import sitebook
from newscrawl.__main__ import cli
from newscrawl.archive import Archive, Entry
from newscrawl.cli import crawl as crawl_room
from newscrawl.cli import doctor as rooms
from newscrawl.cli.crawl import worst
from tests.crawl.running import ROOT

WELL = {"agent": "me/1 (+https://me.example/bot)", "archive": "data", "addon": True, "project": True}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    line = b'{"id":"a1","url":"https://example.org/a","site":"example","text":"Hello"}'
    with Archive.open(tmp_path / "archive", run="first", clock=time.time) as held:
        held.put(
            Entry(
                stream="articles",
                id="a1",
                url="https://example.org/a",
                site="example",
                version="1",
                story="s",
                line=line,
            )
        )
    return tmp_path / "archive"


def doctor(*args: str) -> Result:
    return CliRunner().invoke(cli, ["doctor", *args])


@pytest.fixture
def well(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    found = dict(WELL)
    monkeypatch.setattr(rooms, "project", lambda: found)
    return found


def test_all_well_ends_with_0(well: dict[str, Any], archive: Path) -> None:
    told = doctor(str(archive))
    assert told.exit_code == 0, told.output
    assert "no fault" in told.output
    assert "1 records verify" in told.output


def broken_archive(archive: Path) -> None:
    segment = next(archive.glob("articles-*.jsonl"))
    segment.write_bytes(segment.read_bytes().replace(b"Hello", b"HELLO"))


def test_each_fault_has_its_remedy(well: dict[str, Any], archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    well |= {"agent": "newscrawl/0.1 (+https://newscrawl.example/bot)", "addon": False}
    broken_archive(archive)
    monkeypatch.setattr(rooms, "requirements", lambda: [Requirement("click>=999"), Requirement("no-such-package-here")])
    monkeypatch.setattr(rooms.shutil, "disk_usage", lambda path: SimpleNamespace(free=5 << 20))
    monkeypatch.setattr(rooms.time, "time", lambda: 1_000_000_000.0)
    told = doctor(str(archive))
    assert told.exit_code == 1
    for said in (
        "click>=999", "no-such-package-here, which is missing: pip install", "placeholder", "ADDONS", "newscrawl repair",
        "5 MiB free: make room", "behind its own files: set the clock",
    ):  # fmt: skip
        assert said in told.output, (said, told.output)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({**WELL, "agent": ""}, "names nobody to complain to"),
        ({**WELL, "wrong": "OptionError: NEWSCRAWL_USE"}, "exit code 78"),
        ("ModuleNotFoundError: No module named 'mine'", "mend its settings module"),
        ({**WELL, "project": False}, "run this in the folder of your project"),
    ],
)
def test_settings_that_cannot_be_are_told(
    monkeypatch: pytest.MonkeyPatch, archive: Path, found: Any, said: str
) -> None:
    monkeypatch.setattr(rooms, "project", lambda: found)
    told = doctor(str(archive))
    assert told.exit_code == 1
    assert said in told.output


def test_an_archive_that_is_held_is_no_fault(well: dict[str, Any], archive: Path) -> None:
    with Archive.open(archive, run="crawling", clock=time.time):
        told = doctor(str(archive))
    assert told.exit_code == 0, told.output
    assert "crawling" in told.output


def test_a_folder_that_cannot_be_written_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(rooms.tempfile, "TemporaryFile", refuse)
    assert next(str(one) for one in rooms.room("disk", tmp_path)).startswith("FAULT disk")


def test_it_runs_where_a_package_is_missing_that_others_need(tmp_path: Path) -> None:
    hide = "import sys; sys.modules['lxml'] = sys.modules['lxml.html'] = None\n"
    script = tmp_path / "hidden.py"
    script.write_text(f"{hide}sys.argv = ['newscrawl', 'doctor', {str(tmp_path / 'none')!r}]\n"
                      "from newscrawl.__main__ import main\nmain()\n", "utf-8")  # fmt: skip
    done = subprocess.run(
        [sys.executable, str(script)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 1
    assert "not looked at" in done.stdout
    assert "Traceback" not in done.stderr


def test_the_project_of_this_folder_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = rooms.project()
    assert isinstance(found, dict)
    assert found["addon"]
    assert "wrong" not in found


def test_every_requirement_is_read_with_its_floor() -> None:
    found = {one.name: one for one in rooms.requirements()}
    assert "scrapy" in found
    assert found["scrapy"].specifier.contains(metadata.version("scrapy"))


@pytest.mark.parametrize(
    ("codes", "code"), [([], 0), ([0, 0], 0), ([0, 75], 75), ([6, 75], 6), ([5, 4, 3], 3), ([-15], 1), ([78, 1], 78)]
)
def test_the_worst_exit_code_wins(codes: list[int], code: int) -> None:
    assert worst(codes) == code


def crawls(tmp_path: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "newscrawl",
            "crawl",
            *args,
            "--archive",
            str(tmp_path / "data"),
            "-s",
            "LOG_LEVEL=WARNING",
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_two_sites_at_once_have_an_archive_each_and_one_exit_code(tmp_path: Path) -> None:
    done = crawls(tmp_path, "kabarkilat", "newsmix", "--jobs", "2")
    assert done.returncode == 0, done.stderr[-2000:]
    assert "2 of 2 sites ended well" in done.stdout
    assert (tmp_path / "data" / "kabarkilat" / "manifest.jsonl").exists()
    assert (tmp_path / "data" / "newsmix" / "manifest.jsonl").exists()


def test_a_site_that_nobody_knows_is_told_before_any_is_crawled(tmp_path: Path) -> None:
    done = crawls(tmp_path, "kabarkilat", "nobody")
    assert done.returncode == 1
    assert "no site file named nobody" in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_bad_setting_of_one_crawl_is_the_exit_code_of_all(tmp_path: Path) -> None:
    done = crawls(tmp_path, "kabarkilat", "newsmix", "-s", "NEWSCRAWL_USE=sell")
    assert done.returncode == 78
    assert "0 of 2" in done.stdout


def test_told_to_stop_it_stops_the_crawl_under_way_and_begins_no_other(tmp_path: Path) -> None:
    words = ("crawl", "kabarkilat", "newsmix", "--archive", str(tmp_path / "data"), "-s", "DOWNLOAD_DELAY=3")
    process = subprocess.Popen(
        [sys.executable, "-m", "newscrawl", *words],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    until = time.monotonic() + 60
    while not (tmp_path / "data" / "runs" / ".reserve").exists() and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(1)
    process.terminate()
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 75, said
    assert "kabarkilat: exit code 0" in said
    assert "newsmix" not in said


def test_a_time_limit_ends_a_crawl_well(tmp_path: Path) -> None:
    done = crawls(tmp_path, "kabarkilat", "--minutes", "0.25", "-s", "DOWNLOAD_DELAY=3")
    assert done.returncode == 0, done.stderr[-2000:]
    assert "1 of 1 sites ended well" in done.stdout


def test_a_site_file_that_is_not_enabled_is_left_out_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    sites = sitebook.sites()
    off = next(site.name for site in sites if site.name in crawl_room.names())
    changed = [replace(site, enabled=site.name != off) for site in sites]
    monkeypatch.setattr(crawl_room.sitebook, "sites", lambda: changed)
    assert crawl_room.names()
    assert off not in crawl_room.names()
