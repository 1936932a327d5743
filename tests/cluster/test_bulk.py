"""A corpus over workers: every row once, whoever dies; no half file under a final name; sums that add up."""

import hashlib
import json
import os
import threading
import time
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from newscrawl.__main__ import cli
from newscrawl.bulk import Part, parts_of
from newscrawl.cluster import bulk, bulk_parts
from newscrawl.cluster.bulk_child import answer
from newscrawl.cluster.bulk_parts import Totals, part_of, task_of
from newscrawl.cluster.work_engine import CLEAN, asking, job
from tools.cluster import server
from tools.cluster.working import Cluster, ended, until

pytestmark = pytest.mark.skipif(server.binaries() is None, reason="no PostgreSQL here: bulk was NOT tested")
SLOW = 90.0
PLAIN = "The council met on Monday to talk about the budget of the town, and agreed after two hours of debate. "


def corpus(path: Path, rows: int, *, size: int = 4) -> Path:
    lines = [json.dumps({"id": f"{path.stem}-{number}", "text": f"{number}. {PLAIN * size}"}) for number in range(rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def ids(folder: Path) -> list[str]:
    return sorted(
        json.loads(line)["id"]
        for path in folder.glob("part-*.jsonl")
        if path.suffixes == [".jsonl"]
        for line in path.read_text().splitlines()
    )


def wanted(*named: tuple[str, int]) -> list[str]:
    return sorted(f"{stem}-{number}" for stem, rows in named for number in range(rows))


def test_each_row_comes_out_once_and_the_sums_add_up(made: Cluster, tmp_path: Path) -> None:
    parts = parts_of([corpus(tmp_path / "a.jsonl", 400), corpus(tmp_path / "b.jsonl", 30)], tmp_path / "out", 20_000)
    for name in ("w1", "w2"):
        made.worker(name, queues=["clean"])
    seen: list[Totals] = []
    found = bulk.clean(made.url, parts, told=seen.append)
    assert found.adds_up
    assert (found.parts, found.rows, found.kept) == (len(parts), 430, 430)
    assert ids(tmp_path / "out") == wanted(("a", 400), ("b", 30))
    assert [one.done for one in seen] == sorted(one.done for one in seen)
    with psycopg.connect(made.url) as connection:
        told = bulk_parts.sums(connection, bulk.run_of(parts))
    assert told == {
        Path(part.final).name: hashlib.sha256(Path(part.final).read_bytes()).hexdigest() for part in parts
    }  # fmt: skip
    assert bulk.clean(made.url, parts) == found
    assert [ended(process) for process in made.processes.values()] == [0, 0]


def test_a_killed_worker_costs_seconds_and_no_row(made: Cluster, tmp_path: Path) -> None:
    parts = parts_of([corpus(tmp_path / "a.jsonl", 1500)], tmp_path / "out", 30_000)
    made.worker("w1", queues=["clean"])
    made.worker("w2", queues=["clean"])
    done: list[Totals] = []
    cleaning = threading.Thread(target=lambda: done.append(bulk.clean(made.url, parts)))
    cleaning.start()
    query = "SELECT count(*) FROM clean_part WHERE state = 'doing' AND worker = 'w1'"
    until(lambda: made.one(query), SLOW, "a part under way")
    made.processes["w1"].kill()
    cleaning.join(SLOW)
    assert done
    assert done[0].adds_up
    assert ids(tmp_path / "out") == wanted(("a", 1500))


def test_a_part_whose_file_cannot_be_read_is_set_aside_with_the_reason(made: Cluster, tmp_path: Path) -> None:
    parts = parts_of([corpus(tmp_path / "a.jsonl", 20), corpus(tmp_path / "b.jsonl", 20)], tmp_path / "out", 20_000)
    (tmp_path / "b.jsonl").unlink()
    made.worker("w1", queues=["clean"])
    found = bulk.clean(made.url, parts)
    assert (found.done, found.failed, found.adds_up) == (1, 1, False)
    with psycopg.connect(made.url) as connection:
        ((name, why),) = bulk_parts.failures(connection, bulk.run_of(parts))
    assert name == Path(parts[1].final).name
    assert "b.jsonl" in why
    corpus(tmp_path / "b.jsonl", 20)
    assert bulk.clean(made.url, parts).adds_up


def test_a_file_that_is_gone_is_made_again(made: Cluster, tmp_path: Path) -> None:
    parts = parts_of([corpus(tmp_path / "a.jsonl", 40)], tmp_path / "out", 5_000)
    made.worker("w1", queues=["clean"])
    bulk.clean(made.url, parts)
    Path(parts[1].final).unlink()
    assert bulk.clean(made.url, parts).adds_up
    assert Path(parts[1].final).exists()


def listed(made: Cluster, tmp_path: Path) -> tuple[str, str]:
    parts = parts_of([corpus(tmp_path / "a.jsonl", 5)], tmp_path / "out", 20_000)
    run, name = bulk.run_of(parts), Path(parts[0].final).name
    with psycopg.connect(made.url) as connection:
        assert bulk_parts.plan(connection, run, parts) == 1
    return run, name


def test_a_part_that_takes_each_worker_down_is_set_aside_after_three(made: Cluster, tmp_path: Path) -> None:
    run, name = listed(made, tmp_path)
    with psycopg.connect(made.url) as connection:
        for number in range(3):
            assert bulk_parts.claim(connection, run, name, number, "w") is not None
            assert bulk_parts.claim(connection, run, name, 99, "other") is None
            bulk_parts.give_back(connection, run, name, number, "its worker died with it")
        assert bulk_parts.totals(connection, run).failed == 1


def test_a_worker_that_was_told_to_stop_uses_up_no_attempt(made: Cluster, tmp_path: Path) -> None:
    run, name = listed(made, tmp_path)
    with psycopg.connect(made.url) as connection:
        for number in range(10):
            assert bulk_parts.claim(connection, run, name, number, "w") is not None
            bulk_parts.give_back(connection, run, name, number, "its worker was told to stop", counts=False)
        assert bulk_parts.totals(connection, run).todo == 1


def test_parts_are_put_on_the_queue_once(made: Cluster) -> None:
    with asking(made.url) as app:
        job(app, CLEAN, "r:p3").defer(run="r", part="p3")
        assert bulk.enqueue(app, "r", [f"p{number}" for number in range(6)]) == 5
        assert bulk.enqueue(app, "r", [f"p{number}" for number in range(6)]) == 0
    assert made.one("SELECT count(*) FROM procrastinate_jobs") == 6


def test_what_the_dead_left_half_written_is_removed_after_an_hour(tmp_path: Path) -> None:
    old, young, whole = tmp_path / "part-1.jsonl.tmp.7", tmp_path / "part-2.jsonl.tmp.8", tmp_path / "part-3.jsonl"
    for path in (old, young, whole):
        path.write_text("{}")
        os.utime(path, (0, 0) if path is not young else None)
    assert bulk.sweep(tmp_path, now=time.time()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == [young.name, whole.name]


def test_a_part_goes_through_the_list_unchanged() -> None:
    part = Part(number=3, source="/a", final="/b/part.jsonl", start=7, end=9, rules=("/r1", "/r2"))
    assert part_of(json.loads(json.dumps(task_of(part)))) == part


def test_the_child_says_whether_another_try_may_do_better(tmp_path: Path) -> None:
    part = parts_of([corpus(tmp_path / "a.jsonl", 3)], tmp_path / "out", 20_000)[0]
    assert answer(task_of(part))["result"]["kept"] == 3
    (tmp_path / "c.warc").write_bytes(b"no such thing")
    (warc,) = parts_of([tmp_path / "c.warc"], tmp_path / "out", 20_000)
    told = answer(task_of(warc))
    assert ("result" in told) != ("why" in told)


@pytest.mark.parametrize(
    ("sums", "right"),
    [
        ({"parts": 1, "done": 1, "rows": 3, "kept": 2, "withheld": 1, "lines": 4, "passed_over": 1}, True),
        ({"parts": 2, "done": 1, "rows": 3, "kept": 3, "lines": 3}, False),
        ({"parts": 1, "done": 1, "rows": 3, "kept": 2, "lines": 3}, False),
        ({"parts": 1, "done": 1, "rows": 3, "kept": 3, "lines": 2}, False),
    ],
)
def test_sums_that_do_not_add_up_are_told(sums: dict[str, int], right: bool) -> None:
    assert Totals(**sums).adds_up is right  # type: ignore[arg-type]


def test_the_command_cleans_a_folder_into_a_folder_that_may_be_there(made: Cluster, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    corpus(tmp_path / "in" / "a.jsonl", 30)
    corpus(tmp_path / "in" / "b.jsonl", 20)
    (tmp_path / "in" / "notes.md").write_text("no corpus")
    made.worker("w1", queues=["clean"])
    (tmp_path / "out").mkdir()
    words = ["clean", str(tmp_path / "in"), "--cluster", "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(cli, words, env={"NEWSCRAWL_INDEX": made.url})
    assert done.exit_code == 0, done.output
    assert ids(tmp_path / "out") == wanted(("a", 30), ("b", 20))
    assert json.loads((tmp_path / "out" / "totals.json").read_text())["rows"] == 50
    assert "2 of 2 parts; 50 rows: 50 cleaned" in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["notes.md", "--cluster", "--out", "out"], "no corpus"),
        (["empty", "--cluster", "--out", "out"], "no corpus there"),
        (["a.jsonl", "--cluster"], "give --out a folder"),
        (["a.jsonl", "--cluster", "--out", "a.jsonl"], "give --out a folder"),
    ],
)
def test_what_cannot_be_cleaned_over_a_cluster_is_told(tmp_path: Path, words: list[str], said: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.md").write_text("no corpus")
    corpus(tmp_path / "a.jsonl", 1)
    named = [word if word.startswith("-") else str(tmp_path / word) for word in words]
    done = CliRunner().invoke(cli, ["clean", *named], env={"NEWSCRAWL_INDEX": "postgresql://127.0.0.1:1/x"})
    assert done.exit_code != 0
    assert said in done.output
