"""Measures sanitize_text on clean text: megabytes a second, and how time grows from n to 8n."""

from __future__ import annotations

from importlib import import_module
from time import process_time

from tools.bench import pages
from tools.eval import corpus
from tools.eval.cleaners import wing
from tools.eval.tables import Table


def _text(size: int) -> str:
    parts = [part for host in corpus.hosts() if host.language == "en" and not host.gambling for part in host.paragraphs]
    number = 0
    while sum(map(len, parts)) < size:
        number += 1
        parts += pages.paragraphs(number, 20_000)
    return "\n\n".join(parts)[:size]


def bench(*, quick: bool) -> list[Table]:
    """The sizes n, 2n, 4n, 8n: the best of three runs each."""
    title = "(c) sanitize_text on clean English text"
    if wing("clean", "sanitize_text") is None:
        return [Table(title=title, columns=("",), notes=("not built yet",))]
    clean = import_module("newscrawl.clean").sanitize_text
    clean(_text(2000))
    unit = 12_500 if quick else 25_000
    rows: list[tuple[str, ...]] = []
    first = 0.0
    for times in (1, 2, 4, 8):
        text = _text(unit * times)
        best = min(_once(clean, text) for _ in range(3))
        first = first or best
        rows.append(
            (
                f"{times}n",
                f"{len(text) / 1000:.0f} KB",
                f"{1000 * best:.1f}",
                f"{len(text) / best / 1e6:.2f}",
                f"{best / first:.2f}",
            )
        )
    short = _text(3000)
    best = min(_once(clean, short) for _ in range(20))
    rows.append(("an article", "3 KB", f"{1000 * best:.2f}", f"{3000 / best / 1e6:.2f}", ""))
    return [
        Table(
            title=title,
            columns=("", "size", "ms", "MB/s", "beside n"),
            rows=tuple(rows),
            notes=("goal: at least 5 MB/s a core; at most 8.8 at 8n",),
        )
    ]


def _once(clean: object, text: str) -> float:
    started = process_time()
    clean(text)  # type: ignore[operator]
    return process_time() - started
