"""A crawl of the demo links each syndicated story to its first copy, or leaves the copies out."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

import pytest
from scrapy.settings import BaseSettings

from newscrawl import archive
from newscrawl.archive.copies import COPIES
from newscrawl.crawl.addon import Newscrawl
from newscrawl.crawl.options import OptionError, Options
from newscrawl.demo.expected import Expected, expected
from tests.crawl.running import Ran, crawl, free_port

PORT = free_port()
PAIRS = [
    tuple(group)
    for _, group in groupby(
        sorted(
            (one for one in expected(PORT) if one.duplicate and one.outcome == "exported"), key=lambda one: one.story
        ),
        key=lambda one: one.story,
    )
]


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("linked")
    return crawl(folder, "demo", "-O", str(folder / "out.jsonl"), settings={"NEWSCRAWL_DEMO_PORT": free_port()})


def of(lines: list[dict[str, object]], one: Expected) -> dict[str, object]:
    """Whatever port the demo had: one that is chosen early may be somebody else's by the time it is used."""
    wanted = re.compile(rf"http://[^/]*{re.escape(one.host)}:\d+{re.escape(one.path)}")
    return next(line for line in lines if wanted.fullmatch(str(line["url"])))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0].story)
def test_one_of_two_syndicated_stories_names_the_other(linked: Ran, pair: tuple[Expected, ...]) -> None:
    first, second = sorted((of(linked.feed(), one) for one in pair), key=lambda line: line["duplicate_of"] is not None)
    assert first["duplicate_of"] is None
    assert second["duplicate_of"] == first["id"]
    assert "duplicate" in second["flags"]
    assert "duplicate" not in first["flags"]


def test_no_other_story_is_called_a_copy(linked: Ran) -> None:
    assert sum(line["duplicate_of"] is not None for line in linked.feed()) == len(PAIRS)
    assert linked.run_report()["stats"]["newscrawl/items/duplicate"] == len(PAIRS)
    assert f"duplicates  {len(PAIRS)} " in linked.said
    assert (linked.folder / "archive" / COPIES).exists()
    assert archive.verify(linked.folder / "archive").problems == ()


def test_drop_leaves_the_copies_out_and_counts_them(linked: Ran, tmp_path: Path) -> None:
    settings = {"NEWSCRAWL_DEMO_PORT": free_port(), "NEWSCRAWL_DUPLICATES": "drop", "NEWSCRAWL_ARCHIVE": ""}
    ran = crawl(tmp_path, "demo", "-O", str(tmp_path / "out.jsonl"), settings=settings)
    assert len(ran.feed()) == len(linked.feed()) - len(PAIRS)
    assert all(line["duplicate_of"] is None for line in ran.feed())
    assert f"duplicates  {len(PAIRS)} " in ran.said


def test_another_word_than_link_or_drop_is_refused_with_the_remedy() -> None:
    settings = BaseSettings({"NEWSCRAWL_DUPLICATES": "delete"})
    Newscrawl().update_settings(settings)
    with pytest.raises(OptionError, match="NEWSCRAWL_DUPLICATES='delete': choose one of link, drop"):
        Options.of(settings)
