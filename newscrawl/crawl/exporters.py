"""Writes what passed the gate as one JSON line: an Article, or a foreign item; anything else is a TypeError."""

from __future__ import annotations

import json
from io import BufferedIOBase
from typing import IO, Any

from itemadapter import ItemAdapter
from scrapy.exporters import BaseItemExporter
from scrapy.utils.serialize import ScrapyJSONEncoder

from newscrawl.crawl.foreign import passed
from newscrawl.model import Article
from newscrawl.record import article_record, line


class ArticleLines(BaseItemExporter):
    """The exporter behind `-o FILE.jsonl`: ASCII, stable key order, no NaN, no lone surrogate."""

    def __init__(self, file: IO[bytes] | BufferedIOBase, **kwargs: Any) -> None:
        super().__init__(dont_fail=True, **kwargs)
        self.file = file

    def export_item(self, item: object) -> None:
        """Writes one line.

        Raises:
            TypeError: the item is not an Article, so nobody asked whether it may leave.
        """
        self.file.write(self.object_of(item) + b"\n")

    def object_of(self, item: object) -> bytes:
        """An Article as one JSON object, less the fields that the feed does not want."""
        if isinstance(item, Article):
            record = article_record(item)
        elif passed(item):
            record = json.loads(json.dumps(ItemAdapter(item).asdict(), cls=ScrapyJSONEncoder))
        else:
            raise TypeError(
                f"{type(item).__name__} is no Article: only what passed the gate may be exported: name its fields in "
                "NEWSCRAWL_FIELDS, and let no later pipeline put another object in its place"
            )
        if self.fields_to_export:
            wanted = self.fields_to_export
            names = wanted.items() if hasattr(wanted, "items") else ((name, name) for name in wanted)
            record = {str(out): record[name] for name, out in names if name in record}
        return line(record)


class ArticleArray(ArticleLines):
    """The exporter behind `-O FILE.json`: one JSON array, an object a line. A file that is appended to is no JSON."""

    def __init__(self, file: IO[bytes] | BufferedIOBase, **kwargs: Any) -> None:
        super().__init__(file, **kwargs)
        self.between = b"[\n"

    def export_item(self, item: object) -> None:
        """Writes one element; see `ArticleLines.export_item`."""
        self.file.write(self.between + self.object_of(item))
        self.between = b",\n"

    def finish_exporting(self) -> None:
        """Closes the array."""
        self.file.write(b"[]\n" if self.between == b"[\n" else b"\n]\n")
