"""JSON-LD as templates break it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl import structured


@pytest.mark.parametrize(
    ("source", "types"),
    [
        ('{"@type": "NewsArticle"}', ["NewsArticle"]),
        ('[{"@type": "A"}, {"@type": "B"}]', ["A", "B"]),
        ('{"@graph": [{"@type": "A"}, {"@graph": {"@type": "B"}}]}', ["A", "B"]),
        ('{"@type": "WebPage", "mainEntity": {"@type": "A"}}', ["WebPage", "A"]),
        ('{"@type": "A",}', ["A"]),
        ('{"@graph": [{"@type": "A",},]}', ["A"]),
        ('{"@type": "A", "text": "one\ntwo\ttabs"}', ["A"]),
        ('<!-- {"@type": "A"} -->', ["A"]),
        ('//<![CDATA[\n{"@type": "A"}\n//]]>', ["A"]),
        ('{"@type": "A"};', ["A"]),
        ("{&quot;@type&quot;: &quot;A&quot;}", ["A"]),
        ('{"@type": "A"}{"@type": "B"}', ["A"]),
        ('{"@type": "A"} and some words', ["A"]),
        ('{"name": "no type"}', []),
        ('{"@type": "A"', []),
        ('"just a text"', []),
        ("", []),
        ("[" * 100_000, []),
    ],
)
def test_a_block_is_mended_where_it_can_be(source: str, types: list[str]) -> None:
    assert [item["@type"] for item in structured.items([source])] == types


def test_one_broken_block_costs_no_other() -> None:
    found = structured.items(["{broken", '{"@type": "A"}', "", '{"@type": "B"}'])
    assert [item["@type"] for item in found] == ["A", "B"]


def test_a_block_of_a_megabyte_is_no_metadata() -> None:
    assert structured.items(['{"@type": "A", "x": "' + "y" * structured.MAX_CHARACTERS + '"}']) == ()


def test_the_number_of_objects_is_bounded() -> None:
    many = "[" + ",".join(['{"@type": "A"}'] * 3000) + "]"
    assert len(structured.items([many, many])) <= structured.MAX_ITEMS


@given(st.lists(st.sampled_from(("{", "}", "[", "]", '"', ":", ",", "@type", "@graph", "<!--", "//", "\\", "1", "&quot;")))
       .map("".join))  # fmt: skip
def test_no_block_is_beyond_reading(source: str) -> None:
    assert all("@type" in item for item in structured.items([source]))
