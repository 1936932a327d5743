"""`scrapy parse` without an archive: looking at a page keeps nothing and takes no lock."""

from __future__ import annotations

from typing import Any, ClassVar

from scrapy.commands.parse import Command as ScrapyParse


class Command(ScrapyParse):
    """Scrapy's own, less the archive."""

    default_settings: ClassVar[dict[str, Any]] = {**ScrapyParse.default_settings, "NEWSCRAWL_ARCHIVE": ""}
