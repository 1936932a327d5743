"""newscrawl on the made pages with a site layout of its own, for the benchmark alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from newscrawl import sitebook
from newscrawl.crawl.reader import Reader, addresses


class MadeSite(Reader):
    """`-a url=…`: the loopback server of the benchmark."""

    name = "made"
    site = sitebook.read(Path(__file__).with_name("site.toml"))

    def __init__(self, *args: Any, url: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.starts = self.typed_urls = addresses(url, None)
