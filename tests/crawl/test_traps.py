"""Endless stories of one kind that bring nothing new are left, and the good ones beside them are read."""

import json
from pathlib import Path

from newscrawl.crawl.traps import HOLLOW, KINDS, Hollow
from tests.crawl.hostile import DOMAIN, HUB, Case, Hostile, Web, says, story
from tests.crawl.running import crawl

URL = "https://news.example/stories/{}.html"


def test_pages_without_a_story_or_with_the_same_again_leave_the_rest_of_their_kind() -> None:
    hollow = Hollow()
    for number in range(HOLLOW):
        assert not hollow.left(URL.format(number))
        hollow.seen(URL.format(number), None if number % 2 else "The same old story.")
    hollow.seen(URL.format("the-last"), "The same old story.")
    assert hollow.left(URL.format("another"))
    assert not hollow.left("https://news.example/other/1.html")
    assert not hollow.left("https://else.example/stories/1.html")


def test_one_new_story_begins_the_count_anew() -> None:
    hollow = Hollow()
    for number in range(HOLLOW * 3):
        hollow.seen(URL.format(number), f"Story {number}" if number % (HOLLOW - 1) == 0 else None)
        assert not hollow.left(URL.format(number))


def test_what_is_remembered_of_kinds_is_bounded() -> None:
    hollow = Hollow()
    for number in range(KINDS + 50):
        hollow.seen(f"https://news.example/{'a' * number}/x", None)
    assert len(hollow.said) == len(hollow.pages) == KINDS


def test_a_site_that_invents_stories_without_end_is_left(tmp_path: Path) -> None:
    trap = Case("invents", says(story("nowhere, once more")), at="/tale/")
    good = Case("good", says(story("the good one")))

    def many(web: Web) -> str:
        rows = [f"http://{trap.host}:{web.port}/tale/of-the-harbour-{n}-and-its-boats.html" for n in range(120)]
        rows.append(f"http://{good.host}:{web.port}/2026/05/05/a-bad-story-about-the-harbour.html")
        links = (
            f"<article><h2><a href='{url}'>A story of the harbour, {n}</a></h2></article>" for n, url in enumerate(rows)
        )
        return f"<html><body><main>{''.join(links)}</main></body></html>"

    with Hostile((trap, good), listed=many) as hostile:
        settings = {"NEWSCRAWL_HOSTS": json.dumps(hostile.hosts), "NEWSCRAWL_HOLD": 0}
        ran = crawl(tmp_path, "aggregator", "-a", f"url=http://{HUB}:{hostile.web.port}/", settings=settings)
        asked = sum(host == trap.host and path.startswith("/tale/") for host, path in hostile.web.asked)
    assert ran.code == 0, ran.said[-3000:]
    assert HOLLOW <= asked < HOLLOW + 48, "those that were under way, and no more"
    assert ran.run_report()["stats"]["newscrawl/guard/story_trap"] == 120 - asked
    assert any(f"good.{DOMAIN}" in str(line["url"]) for line in ran.lines("articles"))
