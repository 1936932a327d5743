"""Measures the reading wing on the corpus pages, beside trafilatura in the same run."""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import trafilatura

from newscrawl import markup, read
from newscrawl.model import Page

CORPUS = Path(os.environ.get("NEWSCRAWL_CORPUS", "../shared/corpus"))
LISTINGS = Path(__file__).parent.parent / "tests" / "read" / "listings"
ANCHOR = re.compile(r"<a\b[^>]*>")
HREF = re.compile(r'href="([^"]*)"')
WORD = re.compile(r"\w+")
QUOTES = re.compile("[\"'`´‘’‚‛“”„‟«»‹›＂＇\u00ad\u200b]")
HEADER = f"{'reader':22} {'F1':6} {'P':5} {'R':5} {'<.5':>4} {'title':>6} {'author':>6} {'day':>6} {'min':>6} {'ms':>7}"
UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """What the hand-made parser found on a page."""

    name: str
    url: str
    html: bytes
    fetched: datetime
    title: str
    authors: tuple[str, ...]
    published: datetime
    body: str


@dataclass(slots=True)
class Score:
    """The sums of one reader over the pages."""

    precision: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    f1: list[float] = field(default_factory=list)
    title: int = 0
    authors: int = 0
    day: int = 0
    minute: int = 0
    cpu: float = 0.0
    errors: int = 0


def bare(text: str) -> str:
    """Letters and digits only, for telling which layout fits a page."""
    return re.sub(r"[\W_]+", "", text.casefold())


def paragraphs(body: Mapping[str, Any]) -> list[str]:
    """Summary, headings and paragraphs in the order of the page."""
    parts = list(body["summary"])
    for section in body["sections"]:
        parts += section["headline"] + section["paragraphs"]
    return parts


def fitting(row: Mapping[str, Any], html: bytes) -> Mapping[str, Any]:
    """The newest layout whose paragraphs stand on the page."""
    text = bare(re.sub(r"<[^>]+>", " ", html.decode("utf-8", "replace")))
    best: tuple[float, int, Mapping[str, Any]] | None = None
    for age, layout in enumerate(row["gold_by_layout"].values()):
        parts = [bare(one)[:40] for one in paragraphs(layout["body"]) if bare(one)] if layout.get("body") else []
        share = sum(one in text for one in parts) / max(len(parts), 1)
        if best is None or (round(share, 1), age) > best[:2]:
            best = (round(share, 1), age, layout)
    if best is None:
        raise ValueError(f"no layout fits {row['page']}")
    return best[2]


def golds(folder: Path) -> Iterable[Gold]:
    """Every page with its gold."""
    for line in (folder / "pages.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        html = gzip.decompress((folder / row["page"]).read_bytes())
        layout = fitting(row, html)
        yield Gold(
            name=Path(row["page"]).name.removesuffix(".html.gz"),
            url=row["url"],
            html=html,
            fetched=datetime.fromisoformat(row["crawled"]).replace(tzinfo=UTC),
            title=layout["title"] or "",
            authors=tuple(layout.get("authors") or ()),
            published=datetime.fromisoformat(layout["publishing_date"]),
            body="\n".join(paragraphs(layout["body"])),
        )


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Four-word shingles; single characters where the script sets no spaces."""
    tokens = WORD.findall(text)
    unspaced = len(UNSPACED.findall(text)) > 0.3 * len(text)
    if unspaced:
        tokens, width = [one for token in tokens for one in token], 1
    else:
        width = 4
    if 0 < len(tokens) < width:
        return Counter([tuple(tokens)])
    return Counter(tuple(tokens[at : at + width]) for at in range(len(tokens) - width + 1))


def overlap(gold: str, found: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of one page."""
    want, have = shingles(gold), shingles(found)
    hit = sum((want & have).values())
    precision = hit / max(sum(have.values()), 1) if have else float(not want)
    recall = hit / max(sum(want.values()), 1) if want else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def folded(text: str) -> str:
    """Case, space and quote style folded."""
    return " ".join(QUOTES.sub("", unicodedata.normalize("NFKC", text)).casefold().split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a reader found."""

    title: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    body: str = ""
    timed: bool = False


def ours(gold: Gold) -> Found:
    """The reading wing."""
    page = Page.from_html(gold.html.decode("utf-8", "replace"), url=gold.url, fetched=gold.fetched)
    story = read.story(page)
    if story is None:
        return Found()
    moment = story.published
    return Found(
        title=story.title,
        authors=story.authors,
        published=moment.at if moment else None,
        body=story.text,
        timed=bool(moment and moment.precision in ("second", "minute")),
    )


def trafilatura_reader(precision: bool) -> Any:
    """trafilatura, with its defaults or for precision."""

    def read_page(gold: Gold) -> Found:
        found = trafilatura.bare_extraction(
            gold.html.decode("utf-8", "replace"),
            url=gold.url,
            favor_precision=precision,
            include_comments=False,
            with_metadata=True,
        )
        if found is None:
            return Found()
        at = datetime.fromisoformat(found.date) if found.date else None
        authors = tuple(found.author.split("; ")) if found.author else ()
        return Found(title=found.title or "", authors=authors, published=at, body=found.text or "")

    return read_page


def tally(score: Score, gold: Gold, found: Found) -> dict[str, object]:
    """Adds one page to the score; tells what went wrong on it."""
    precision, recall, f1 = overlap(gold.body, found.body)
    score.precision.append(precision)
    score.recall.append(recall)
    score.f1.append(f1)
    title = folded(gold.title) == folded(found.title)
    authors = {folded(one) for one in gold.authors} == {folded(one) for one in found.authors}
    at = found.published
    if at is not None and gold.published.tzinfo and at.tzinfo:
        at = at.astimezone(gold.published.tzinfo)
    day = at is not None and at.date() == gold.published.date()
    minute = day and at is not None and (at.hour, at.minute) == (gold.published.hour, gold.published.minute)
    score.title += title
    score.authors += authors
    score.day += day
    score.minute += minute
    wrong: dict[str, object] = {"f1": round(f1, 3), "p": round(precision, 3), "r": round(recall, 3)}
    if not title:
        wrong["title"] = (gold.title, found.title)
    if not authors:
        wrong["authors"] = (gold.authors, found.authors)
    if not minute:
        wrong["published"] = (str(gold.published), str(found.published))
    return wrong


def line(name: str, score: Score) -> str:
    """One line of the table."""
    count = len(score.f1)
    precision, recall = sum(score.precision) / count, sum(score.recall) / count
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    low = sum(one < 0.5 for one in score.f1)
    shares = " ".join(f"{100 * one / count:6.1f}" for one in (score.title, score.authors, score.day, score.minute))
    return f"{name:22} {f1:.4f} {precision:.3f} {recall:.3f} {low:4d} {shares} {1000 * score.cpu / count:7.1f}"


def listing_line() -> str:
    """Precision and recall of story links over the project's own listing pages, whose links are marked."""
    hits = told = wanted = 0
    files = sorted(LISTINGS.glob("*.html"))
    for path in files:
        html = path.read_text("utf-8")
        url = html.split(" ", 2)[1]
        tags = [tag for tag in ANCHOR.findall(html) if " data-story" in tag]
        want = {read.story_key(urljoin(url, unescape(href[1]))) for tag in tags if (href := HREF.search(tag))}
        listing = read.listing(markup.document(Page.from_html(html, url=url)))
        have = {read.story_key(lead.url) for lead in listing.stories}
        hits, told, wanted = hits + len(want & have), told + len(have), wanted + len(want)
    return f"listings: {len(files)} pages, precision {hits / told:.3f}, recall {hits / wanted:.3f}"


def main() -> int:
    """Prints the table; with --pages, what is wrong page by page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", action="store_true", help="show what is wrong on each page")
    parser.add_argument("--alone", action="store_true", help="leave the peers out")
    parser.add_argument("--only", default="", help="only pages whose name holds this")
    parser.add_argument("--show", action="store_true", help="print gold and found body")
    options = parser.parse_args()
    print(listing_line())
    if not (CORPUS / "pages.jsonl").exists():
        print("reading: skipped, no corpus")
        return 0
    pages = [gold for gold in golds(CORPUS) if options.only in gold.name]
    readers: dict[str, Any] = {"newscrawl": ours}
    if not options.alone:
        readers |= {"trafilatura": trafilatura_reader(False), "trafilatura precision": trafilatura_reader(True)}
    print(
        f"{'reader':22} {'F1':6} {'P':5} {'R':5} {'<.5':4} {'title':>6} {'author':>6} {'day':>6} {'min':>6} {'ms':>7}"
    )
    for name, reader in readers.items():
        score = Score()
        reader(pages[0])  # the first page pays for the imports
        for gold in pages:
            began = time.process_time()
            found = reader(gold)
            score.cpu += time.process_time() - began
            wrong = tally(score, gold, found)
            if options.pages and name == "newscrawl":
                print(f"  {gold.name}: {json.dumps(wrong, ensure_ascii=False)}")
            if options.show:
                print(f"--- {name}: gold\n{gold.body}\n--- found\n{found.body}")
        print(line(name, score))
    return 0


if __name__ == "__main__":
    sys.exit(main())
