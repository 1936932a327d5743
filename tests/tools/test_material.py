"""The evaluation's own material is as rich and as well formed as it is said to be."""

from __future__ import annotations

from collections import Counter

import pytest

from tools.eval import data, wrappers
from tools.eval.cleaners import BASELINES, lexicon_cut
from tools.eval.corpus import half_of

NEWS = "news about spam subjects"


@pytest.mark.parametrize(
    ("file", "keys"),
    [
        ("hard_negatives.jsonl", {"id", "lang", "kind", "about", "text"}),
        ("wrappers.jsonl", {"id", "lang", "kind", "gone", "text"}),
        ("notices.jsonl", {"id", "lang", "kind", "text"}),
    ],
)
def test_every_row_has_its_keys_a_text_of_its_own_and_an_id_of_its_own(file: str, keys: set[str]) -> None:
    rows = list(data.rows(file))
    assert all(keys <= row.keys() <= keys | {"tail"} for row in rows)
    assert all(str(row["text"]).strip() == row["text"] != "" for row in rows)
    assert max(Counter(row["id"] for row in rows).values()) == 1
    assert max(Counter((row["lang"], row["text"], row.get("gone")) for row in rows).values()) <= 2


def test_hard_negatives_are_300_in_15_languages_and_about_half_are_news_of_spam_subjects() -> None:
    rows = list(data.rows("hard_negatives.jsonl"))
    assert len(rows) >= 300
    assert len({row["lang"] for row in rows}) >= 15
    news = [row for row in rows if row["about"] == NEWS]
    assert 0.4 <= len(news) / len(rows) <= 0.6
    assert {row["kind"] for row in news} >= {"gambling", "pharmacy", "loans", "adult", "counterfeit", "slot"}
    assert {row["kind"] for row in rows} >= {
        "table", "lineup", "lyrics", "prayer", "ticker", "menu", "recipe", "schedule", "names", "rates", "address",
        "legal", "election", "tv",
    }  # fmt: skip


def test_wrapper_lines_are_300_in_28_languages_beside_as_many_sentences_that_stay() -> None:
    rows = list(data.rows("wrappers.jsonl"))
    gone = [row for row in rows if row["gone"]]
    assert len(gone) >= 300
    assert len(rows) - len(gone) >= 300
    assert len({row["lang"] for row in gone}) >= 28
    assert {row["lang"] for row in gone} == {row["lang"] for row in rows if not row["gone"]}
    assert all(str(row["text"]).endswith(row["tail"]) for row in rows if "tail" in row)


def test_notices_are_120_and_120_in_25_languages() -> None:
    rows = list(data.rows("notices.jsonl"))
    kinds = Counter(row["kind"] for row in rows)
    assert min(kinds["reservation"], kinds["hard_negative"]) >= 120
    assert len({row["lang"] for row in rows}) >= 25


def test_a_wrapper_line_stands_in_its_article_where_the_case_says() -> None:
    rows = {str(row["id"]): row for row in data.rows("wrappers.jsonl")}
    for line in wrappers.lines():
        row = rows[line.case.id]
        start, end = line.case.spans[0]
        assert line.case.text[start:end] == row.get("tail", row["text"])
        assert line.gone == row["gone"]


def test_sites_fall_into_both_halves_and_always_into_the_same_one() -> None:
    halves = Counter(half_of(f"site{number}.example") for number in range(200))
    assert min(halves.values()) > 60
    assert half_of("antaranews.com") == half_of("antaranews.com")


def test_the_lexicon_baseline_cuts_what_it_knows_and_leaves_prose() -> None:
    line = next(one for one in wrappers.lines() if not one.gone)
    assert lexicon_cut(line.case).cuts == ()
    assert set(BASELINES) == {"trafilatura", "jusText", "lexicon only"}
