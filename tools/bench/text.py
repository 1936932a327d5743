"""Measures sanitize_text on clean text: megabytes a second, and how time grows from n to 8n."""

from __future__ import annotations

from importlib import import_module
from time import process_time

from tools.bench import pages
from tools.eval import corpus
from tools.eval.cleaners import wing
from tools.eval.tables import Table

CJK = "人工知能の利用について新聞社は次のように述べた。市長は火曜日に新しい学校を訪れ、雨の後の畑を見た。\n\n"


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
    unspaced = CJK * (1_000_000 // len(CJK))
    notices = import_module("newscrawl.rights").notices_in
    for name, call, given in (("1 MB of Japanese", clean, unspaced), ("notices_in, the same", notices, unspaced)):
        once = _once(call, given)
        rows.append((name, "1 MB", f"{1000 * once:.0f}", f"{len(given) / once / 1e6:.2f}", ""))
    short = _text(3000)
    best = min(_once(clean, short) for _ in range(20))
    rows.append(("an article", "3 KB", f"{1000 * best:.2f}", f"{3000 / best / 1e6:.2f}", ""))
    return [
        Table(
            title=title,
            columns=("", "size", "CPU ms", "million characters/s", "beside n"),
            rows=tuple(rows),
            notes=("Goals: at least 5 MB/s a core; at most 8.8 at 8n.",),
        )
    ]


def _once(clean: object, text: str) -> float:
    started = process_time()
    clean(text)  # type: ignore[operator]
    return process_time() - started
