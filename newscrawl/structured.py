"""Reads JSON-LD as pages really carry it: broken, nested, in lists and graphs."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

Item: TypeAlias = Mapping[str, object]

MAX_CHARACTERS = (
    1 << 20
)  # a block of JSON-LD of more than 1 MiB is an attack or a data dump, never an article's metadata
MAX_ITEMS = 500
CONTROL = re.compile(r"[\x00-\x1f]")
COMMENT_OPEN = re.compile(r"\A\s*(?://\s*)?<!(?:--|\[CDATA\[)")
COMMENT_CLOSE = re.compile(r"(?://\s*)?(?:-->|\]\]>)\s*\Z")
TRAILING_COMMA = re.compile(r",(\s{0,64}[}\]])")


def _attempts(source: str) -> Iterator[str]:
    """The text as it is, then mended in the ways in which templates break it."""
    yield source
    bare = CONTROL.sub(" ", COMMENT_CLOSE.sub("", COMMENT_OPEN.sub("", source))).strip().rstrip(";")
    yield bare
    yield TRAILING_COMMA.sub(r"\1", bare)
    yield TRAILING_COMMA.sub(r"\1", html.unescape(bare))


def _decoded(source: str) -> object:
    for attempt in _attempts(source):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    try:  # several objects in a row, or junk behind the first
        return json.JSONDecoder(strict=False).raw_decode(source.lstrip())[0]
    except (ValueError, RecursionError):
        return None


def items(sources: Iterable[str]) -> tuple[Item, ...]:
    """Every object of the blocks with a type, lists and `@graph` opened, in order; blocks beyond mending yield none.

    >>> [item["@type"] for item in items(['{"@graph": [{"@type": "NewsArticle",}]}'])]
    ['NewsArticle']
    """
    found: list[Item] = []
    for source in sources:
        if len(source) > MAX_CHARACTERS:
            continue
        waiting = [_decoded(source)]
        while waiting and len(found) < MAX_ITEMS:
            value = waiting.pop(0)
            if isinstance(value, list):
                waiting[:0] = value[:MAX_ITEMS]
            elif isinstance(value, dict):
                if "@type" in value:
                    found.append(value)
                graph = value.get("@graph")
                waiting[:0] = [graph] if isinstance(graph, list | dict) else []
                main = value.get("mainEntity")
                waiting += [main] if isinstance(main, dict) else []
    return tuple(found)
