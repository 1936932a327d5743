"""`scrapy shell` without an archive: looking at a page keeps nothing and takes no lock."""

from __future__ import annotations

from typing import Any, ClassVar

from scrapy.commands.shell import Command as ScrapyShell


class Command(ScrapyShell):
    """Scrapy's own, less the archive."""

    default_settings: ClassVar[dict[str, Any]] = {**ScrapyShell.default_settings, "NEWSCRAWL_ARCHIVE": ""}
