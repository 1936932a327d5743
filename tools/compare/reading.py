"""Reads pages by one tool in a process of its own: `python reading.py NAME PAGES`; needs that tool and nothing else.

PAGES is a file of JSON lines {url, body}; the answer is a JSON object {version, texts}, null where it gave no text.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from importlib import import_module, metadata
from pathlib import Path

Reader = Callable[[str, str], str | None]


def newscrawl() -> Reader:
    """The whole core, of a page alone: no robots.txt, no headers, no other page of its site."""
    package = import_module("newscrawl")

    def read(html: str, url: str) -> str | None:
        found = package.process(package.Page.from_html(html, url=url))
        return found.text if isinstance(found, package.Article) else None

    return read


def trafilatura() -> Reader:
    """Main text, as it comes."""
    extract = import_module("trafilatura").extract
    return lambda html, url: extract(html, url=url, include_comments=False)


def readability() -> Reader:
    """The summary, without its tags."""
    document, html_of = import_module("readability").Document, import_module("lxml.html").fromstring
    return lambda html, url: html_of(document(html, url=url).summary()).text_content()


def newspaper() -> Reader:
    """Download switched off, everything else as it comes."""
    package = import_module("newspaper")
    settings = package.Config()
    settings.fetch_images = False

    def read(html: str, url: str) -> str | None:
        found = package.Article(url, config=settings)
        found.download(input_html=html)
        found.parse()
        return str(found.text)

    return read


def resiliparse() -> Reader:
    """Plain text of the main content."""
    extract = import_module("resiliparse.extract.html2text").extract_plain_text
    return lambda html, url: extract(html, main_content=True)


READERS: dict[str, tuple[Callable[[], Reader], str]] = {
    "newscrawl": (newscrawl, "newscrawl"),
    "trafilatura": (trafilatura, "trafilatura"),
    "readability-lxml": (readability, "readability-lxml"),
    "newspaper4k": (newspaper, "newspaper4k"),
    "resiliparse": (resiliparse, "resiliparse"),
}


def main(name: str, file: Path) -> None:
    """Prints what one reader made of each page; a page on which it raised gave no text."""
    warnings.simplefilter("ignore")
    make, package = READERS[name]
    read = make()
    texts: list[str | None] = []
    for line in file.read_text("utf-8").splitlines():
        page = json.loads(line)
        try:
            texts.append(read(page["body"], page["url"]) or None)
        except Exception:  # whatever it raises, it gave no text
            texts.append(None)
    try:
        version = metadata.version(package)
    except metadata.PackageNotFoundError:
        version = ""
    print(json.dumps({"version": version, "texts": texts}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
