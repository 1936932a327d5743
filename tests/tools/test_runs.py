"""The commands answer: a small run of the evaluation's parts, and the benchmark's own pages and server."""

from __future__ import annotations

import urllib.request
from html.parser import HTMLParser

import pytest

from tools.bench import pages
from tools.bench.crawl import served
from tools.eval import corpus, fields, grid, runs, spam
from tools.eval.cases import Case
from tools.eval.cleaners import Cut, lexicon_cut, nothing_cut
from tools.eval.corpus import own_articles


@pytest.fixture(autouse=True)
def own_articles_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests do not depend on a corpus."""
    monkeypatch.setenv("NEWSCRAWL_CORPUS", "/nowhere")
    monkeypatch.setattr(corpus, "hosts", own_articles)
    grid.hosts_of.cache_clear()


def perfect(case: Case, memory: object) -> Cut:
    return Cut(cuts=case.spans)


def test_a_perfect_cleaner_scores_one_and_an_idle_one_scores_nought() -> None:
    cases = list(grid.cold("test", 3, 1))[:60]
    best, idle = runs.run(perfect, cases), runs.run(nothing_cut, cases)
    assert all(one.outcome.exact and not any(one.outcome.edges) for one in best)
    assert {one.outcome.recall for one in idle} == {0.0}
    assert runs.retention(idle) == 1.0


def test_the_tables_name_the_worst_vocabulary_beside_the_mean() -> None:
    done = runs.run(lexicon_cut, list(grid.cold("test", 3, 1))[:80])
    tables = spam.by_everything("lexicon", done)
    assert [table.title.split(": ")[1] for table in tables] == [
        "by shape", "by language of the spam", "by length", "by position",
    ]  # fmt: skip
    for table in tables:
        assert all(len(row) == len(spam.COLUMNS) for row in table.rows)
    assert tables[0].rows[-1][0] == "all"


def test_without_a_corpus_the_corpus_parts_say_so() -> None:
    from tools.eval import pages as real_pages

    tables, figures = real_pages.evaluate(quick=True)
    assert tables[0].notes == ("skipped, no corpus",)
    assert figures == []


class Titles(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.said = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.inside = tag == "h1"

    def handle_data(self, text: str) -> None:
        self.said += text if self.inside else ""
        self.inside = False


@pytest.mark.parametrize("size", [14_000, 170_000])
def test_a_made_story_has_the_wished_size_and_its_own_headline(size: int) -> None:
    made = pages.story(7, size)
    assert size <= len(made.encode()) < size + 6000
    parser = Titles()
    parser.feed(made)
    assert parser.said == pages.title(7)
    assert pages.story(7, size) == made
    assert pages.story(8, size) != made


def test_the_server_serves_listings_stories_and_robots_and_ends_with_its_block() -> None:
    with served(60, 14_000) as url:
        with urllib.request.urlopen(url) as answer:
            front = answer.read().decode()
        assert front.count("<h2>") == 50
        assert "rel='next'" in front
        with urllib.request.urlopen(url.rstrip("/") + pages.path(55)) as answer:
            assert pages.title(55) in answer.read().decode()
        with urllib.request.urlopen(url + "robots.txt") as answer:
            assert b"Allow: /" in answer.read()
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(url, timeout=2)


def test_a_page_for_the_metadata_shapes_carries_the_spam_in_every_place_of_the_head() -> None:
    host = own_articles()[0]
    html = fields.page(host, title="A | slot x", keywords=["slot x"], summary="S slot x", paragraphs=host.paragraphs)
    assert html.count("slot x") == 8


def test_the_documentation_shows_figures_and_tables_and_quotes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from argparse import Namespace

    from tools.eval.__main__ import document
    from tools.eval.tables import Figure, Results, Table

    results = Results(
        tables=[
            Table(title="Shown", columns=("a",), rows=(("1",),), notes=("a quoted line",)),
            Table(title="Not shown", columns=("a",), rows=(("a quoted paragraph",),), quotes=True),
        ],
        figures=[Figure(id="kept", name="kept", measured=0.5, at_least=0.4)],
    )
    page = document(results, Namespace(half="test", seed=1, quick=False))
    assert "## Shown" in page
    assert "| kept | ≥ 0.4 | 0.5 |" in page
    assert "quoted" not in page


def test_the_command_fails_below_a_floor_and_only_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    from tools.eval import __main__ as command
    from tools.eval.tables import Figure

    low = Figure(id="kept", name="kept", measured=0.5, at_least=0.9)
    monkeypatch.setattr(command, "parts", lambda options: {"wrappers": lambda: ([], [low])})
    monkeypatch.setattr(command.tables, "floors", lambda material: {"kept": 0.8})
    assert command.main(["--only", "wrappers"]) == 0
    assert command.main(["--only", "wrappers", "--check"]) == 1
    monkeypatch.setattr(command.tables, "floors", lambda material: {"kept": 0.4})
    assert command.main(["--only", "wrappers", "--check"]) == 0
