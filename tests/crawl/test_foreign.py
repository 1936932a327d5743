"""Anybody's spider and items get rights, cleaning and the archive by one line of settings."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawl.archive import read, verify
from newscrawl.crawl.foreign import found_in, passed
from newscrawl.demo.expected import expected
from newscrawl.demo.server import DemoServer
from newscrawl.model import Page
from newscrawl.rights import decide
from tests.crawl.running import ROOT, free_port

EXAMPLE = ROOT / "docs" / "examples" / "own-spider"
SITE = "kabarkilat.test"
NONE: dict[str, object] = {"url": None, "html": None, "text": None, "title": None, "removals": None, "rights": None}
NOTICE = "No part of this website may be used to train artificial intelligence models without written permission."
PROSE = "The council of Tarn voted on Monday to repair the old bridge before winter, after nine years of argument."


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServer]:
    with DemoServer(port=free_port()) as one:
        yield one


def port_of(demo: DemoServer) -> int:
    return int(demo.starts[0].split(":")[2].split("/")[0])


def crawl(
    demo: DemoServer, folder: Path, kind: str, *args: str, project: Path = EXAMPLE
) -> subprocess.CompletedProcess[str]:
    settings = {
        "NEWSCRAWL_ARCHIVE": str(folder / "data"),
        "NEWSCRAWL_HOSTS": json.dumps(dict.fromkeys(demo.names(), "127.0.0.1")),
        "DOWNLOAD_DELAY": "0",
        "RETRY_TIMES": "0",
    }
    flags = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "kilat", "-a", f"url=http://{SITE}:{port_of(demo)}/", "-a", f"kind={kind}",
         "-O", str(folder / "out.jsonl"), *flags, *args],
        cwd=project, env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"}, capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["dict", "dataclass", "attrs", "pydantic", "item"])
def test_the_example_project_works_with_each_kind_of_item(demo: DemoServer, tmp_path: Path, kind: str) -> None:
    ran = crawl(demo, tmp_path, kind)
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert "Traceback" not in ran.stderr
    assert "JOBDIR" not in ran.stderr
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("ascii").splitlines()]
    stories = {one.url: one for one in expected(port_of(demo)) if f"//{SITE}:" in one.url}
    wanted = {url for url, one in stories.items() if one.outcome == "exported"}
    assert wanted
    assert {line["link"] for line in lines} == wanted
    for line in lines:
        story = stories[line["link"]]
        assert line["section"] == "news"
        assert story.paragraphs[0] in line["body"]
        for spam in story.spam:
            assert " ".join(spam.split()) not in " ".join(line["body"].split())
        if kind in ("attrs", "pydantic"):
            assert line["rights"]["status"] in ("allowed", "none_found")
        if kind == "attrs":
            assert line["removals"]
    assert {row["url"] for row in read(tmp_path / "data", "articles")} == wanted
    assert {row["site"] for row in read(tmp_path / "data", "withheld")} == {SITE}
    assert verify(tmp_path / "data").ok


def test_a_second_run_exports_no_item_twice(demo: DemoServer, tmp_path: Path) -> None:
    assert crawl(demo, tmp_path, "dict").returncode == 0
    again = crawl(demo, tmp_path, "dict")
    assert again.returncode == 0, again.stderr[-2000:]
    assert (tmp_path / "out.jsonl").read_text("ascii") == ""


def test_without_named_fields_no_feed_takes_an_item(demo: DemoServer, tmp_path: Path) -> None:
    ran = crawl(demo, tmp_path, "dict", "-s", "NEWSCRAWL_FIELDS={}")
    assert "NEWSCRAWL_FIELDS" in ran.stderr
    assert not (tmp_path / "out.jsonl").exists() or not (tmp_path / "out.jsonl").read_text("ascii")


def test_one_line_is_enough_where_the_fields_are_called_as_ours_are(demo: DemoServer, tmp_path: Path) -> None:
    spider = (EXAMPLE / "harbour" / "spiders" / "kilat.py").read_text("utf-8")
    for theirs, ours in (
        ("link=", "url="),
        ("headline=", "title="),
        ("body=", "text="),
        ("from harbour.items import KINDS", ""),
    ):
        spider = spider.replace(theirs, ours)
    spider = spider.replace("KINDS[kind]", "dict").replace(
        'section="news",\n        )', 'section="news",\n        )\n        yield {"seen": response.url}'
    )
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "__init__.py").touch()
    (tmp_path / "mine" / "kilat.py").write_text(spider, "utf-8")
    (tmp_path / "settings.py").write_text(
        'SPIDER_MODULES = ["mine"]\nUSER_AGENT = "mine/1.0 (+https://mine.example/bot)"\n'
        'ADDONS = {"newscrawl.crawl.addon.Newscrawl": 300}\n',
        "utf-8",
    )
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = settings\n", "utf-8")
    ran = crawl(demo, tmp_path, "dict", project=tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("ascii").splitlines()]
    wanted = {one.url for one in expected(port_of(demo)) if f"//{SITE}:" in one.url and one.outcome == "exported"}
    assert {line["url"] for line in lines} == wanted, ran.stderr[-2000:]
    assert {row["url"] for row in read(tmp_path / "data", "articles")} == wanted
    assert "NEWSCRAWL_FIELDS" in ran.stderr, "the other items are no stories: the feed says why it took none"


@pytest.mark.parametrize("item", [None, {}, {"text": "x"}, [], object(), 0, ""])
def test_nothing_has_passed_that_was_not_taken_through(item: object) -> None:
    assert not passed(item)


def status(told: dict[str, object], page: Page | None) -> str:
    return str(decide(found_in("https://news.example/a", {**NONE, **told}, page).signals).status)


def test_a_notice_counts_wherever_it_stands() -> None:
    plain = Page.from_html(f"<h1>Bridge</h1><p>{PROSE}", url="https://news.example/a")
    noted = Page.from_html(f"<h1>Bridge</h1><p>{PROSE}<footer>{NOTICE}</footer>", url="https://news.example/a")
    assert status({"text": PROSE}, plain) == "none_found"
    assert status({"text": PROSE}, noted) == "reserved"
    assert status({"text": f"{PROSE}\n\n{NOTICE}"}, plain) == "reserved"
    assert status({"html": f"<p>{PROSE}</p><p>{NOTICE}</p>"}, None) == "reserved"


def test_a_header_of_the_answer_counts_for_an_item_of_json() -> None:
    page = Page(url="https://news.example/api", headers={"x-robots-tag": ("noai",)}, body=b'{"body": "x"}')
    assert status({"text": PROSE, "title": "Bridge"}, page) == "reserved"


def test_the_items_own_text_is_the_story() -> None:
    page = Page.from_html(f"<h1>Another</h1><p>{PROSE}", url="https://news.example/a")
    found = found_in("https://news.example/b", {**NONE, "text": "Mine.", "title": "My title"}, page)
    assert found.story is not None
    assert (found.story.text, found.story.title, found.story.url) == ("Mine.", "My title", "https://news.example/b")


def test_without_a_text_the_story_is_read_from_the_answer() -> None:
    page = Page.from_html(f"<h1>Bridge to be repaired</h1><p>{PROSE}</p><p>{PROSE[:60]}.", url="https://news.example/a")
    found = found_in("https://news.example/a", NONE, page)
    assert found.story is not None
    assert PROSE in found.story.text


def test_a_jobdir_of_a_project_of_ones_own_is_warned_of_and_used(demo: DemoServer, tmp_path: Path) -> None:
    ran = crawl(demo, tmp_path, "dict", "-s", f"JOBDIR={tmp_path / 'job'}")
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert ran.stderr.count("its queue has lost pages, and nobody is told: begin anew with an empty one") == 1
    assert (tmp_path / "job").is_dir()
    assert (tmp_path / "out.jsonl").stat().st_size
