"""What is out of the ordinary is told, what is usual is not."""

from typing import Any

import pytest

from newscrawl.report import alerts
from newscrawl.report.runs import before, comparison, figures


def run(number: int, sites: dict[str, dict[str, int]], **more: Any) -> dict[str, Any]:
    return {"spider": "one", "started": f"2026-05-{number:02d}T00:00:00", "sites": sites, **more}


def site(exported: int = 10, withheld: int = 0, **more: int) -> dict[str, int]:
    return {"seen": exported + withheld, "exported": exported, "withheld": withheld, **more}


USUAL = [run(number, {"a.test": site()}, field_coverage={"authors": 9}) for number in range(1, 6)]
ROBOTS = [run(number, {"a.test": site()}, robots_unreachable=["ill.test"]) for number in range(1, 6)]


def told(now: dict[str, Any], history: list[dict[str, Any]], **limits: float) -> list[str]:
    one = figures(now)
    earlier = before(one, map(figures, history))
    return [alert.name for alert in alerts.found(one, earlier, {**alerts.DEFAULTS, **limits})]


CASES = [
    ("as usual", run(9, {"a.test": site()}, field_coverage={"authors": 9}), USUAL, []),
    ("nothing at all", run(9, {}), [], ["zero"]),
    ("nothing new, but known", run(9, {}, known=4), [], []),
    ("nothing, since no listing changed", run(9, {}, not_modified=2), USUAL, []),
    ("a site is gone", run(9, {"b.test": site()}, field_coverage={"authors": 9}), USUAL, ["fewer"]),
    ("a third of a site", run(9, {"a.test": site(3)}, field_coverage={"authors": 3}), USUAL, ["fewer"]),
    ("many withheld", run(9, {"a.test": site(5, 5)}, field_coverage={"authors": 5}), USUAL, ["withheld"]),
    ("no author any more", run(9, {"a.test": site()}, field_coverage={"authors": 1}), USUAL, ["coverage"]),
    ("failures", run(9, {"a.test": site(failed=3)}, field_coverage={"authors": 9}), USUAL, ["errors"]),
    ("robots", run(9, {"a.test": site()}, robots_unreachable=["ill.test"]), ROBOTS, ["robots"]),
    ("robots, once", run(9, {"a.test": site()}, robots_unreachable=["ill.test"]), USUAL[:0] + ROBOTS[:1], []),
    ("nothing new at night, but known", run(9, {"a.test": {"known": 12}}), USUAL, []),
    ("another task of the same spider", run(9, {"b.test": site(4)}, task="b"), [{**one, "task": "a"} for one in USUAL], []),
    ("too little history", run(9, {"a.test": site(1)}), USUAL[:2], []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "now", "history", "names"), CASES, ids=[case[0] for case in CASES])
def test_what_is_out_of_the_ordinary_is_told(
    name: str, now: dict[str, Any], history: list[dict[str, Any]], names: list[str]
) -> None:
    assert told(now, history) == names
    assert told(now, history, **dict.fromkeys(alerts.DEFAULTS, 0)) == []


def test_each_threshold_has_a_meaning() -> None:
    assert alerts.MEANINGS.keys() == alerts.DEFAULTS.keys()


def test_a_run_is_held_against_runs_of_its_own_spider_before_it() -> None:
    other = {**USUAL[0], "spider": "two"}
    later = run(30, {"a.test": site()})
    now = figures(run(9, {"a.test": site()}))
    assert [one.started[8:10] for one in before(now, map(figures, [other, later, *USUAL]))] == [
        "05",
        "04",
        "03",
        "02",
        "01",
    ]


def test_a_comparison_has_now_last_and_usual() -> None:
    now = figures(run(9, {"a.test": site(4, 4)}))
    lines = {line.name: line for line in comparison(now, before(now, map(figures, USUAL)))}
    assert (lines["exported"].now, lines["exported"].last, lines["exported"].usual) == (4, 10, 10)
    assert lines["withheld share"].now == 0.5
    assert comparison(now, ())[0].last is None


@pytest.mark.parametrize("broken", [{}, {"sites": 3}, {"sites": {"a": 3}}, {"alerts": ["x"]}, {"hosts": []}])
def test_figures_take_whatever_a_file_holds(broken: dict[str, Any]) -> None:
    assert figures(broken).counts["seen"] == 0
