"""The metrics, on cases that can be counted by hand; floors; and cleaners that answer with text alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.eval import tables
from tools.eval.cases import Case
from tools.eval.cleaners import carry, missing
from tools.eval.corpus import Host
from tools.eval.score import bootstrap, merge, outcome, quantile, wilson
from tools.eval.tables import Figure, below, figures_table, markdown, raised

TEXT = "Good one.\n\nbad bad bad\n\nGood two."  # good 7 + 7, bad 9 characters without white space
BAD = (11, 22)


@pytest.mark.parametrize(
    ("cuts", "recall", "retention", "exact", "edges"),
    [
        ([BAD], 1.0, 1.0, True, (0,)),
        ([(10, 24)], 1.0, 1.0, True, (0,)),  # white space beside the span does not count
        ([], 0.0, 1.0, False, ()),
        ([(11, 18)], 6 / 9, 1.0, False, (3,)),
        ([(0, 22)], 1.0, 8 / 16, False, (8,)),
        ([(0, 9)], 0.0, 8 / 16, False, ()),
        ([(11, 15), (15, 22)], 1.0, 1.0, True, (0,)),
        ([(11, 14), (19, 22)], 6 / 9, 1.0, False, (0,)),
    ],
)
def test_an_outcome_counts_what_a_reader_would_count(
    cuts: list[tuple[int, int]], recall: float, retention: float, exact: bool, edges: tuple[int, ...]
) -> None:
    found = outcome(TEXT, [BAD], cuts)
    assert (found.spam, found.article) == (9, 16)
    assert (found.recall, found.retention, found.exact, found.edges) == (
        pytest.approx(recall), pytest.approx(retention), exact, edges,
    )  # fmt: skip


def test_a_flag_is_no_cut_but_counts_as_flagged() -> None:
    found = outcome(TEXT, [BAD], [], suspects=[BAD])
    assert found.flagged
    assert found.spam_flagged == 9
    assert found.recall == 0


def test_a_clean_document_that_is_left_alone_is_exact_and_one_that_is_cut_is_not() -> None:
    assert outcome(TEXT, [], []).exact
    assert not outcome(TEXT, [], [(0, 4)]).exact


def test_spans_that_touch_are_one() -> None:
    assert merge([(3, 5), (0, 1), (1, 2), (4, 9)]) == [(0, 2), (3, 9)]


def test_wilson_holds_the_share_and_narrows_with_more_trials() -> None:
    low, high = wilson(9, 10)
    assert low < 0.9 < high
    wide, narrow = wilson(90, 100), wilson(900, 1000)
    assert narrow[1] - narrow[0] < wide[1] - wide[0]
    assert wilson(0, 3000)[1] < 0.0013
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_bootstrap_draws_sites_and_not_documents() -> None:
    one_site = [("a", 0.0, 1.0)] * 50 + [("a", 1.0, 1.0)] * 50
    assert bootstrap(one_site) == (0.5, 0.5)
    two_sites = [("a", 0.0, 1.0)] * 50 + [("b", 1.0, 1.0)] * 50
    assert bootstrap(two_sites) == (0.0, 1.0)
    assert bootstrap(two_sites) == bootstrap(two_sites)
    assert bootstrap([("a", 1.0, 9.0), ("a", 0.0, 1.0)]) == (0.9, 0.9)


def test_a_quantile_is_one_of_the_values() -> None:
    assert quantile([5, 1, 3], 0.5) == 3
    assert quantile([], 0.5) == 0


def case(text: str, span: tuple[int, int]) -> Case:
    host = Host(id="h", site="h", language="en", title="T", paragraphs=(text,))
    return Case(
        id="c", shape="s", language="en", vocabulary="v", tokens=3, position="top", host=host, text=text,
        spans=(span,), html="",
    )  # fmt: skip


def test_an_output_without_offsets_is_held_against_the_text_block_by_block() -> None:
    assert missing(case(TEXT, BAD), "Good one.\nGood two.") == [(11, 22)]
    assert missing(case(TEXT, BAD), TEXT.replace("\n\n", "\n")) == []
    inside = "First sentence here. bad bad. Last sentence here."
    assert missing(case(inside, (21, 29)), "First sentence here. Last sentence here.") == [(21, 29)]


def test_spans_are_carried_between_texts_that_differ_in_white_space_alone() -> None:
    assert carry([(2, 5)], "a bcd e", "a\n\nbcd\n\ne") == [(3, 6)]
    assert carry([(2, 5)], "a bcd e", "a b\ncd e") == [(2, 6)]
    assert carry([(2, 5)], "a bcd e", "a xcd e") is None
    assert carry([(1, 2)], "a b", "a  b") == []


HIGH = Figure(id="kept", name="kept", measured=0.97, at_least=0.99)
LOW = Figure(id="touched", name="touched", measured=0.02, at_most=0.01)


def test_a_figure_below_its_floor_is_named_with_the_file_and_the_remedy() -> None:
    said = below([HIGH, LOW], {"kept": 0.98, "touched": 0.01})
    assert len(said) == 2
    assert "kept: measured 0.97, floor 0.98 in tools/eval/floors.toml" in said[0]
    assert below([HIGH, LOW], {"kept": 0.97, "touched": 0.02}) == []
    assert below([HIGH], {}) == []


def test_a_quick_run_is_below_a_floor_only_with_its_whole_interval() -> None:
    shaky = Figure(id="kept", name="kept", measured=0.97, at_least=0.99, low=0.95, high=0.985)
    assert below([shaky], {"kept": 0.98}, lenient=True) == []
    assert below([shaky], {"kept": 0.99}, lenient=True)
    assert below([shaky], {"kept": 0.98})


def test_floors_only_rise() -> None:
    assert raised([HIGH, LOW], {"kept": 0.99, "touched": 0.001}) == {"kept": 0.99, "touched": 0.001}
    assert raised([HIGH, LOW], {"kept": 0.5}) == {"kept": 0.9695, "touched": 0.021}


def test_a_floor_that_was_not_measured_stays_and_speed_has_none() -> None:
    speed = Figure(id="speed-ms", name="speed", measured=0.5, at_most=1.0)
    assert raised([speed], {"gone": 0.7}) == {"gone": 0.7}


def test_the_floors_of_a_run_without_a_corpus_are_a_set_of_their_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tables, "FLOORS", tmp_path / "floors.toml")
    tables.FLOORS.write_text("[corpus]\nkept = 0.9\n", "utf-8")
    tables.write_floors("own", {"kept": 0.8, "touched": 0.0})
    assert tables.floors("corpus") == {"kept": 0.9}
    assert tables.floors("own") == {"kept": 0.8, "touched": 0.0}


def test_the_figures_table_tells_goal_measure_and_verdict() -> None:
    table = figures_table([HIGH, LOW, Figure(id="x", name="x", measured=None, at_least=1.0)])
    assert [(row[1], row[2], row[5]) for row in table.rows] == [
        ("≥ 0.99", "0.97", "short"), ("≤ 0.01", "0.02", "short"), ("≥ 1", "not measured", "–"),
    ]  # fmt: skip
    assert markdown(table).startswith("## Figures\n\n| figure | goal |")
