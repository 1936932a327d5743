"""Finds the article in the page's data where only a script shows it: JSON-LD, or the state of a JavaScript app."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator

from newscrawl import markup
from newscrawl.markup import Document
from newscrawl.model import Page
from newscrawl.read.blocks import SENTENCE

MIN_CHARACTERS = 200
MAX_SCRIPT = 4 << 20
MAX_VALUES = 50_000
ASSIGNED = re.compile(r"\A\s*(?:window\.|self\.|var |let |const )?[\w.$\[\]\"']{1,80}\s*(?:=|\()\s*(?=[{\[])")
PARAGRAPH = re.compile(r"<p[\s>]|<br\s*/?>", re.IGNORECASE)
MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
LINES = re.compile(r"\s*\n\s*")


def as_html(text: str) -> str:
    """A text of the data as HTML: left as it is where it has tags, else a paragraph a line.

    >>> as_html("One.\\nTwo < three.")
    '<p>One.</p><p>Two &lt; three.</p>'
    """
    if PARAGRAPH.search(text) or len(MARKUP.findall(text)) > 2:
        return text
    plain = html.unescape(MARKUP.sub("", text))
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in LINES.split(plain.strip()) if line)


def rebuilt(document: Document, text: str, lead: Iterable[str] = ()) -> Document:
    """A document of the data's text alone, behind the standfirst that the page shows, under the page's address."""
    before = "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lead)
    page = Page.from_html(f"<body>{before}{as_html(text)}</body>", url=document.page.url, fetched=document.page.fetched)
    return markup.document(page)


def longest(document: Document) -> str:
    """The longest running text in the page's JSON scripts, as HTML; empty where there is none.

    It is either one value that holds paragraphs, or a list of blocks whose texts stand under one name.
    """
    best = ""
    for source in (*document.scripts("application/json"), *document.scripts(""), *document.scripts("text/javascript")):
        if not MIN_CHARACTERS < len(source) < MAX_SCRIPT:
            continue
        for text in _texts(_data(source)):
            if len(text) > len(best) and len(SENTENCE.findall(MARKUP.sub("\n", text))) >= 3:
                best = text
    return best


def _data(source: str) -> object:
    start = ASSIGNED.match(source)
    bare = source[start.end() if start else 0 :].lstrip()
    if bare[:1] not in ("{", "["):
        return None
    try:
        return json.JSONDecoder(strict=False).raw_decode(bare)[0]
    except (ValueError, RecursionError):
        return None


def _texts(data: object) -> Iterator[str]:
    waiting = [data]
    seen = 0
    while waiting and seen < MAX_VALUES:
        seen += 1
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
            yield from _blocks(value)
        elif isinstance(value, str) and len(value) >= MIN_CHARACTERS and PARAGRAPH.search(value):
            yield value[value.find("<") :]


def _blocks(values: list[object]) -> Iterator[str]:
    blocks = [one for one in values if isinstance(one, dict)]
    for key in ("content", "text", "html", "value", "body", "data"):
        parts = [part for one in blocks if isinstance(part := one.get(key), str)]
        if len(parts) >= 3 and sum(map(len, parts)) >= MIN_CHARACTERS:
            yield "".join(part if PARAGRAPH.search(part) else f"<p>{part}</p>" for part in parts)
