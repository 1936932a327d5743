"""`newscrawl site check --archive`: a layout that stopped matching shows in the archive's own records."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.__main__ import cli
from newscrawl.archive import Archive, Entry
from newscrawl.cli.coverage import Share

SITE = """
outlet = "Harbour Gazette"
hosts = ["harbour.test"]

[[layout]]
title = "h1"
body = "div.text"
authors = "p.byline"
"""
NEWEST = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
WHOLE = {"title": "Boats", "text": "They came in late.", "authors": ["Jane Doe"], "published": {"at": "x"}}
LAID = {"title": "site layout", "body": "site layout", "authors": "site layout"}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["site", "check", *arguments])


def filled(folder: Path, days: int, **latest: object) -> list[str]:
    """An archive of a record an hour over some days; those of the last three days as `latest` has them."""
    sites, records = folder / "sites", folder / "archive"
    sites.mkdir()
    (sites / "harbour.toml").write_text(SITE, "utf-8")
    with Archive.open(records, run="first", clock=time.time) as archive:
        for hour in range(24 * days):
            fetched = NEWEST - timedelta(hours=hour)
            record = {"id": f"a{hour}", "url": f"https://www.harbour.test/{hour}", "site": "www.harbour.test"}
            record |= {"fetched": fetched.isoformat(), "origins": LAID, **WHOLE, **(latest if hour < 72 else {})}
            stream = "withheld" if record.get("withheld") else "articles"
            line = json.dumps(record).encode()
            archive.put(
                Entry(
                    stream=stream,  # type: ignore[arg-type]
                    id=f"a{hour}",
                    url=str(record["url"]),
                    site="www.harbour.test",
                    version="1",
                    story=f"s{hour}",
                    line=line,
                )
            )
        archive.commit()
    return ["--archive", str(records), "--no-fetch", "--folder", str(sites)]


def test_a_site_that_is_read_as_ever_holds(tmp_path: Path) -> None:
    told = run(*filled(tmp_path, 9))
    assert told.exit_code == 0, told.output
    assert "harbour: authors by layout   144 of 144 before, 72 of 72 in the last 3 days: holds" in told.output
    assert "lost" not in told.output


def test_a_field_that_went_empty_is_told_with_how_much_was_lost(tmp_path: Path) -> None:
    told = run(*filled(tmp_path, 9, authors=[], origins={"title": "site layout", "body": "site layout"}))
    assert told.exit_code == 1
    assert "harbour: authors             144 of 144 before, 0 of 72 in the last 3 days: lost 100 of 100" in told.output
    assert "harbour: body by layout      144 of 144 before, 72 of 72 in the last 3 days: holds" in told.output
    assert "stopped matching: harbour" in told.output


def test_a_layout_that_the_generic_way_stands_in_for_is_told_all_the_same(tmp_path: Path) -> None:
    told = run(*filled(tmp_path, 9, origins={"title": "meta og:title", "body": "density", "authors": "byline"}))
    assert told.exit_code == 1
    assert "harbour: body                144 of 144 before, 72 of 72 in the last 3 days: holds" in told.output
    assert "harbour: body by layout      144 of 144 before, 0 of 72 in the last 3 days: lost 100 of 100" in told.output


def test_pages_that_have_no_story_any_more_are_told(tmp_path: Path) -> None:
    told = run(*filled(tmp_path, 9, withheld=True, reason="no_story"))
    assert told.exit_code == 1
    assert "harbour: story               144 of 144 before, 0 of 72 in the last 3 days: lost 100 of 100" in told.output


def test_a_page_withheld_for_its_rights_says_nothing_of_the_layout(tmp_path: Path) -> None:
    told = run(*filled(tmp_path, 9, withheld=True, reason="reserved"))
    assert told.exit_code == 0
    assert "too few records" in told.output or "holds" in told.output


def test_the_first_days_of_a_site_cannot_be_compared(tmp_path: Path) -> None:
    told = run(*filled(tmp_path, 2))
    assert told.exit_code == 0
    assert "harbour: too few records to compare" in told.output


def test_without_a_site_to_ask_an_archive_must_be_named() -> None:
    told = run("--no-fetch")
    assert told.exit_code == 2
    assert "give --archive" in told.output


@pytest.mark.parametrize(("before", "recent", "lost"), [((50, 50), (0, 3), True), ((3, 5), (1, 5), False)])
def test_chance_is_no_loss(before: tuple[int, int], recent: tuple[int, int], lost: bool) -> None:
    old, new = Share(hits=before[0], of=before[1]), Share(hits=recent[0], of=recent[1])
    assert (new.bounds[1] < old.bounds[0]) == lost


@given(st.integers(min_value=1, max_value=10_000), st.data())
def test_a_share_lies_between_its_bounds(of: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(min_value=0, max_value=of))
    low, high = Share(hits=hits, of=of).bounds
    assert -1e-9 <= low <= hits / of + 1e-9
    assert hits / of - 1e-9 <= high <= 1 + 1e-9
