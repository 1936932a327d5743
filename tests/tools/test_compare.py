"""The comparison counts what stands whole, and asks every tool about the same pages."""

import pytest

from newscrawl.demo.server import DemoServer
from tools.compare.__main__ import pages, share_of
from tools.compare.reading import newscrawl


@pytest.mark.parametrize(
    ("parts", "text", "share"),
    [
        (["one two three"], "One, two; three!", (3, 3)),
        (["one two", "four"], "one two three", (2, 3)),
        (["one two"], "one twofold", (0, 2)),
        ([], "one", (0, 0)),
    ],
)
def test_a_part_counts_where_it_stands_whole(parts: list[str], text: str, share: tuple[int, int]) -> None:
    assert share_of(parts, text) == share


def test_the_pages_are_those_that_a_tool_can_judge_by_themselves() -> None:
    with DemoServer(port=0) as demo:
        found = pages(demo)
    assert len(found) > 30
    assert {one.outcome for one, _ in found} == {"exported", "withheld"}
    assert all(one.title.split()[0] in body for one, body in found)
    read = newscrawl()
    withheld = [read(body, one.url) for one, body in found if one.outcome == "withheld"]
    assert withheld
    assert set(withheld) == {None}
