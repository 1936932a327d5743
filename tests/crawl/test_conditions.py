"""A listing that has not changed is not sent again, leads to nothing, and is no failure."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import Response

from newscrawl.crawl.conditions import Conditions
from tests.crawl.running import crawl, free_port

LISTING = "https://fen.example/news"


class Shelf:
    """What an archive keeps between runs."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], object] = {}

    def state(self, kind: str, key: str) -> object:
        return self.kept.get((kind, key))

    def keep(self, kind: str, key: str, value: object, *, seconds: float) -> None:
        assert 0 < seconds <= 24 * 3600
        self.kept[kind, key] = value


def answer(request: Request, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    named = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
    return Response(request.url, status=status, headers=named, request=request)


def run(shelf: Shelf, *, leave: str | None = None, **headers: str) -> Request:
    conditions = Conditions(archiver=shelf)  # type: ignore[arg-type]
    request = conditions.put_on(Request(LISTING))
    conditions.read(answer(request, 200, headers))
    if leave:
        conditions.leave(leave)
    conditions.keep()
    return conditions.put_on(Request(LISTING))


@pytest.mark.parametrize(
    ("headers", "asked"),
    [
        ({"ETag": '"a1"'}, {"If-None-Match": b'"a1"'}),
        ({"Last_Modified": "Mon, 02 Mar 2026 10:00:00 GMT"}, {"If-Modified-Since": b"Mon, 02 Mar 2026 10:00:00 GMT"}),
        ({}, {}),
        ({"ETag": "x" * 5000}, {}),
    ],
)
def test_the_next_run_names_what_the_last_one_read(headers: dict[str, str], asked: dict[str, bytes]) -> None:
    request = run(Shelf(), **headers)
    found = {name: request.headers[name] for name in ("If-None-Match", "If-Modified-Since") if name in request.headers}
    assert found == asked


@pytest.mark.parametrize("left", ["https://fen.example/story", "https://www.fen.example/other"])
def test_a_listing_of_which_something_was_left_is_read_in_full(left: str) -> None:
    assert "If-None-Match" not in run(Shelf(), leave=left, ETag='"a1"').headers


def test_only_an_answer_to_a_condition_counts_as_unchanged() -> None:
    conditions = Conditions(archiver=None)
    plain = Request(LISTING)
    asked = Request(LISTING, headers={"If-None-Match": '"a1"'})
    assert not conditions.unchanged(answer(plain, 304))
    assert not conditions.unchanged(answer(asked, 200))
    assert conditions.unchanged(answer(asked, 304))


def test_a_second_crawl_of_an_unchanged_site_ends_well_and_fetches_no_story(tmp_path: Path) -> None:
    settings: dict[str, object] = {"NEWSCRAWL_DEMO_PORT": free_port()}
    first = crawl(tmp_path, "demo", settings=settings)
    second = crawl(tmp_path, "demo", settings=settings)
    assert (first.code, second.code) == (0, 0)
    stats = second.run_report()["stats"]
    assert stats["newscrawl/stories/not_modified"] > 5
    assert stats.get("newscrawl/stories/seen", 0) == 0
