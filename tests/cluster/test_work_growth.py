"""The simulation of growth: what it says follows from what it is told, and the page says the same."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.crawl.running import ROOT
from tools.cluster.growth import COSTS, Wish, growth, lateness, load, simulate, told

PAGE = (ROOT / "docs" / "why" / "007-many-machines.md").read_text("utf-8")


@pytest.mark.parametrize(
    "line",
    [*told(COSTS), *growth((10, 100, 1_000, 10_000, 100_000, 1_000_000)), *lateness((100, 10_000))],
    ids=lambda line: line[:30],
)
def test_the_page_shows_what_the_simulation_says(line: str) -> None:
    assert line in PAGE, "write docs/why/007-many-machines.md anew: `python -m tools.cluster.growth`"


@given(st.integers(1, 10**7), st.floats(60, 86400))
def test_ten_times_the_hosts_ask_for_ten_times_as_much(hosts: int, every: float) -> None:
    few, many = load(Wish(hosts=hosts, every=every)), load(Wish(hosts=10 * hosts, every=every))
    for name in ("running", "tick", "renewals", "turns", "jobs", "rows", "database", "rows_a_day", "gigabytes_a_year"):
        assert getattr(many, name) == pytest.approx(10 * getattr(few, name))
    assert many.machines >= few.machines >= 1


def test_what_costs_more_is_used_up_sooner() -> None:
    slow = load(Wish(hosts=10_000), replace(COSTS, turns=COSTS.turns / 10))
    assert slow.turns == pytest.approx(10 * load(Wish(hosts=10_000)).turns)


@settings(max_examples=15, deadline=None)
@given(st.integers(50, 400), st.integers(1, 5))
def test_no_run_is_lost_and_none_begins_before_it_is_due(hosts: int, seed: int) -> None:
    late = simulate(Wish(hosts=hosts), slots=hosts, seed=seed)
    assert 0 <= late.half <= late.worst <= 10
    assert hosts * 1.8 <= late.runs <= hosts * 2.2


def test_too_few_slots_make_everything_late() -> None:
    wish = Wish(hosts=2_000)
    need = wish.runs * wish.lasts
    assert simulate(wish, int(1.5 * need)).worst < 30
    assert simulate(wish, max(1, int(0.7 * need))).half > 300
