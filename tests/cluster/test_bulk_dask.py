"""The Dask recipe of the docs, as it stands there: every row once, with a worker killed in the middle."""

import json
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
HOW = ROOT / "docs" / "how-to" / "run-on-many-machines.md"
distributed = pytest.importorskip(
    "dask.distributed", reason="no Dask here: the recipe in docs/how-to was NOT run: `make dask` does"
)


def recipe() -> dict[str, Any]:
    code = HOW.read_text("utf-8").partition("```python\n")[2].partition("```")[0]
    names: dict[str, Any] = {}
    exec(compile(code, HOW.name, "exec"), names)
    return names


@pytest.mark.filterwarnings("default")
def test_the_recipe_cleans_each_row_once_though_a_worker_is_killed(tmp_path: Path) -> None:
    rows = 1200
    lines = [
        json.dumps({"id": n, "text": f"{n}. The council met on Monday to talk about it. " * 9}) for n in range(rows)
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    out = tmp_path / "out"
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):

        def kill() -> None:
            while not list(out.glob("*.jsonl")):
                time.sleep(0.05)
            os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)

        killing = threading.Thread(target=kill)
        killing.start()
        sums = recipe()["clean"](client, [str(tmp_path / "in.jsonl")], str(out), size=20_000)
        killing.join()
    found = sorted(
        json.loads(line)["id"] for path in out.glob("part-*.jsonl") for line in path.read_text().splitlines()
    )
    assert found == list(range(rows))
    assert sums == {"rows": rows, "kept": rows, "withheld": 0, "broken": 0}
