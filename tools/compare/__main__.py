"""`python -m tools.compare`: newscrawl beside other tools on the demo's pages, and Scrapy alone when things fail."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import requests
from rich.console import Console

from newscrawl.demo.expected import Expected, expected
from newscrawl.demo.server import DemoServer
from newscrawl.markup import document
from newscrawl.model import Page
from tools.bench.readers import PEERS, ROOT
from tools.compare import ending
from tools.compare.reading import READERS
from tools.eval.tables import Table, show

OWN_WORDS = ("prose", "meta-robots")
"""What a page says itself, so that a tool which is given nothing but the page could know."""


def pages(demo: DemoServer) -> list[tuple[Expected, str]]:
    """Each full story of the demo, with its page."""
    port = demo.port
    found = []
    for one in expected(port):
        if one.truncated or one.why not in ("", *OWN_WORDS):
            continue
        answer = requests.get(f"http://127.0.0.1:{port}{one.path}", headers={"Host": f"{one.host}:{port}"}, timeout=10)
        page = Page(url=one.url, headers={"content-type": (answer.headers["Content-Type"],)}, body=answer.content)
        found.append((one, document(page).html))
    return found


def _read(name: str, file: Path) -> tuple[str, list[str | None]] | None:
    """The version of a tool and what it made of each page; None where it is not installed."""
    for python in (sys.executable, str(PEERS / "bin" / "python")):
        if not Path(python).exists():
            continue
        done = subprocess.run(
            [python, str(Path(__file__).with_name("reading.py")), name, str(file)],
            cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode == 0:
            told = json.loads(done.stdout.splitlines()[-1])
            return told["version"], told["texts"]
    return None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def share_of(parts: Sequence[str], text: str) -> tuple[int, int]:
    """How many words of some texts stand in another, each text either whole or not; and how many there are."""
    there = f" {' '.join(_words(text))} "
    sizes = [(len(words), f" {' '.join(words)} " in there) for words in map(_words, parts)]
    return sum(size for size, stands in sizes if stands), sum(size for size, _ in sizes)


def reading(found: list[tuple[Expected, str]], file: Path) -> Table:
    """A line a tool: of the article what is kept, of the spam what is left, of reserved pages what is handed out."""
    rows = []
    for name in READERS:
        told = _read(name, file)
        if told is None:
            rows.append((name, "not installed", "", "", ""))
            continue
        version, texts = told
        article, spam = [0, 0], [0, 0]
        handed = reserved = 0
        for (one, _), text in zip(found, texts, strict=True):
            if one.outcome == "withheld":
                reserved += 1
                handed += text is not None
                continue
            for total, parts in ((article, one.paragraphs), (spam, one.spam)):
                stand, all_of_them = share_of(parts, text or "")
                total[0] += stand
                total[1] += all_of_them
        rows.append(
            (
                f"{name} {version}".strip(), f"{article[0] / article[1]:.1%}", f"{spam[0] / spam[1]:.1%}",
                f"{handed} of {reserved}", f"{sum(text is None for text in texts) - (reserved - handed)}",
            )
        )  # fmt: skip
    free = sum(one.outcome != "withheld" for one, _ in found)
    return Table(
        title=f"{len(found)} pages of the demo ({free} free, the others reserved by their own words or metas)",
        columns=("tool", "article kept", "spam left", "reserved pages handed out", "free pages without a text"),
        rows=tuple(rows),
        notes=(
            "Words of paragraphs and of injected spam that stand whole in the text. The pages are newscrawl's own.",
        ),
    )


def main() -> None:
    """Prints both tables."""
    console = Console(width=None if sys.stdout.isatty() else 140)
    with DemoServer(port=0) as demo, tempfile.TemporaryDirectory() as folder:
        found = pages(demo)
        file = Path(folder) / "pages.jsonl"
        file.write_text("".join(f"{json.dumps({'url': one.url, 'body': body})}\n" for one, body in found), "utf-8")
        show(console, reading(found, file))
        show(console, ending.table(demo, Path(folder)))


if __name__ == "__main__":
    main()
