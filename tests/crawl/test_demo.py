"""The whole way: the bundled demo through a real `scrapy crawl`, twice."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from newscrawl.archive import verify
from newscrawl.demo.expected import LICENCES, Expected, expected
from newscrawl.read import canonical
from tests.crawl.running import ROOT, Ran, crawl, free_port

PORT = free_port()
STORIES = expected(PORT)
ARTICLE = json.loads((ROOT / "docs/reference/article.schema.json").read_text("utf-8"))
WITHHELD = json.loads((ROOT / "docs/reference/withheld.schema.json").read_text("utf-8"))


def same(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    folder = tmp_path_factory.mktemp("demo")
    return crawl(folder, "demo", "-O", str(folder / "out.jsonl"), settings={"NEWSCRAWL_DEMO_PORT": PORT})


@pytest.fixture(scope="module")
def second(first: Ran) -> Ran:
    return crawl(first.folder, "demo", "-O", str(first.folder / "again.jsonl"), settings={"NEWSCRAWL_DEMO_PORT": PORT})


def of(first: Ran, story: Expected) -> dict[str, Any] | None:
    return next((line for line in first.lines("articles") if line["url"] == canonical(story.url)), None)


def test_the_crawl_ends_well_and_says_what_happened(first: Ran) -> None:
    assert first.code == 0, first.said[-3000:]
    assert "Traceback" not in first.said
    assert "exported" in first.said
    assert "withheld" in first.said


@pytest.mark.parametrize("story", [one for one in STORIES if one.outcome == "exported"], ids=lambda one: one.story)
def test_a_story_that_may_leave_leaves_clean(first: Ran, story: Expected) -> None:
    found = of(first, story)
    assert found is not None, f"{story.url} was not exported"
    assert same(str(found["text"])) == same(story.text)
    assert found["title"] == story.title
    assert not [spam for spam in story.spam if same(spam) in same(json.dumps(found, ensure_ascii=False))]


@pytest.mark.parametrize("story", [one for one in STORIES if one.outcome == "withheld"], ids=lambda one: one.story)
def test_a_story_that_is_reserved_is_withheld_with_its_evidence(first: Ran, story: Expected) -> None:
    assert of(first, story) is None
    lines = [line for line in first.lines("withheld") if line["url"] == canonical(story.url)]
    assert len(lines) == 1
    assert story.why in {signal["protocol"] for signal in lines[0]["rights"]["because"]}


def test_nothing_of_a_host_that_forbids_or_does_not_answer_is_fetched(first: Ran) -> None:
    for story in STORIES:
        if story.outcome == "refused":
            assert of(first, story) is None
    report = first.run_report()
    assert report["sites"]["tertutup.test"]["refused"] >= 1
    assert report["sites"]["sakit.test"]["refused"] >= 1
    assert "seen" not in report["sites"]["sakit.test"]


@pytest.mark.parametrize("story", [one for one in STORIES if one.outcome == "exported"], ids=lambda one: one.story)
def test_facts_are_lifted_into_fields(first: Ran, story: Expected) -> None:
    found = of(first, story)
    assert found is not None
    for name in ("authors", "editors"):
        assert found[name] == list(getattr(story, name)), name
    for name in ("source_url", "copyright"):
        wanted = getattr(story, name)
        assert found[name] == wanted, name
    assert str(found["source_name"]).casefold() == str(story.source_name).casefold()
    assert {(one["title"], one["url"]) for one in found["related"]} >= {(one.title, one.url) for one in story.related}
    if story.published is not None:
        assert str(found["published"]["at"])[:16] == story.published.isoformat()[:16]
    if story.comments is not None and story.ago is not None:
        assert found["comment_count"] == story.comments


def test_no_text_of_a_withheld_page_is_kept_anywhere(first: Ran) -> None:
    kept = "".join(path.read_text("ascii") for path in first.folder.rglob("*.jsonl"))
    kept += "".join(path.read_text("ascii") for path in first.folder.rglob("*.json"))
    exported = {same(paragraph) for one in STORIES if one.outcome == "exported" for paragraph in one.paragraphs}
    for story in STORIES:
        if story.outcome != "exported":
            for paragraph in story.paragraphs:
                if same(paragraph) not in exported:
                    assert json.dumps(paragraph)[1:-1] not in kept, story.url


def test_every_line_is_what_the_schema_says(first: Ran) -> None:
    assert first.feed()
    for line in [*first.feed(), *first.lines("articles")]:
        jsonschema.validate(line, ARTICLE)
    for line in first.lines("withheld"):
        jsonschema.validate(line, WITHHELD)


def test_the_feed_and_the_archive_hold_the_same_stories(first: Ran) -> None:
    assert {line["id"] for line in first.feed()} == {line["id"] for line in first.lines("articles")}


def test_a_second_run_exports_nothing_twice(first: Ran, second: Ran) -> None:
    assert second.code == 0, second.said[-3000:]
    assert second.feed("again.jsonl") == []
    ids = [line["id"] for line in second.lines("articles")]
    assert len(ids) == len(set(ids)) == len(first.feed())
    withheld = [line["id"] for line in second.lines("withheld")]
    assert len(withheld) == len(set(withheld))


def test_the_archive_verifies(second: Ran) -> None:
    report = verify(second.folder / "archive")
    assert report.ok, [str(problem) for problem in report.problems]


def test_a_licence_lifts_its_own_host_and_nothing_else(tmp_path: Path) -> None:
    port = free_port()
    ran = crawl(tmp_path, "demo", settings={"NEWSCRAWL_DEMO_PORT": port, "NEWSCRAWL_LICENCES": LICENCES})
    assert ran.code == 0, ran.said[-3000:]
    lines = {str(line["url"]): line for line in ran.lines("articles")}
    for story in expected(port):
        assert (canonical(story.url) in lines) == (story.licensed == "exported"), story.url
        if story.licensed != story.outcome:
            assert lines[canonical(story.url)]["rights"]["lifted"]


def test_a_second_crawl_of_one_archive_is_told_to_try_later(tmp_path: Path) -> None:
    from newscrawl.archive import Archive

    with Archive.open(tmp_path / "archive", run="first", clock=lambda: 1.0):
        ran = crawl(tmp_path, "demo", settings={"NEWSCRAWL_DEMO_PORT": free_port()})
    assert ran.code == 75
    assert "first" in ran.said


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["nosuchspider"], "no spider named nosuchspider"),
        (["aggregator"], "no address to crawl"),
        (["aggregator", "-a", "url=nonsense"], "not an http or https address"),
        (["aggregator", "-a", "url=http://127.0.0.1:1/", "-a", "pages=x"], "whole number"),
        (["demo", "-s", "NEWSCRAWL_USE=fun"], "NEWSCRAWL_USE"),
    ],
)
def test_a_bad_call_ends_with_78_and_the_remedy(tmp_path: Path, args: list[str], said: str) -> None:
    ran = crawl(tmp_path, *args)
    assert ran.code == 78, ran.said[-2000:]
    assert said in ran.said


def test_a_site_that_is_not_there_ends_with_4_or_a_refusal(tmp_path: Path) -> None:
    ran = crawl(tmp_path, "aggregator", "-a", f"url=http://127.0.0.1:{free_port()}/")
    assert ran.code != 1
    assert "not fetched" in ran.said
