"""Takes items of anybody's spider the way of our own: judged, cleaned, kept; what may leave gets clean text back."""

from __future__ import annotations

import html as markup_text
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from itemadapter import ItemAdapter
from scrapy import Request
from scrapy.exceptions import DropItem, IgnoreRequest

from newscrawl import desk, markup, read
from newscrawl.crawl.gatekeeper import Gatekeeper
from newscrawl.crawl.items import RIGHTS, UNASKED, Gathered, Surroundings
from newscrawl.crawl.pages import page_of
from newscrawl.crawl.pipelines import Gate, Keep, Once, Source, Stage, Twins
from newscrawl.model import Article, Draft, Page, Story
from newscrawl.record import article_record

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

MOST = 10_000
"""Items remembered on their way from the pipeline to the feeds."""
WAITING = 1000
"""Items remembered on their way from the spider to the pipeline, with the pages they were made of."""
PASSED: OrderedDict[int, object] = OrderedDict()
"""Items that passed the gate, by identity: an item of any class may have no place for a mark."""


def passed(item: object) -> bool:
    """Whether this very object passed the gate; a copy that a later pipeline made did not."""
    key = id(item)
    return key in PASSED and PASSED[key] is item


def _remember(where: OrderedDict[int, Any], key: int, value: object, most: int = MOST) -> None:
    where[key] = value
    while len(where) > most:
        where.popitem(last=False)


def is_foreign(item: object) -> bool:
    """Whether something that a spider yielded is an item, and none of ours."""
    return not isinstance(item, Request | Gathered | Article) and ItemAdapter.is_item(item)


class Provenance:
    """Spider middleware: remembers which answer an item was made of, since the pipeline is not told."""

    def __init__(self) -> None:
        self.made_of: OrderedDict[int, tuple[object, Page, Surroundings | None]] = OrderedDict()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls()

    def process_spider_output(self, response: Response, result: Iterable[Any]) -> Iterator[Any]:
        for one in result:
            self._note(response, one)
            yield one

    async def process_spider_output_async(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for one in result:
            self._note(response, one)
            yield one

    def _note(self, response: Response, one: object) -> None:
        if is_foreign(one):
            around = response.meta.get(RIGHTS) if response.request else None
            known = around if isinstance(around, Surroundings) else None
            _remember(self.made_of, id(one), (one, page_of(response), known), WAITING)

    def of(self, item: object) -> tuple[Page, Surroundings | None] | None:
        """The answer that an item was made of, and what its host had said of it; told once."""
        noted = self.made_of.pop(id(item), None)
        return noted[1:] if noted is not None and noted[0] is item else None


class Foreign(Stage):
    """Takes an item with the fields of NEWSCRAWL_FIELDS through source, gate, once, twins and keep. Fails closed."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.source, self.gate = Source(crawler), Gate(crawler)
        self.after = (Once(crawler), Twins(crawler), Keep(crawler))

    async def process_item(self, item: Any) -> Any:
        if not is_foreign(item):
            return item
        adapter = ItemAdapter(item)
        provenance = self.crawler.get_spider_middleware(Provenance)
        origin = provenance.of(item) if provenance is not None else None
        if not self.options.fields_named and not any(adapter.get(self.options.fields[one]) for one in ("text", "html")):
            return item  # no story, as far as anybody said: a feed will not take it
        page, around = origin or (None, None)
        told = {name: adapter.get(field) for name, field in self.options.fields.items()}
        url = str(told["url"] or (page.url if page else ""))
        if not url.startswith(("http://", "https://")):
            self.crawler.stats.inc_value("newscrawl/foreign/no_url")
            raise DropItem(f"{type(item).__name__}: no address in {self.options.fields['url']!r}: see NEWSCRAWL_FIELDS")
        found = found_in(url, told, page)
        if around is None or page is None or page.url != url:
            around = await self._around(url)
        if page is None:
            around = replace(around, not_checked=(*around.not_checked, "page"))
        gathered = await self.source.process_item(Gathered(found=found, around=around))
        article = self.gate.process_item(gathered)
        for stage in self.after:
            article = stage.process_item(article)
        self._write_back(adapter, article)
        self.crawler.stats.inc_value("newscrawl/foreign/passed")
        _remember(PASSED, id(item), item)
        return item

    async def _around(self, url: str) -> Surroundings:
        gatekeeper = self.crawler.get_downloader_middleware(Gatekeeper)
        if gatekeeper is None:
            return UNASKED
        try:
            return await gatekeeper.around(url)
        except IgnoreRequest as error:
            raise self.drop(str(error)) from error

    def _write_back(self, adapter: ItemAdapter, article: Article) -> None:
        record = article_record(article)
        paragraphs = "".join(f"<p>{markup_text.escape(one)}</p>\n" for one in article.text.split("\n\n"))
        values = {
            "url": article.url, "title": article.title, "text": article.text, "html": paragraphs,
            "removals": record["removals"], "rights": record["rights"],
        }  # fmt: skip
        free = isinstance(adapter.item, dict)
        names = set(adapter.field_names())
        for name, field in self.options.fields.items():
            wanted = field in names or (free and name in ("text", "title"))
            if not wanted or (name == "url" and adapter.get(field)):
                continue
            try:
                adapter[field] = values[name]
            except (AttributeError, TypeError) as error:
                kind = type(adapter.item).__name__
                raise DropItem(f"{article.url}: {kind}.{field} cannot be set: let the class be mutable") from error


def found_in(url: str, told: Mapping[str, Any], page: Page | None) -> desk.Found:
    """What an item and the answer it was made of amount to: the answer's signals and the item's, the item's story.

    Without a text and without html in the item, the story is what we read in the answer.
    """
    text, html, title = (str(told[name] or "") for name in ("text", "html", "title"))
    given = html or "".join(f"<p>{markup_text.escape(one)}</p>" for one in text.split("\n\n"))
    own = desk.look(Page.from_html(f"<h1>{markup_text.escape(title)}</h1>{given}", url=url))
    answer = desk.look(page) if page is not None else own
    signals = tuple(dict.fromkeys((*answer.signals, *own.signals)))
    story = answer.story
    if text or html:
        body = Draft(text=text) if text else (own.story.body if own.story else markup.fragment(html, url=url).draft)
        base = story or own.story or Story(url=url, title=title, body=body)
        story = replace(base, url=read.canonical(url), title=title or base.title, body=body)
    elif story is not None:
        story = replace(story, title=title or story.title)
    fetched = page.fetched if page is not None else datetime.now(UTC)
    if story is not None:
        story = replace(story, fetched=fetched)
    inside = tuple(dict.fromkeys((*answer.inside, *own.inside)))
    seen = replace(answer.page, url=url, fetched=fetched)
    return replace(
        answer,
        url=read.canonical(url),
        site=markup.host_of(url),
        page=seen,
        signals=signals,
        story=story,
        inside=inside,
    )
