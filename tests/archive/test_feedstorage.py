"""Feeds through a real crawl in a process of its own: whole or not there, and loud when they cannot be written."""

from __future__ import annotations

import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from newscrawl.crawl.feedstorage import FeedFile, FeedPathError, FeedStorage

ROOT = Path(__file__).parents[2]
CRAWL = textwrap.dedent(
    """
    import asyncio, json, os, resource, sys
    from scrapy import Request, Spider
    from scrapy.crawler import CrawlerProcess
    ask = json.loads(sys.argv[1])
    if ask.get("limit"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (ask["limit"], ask["limit"]))
    class Yielding(Spider):
        name = "yielding"
        async def start(self):
            yield Request(f"data:,{ask['first']}")
        async def parse(self, response):
            first = int(response.text)
            end = ask["first"] + ask["items"]
            for number in range(first, min(first + 50, end)):
                yield {"n": number, "text": "x" * ask.get("size", 100)}
                if number - ask["first"] == ask.get("stop", -1):
                    print("half", flush=True)
                    await asyncio.sleep(30)
            if first + 50 < end:
                yield Request(f"data:,{first + 50}")
    place = "newscrawl.crawl.feedstorage.FeedStorage"
    process = CrawlerProcess({
        "FEEDS": ask["feeds"], "FEED_STORAGES": {"": place, "file": place}, "LOG_LEVEL": "INFO",
        "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False,
    })
    crawler = process.create_crawler(Yielding)
    process.crawl(crawler)
    process.start()
    stats = crawler.stats.get_stats()
    print(json.dumps({key: stats.get(key) for key in stats if "feed" in key or key == "finish_reason"}))
    """
)


def command(out: Path | str, *, first: int = 0, items: int = 10, **more: object) -> list[str]:
    options = {"format": "jsonlines", "overwrite": True, **more.pop("options", {})}  # type: ignore[dict-item]
    ask = {"feeds": {str(out): options}, "first": first, "items": items, **more}
    return [sys.executable, "-c", CRAWL, json.dumps(ask)]


def crawl(out: Path | str, **more: object) -> tuple[dict[str, object], str]:
    done = subprocess.run(command(out, **more), capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]), done.stderr


def numbers(path: Path) -> list[int]:
    return [json.loads(line)["n"] for line in path.read_bytes().splitlines()]


def test_overwriting_and_appending_leave_whole_feeds_and_no_parts(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "items.jsonl"
    said, _ = crawl(out)
    assert numbers(out) == list(range(10))
    assert said["finish_reason"] == "finished"
    crawl(out, first=10, items=5, options={"overwrite": False})
    assert numbers(out) == list(range(15))
    crawl(out, first=20, items=1)
    assert numbers(out) == [20]
    assert [file.name for file in out.parent.iterdir()] == ["items.jsonl"]


def test_a_killed_run_leaves_the_old_feed_and_the_next_one_clears_its_part(tmp_path: Path) -> None:
    out = tmp_path / "items.jsonl"
    crawl(out, items=3)
    running = subprocess.Popen(
        command(out, items=3000, stop=2000), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, text=True
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "half\n"
    time.sleep(0.2)
    running.send_signal(signal.SIGKILL)
    running.wait(10)
    running.stdout.close()
    assert numbers(out) == [0, 1, 2]
    assert len(list(tmp_path.glob("*.part"))) == 1
    said, log = crawl(out, first=5, items=1)
    assert numbers(out) == [5]
    assert "what a run left that died" in log
    assert list(tmp_path.glob("*.part")) == []
    assert said["feedexport/success_count/FeedStorage"] == 1


@pytest.mark.parametrize("overwrite", [True, False])
def test_a_file_size_limit_ends_the_crawl_with_its_own_reason_and_keeps_the_old_feed(
    tmp_path: Path, overwrite: bool
) -> None:
    out = tmp_path / "items.jsonl"
    crawl(out, items=3)
    said, log = crawl(out, items=2000, size=1000, limit=200_000, options={"overwrite": overwrite})
    assert numbers(out) == [0, 1, 2]
    assert said["finish_reason"] == "feed_write_error"
    assert said["newscrawl/feed/write_errors"] == 1
    assert said["feedexport/failed_count/FeedStorage"] == 1
    assert "feedexport/success_count/FeedStorage" not in said
    assert "File too large" in log
    assert str(out) in log
    assert "bytes free" in log
    assert log.count("] CRITICAL:") == 1


def test_an_error_at_the_very_end_is_counted_though_the_spider_had_finished(tmp_path: Path) -> None:
    out = tmp_path / "items.jsonl"
    said, _ = crawl(out, items=30, size=1000, limit=20_000)
    assert said["newscrawl/feed/write_errors"] == 1
    assert said["feedexport/failed_count/FeedStorage"] == 1
    assert not out.exists()


TAILS = [
    ("whole", b'{"n": 100}\n', [100], b""),
    ("no line break", b'{"n": 100}\n{"n": 101}', [100, 101], b""),
    ("torn", b'{"n": 100}\n{"n": 10', [100], b'{"n": 10\n'),
    ("only torn", b'{"n"', [], b'{"n"\n'),
    ("empty", b"", [], b""),
    ("long torn", b'{"n": 100}\n{"n": "' + b"y" * 200_000, [100], b'{"n": "' + b"y" * 200_000 + b"\n"),
]


@pytest.mark.parametrize(("name", "old", "kept", "torn"), TAILS, ids=[row[0] for row in TAILS])
def test_a_new_record_is_never_glued_to_a_torn_one(
    tmp_path: Path, name: str, old: bytes, kept: list[int], torn: bytes
) -> None:
    out = tmp_path / "items.jsonl"
    out.write_bytes(old)
    storage = FeedStorage(str(out), feed_options={"format": "jsonlines", "overwrite": False})
    file = storage.open(None)  # type: ignore[arg-type]
    file.write(b'{"n": 7}\n')
    storage.store(file)
    assert numbers(out) == [*kept, 7]
    aside = tmp_path / "items.jsonl.torn"
    assert (aside.read_bytes() if aside.exists() else b"") == torn


def test_two_runs_that_append_at_once_lose_nothing(tmp_path: Path) -> None:
    out = tmp_path / "items.jsonl"
    stores = [FeedStorage(str(out), feed_options={"format": "jsonlines", "overwrite": False}) for _ in range(3)]
    files = [store.open(None) for store in stores]  # type: ignore[arg-type]
    for number, file in enumerate(files):
        file.write(b'{"n": %d}\n' % number)
    for store, file in zip(stores, files, strict=True):
        store.store(file)
    assert numbers(out) == [0, 1, 2]


def test_compressed_csv_xml_and_batches_work(tmp_path: Path) -> None:
    gz = {"postprocessing": ["scrapy.extensions.postprocessing.GzipPlugin"], "overwrite": False}
    crawl(tmp_path / "a.jsonl.gz", items=3, options=gz)
    crawl(tmp_path / "a.jsonl.gz", first=3, items=2, options=gz)
    lines = gzip.decompress((tmp_path / "a.jsonl.gz").read_bytes()).splitlines()
    assert [json.loads(line)["n"] for line in lines] == [0, 1, 2, 3, 4]
    crawl(tmp_path / "a.csv", items=2, options={"format": "csv"})
    assert (tmp_path / "a.csv").read_text().startswith("n,text\n0,")
    crawl(tmp_path / "a.xml", items=2, options={"format": "xml"})
    assert (tmp_path / "a.xml").read_text().endswith("</items>")
    crawl(f"{tmp_path}/b-%(batch_id)d.jsonl", items=5, options={"batch_item_count": 2})
    assert [numbers(tmp_path / f"b-{n}.jsonl") for n in (1, 2, 3)] == [[0, 1], [2, 3], [4]]
    assert list(tmp_path.glob("*.part")) == []


def test_a_link_stays_a_link_and_the_mode_stays_the_mode(tmp_path: Path) -> None:
    real = tmp_path / "real.jsonl"
    real.write_bytes(b"old\n")
    real.chmod(0o640)
    link = tmp_path / "link.jsonl"
    link.symlink_to(real)
    storage = FeedStorage(str(link), feed_options={"format": "jsonlines", "overwrite": True})
    file = storage.open(None)  # type: ignore[arg-type]
    file.write(b"new\n")
    storage.store(file)
    assert link.is_symlink()
    assert real.read_bytes() == b"new\n"
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_pipe_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    storage = FeedStorage(str(pipe), feed_options={"format": "jsonlines", "overwrite": True})
    file = storage.open(None)  # type: ignore[arg-type]
    file.write(b"line\n")
    storage.store(file)
    assert os.read(reader, 100) == b"line\n"
    os.close(reader)
    assert pipe.is_fifo()


def test_a_place_that_cannot_be_written_is_told_before_the_crawl(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FeedPathError, match="name a file in it"):
        FeedStorage(str(tmp_path))
    with pytest.raises(FeedPathError, match="is a file, not a directory"):
        FeedStorage(str(tmp_path / "file" / "items.jsonl"))


def test_a_short_write_is_finished_by_another(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.set_blocking(write, True)
    file = FeedFile(write, failed=lambda error: None)
    data = os.urandom(50_000)
    assert file.write(data) == 50_000
    file.drain()
    file.close()
    got = b"".join(iter(lambda: os.read(read, 1 << 16), b""))
    os.close(read)
    assert got == data


def test_an_error_is_told_once_and_store_raises_it(tmp_path: Path) -> None:
    out = tmp_path / "items.jsonl"
    out.write_bytes(b'{"n": 1}\n')
    storage = FeedStorage(str(out), feed_options={"format": "jsonlines", "overwrite": True})
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    file = storage.open(None)  # type: ignore[arg-type]
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        for _ in range(3):
            file.write(b"x" * 70_000)
        with pytest.raises(OSError, match="File too large"):
            storage.store(file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert numbers(out) == [1]
