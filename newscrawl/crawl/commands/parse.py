"""`scrapy parse` without an archive: looking at a page keeps nothing and takes no lock."""

from __future__ import annotations

import argparse
from typing import Any, ClassVar

from scrapy.commands.parse import Command as ScrapyParse

from newscrawl.crawl.commands.typed import allow


class Command(ScrapyParse):
    """Scrapy's own, less the archive."""

    default_settings: ClassVar[dict[str, Any]] = {**ScrapyParse.default_settings, "NEWSCRAWL_ARCHIVE": ""}

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        allow(self.settings, args)
