"""`scrapy shell` without an archive: looking at a page keeps nothing and takes no lock."""

from __future__ import annotations

import argparse
from typing import Any, ClassVar

from scrapy.commands.shell import Command as ScrapyShell

from newscrawl.crawl.commands.typed import allow


class Command(ScrapyShell):
    """Scrapy's own, less the archive."""

    default_settings: ClassVar[dict[str, Any]] = {**ScrapyShell.default_settings, "NEWSCRAWL_ARCHIVE": ""}

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        allow(self.settings, args)
