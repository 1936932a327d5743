"""Pages of different make, each with what a reader must find on it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from newscrawl import read
from newscrawl.model import Page

GOLDEN = Path(__file__).parent / "golden"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.html"))


def page_of(name: str, want: dict[str, object]) -> Page:
    html = (GOLDEN / f"{name}.html").read_text("utf-8")
    return Page.from_html(html, url=str(want["url"]), fetched=want.get("fetched"))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NAMES)
def test_each_golden_page_reads_as_its_file_says(name: str) -> None:
    want = tomllib.loads((GOLDEN / f"{name}.toml").read_text("utf-8"))
    story = read.story(page_of(name, want))
    if want.get("story") is False:
        assert story is None
        return
    assert story is not None
    assert story.title == want["title"]
    for field in ("authors", "editors", "flags"):
        assert list(getattr(story, field)) == want.get(field, []), field
    for field in ("language", "source_url", "source_name"):
        if field in want:
            assert getattr(story, field) == want[field], field
    if "story_url" in want:
        assert story.url == want["story_url"]
    if "published" in want:
        assert story.published is not None
        assert story.published.at.isoformat() == want["published"]
        assert story.published.precision == want["precision"]
    if "modified" in want:
        assert story.modified is not None
        assert story.modified.at.isoformat() == want["modified"]
    if "body" in want:
        assert story.text.split("\n\n") == want["body"]
    for part in want.get("holds", ()):
        assert part in story.text
    for part in want.get("lacks", ()):
        assert part not in story.text
    if "tags" in want:
        assert list(story.tags) == want["tags"]
    if "captions" in want:
        assert [image.caption or "" for image in story.images] == want["captions"]
    if "images" in want:
        assert [image.url for image in story.images] == want["images"]


def test_there_are_golden_pages_of_many_makes() -> None:
    assert len(NAMES) >= 70
    assert all((GOLDEN / f"{name}.toml").exists() for name in NAMES)
