"""`newscrawl clean` on a corpus: order, packings, counts, broken rows, and what happens when something is killed."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newscrawl import corpora
from newscrawl.__main__ import cli

PROSE = (
    "The council of Tarn voted on Monday to repair the old bridge before winter, after nine years of argument.\n\n"
    "Engineers said the northern arch had moved by two centimetres since the last survey and could not wait.\n\n"
) * 8
NOTICE = "No part of this website may be used to train artificial intelligence models without written permission."
ENV = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
NEWSCRAWL = [sys.executable, "-m", "newscrawl"]


def corpus(rows: int) -> bytes:
    lines = [
        json.dumps({"id": n, "text": f"{PROSE}Story number {n} ends here.\n\nRead Entire Article"}) for n in range(rows)
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def run(*args: object, data: bytes | None = None) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in args], input=data)


def ids(path: Path) -> list[int]:
    with corpora.unpacked(path) as stream:
        return [json.loads(line)["id"] for line in stream]


def leftovers(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir() if one.name.startswith(".")]


def started(source: Path, out: Path, workers: int = 2) -> subprocess.Popen[bytes]:
    command = [*NEWSCRAWL, "clean", str(source), "--out", str(out), "--workers", str(workers)]
    return subprocess.Popen(command, stderr=subprocess.PIPE)


def wait_for_parts(folder: Path, number: int) -> None:
    until = time.monotonic() + 60
    while len(list(folder.glob(".*.parts-*/part-*.counts.json"))) < number:
        assert time.monotonic() < until, "no part was done"
        time.sleep(0.02)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
def test_a_corpus_comes_out_in_order_whatever_packs_it(tmp_path: Path, packing: str, workers: int) -> None:
    data = corpus(300)
    source, out = tmp_path / f"in.jsonl{packing}", tmp_path / f"out.jsonl{packing}"
    pack = {"": bytes, ".gz": gzip.compress, ".zst": lambda one: corpora.zstd(source).compress(one)}[packing]
    source.write_bytes(pack(data))
    told = run("clean", "--jsonl", source, "--out", out, "--workers", workers)
    assert told.exit_code == 0, told.output
    assert "300 rows: 300 cleaned, 0 withheld" in told.output
    assert ids(out) == list(range(300))
    assert corpora.packing_of(out) == corpora.PACKINGS.get(packing, "")
    assert leftovers(tmp_path) == []


def test_standard_input_goes_to_standard_output(tmp_path: Path) -> None:
    data = corpus(5)
    plain, packed = (run("clean", "--jsonl", "-", data=one) for one in (data, gzip.compress(data)))
    assert plain.exit_code == packed.exit_code == 0
    assert plain.stdout == packed.stdout
    assert [json.loads(line)["id"] for line in plain.stdout.splitlines()] == list(range(5))


def test_broken_rows_are_numbered_through_the_file_and_kept_aside(tmp_path: Path) -> None:
    lines = corpus(400).splitlines(keepends=True)
    lines[7], lines[333] = b"not json\n", b'{"id": 1}\n'
    lines[50] = json.dumps({"id": 50, "text": NOTICE}).encode() + b"\n"
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(b"".join(lines))
    told = run("clean", source, "--out", out, "--workers", 2)
    assert told.exit_code == 65
    assert "400 rows: 397 cleaned, 1 withheld, 2 broken" in told.output
    assert "line 8: no JSON" in told.output
    assert "line 334: no text in field 'text'" in told.output
    broken = [json.loads(line) for line in (tmp_path / "out.broken.jsonl").read_bytes().splitlines()]
    assert [(one["row"], one["raw"]) for one in broken] == [(8, "not json"), (334, '{"id": 1}')]
    assert len(ids(out)) == 397
    assert len((tmp_path / "out.withheld.jsonl").read_bytes().splitlines()) == 1
    source.write_bytes(corpus(3))
    assert run("clean", source, "--out", out).exit_code == 0
    assert not (tmp_path / "out.broken.jsonl").exists()
    assert not (tmp_path / "out.withheld.jsonl").exists()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("gone.jsonl",), "No such file"),
        (("folder", "--jsonl"), "this is a folder"),
        (("in.jsonl", "--out", "no/such/out.jsonl"), "no such folder"),
        (("in.jsonl", "--out", "in.jsonl"), "this is what is read"),
        (("in.jsonl", "--field", "body"), "no text in field 'body'"),
        (("binary.jsonl",), "no row could be cleaned"),
        (("torn.jsonl.gz",), "broken packing"),
        (("bad.parquet",), "arquet"),
        (("in.jsonl", "--workers", "0"), "--workers"),
    ],
)
def test_what_cannot_be_cleaned_is_one_line_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("in.jsonl").write_bytes(corpus(3))
    Path("binary.jsonl").write_bytes(os.urandom(3000))
    Path("torn.jsonl.gz").write_bytes(gzip.compress(os.urandom(4000))[:-9])
    Path("bad.parquet").write_bytes(b"PAR1 nothing")
    extra = () if "--out" in args else ("--out", "out.jsonl")
    told = run("clean", *args, *extra)
    assert told.exit_code not in (0, 65)
    assert said in told.output
    assert "Traceback" not in told.output
    assert not Path("out.jsonl").exists()
    assert Path("in.jsonl").read_bytes() == corpus(3)


def test_an_empty_corpus_is_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(b"")
    told = run("clean", tmp_path / "in.jsonl", "--out", tmp_path / "out.jsonl")
    assert told.exit_code == 0, told.output
    assert (tmp_path / "out.jsonl").read_bytes() == b""


def test_a_worker_that_is_killed_costs_nothing(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(corpus(600))
    process = started(source, out)
    wait_for_parts(tmp_path, 2)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)
    _, said = process.communicate(timeout=100)
    assert process.returncode == 0, said
    assert b"a worker was killed" in said
    assert ids(out) == list(range(600))
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_stopped_goes_on_where_it_was(tmp_path: Path, how: signal.Signals) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(corpus(600))
    process = started(source, out)
    wait_for_parts(tmp_path, 3)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.send_signal(how)
    _, said = process.communicate(timeout=20)
    assert not out.exists()
    if how is not signal.SIGKILL:
        assert process.returncode == 130
        assert said.decode().strip().splitlines() == ["newscrawl: stopped: the same command goes on where it was"]
    until = time.monotonic() + 5
    while any(Path(f"/proc/{child}/cmdline").exists() for child in children):
        assert time.monotonic() < until, "a worker outlives its parent"
        time.sleep(0.05)
    again = run("clean", source, "--out", out, "--workers", 1)
    assert again.exit_code == 0, again.output
    assert "parts done before" in again.output
    assert ids(out) == list(range(600))
    assert leftovers(tmp_path) == []


def test_a_row_that_kills_each_worker_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(corpus(600))
    from newscrawl import bulk

    cleaned = bulk._cleaned

    def deadly(row: corpora.Row, part: bulk.Part) -> object:
        if b'"id": 100,' in row.raw:
            os._exit(9)
        return cleaned(row, part)

    monkeypatch.setattr(bulk, "_cleaned", deadly)  # workers are forked, and so have it
    told = run("clean", source, "--out", out, "--workers", 2)
    assert told.exit_code == 1
    assert "the worker died 3 times" in told.output
    assert not out.exists()
    monkeypatch.undo()
    assert "parts done before" in run("clean", source, "--out", out, "--workers", 1).output


def test_a_reader_that_has_seen_enough_ends_it_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(corpus(400))
    command = f"{sys.executable} -m newscrawl clean in.jsonl --workers 1 | head -c 100"
    done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, timeout=60, check=False, env=ENV)
    assert len(done.stdout) == 100
    assert done.stderr == b""
