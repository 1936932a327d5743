"""Only what passed the gate is exported, one strict line each."""

import io
import json
from pathlib import Path

import jsonschema
import pytest

from newscrawl.crawl.exporters import ArticleArray, ArticleLines
from tests.makers import article

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/reference/article.schema.json").read_text("utf-8"))


def test_an_article_is_one_line_that_the_schema_allows() -> None:
    out = io.BytesIO()
    ArticleLines(out).export_item(article())
    assert out.getvalue().count(b"\n") == 1
    jsonschema.validate(json.loads(out.getvalue()), SCHEMA)


@pytest.mark.parametrize(
    "title", ["U+2028 \u2028 inside", "lone \ud800 surrogate", "ctrl \x00 \x1b[31m", "émoji 🎰", "ب"]
)
def test_a_line_is_ascii_whatever_the_title(title: str) -> None:
    out = io.BytesIO()
    ArticleLines(out).export_item(article(title=title))
    assert out.getvalue().isascii()
    assert len(out.getvalue().splitlines()) == 1
    assert json.loads(out.getvalue())["title"] == title.replace("\ud800", "\ufffd")


@pytest.mark.parametrize("item", [{"text": "not asked"}, "text", None, object()])
def test_anything_else_is_refused(item: object) -> None:
    with pytest.raises(TypeError, match="only what passed the gate"):
        ArticleLines(io.BytesIO()).export_item(item)


def test_a_feed_may_choose_its_fields() -> None:
    out = io.BytesIO()
    ArticleLines(out, fields_to_export=["url", "title"]).export_item(article())
    assert json.loads(out.getvalue()) == {"url": "https://news.example/a", "title": "A title"}


@pytest.mark.parametrize("number", [0, 1, 3])
def test_an_array_of_any_length_is_json(number: int) -> None:
    out = io.BytesIO()
    exporter = ArticleArray(out)
    exporter.start_exporting()
    for _ in range(number):
        exporter.export_item(article())
    exporter.finish_exporting()
    assert len(json.loads(out.getvalue())) == number
