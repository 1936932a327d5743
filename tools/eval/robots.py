"""Measures robots.txt parsing: every file of the corpus, the slowest of them, and lookups in a huge file."""

from __future__ import annotations

from importlib import import_module
from time import process_time

from tools.eval import corpus
from tools.eval.cleaners import wing
from tools.eval.tables import Figure, Table


def _huge(rules: int) -> bytes:
    lines = ["User-agent: *"]
    lines += [
        f"{'Allow' if number % 7 == 0 else 'Disallow'}: /section{number % 977}/page-{number}*"
        for number in range(rules)
    ]
    return "\n".join(lines).encode()


def evaluate(*, quick: bool) -> tuple[list[Table], list[Figure]]:
    """Parses and asks each file; times lookups with 100,000 rules."""
    if wing("rights", "robots") is None:
        return [Table(title="robots.txt", columns=("",), notes=("newscrawl.rights.robots is not built yet",))], []
    robots = import_module("newscrawl.rights.robots")
    place = corpus.folder()
    files = sorted((place / "robots").iterdir()) if place and (place / "robots").is_dir() else []
    failed: list[str] = []
    times: list[tuple[float, str]] = []
    for path in files:
        body = path.read_bytes()
        started = process_time()
        try:
            parsed = robots.parse(body)
            times.append((1000 * (process_time() - started), path.name))
            for agent in ("newscrawl", "GPTBot"):
                parsed.allowed(f"https://{path.name}/news/story.html?id=1", agent)
                parsed.signals(f"https://{path.name}/news/story.html", agent)
        except Exception as error:
            failed.append(f"{path.name}: {type(error).__name__}: {error}")
    slow = sorted(times, reverse=True)[:5]
    lookup = _lookup_microseconds(robots)
    tables = [
        Table(
            title="robots.txt",
            columns=("", ""),
            rows=(
                ("files parsed", str(len(times)) if files else "skipped, no corpus"),
                ("exceptions", str(len(failed))),
                *((f"slow: {name}", f"{ms:.1f} ms") for ms, name in slow),
                ("lookup with 100,000 rules", f"{lookup:.1f} µs"),
            ),
            notes=tuple(failed[:20]),
        )
    ]
    figures = [
        Figure(
            id="robots-lookup",
            name="robots.txt, lookup with 100,000 rules, µs",
            at_most=1000.0,
            measured=lookup,
            trials=1,
        )
    ]
    if files:
        figures.append(
            Figure(
                id="robots-exceptions",
                name="robots.txt files that raise",
                at_most=0.0,
                measured=float(len(failed)),
                trials=len(files),
            )
        )
    return tables, figures


def _lookup_microseconds(robots: object) -> float:
    parsed = robots.parse(_huge(100_000), limit=1 << 26)  # type: ignore[attr-defined]
    urls = [f"https://h.example/section{number % 977}/page-{number}x" for number in range(0, 50_000, 250)]
    parsed.allowed(urls[0], "newscrawl")
    started = process_time()
    for url in urls:
        parsed.allowed(url, "newscrawl")
    return 1e6 * (process_time() - started) / len(urls)
