"""Site files: each is a spider, and a bad one ends `scrapy list` by its file, key and remedy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from newscrawl import markup, read, sitebook
from newscrawl.demo.newsroom import newsroom
from newscrawl.demo.press import paragraphs_of, sheets_of, story_page, title_of
from newscrawl.model import Page

PROJECT = Path(__file__).parent.parent.parent
BAD = 'outlet = "X"\nhosts = ["x.example"]\nselector = "h1"\n'


def scrapy(*arguments: str, folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT), **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_every_site_file_is_a_spider() -> None:
    shown = scrapy("list", folder=PROJECT).stdout.split()
    assert set(sitebook.book()) < set(shown)
    assert {"aggregator", "demo", "kabarkilat"} <= set(shown)
    assert len(sitebook.book()) >= 10


def test_a_bad_site_file_ends_scrapy_list_with_file_key_and_remedy(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(BAD, "utf-8")
    program = (
        "import pathlib, newscrawl.sitebook as book; "
        f"book.SITES = pathlib.Path({str(tmp_path)!r}); "
        "from scrapy.cmdline import execute; execute(['scrapy', 'list'])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode != 0
    assert "bad.toml: selector: unknown key: use one of" in ran.stderr


def test_a_site_of_the_demo_is_crawled_by_its_file(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    ran = scrapy("crawl", "ultimahora", "-O", str(out), "-s", f"NEWSCRAWL_ARCHIVE={tmp_path / 'a'}", folder=PROJECT)
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert len(out.read_text("utf-8").splitlines()) > 3


DEMO = [site for site in newsroom().sites if sitebook.site_of(site.host) is not None]


@pytest.mark.parametrize("kept", DEMO, ids=lambda site: site.host)
def test_the_layout_of_a_demo_site_finds_title_and_paragraphs(kept: object) -> None:
    room = newsroom()
    made = next(site for site in room.sites if site is kept)
    site = sitebook.site_of(made.host)
    assert site is not None
    for sheet in sheets_of(room, made):
        page = Page(
            url=f"http://{made.host}:8731/x",
            body=story_page(room, sheet, 8731),
            headers={"content-type": (f"text/html; charset={made.charset}",)},
        )
        document = markup.document(page)
        found = read.story_in(document, site)
        assert found is not None
        assert found.title == title_of(sheet.text, sheet.place)
        assert found.origins["title"] == "site layout"
        if not sheet.place.spam:  # letters are disguised, and lines spliced, where there is spam
            text = " ".join(found.text.split())
            assert all(" ".join(one.split()) in text for one in paragraphs_of(sheet.text, sheet.place))
