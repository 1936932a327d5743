"""Measures newscrawl.process a page beside the extractors that people use, each in a process of its own."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tools.bench import pages
from tools.bench.peer import READERS
from tools.eval import corpus
from tools.eval.score import mean, quantile
from tools.eval.tables import Table

ROOT = Path(__file__).parents[2]
PEERS = ROOT / "bench" / "peers"


def install_peers() -> None:
    """Puts the peers into an environment of their own: two of them would pull newscrawl's own pins down."""
    subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
    pip = [str(PEERS / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--upgrade", "pip"], check=True)  # pip 23.2 stumbles over lxml[html-clean] asked for twice
    subprocess.run([*pip, "-r", str(ROOT / "requirements-eval.txt")], check=True)


def material(*, quick: bool) -> tuple[str, list[tuple[str, str]]]:
    """The pages to read: the corpus's, or own ones of 170 KB."""
    place = corpus.folder()
    rows = list(corpus.rows("pages.jsonl"))[:: 4 if quick else 1]
    if place is None or not rows:
        made = [(pages.story(n, 170_000), f"https://h.example{pages.path(n)}") for n in range(20 if quick else 80)]
        return "own pages of 170 KB (no corpus)", made
    bodies = [gzip.decompress((place / str(row["page"])).read_bytes()) for row in rows]
    real = [(body.decode("utf-8", "replace"), str(row["url"])) for body, row in zip(bodies, rows, strict=True)]
    return f"{len(real)} corpus pages, {sum(map(len, bodies)) // len(bodies) // 1000} KB on average", real


def _measured(name: str, file: Path) -> dict[str, Any]:
    answer: dict[str, Any] = {"missing": "not installed"}
    for python in (sys.executable, str(PEERS / "bin" / "python")):
        if not Path(python).exists():
            continue
        done = subprocess.run(
            [python, str(Path(__file__).with_name("peer.py")), name, str(file)],
            cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
        answer = json.loads(lines[-1]) if lines else {"missing": done.stderr.strip().split("\n")[-1][:90]}
        if "times" in answer:
            break
    return answer


def bench(*, quick: bool) -> list[Table]:
    """CPU per page: mean, median, 95th percentile, and the ratio to trafilatura."""
    name, chosen = material(quick=quick)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pages.jsonl"
        file.write_text("\n".join(json.dumps({"url": url, "body": body}) for body, url in chosen), "utf-8")
        answers = {reader: _measured(reader, file) for reader in READERS}
    base = mean(answers["trafilatura"].get("times", ()))
    rows: list[tuple[str, ...]] = []
    for reader, answer in answers.items():
        times = answer.get("times")
        if not times:
            said = "not built yet" if reader.startswith("newscrawl") else "not installed"
            rows.append((reader, said, "", "", "", ""))
            continue
        cells = [f"{1000 * value:.1f}" for value in (mean(times), quantile(times, 0.5), quantile(times, 0.95))]
        ratio = f"{mean(times) / base:.2f}" if base else "–"
        rows.append((f"{reader} {answer['version']}".strip(), *cells, ratio, str(answer["raised"])))
    return [
        Table(
            title=f"(b) Reading a page: {name}",
            columns=("", "CPU ms a page", "p50", "p95", "beside trafilatura", "raised"),
            rows=tuple(rows),
            notes=(
                "Goal: newscrawl.process at most 0.5 times trafilatura's CPU at equal or better body F1.",
                "Peers that are not installed: python -m tools.bench --install-peers (an environment in bench/peers).",
            ),
        )
    ]
