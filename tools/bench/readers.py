"""Measures newscrawl.process a page beside the extractors that people use."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from importlib import import_module
from time import process_time

from tools.bench import pages
from tools.eval import corpus
from tools.eval.cleaners import wing
from tools.eval.score import mean, quantile
from tools.eval.tables import Table

Reader = Callable[[bytes, str], object]


def _newscrawl() -> Reader | None:
    if wing("", "process", "Page") is None or wing("desk", "process") is None:
        return None
    newscrawl = import_module("newscrawl")
    headers = {"Content-Type": "text/html; charset=utf-8"}
    return lambda body, url: newscrawl.process(newscrawl.Page(url=url, headers=headers, body=body))


def _trafilatura() -> Reader:
    traf = import_module("trafilatura")
    return lambda body, url: traf.bare_extraction(body.decode("utf-8", "replace"), url=url, with_metadata=True)


def _readability() -> Reader:
    document = import_module("readability").Document
    return lambda body, url: (lambda doc: (doc.title(), doc.summary()))(document(body.decode("utf-8", "replace")))


def _newspaper() -> Reader:
    newspaper = import_module("newspaper")
    return lambda body, url: newspaper.article(url, input_html=body.decode("utf-8", "replace"))


def _justext() -> Reader:
    justext = import_module("justext")
    stops = justext.get_stoplist("English")
    return lambda body, url: justext.justext(body, stops, encoding="utf-8")


def _resiliparse() -> Reader:
    extract = import_module("resiliparse.extract.html2text").extract_plain_text
    return lambda body, url: extract(body.decode("utf-8", "replace"), main_content=True)


READERS: tuple[tuple[str, Callable[[], Reader | None]], ...] = (
    ("newscrawl.process (read, rights, clean, gate)", _newscrawl),
    ("trafilatura", _trafilatura),
    ("readability-lxml", _readability),
    ("newspaper4k", _newspaper),
    ("jusText", _justext),
    ("resiliparse", _resiliparse),
)


def material(*, quick: bool) -> tuple[str, list[tuple[bytes, str]]]:
    """The pages to read: the corpus's, or own ones of 170 KB."""
    place = corpus.folder()
    if place is None:
        made = [(pages.story(n, 170_000).encode(), f"https://h.example{pages.path(n)}") for n in range(20 if quick else 80)]
        return "own pages of 170 KB (no corpus)", made
    rows = list(corpus.rows("pages.jsonl"))[:: 4 if quick else 1]
    real = [(gzip.decompress((place / str(row["page"])).read_bytes()), str(row["url"])) for row in rows]
    return f"{len(real)} corpus pages, {sum(len(body) for body, _ in real) // len(real) // 1000} KB on average", real


def bench(*, quick: bool) -> list[Table]:
    """CPU per page: mean, median, 95th percentile, and the ratio to trafilatura."""
    name, chosen = material(quick=quick)
    spent: dict[str, list[float]] = {}
    rows: list[tuple[str, ...]] = []
    failed: dict[str, int] = {}
    for reader, make in READERS:
        try:
            read = make()
        except ImportError:
            rows.append((reader, "not installed"))
            continue
        if read is None:
            rows.append((reader, "not built yet"))
            continue
        spent[reader], failed[reader] = _times(read, chosen)
    base = mean(spent.get("trafilatura", []))
    for reader, times in spent.items():
        ratio = f"{mean(times) / base:.2f}" if base else "–"
        cells = [f"{1000 * value:.1f}" for value in (mean(times), quantile(times, 0.5), quantile(times, 0.95))]
        rows.append((reader, *cells, ratio, str(failed[reader])))
    columns = ("", "CPU ms a page", "p50", "p95", "beside trafilatura", "raised")
    return [
        Table(
            title=f"(b) Reading a page: {name}",
            columns=columns,
            rows=tuple((*row, *[""] * (len(columns) - len(row))) for row in rows),
            notes=("goal: newscrawl at most 0.5 times trafilatura's CPU at equal or better body F1",),
        )
    ]


def _times(read: Reader, chosen: list[tuple[bytes, str]]) -> tuple[list[float], int]:
    read(*chosen[0])
    times, failed = [], 0
    for body, url in chosen:
        started = process_time()
        try:
            read(body, url)
        except Exception:
            failed += 1
        times.append(process_time() - started)
    return times, failed
