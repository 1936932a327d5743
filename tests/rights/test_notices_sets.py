"""Sets of reservations and of what only sounds like one, written blind in every language: the floors reached."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from newscrawl.rights.notices import notices_in

DATA = Path(__file__).parent / "data"
FLOORS = (  # set, share found, share falsely found, share of the found whose scope covers what it says
    ("notices_1", 0.99, 0.01, 0.98),
    ("notices_2", 0.96, 0.01, 0.98),
    ("notices_3", 0.94, 0.01, 0.98),
)
LANGUAGES = 31


@cache
def _rows(name: str) -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(line) for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(("name", "least", "most", "covered"), FLOORS)
def test_a_set_is_found_to_its_floor_and_no_more_than_that_falsely(
    name: str, least: float, most: float, covered: float
) -> None:
    reserved = [row for row in _rows(name) if row["reserves"]]
    free = [row for row in _rows(name) if not row["reserves"]]
    assert reserved and free
    signals = [(row, notices_in(row["text"])) for row in reserved]
    missed = [row["text"] for row, found in signals if not found]
    assert len(missed) <= (1 - least) * len(reserved), missed
    false = [row["text"] for row in free if notices_in(row["text"])]
    assert len(false) <= most * len(free), false
    short = [
        row["text"]
        for row, found in signals
        if found and not {*row.get("scope", ())} <= {use for one in found for use in one.scope}
    ]
    assert len(short) <= (1 - covered) * len(reserved), short


def test_each_set_speaks_every_language() -> None:
    for name, *_ in FLOORS:
        for reserves in (True, False):
            assert len({row["language"] for row in _rows(name) if row["reserves"] is reserves}) == LANGUAGES


def test_what_lets_search_engines_in_says_so() -> None:
    rows = [row for name, *_ in FLOORS for row in _rows(name) if row.get("search")]
    assert rows
    for row in rows:
        assert any("except search" in str(one.value) for one in notices_in(row["text"])), row["text"]
