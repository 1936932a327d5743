"""`scrapy check` without an archive: looking at a page keeps nothing and takes no lock."""

from __future__ import annotations

from typing import Any, ClassVar

from scrapy.commands.check import Command as ScrapyCheck


class Command(ScrapyCheck):
    """Scrapy's own, less the archive."""

    default_settings: ClassVar[dict[str, Any]] = {**ScrapyCheck.default_settings, "NEWSCRAWL_ARCHIVE": ""}
