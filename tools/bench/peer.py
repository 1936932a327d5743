"""Times one reader in a process of its own: `python peer.py NAME PAGES`; needs the reader and nothing else.

PAGES is a file of JSON lines {url, body}; the answer on standard output is one JSON object {times, raised, version}.
"""

from __future__ import annotations

import json
import socket
import sys
import warnings
from collections.abc import Callable
from importlib import import_module, metadata
from pathlib import Path
from time import process_time

Reader = Callable[[str, str], object]


def newscrawl() -> Reader:
    """The whole core: rights, reading, cleaning, gate."""
    package = import_module("newscrawl")
    process, page = package.process, package.Page.from_html
    return lambda html, url: process(page(html, url=url))


def newscrawl_story() -> Reader:
    """Reading alone, without rights and cleaning."""
    read, page = import_module("newscrawl.read"), import_module("newscrawl").Page.from_html
    return lambda html, url: read.story(page(html, url=url))


def trafilatura() -> Reader:
    """Text and metadata."""
    extract = import_module("trafilatura").bare_extraction
    return lambda html, url: extract(html, url=url, with_metadata=True)


def readability() -> Reader:
    """Title and summary."""
    document = import_module("readability").Document

    def read(html: str, url: str) -> object:
        found = document(html, url=url)
        return found.short_title(), found.summary()

    return read


def newspaper() -> Reader:
    """Download switched off, everything else as it comes."""
    package = import_module("newspaper")
    settings = package.Config()
    settings.fetch_images = False

    def read(html: str, url: str) -> object:
        found = package.Article(url, config=settings)
        found.download(input_html=html)
        found.parse()
        return found

    return read


def justext() -> Reader:
    """English stop words."""
    package = import_module("justext")
    stops = package.get_stoplist("English")
    return lambda html, url: package.justext(html.encode(), stops, encoding="utf-8")


def resiliparse() -> Reader:
    """Plain text of the main content."""
    extract = import_module("resiliparse.extract.html2text").extract_plain_text
    return lambda html, url: extract(html, main_content=True)


READERS: dict[str, tuple[Callable[[], Reader], str]] = {
    "newscrawl.process": (newscrawl, "newscrawl"),
    "newscrawl.read.story": (newscrawl_story, "newscrawl"),
    "trafilatura": (trafilatura, "trafilatura"),
    "readability-lxml": (readability, "readability-lxml"),
    "newspaper4k": (newspaper, "newspaper4k"),
    "jusText": (justext, "justext"),
    "resiliparse": (resiliparse, "resiliparse"),
}


def _no_network(*_: object, **__: object) -> None:
    raise OSError("a reader has the page already: no network while it is timed")


def main(name: str, file: str) -> None:
    """Reads every page once; the first one also before the clock starts."""
    warnings.simplefilter("ignore")
    for door in ("getaddrinfo", "create_connection"):
        setattr(socket, door, _no_network)
    make, package = READERS[name]
    try:
        read = make()
    except (ImportError, AttributeError) as error:
        print(json.dumps({"missing": str(error)}))
        return
    rows = [json.loads(line) for line in Path(file).read_text("utf-8").split("\n") if line]
    times, raised = [], 0
    for number, row in enumerate([rows[0], *rows]):
        started = process_time()
        try:
            read(row["body"], row["url"])
        except Exception:
            raised += number > 0
        if number:
            times.append(process_time() - started)
    try:
        version = metadata.version(package)
    except metadata.PackageNotFoundError:
        version = ""
    print(json.dumps({"times": times, "raised": raised, "version": version}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
